/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/num.h"
#include "base/str.h"
#include "image/pe.h"

enum {
	DOS_HEADER = 64,
	PE_OFFSET = 0x3c,
	PE_HEADER = 24, /* "PE\0\0" and the COFF header */
	PE_SECTION = 40,
};

/* All n bytes at at of the part: -ENODATA where it ends before. */
static int read_at(int fd, const struct br_pe *pe, uint64_t at, void *buf, size_t n)
{
	if (at > pe->size || n > pe->size - at)
		return -ENODATA;
	return br_pread_all(fd, buf, n, pe->base + at);
}

static struct br_pe_section section_of(const struct br_pe *pe, const unsigned char s[PE_SECTION])
{
	uint32_t used = br_le32(s + 8), raw = br_le32(s + 16), at = br_le32(s + 20);
	struct br_pe_section ret = {.offset = at};

	memcpy(ret.name, s, 8);
	/* The raw size is rounded up, the virtual one says what is meant. */
	ret.size = used && used < raw ? used : raw;
	ret.cut = ret.size > pe->size || at > pe->size - ret.size;
	return ret;
}

static int read_sections(int fd, struct br_pe *pe, uint64_t at, unsigned n)
{
	pe->cut = n > BR_PE_SECTIONS_MAX;
	if (pe->cut)
		n = BR_PE_SECTIONS_MAX;
	pe->sections = calloc(n ? n : 1, sizeof(*pe->sections));
	if (!pe->sections)
		return -ENOMEM;
	for (; pe->n < n; pe->n++) {
		unsigned char s[PE_SECTION];
		int r = read_at(fd, pe, at + (uint64_t)PE_SECTION * pe->n, s, sizeof(s));

		if (r == -ENODATA) {
			pe->cut = true;
			return 0;
		}
		if (r < 0)
			return r;
		pe->sections[pe->n] = section_of(pe, s);
	}
	return 0;
}

int br_pe_read(int fd, uint64_t base, uint64_t size, struct br_pe *ret)
{
	br_autope struct br_pe pe = {.base = base, .size = size};
	unsigned char dos[DOS_HEADER], h[PE_HEADER];
	uint32_t at;
	int r = read_at(fd, &pe, 0, dos, sizeof(dos));

	if (r == 0 && memcmp(dos, "MZ", 2) != 0)
		return -EBADMSG;
	at = r == 0 ? br_le32(dos + PE_OFFSET) : 0;
	if (r == 0)
		r = read_at(fd, &pe, at, h, sizeof(h));
	if (r < 0)
		return r == -ENODATA ? -EBADMSG : r;
	if (memcmp(h, "PE\0\0", 4) != 0)
		return -EBADMSG;
	pe.machine = br_le16(h + 4);
	r = read_sections(fd, &pe, at + (uint64_t)PE_HEADER + br_le16(h + 20), br_le16(h + 6));
	if (r < 0)
		return r;
	*ret = pe;
	pe = (struct br_pe){0};
	return 0;
}

int br_pe_read_fd(int fd, struct br_pe *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return br_pe_read(fd, 0, (uint64_t)st.st_size, ret);
}

void br_pe_free(struct br_pe *pe)
{
	free(pe->sections);
	*pe = (struct br_pe){0};
}

static const struct br_pe_section *find(const struct br_pe *pe, unsigned from, unsigned to, const char *name)
{
	for (unsigned i = from; i < to && i < pe->n; i++)
		if (strcmp(pe->sections[i].name, name) == 0)
			return &pe->sections[i];
	return NULL;
}

const struct br_pe_section *br_pe_find(const struct br_pe *pe, const char *name)
{
	return find(pe, 0, pe->n, name);
}

const struct br_pe_section *br_pe_first_cut(const struct br_pe *pe)
{
	for (unsigned i = 0; i < pe->n; i++)
		if (pe->sections[i].cut)
			return &pe->sections[i];
	return NULL;
}

/* Where the profile's own sections begin; pe->n: there is no such. */
static unsigned profile_start(const struct br_pe *pe, unsigned profile)
{
	unsigned i;

	for (i = 0; i < pe->n; i++)
		if (strcmp(pe->sections[i].name, ".profile") == 0 && !profile--)
			break;
	return i;
}

bool br_pe_has_profile(const struct br_pe *pe, unsigned profile)
{
	return !profile || profile_start(pe, profile) < pe->n;
}

const struct br_pe_section *br_pe_find_in(const struct br_pe *pe, unsigned profile, const char *name)
{
	unsigned start = profile_start(pe, profile), end = start;
	const struct br_pe_section *s;

	while (++end < pe->n && strcmp(pe->sections[end].name, ".profile") != 0)
		;
	s = find(pe, start, end, name);
	return s ? s : find(pe, 0, profile_start(pe, 0), name);
}
