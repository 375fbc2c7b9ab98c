/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/str.h"
#include "image/pe.h"
#include "image/uki.h"

void br_uki_free(struct br_uki *u)
{
	free(u->cmdline);
	free(u->osrel);
	free(u->profile);
	free(u->defect);
	*u = (struct br_uki){0};
}

/* A section's text, up to its first NUL. 0 with *ret NULL: no such section. */
static int text_of(int fd, const struct br_pe_section *s, char **ret)
{
	br_autofree char *buf = NULL;
	int r;

	if (!s || s->cut)
		return 0;
	if (s->size > BR_UKI_TEXT_MAX)
		return -EFBIG;
	buf = calloc(1, s->size + 1);
	if (!buf)
		return -ENOMEM;
	r = br_pread_all(fd, buf, s->size, s->offset);
	if (r < 0)
		return r == -ENODATA ? -EIO : r;
	*ret = BR_TAKE(buf);
	return 0;
}

/* As the stub hands it to the kernel: every control character a blank, none at either end. */
static void one_line(char *s)
{
	size_t n = strlen(s), skip = 0;

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= 0x1f)
			s[i] = ' ';
	while (n && s[n - 1] == ' ')
		s[--n] = '\0';
	while (s[skip] == ' ')
		skip++;
	memmove(s, s + skip, n - skip + 1);
}

static void add_initrd(struct br_uki *u, int fd, const struct br_pe_section *s)
{
	if (s && s->size && !s->cut)
		u->initrd[u->n_initrd++] = (struct br_extent){.fd = fd, .offset = s->offset, .size = s->size};
}

/* The firmware loads every section, whatever the stub then uses. */
static int find_defect(const struct br_pe *pe, struct br_uki *u)
{
	const struct br_pe_section *cut = br_pe_first_cut(pe), *kernel = br_pe_find(pe, ".linux");
	br_autostr struct br_str name = {0};

	if (pe->cut) {
		u->defect = br_format("its section table goes on beyond what can be read");
	} else if (cut) {
		br_str_add_shown(&name, cut->name, strlen(cut->name));
		u->defect = br_format("its section %s (bytes %llu to %llu) goes beyond the file's end (%llu bytes)",
		                      name.s ? name.s : "", (unsigned long long)cut->offset,
		                      (unsigned long long)cut->offset + cut->size, (unsigned long long)pe->size);
	} else if (!kernel || !kernel->size) {
		u->defect = br_format("it has no section .linux");
	} else {
		return 0;
	}
	return u->defect ? 0 : -ENOMEM;
}

int br_uki_read(int fd, unsigned profile, struct br_uki *ret)
{
	br_autope struct br_pe pe = {0};
	br_autouki struct br_uki u = {0};
	int r = br_pe_read_fd(fd, &pe);

	if (r < 0)
		return r;
	if (!br_pe_has_profile(&pe, profile))
		return -ENOENT;
	u.machine = pe.machine;
	add_initrd(&u, fd, br_pe_find_in(&pe, profile, ".ucode"));
	add_initrd(&u, fd, br_pe_find_in(&pe, profile, ".initrd"));
	r = find_defect(&pe, &u);
	if (r == 0)
		r = text_of(fd, br_pe_find_in(&pe, profile, ".cmdline"), &u.cmdline);
	if (r == 0)
		r = text_of(fd, br_pe_find_in(&pe, profile, ".osrel"), &u.osrel);
	if (r == 0)
		r = text_of(fd, br_pe_find_in(&pe, profile, ".profile"), &u.profile);
	if (r < 0)
		return r;
	if (u.cmdline)
		one_line(u.cmdline);
	*ret = u;
	u = (struct br_uki){0};
	return 0;
}
