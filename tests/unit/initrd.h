/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Initramfs pieces made in memory: cpio members, compressed streams, kernel module indexes, modules. */
#ifndef BR_TEST_INITRD_H
#define BR_TEST_INITRD_H

#include <arpa/inet.h>
#include <bzlib.h>
#include <elf.h>
#include <lz4.h>
#include <lzma.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include "base/str.h"
#include "image/initramfs.h"

struct member {
	const char *name, *body; /* body NULL: a folder */
	size_t len;              /* 0: strlen(body) */
	unsigned mode;           /* 0: by body */
	unsigned ino, nlink;
	const char *magic; /* NULL: newc */
	unsigned check;
};

static inline void pad4(struct br_str *b)
{
	while (b->len % 4)
		br_str_putc(b, '\0');
}

static inline void add_member(struct br_str *b, const struct member *m)
{
	size_t len = m->len ? m->len : m->body ? strlen(m->body) : 0;
	unsigned mode = m->mode ? m->mode : m->body ? S_IFREG | 0644 : S_IFDIR | 0755;

	br_str_printf(b, "%s%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", m->magic ? m->magic : "070701",
	              m->ino, mode, 0, 0, m->nlink ? m->nlink : 1, 0, len, 0, 0, 0, 0, strlen(m->name) + 1,
	              m->check);
	br_str_add(b, m->name, strlen(m->name) + 1);
	pad4(b);
	br_str_add(b, m->body ? m->body : "", len);
	pad4(b);
}

static inline void add_file(struct br_str *b, const char *name, const char *body)
{
	add_member(b, &(struct member){.name = name, .body = body});
}

static inline void add_bytes(struct br_str *b, const char *name, const struct br_str *body)
{
	add_member(b, &(struct member){.name = name, .body = body->s, .len = body->len});
}

/* "a/b/c": the folders a, a/b and a/b/c. */
static inline void add_dirs(struct br_str *b, const char *path)
{
	char part[256];

	for (size_t n = 1; n <= strlen(path); n++) {
		if (path[n] && path[n] != '/')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)n, path);
		add_member(b, &(struct member){.name = part});
	}
}

static inline void add_link(struct br_str *b, const char *name, const char *target)
{
	add_member(b, &(struct member){.name = name, .body = target, .mode = S_IFLNK | 0777});
}

static inline void add_trailer(struct br_str *b)
{
	add_member(b, &(struct member){.name = "TRAILER!!!", .body = "", .mode = S_IFREG});
}

static inline void add_zeros(struct br_str *b, size_t n)
{
	while (n--)
		br_str_putc(b, '\0');
}

enum packer { GZIP, BZIP2, XZ, XZ_CRC64, LZMA, ZSTD, LZ4, LZO, PACKERS };
static const char *const packer_names[] = {"gzip", "bzip2", "xz", "xz", "lzma", "zstd", "lz4", "lzo"};

static inline size_t pack_gzip(const struct br_str *in, char *out, size_t room)
{
	z_stream z = {.next_in = (unsigned char *)in->s, .avail_in = (unsigned)in->len,
	              .next_out = (unsigned char *)out, .avail_out = (unsigned)room};

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return z.total_out;
}

static inline size_t pack_lzma(const struct br_str *in, char *out, size_t room)
{
	lzma_stream z = LZMA_STREAM_INIT;
	lzma_options_lzma opt;

	lzma_lzma_preset(&opt, 6);
	if (lzma_alone_encoder(&z, &opt) != LZMA_OK)
		return 0;
	z.next_in = (uint8_t *)in->s;
	z.avail_in = in->len;
	z.next_out = (uint8_t *)out;
	z.avail_out = room;
	if (lzma_code(&z, LZMA_FINISH) != LZMA_STREAM_END)
		z.avail_out = (size_t)room;
	room -= z.avail_out;
	lzma_end(&z);
	return room;
}

/* The legacy frame: magic, then blocks of at most 8 MiB behind their lengths. */
static inline size_t pack_lz4(const struct br_str *in, char *out, size_t room)
{
	static const unsigned char magic[] = {0x02, 0x21, 0x4c, 0x18};
	size_t n = 0;

	memcpy(out, magic, 4);
	n = 4;
	for (size_t at = 0; at < in->len; at += 8 << 20) {
		size_t some = in->len - at < 8 << 20 ? in->len - at : 8 << 20;
		unsigned len = (unsigned)LZ4_compress_default(in->s + at, out + n + 4, (int)some,
		                                              (int)(room - n - 4));

		for (int i = 0; i < 4; i++)
			out[n++] = (char)(len >> 8 * i);
		n += len;
	}
	return n;
}

/*
 * A file as lzop writes it of what it cannot pack: blocks as they are, each with one Adler-32. Real packed blocks
 * are compared with lzop in tests/oracles.
 */
static inline size_t pack_lzo(const struct br_str *in, char *out)
{
	static const unsigned char head[] = {0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n', 0x10, 0x30, 0x20, 0xa0,
	                                     0x09, 0x40, 1, 5, 0, 0, 0, 1};
	size_t n = sizeof(head) + 12 + 1 + 4;
	uint32_t be[3];

	memset(out, 0, n);
	memcpy(out, head, sizeof(head));
	for (size_t at = 0; at < in->len; at += 256 << 10) {
		size_t some = in->len - at < 256 << 10 ? in->len - at : 256 << 10;

		be[0] = be[1] = htonl((uint32_t)some);
		be[2] = htonl((uint32_t)adler32(1, (unsigned char *)in->s + at, (unsigned)some));
		memcpy(out + n, be, sizeof(be));
		memcpy(out + n + sizeof(be), in->s + at, some);
		n += sizeof(be) + some;
	}
	memset(out + n, 0, 4);
	return n + 4;
}

