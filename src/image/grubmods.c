/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "base/span.h"
#include "image/grubmods.h"

enum { TYPE_ELF = 0, TYPE_CONFIG = 2, TYPE_PREFIX = 3 };

static bool text_is(struct br_span s, const char *text)
{
	size_t n = strnlen(s.p, s.len);

	return n < s.len && n == strlen(text) && memcmp(s.p, text, n) == 0;
}

struct section {
	uint32_t name;
	uint64_t at, size;
};

/* Where the fields of an ELF file stand, by its class. */
static const struct elf_form {
	unsigned head, shoff, shentsize, shnum, shstrndx, section, at, size, word;
} elf32 = {52, 32, 46, 48, 50, sizeof(Elf32_Shdr), 16, 20, 4}, elf64 = {64, 40, 58, 60, 62, sizeof(Elf64_Shdr), 24, 32, 8};

static uint64_t word(const char *p, const struct elf_form *f)
{
	return f->word == 8 ? br_le64(p) : br_le32(p);
}

static bool section_at(struct br_span elf, const struct elf_form *f, unsigned i, struct section *ret)
{
	uint64_t at;
	struct br_span h;

	if (__builtin_add_overflow(word(elf.p + f->shoff, f), (uint64_t)i * f->section, &at) || !br_span_part(elf, at, f->section, &h))
		return false;
	*ret = (struct section){br_le32(h.p), word(h.p + f->at, f), word(h.p + f->size, f)};
	return true;
}

/* Is this the module of that name? */
static bool is_module(struct br_span elf, const char *name)
{
	const struct elf_form *f;
	struct section names, s;
	struct br_span head, table, text;
	unsigned n;

	if (elf.len < EI_NIDENT || memcmp(elf.p, ELFMAG, SELFMAG) != 0)
		return false;
	f = elf.p[EI_CLASS] == ELFCLASS64 ? &elf64 : &elf32;
	if (!br_span_part(elf, 0, f->head, &head) || br_le16(head.p + f->shentsize) != f->section)
		return false;
	n = br_le16(head.p + f->shnum);
	if (!section_at(elf, f, br_le16(head.p + f->shstrndx), &names) || !br_span_part(elf, names.at, names.size, &table))
		return false;
	for (unsigned i = 0; i < n && section_at(elf, f, i, &s); i++)
		if (s.name < table.len && text_is((struct br_span){table.p + s.name, table.len - s.name}, ".modname") &&
		    br_span_part(elf, s.at, s.size, &text))
			return text_is(text, name);
	return false;
}

static int take(struct br_grub_mods *m, uint32_t type, struct br_span bytes)
{
	char **to = type == TYPE_PREFIX ? &m->prefix : type == TYPE_CONFIG ? &m->config : NULL;

	if (type == TYPE_ELF)
		m->normal |= is_module(bytes, "normal");
	if (to && !*to && !(*to = strndup(bytes.p, strnlen(bytes.p, bytes.len))))
		return -ENOMEM;
	return 0;
}

int br_grub_mods_parse(const char *buf, size_t len, bool wide, struct br_grub_mods *ret)
{
	br_cleanup(br_grub_mods_free) struct br_grub_mods m = {0};
	struct br_span all = {buf, len}, h, bytes;
	uint64_t at, end;

	if (!br_span_part(all, 0, wide ? 24 : 12, &h) || memcmp(h.p, "mimg", 4) != 0)
		return -EBADMSG;
	at = wide ? br_le64(h.p + 8) : br_le32(h.p + 4);
	end = wide ? br_le64(h.p + 16) : br_le32(h.p + 8);
	if (at < h.len || at > end || at > len)
		return -EBADMSG;
	if (end > len)
		end = len;
	while (at < end && br_span_part(all, at, 8, &h)) {
		uint32_t type = br_le32(h.p), size = br_le32(h.p + 4);

		if (size < 8 || !br_span_part(all, at + 8, size - 8, &bytes))
			break;
		if (take(&m, type, bytes) < 0)
			return -ENOMEM;
		at += size;
	}
	m.whole = at == end;
	*ret = m;
	m = (struct br_grub_mods){0};
	return 0;
}

void br_grub_mods_free(struct br_grub_mods *m)
{
	free(m->prefix);
	free(m->config);
	*m = (struct br_grub_mods){0};
}
