/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <elf.h>
#include <errno.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/span.h"
#include "image/elf.h"

struct file {
	const struct br_elf_source *source;
	bool wide, big;
	uint16_t n_segments;
	unsigned char segments[BR_ELF_SEGMENTS_MAX * sizeof(Elf64_Phdr)];
};

/* A number of two, four or eight bytes, in the file's own order. */
static uint64_t number(const struct file *f, const unsigned char *p, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n = n << 8 | p[f->big ? i : len - 1 - i];
	return n;
}

/* A field that is four bytes of a 32-bit file and eight of a 64-bit one. */
static uint64_t word(const struct file *f, const unsigned char *p)
{
	return number(f, p, f->wide ? 8 : 4);
}

struct segment {
	uint32_t type;
	uint64_t offset, vaddr, filesz;
};

static struct segment segment(const struct file *f, size_t i)
{
	const unsigned char *p = f->segments + i * (f->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));

	return (struct segment){
		.type = (uint32_t)number(f, p, 4),
		.offset = word(f, p + (f->wide ? 8 : 4)),
		.vaddr = word(f, p + (f->wide ? 16 : 8)),
		.filesz = word(f, p + (f->wide ? 32 : 16)),
	};
}

static int get(const struct file *f, void *buf, size_t len, uint64_t at)
{
	int r = f->source->read(f->source->from, buf, len, at);

	return r == -ENODATA ? -EBADMSG : r;
}

static int read_headers(struct file *f, struct br_elf *e)
{
	unsigned char h[sizeof(Elf64_Ehdr)];
	size_t size, entry;
	uint16_t type;
	int r = f->source->read(f->source->from, h, sizeof(Elf32_Ehdr), 0);

	if (r == -ENODATA)
		return -ENOEXEC;
	if (r < 0)
		return r;
	if (memcmp(h, ELFMAG, SELFMAG) != 0 || (h[EI_CLASS] != ELFCLASS32 && h[EI_CLASS] != ELFCLASS64))
		return -ENOEXEC;
	f->wide = e->wide = h[EI_CLASS] == ELFCLASS64;
	f->big = h[EI_DATA] == ELFDATA2MSB;
	size = f->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	r = get(f, h, f->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr), 0);
	if (r < 0)
		return r;
	type = (uint16_t)number(f, h + 16, 2);
	e->machine = (uint16_t)number(f, h + 18, 2);
	e->executable = type == ET_EXEC || type == ET_DYN;
	entry = (size_t)number(f, h + (f->wide ? 54 : 42), 2);
	f->n_segments = (uint16_t)number(f, h + (f->wide ? 56 : 44), 2);
	if (!f->n_segments)
		return 0;
	if (entry != size || f->n_segments > BR_ELF_SEGMENTS_MAX)
		return -EBADMSG;
	return get(f, f->segments, size * f->n_segments, word(f, h + (f->wide ? 32 : 28)));
}

/* The offset of what the program will have at that address. */
static int place(const struct file *f, uint64_t address, uint64_t *ret)
{
	for (size_t i = 0; i < f->n_segments; i++) {
		struct segment s = segment(f, i);

		if (s.type != PT_LOAD || address < s.vaddr || address - s.vaddr >= s.filesz ||
		    s.offset > UINT64_MAX - (address - s.vaddr))
			continue;
		*ret = s.offset + (address - s.vaddr);
		return 0;
	}
	return -EBADMSG;
}

/* A string that ends within BR_ELF_STRING_MAX; read in small pieces, for it may be the file's last. */
static int string(const struct file *f, uint64_t at, uint64_t most, char **ret)
{
	br_autostr struct br_str s = {0};
	char c[64];

	if (most > BR_ELF_STRING_MAX)
		most = BR_ELF_STRING_MAX;
	while (s.len < most) {
		size_t n = most - s.len < sizeof(c) ? (size_t)(most - s.len) : sizeof(c), len;
		int r = get(f, c, n, at + s.len);

		if (r < 0)
			return r;
		len = strnlen(c, n);
		br_str_add(&s, c, len);
		if (len < n || s.oom) {
			*ret = br_str_take(&s);
			return *ret ? 0 : -ENOMEM;
		}
	}
	return -EBADMSG;
}

struct dynamic {
	uint64_t table, size; /* of strings */
	uint64_t needed[BR_ELF_NEEDED_MAX];
	size_t n_needed;
	uint64_t rpath, runpath;
	bool has_table, has_rpath, has_runpath;
};