/* Appends in, packed. */
static inline void add_packed(struct br_str *b, enum packer how, const struct br_str *in)
{
	size_t room = 2 * in->len + 65536, n = 0;
	unsigned len = (unsigned)room;
	char *out = malloc(room);

	if (how == GZIP)
		n = pack_gzip(in, out, room);
	else if (how == BZIP2 && BZ2_bzBuffToBuffCompress(out, &len, in->s, (unsigned)in->len, 9, 0, 0) == BZ_OK)
		n = len;
	else if (how == XZ)
		lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, (uint8_t *)in->s, in->len, (uint8_t *)out, &n, room);
	else if (how == XZ_CRC64)
		lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, (uint8_t *)in->s, in->len, (uint8_t *)out, &n, room);
	else if (how == LZMA)
		n = pack_lzma(in, out, room);
	else if (how == ZSTD)
		n = ZSTD_compress(out, room, in->s, in->len, 3);
	else if (how == LZ4)
		n = pack_lz4(in, out, room);
	else if (how == LZO)
		n = pack_lzo(in, out);
	br_str_add(b, out, n);
	free(out);
}

/* Reads an initramfs that lies in memory. */
static inline int read_initramfs(const struct br_str *b, struct br_initramfs *ret)
{
	const struct br_extent e = {.fd = -1, .size = b->len, .mem = b->s ? b->s : "", .hashed = true};

	return br_initramfs_read(&e, 1, ret);
}

/* An index as depmod writes it, of sorted keys: children before their parent, the root last. */
struct pair {
	const char *key, *value;
};

static inline void add_be32(struct br_str *b, uint32_t v)
{
	uint32_t be = htonl(v);

	br_str_add(b, (char *)&be, 4);
}

/* The node of the n pairs that share their first depth characters; gives the reference to it. */
static inline uint32_t add_node(struct br_str *b, const struct pair *p, size_t n, size_t depth)
{
	unsigned first = 128, last = 0, values = 0;
	uint32_t child[128] = {0}, ref;
	size_t prefix = depth;

	while (p[0].key[prefix] && p[0].key[prefix] == p[n - 1].key[prefix])
		prefix++;
	for (size_t i = 0, k; i < n; i = k) {
		unsigned c = (unsigned char)p[i].key[prefix];

		for (k = i + 1; k < n && (unsigned char)p[k].key[prefix] == c; k++)
			;
		if (!c) {
			values += (unsigned)(k - i);
			continue;
		}
		first = c < first ? c : first;
		last = c;
		child[c] = add_node(b, p + i, k - i, prefix + 1);
	}
	ref = (uint32_t)b->len;
	if (prefix > depth) {
		ref |= 0x80000000U;
		br_str_add(b, p[0].key + depth, prefix - depth);
		br_str_putc(b, '\0');
	}
	if (last) {
		ref |= 0x20000000U;
		br_str_putc(b, (char)first);
		br_str_putc(b, (char)last);
		for (unsigned c = first; c <= last; c++)
			add_be32(b, child[c]);
	}
	if (values) {
		ref |= 0x40000000U;
		add_be32(b, values);
		for (unsigned i = 0; i < values; i++) {
			add_be32(b, i);
			br_str_add(b, p[i].value, strlen(p[i].value) + 1);
		}
	}
	return ref;
}

static inline void add_index(struct br_str *b, const struct pair *p, size_t n)
{
	uint32_t root;

	add_be32(b, 0xb007f457);
	add_be32(b, 0x00020001);
	add_be32(b, 0);
	root = htonl(n ? add_node(b, p, n, 0) : 12);
	memcpy(b->s + 8, &root, 4);
}

/* A kernel module in name: an ELF header, .modinfo, and __versions where it is asked for. */
static inline void add_ko(struct br_str *b, unsigned machine, const char *modinfo, size_t len, bool versions)
{
	static const char names[] = "\0.shstrtab\0.modinfo\0__versions";
	Elf64_Ehdr eh = {.e_ident = ELFMAG, .e_type = ET_REL, .e_machine = (Elf64_Half)machine,
	                 .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 4, .e_shstrndx = 1};
	Elf64_Shdr sh[4] = {{0}};

	eh.e_ident[EI_CLASS] = ELFCLASS64;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	eh.e_shoff = sizeof(eh);
	sh[1] = (Elf64_Shdr){.sh_name = 1, .sh_offset = sizeof(eh) + sizeof(sh), .sh_size = sizeof(names)};
	sh[2] = (Elf64_Shdr){.sh_name = 11, .sh_offset = sh[1].sh_offset + sizeof(names), .sh_size = len};
	sh[3] = (Elf64_Shdr){.sh_name = 20, .sh_offset = sh[2].sh_offset, .sh_size = versions ? 1 : 0};
	br_str_add(b, (char *)&eh, sizeof(eh));
	br_str_add(b, (char *)sh, sizeof(sh));
	br_str_add(b, names, sizeof(names));
	br_str_add(b, modinfo, len);
}

#endif
