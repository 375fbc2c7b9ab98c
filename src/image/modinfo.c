/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "image/modinfo.h"
#include "image/unpack.h"

/* ELF of either size and byte order, through one accessor that looks at bounds first. */
struct elf {
	const unsigned char *p;
	size_t len;
	bool wide, big;
};

static bool has(const struct elf *e, uint64_t at, uint64_t n)
{
	return at <= e->len && n <= e->len - at;
}

/* A number of size bytes; the caller looked at the bounds. */
static uint64_t number(const struct elf *e, size_t at, size_t size)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++)
		v = v << 8 | e->p[at + (e->big ? i : size - 1 - i)];
	return v;
}

struct section {
	uint64_t name, offset, size;
};

struct table {
	uint64_t offset, entry, n, names;
};

static int read_table(const struct elf *e, struct table *ret)
{
	struct table t;

	if (!has(e, 0, e->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
		return -EBADMSG;
#define FIELD(type, field)                                                                         \
	number(e, e->wide ? offsetof(Elf64_##type, field) : offsetof(Elf32_##type, field),         \
	       e->wide ? sizeof(((Elf64_##type *)0)->field) : sizeof(((Elf32_##type *)0)->field))
	t.offset = FIELD(Ehdr, e_shoff);
	t.entry = FIELD(Ehdr, e_shentsize);
	t.n = FIELD(Ehdr, e_shnum);
	t.names = FIELD(Ehdr, e_shstrndx);
#undef FIELD
	if (t.entry < (e->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) || t.names >= t.n ||
	    !has(e, t.offset, t.entry * t.n))
		return -EBADMSG;
	*ret = t;
	return 0;
}

static int read_section(const struct elf *e, const struct table *t, uint64_t i, struct section *ret)
{
	size_t at = (size_t)(t->offset + i * t->entry);
	struct section s;

#define FIELD(field)                                                                                   \
	number(e, at + (e->wide ? offsetof(Elf64_Shdr, field) : offsetof(Elf32_Shdr, field)),          \
	       e->wide ? sizeof(((Elf64_Shdr *)0)->field) : sizeof(((Elf32_Shdr *)0)->field))
	s.name = FIELD(sh_name);
	s.offset = FIELD(sh_offset);
	s.size = FIELD(sh_size);
	/* .bss and the like have a size, and no bytes in the file. */
	if (FIELD(sh_type) == SHT_NOBITS)
		s.size = 0;
#undef FIELD
	if (!has(e, s.offset, s.size))
		return -EBADMSG;
	*ret = s;
	return 0;
}

static bool named(const struct elf *e, const struct section *names, const struct section *s, const char *name)
{
	size_t n = strlen(name) + 1;

	return s->name <= names->size && n <= names->size - s->name &&
	       memcmp(e->p + names->offset + s->name, name, n) == 0;
}

int br_modinfo_parse(const void *buf, size_t len, struct br_modinfo *ret)
{
	struct elf e = {.p = buf, .len = len};
	struct br_modinfo m = {0};
	struct section names, s;
	struct table t;

	if (len < EI_NIDENT + 4 || memcmp(buf, ELFMAG, SELFMAG) != 0)
		return -EBADMSG;
	e.wide = e.p[EI_CLASS] == ELFCLASS64;
	e.big = e.p[EI_DATA] == ELFDATA2MSB;
	m.machine = (uint16_t)number(&e, EI_NIDENT + 2, 2);
	if (read_table(&e, &t) < 0 || read_section(&e, &t, t.names, &names) < 0)
		return -EBADMSG;
	for (uint64_t i = 0; i < t.n; i++) {
		if (read_section(&e, &t, i, &s) < 0)
			return -EBADMSG;
		if (named(&e, &names, &s, ".modinfo")) {
			m.at = (size_t)s.offset;
			m.len = (size_t)s.size;
		}
		m.versions |= s.size && named(&e, &names, &s, "__versions");
	}
	*ret = m;
	return 0;
}

const char *br_modinfo_get(const char *buf, size_t len, const char *key, const char *value)
{
	size_t k = strlen(key), v = strlen(value);

	while (len) {
		size_t n = strnlen(buf, len);

		if (n >= k + 1 + v && buf[k] == '=' && memcmp(buf, key, k) == 0 &&
		    memcmp(buf + k + 1, value, v) == 0)
			return buf + k + 1;
		buf += n < len ? n + 1 : n;
		len -= n < len ? n + 1 : n;
	}
	return NULL;
}

static int append(void *ctx, const void *buf, size_t len)
{
	struct br_str *out = ctx;

	if (out->len + len > BR_MODULE_MAX)
		return -EFBIG;
	br_str_add(out, buf, len);
	return out->oom ? -ENOMEM : 0;
}

int br_module_unpack(const struct br_blob *packed, struct br_blob *ret)
{
	const struct br_extent all = {.fd = -1, .size = packed->len, .mem = packed->data};
	enum br_codec codec = br_codec_detect((const unsigned char *)packed->data, packed->len);
	br_autosource struct br_source in = {0};
	br_autostr struct br_str out = {0};
	enum br_unpack_end end = BR_UNPACK_WHOLE;
	const char *why;
	int r = br_source_open(&in, &all, 1);

	if (r < 0)
		return r;
	if (codec == BR_CODEC_NONE)
		r = append(&out, packed->data, packed->len);
	else
		r = br_unpack(codec, &in, append, &out, &end, &why);
	if (r < 0)
		return r;
	if (end != BR_UNPACK_WHOLE)
		return -EBADMSG;
	ret->len = out.len;
	ret->data = br_str_take(&out);
	return ret->data ? 0 : -ENOMEM;
}