static int note(struct dynamic *d, uint64_t tag, uint64_t value)
{
	switch (tag) {
	case DT_STRTAB:
		d->table = value;
		d->has_table = true;
		break;
	case DT_STRSZ:
		d->size = value;
		break;
	case DT_RPATH:
		d->rpath = value;
		d->has_rpath = true;
		break;
	case DT_RUNPATH:
		d->runpath = value;
		d->has_runpath = true;
		break;
	case DT_NEEDED:
		if (d->n_needed == BR_ELF_NEEDED_MAX)
			return -EBADMSG;
		d->needed[d->n_needed++] = value;
		break;
	default:
		break;
	}
	return 0;
}

/* Many entries a read: a library has some thirty, and a root's programs a hundred libraries. */
#define ENTRIES 64

static int read_dynamic(const struct file *f, const struct segment *s, struct dynamic *d)
{
	size_t size = f->wide ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
	uint64_t end = s->filesz < BR_ELF_DYNAMIC_MAX ? s->filesz : BR_ELF_DYNAMIC_MAX;
	unsigned char entries[ENTRIES * sizeof(Elf64_Dyn)];

	for (uint64_t at = 0, n; (n = (end - at) / size) > 0; at += n * size) {
		int r;

		if (n > ENTRIES)
			n = ENTRIES;
		r = get(f, entries, n * size, s->offset + at);
		if (r == -EBADMSG && n > 1) {
			/* The file may end behind the table's last entry, and the segment say more. */
			n = 1;
			r = get(f, entries, size, s->offset + at);
		}
		for (const unsigned char *e = entries; r == 0 && e < entries + n * size; e += size) {
			uint64_t tag = word(f, e);

			if (tag == DT_NULL)
				return 0;
			r = note(d, tag, word(f, e + size / 2));
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int dynamic_string(const struct file *f, const struct dynamic *d, uint64_t at, char **ret)
{
	uint64_t start;

	if (at >= d->size || d->table > UINT64_MAX - at || place(f, d->table, &start) < 0 || start > UINT64_MAX - at)
		return -EBADMSG;
	return string(f, start + at, d->size - at, ret);
}

static int take_dynamic(const struct file *f, const struct segment *s, struct br_elf *e)
{
	struct dynamic d = {0};
	int r = read_dynamic(f, s, &d);

	if (r < 0 || !d.has_table)
		return r;
	for (size_t i = 0; i < d.n_needed; i++) {
		br_autofree char *name = NULL;

		r = dynamic_string(f, &d, d.needed[i], &name);
		if (r < 0)
			return r;
		br_strv_add(&e->needed, name);
	}
	if (d.has_rpath)
		r = dynamic_string(f, &d, d.rpath, &e->rpath);
	if (r == 0 && d.has_runpath)
		r = dynamic_string(f, &d, d.runpath, &e->runpath);
	return r < 0 ? r : e->needed.oom ? -ENOMEM : 0;
}

int br_elf_parse(const struct br_elf_source *source, struct br_elf *ret)
{
	br_cleanup(br_elf_free) struct br_elf e = {0};
	struct file f = {.source = source};
	int r = read_headers(&f, &e);

	for (size_t i = 0; r == 0 && i < f.n_segments; i++) {
		struct segment s = segment(&f, i);

		if (s.type == PT_INTERP && !e.interp)
			r = string(&f, s.offset, s.filesz, &e.interp);
		else if (s.type == PT_DYNAMIC && !e.needed.n)
			r = take_dynamic(&f, &s, &e);
		else if (s.type == PT_LOAD && s.filesz) {
			/* A file that was cut short: the last byte of what is to be loaded is asked for. */
			unsigned char last;

			r = s.offset > UINT64_MAX - s.filesz ? -EBADMSG : get(&f, &last, 1, s.offset + s.filesz - 1);
		}
	}
	if (r < 0)
		return r;
	*ret = e;
	e = (struct br_elf){0};
	return 0;
}

static int read_fd(const void *from, void *buf, size_t len, uint64_t at)
{
	return br_pread_all(*(const int *)from, buf, len, at);
}

int br_elf_read(int fd, struct br_elf *ret)
{
	const struct br_elf_source source = {read_fd, &fd};

	return br_elf_parse(&source, ret);
}

int br_elf_read_span(const void *from, void *buf, size_t len, uint64_t at)
{
	struct br_span part;

	if (!br_span_part(*(const struct br_span *)from, at, len, &part))
		return -ENODATA;
	memcpy(buf, part.p, len);
	return 0;
}

void br_elf_free(struct br_elf *e)
{
	free(e->interp);
	free(e->rpath);
	free(e->runpath);
	br_strv_free(&e->needed);
	*e = (struct br_elf){0};
}
