/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Streams of blocks with their lengths before them: lz4's legacy frame, and lzop's file as the
 * kernel's lib/decompress_unlzo.c reads it.
 */
#include <errno.h>
#include <libavutil/lzo.h>
#include <lz4.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/num.h"
#include "image/unpack-internal.h"

/* Takes len bytes: 0, 1 the input ended before, -errno. */
static int take(struct br_unpacking *j, unsigned char *to, size_t len)
{
	size_t have = 0;

	while (have < len) {
		size_t some = br_source_peek(j->in, 1);

		if (!some)
			return br_unpack_truncated(j);
		if (some > len - have)
			some = len - have;
		memcpy(to + have, br_source_here(j->in), some);
		br_source_take(j->in, some);
		have += some;
	}
	return 0;
}

/* Room for a codec's blocks in place of the usual one. */
static int grow_block(struct br_unpacking *j, size_t size)
{
	unsigned char *block = realloc(j->block, size);

	if (!block)
		return -ENOMEM;
	j->block = block;
	return 0;
}

/* The legacy frame: its magic number, then blocks of a 32-bit length and so many bytes, each 8 MiB
 * unpacked. */
#define LZ4_MAGIC 0x184c2102U
#define LZ4_BLOCK (8 * BR_MIB)

static int lz4_block(struct br_unpacking *j, unsigned char *packed, size_t len)
{
	int r = take(j, packed, len), n;

	if (r)
		return r;
	n = LZ4_decompress_safe((char *)packed, (char *)j->block, (int)len, (int)LZ4_BLOCK);
	if (n < 0)
		return br_unpack_end(j, BR_UNPACK_CORRUPT, "damaged");
	return br_unpack_settle(j, BR_STEP_MORE, (size_t)n, NULL);
}

int br_unpack_lz4(struct br_unpacking *j)
{
	size_t most = (size_t)LZ4_COMPRESSBOUND(LZ4_BLOCK);
	br_autofree unsigned char *packed = malloc(most);
	size_t blocks = 0;
	int r = packed ? grow_block(j, LZ4_BLOCK) : -ENOMEM;

	if (r < 0)
		return r;
	if (br_source_peek(j->in, 4) < 4)
		return br_unpack_truncated(j);
	if (br_le32(br_source_here(j->in)) != LZ4_MAGIC)
		return br_unpack_end(
		    j, BR_UNPACK_CORRUPT,
		    "not the legacy frame of `lz4 -l`, the only one the kernel reads");
	while (!r) {
		size_t n = br_source_peek(j->in, 4);
		uint32_t len = n >= 4 ? br_le32(br_source_here(j->in)) : 0;

		/* The format has no end mark: the end of the input is one, and NULs are, for the
		 * kernel too. */
		if (!len && (!n || n >= 4) && blocks)
			return j->in->err ? j->in->err : br_unpack_end(j, BR_UNPACK_WHOLE, NULL);
		if (n < 4)
			return br_unpack_truncated(j);
		br_source_take(j->in, 4);
		if (len == LZ4_MAGIC)
			continue;
		if (!len || len > most)
			return br_unpack_end(j, BR_UNPACK_CORRUPT, "damaged");
		r = lz4_block(j, packed, len);
		blocks++;
	}
	return r;
}

/*
 * magic (9 bytes), version (2), the library's and the version needed (2 each), method (1), from
 * version 0x0940 on level (1), flags (4), with a filter its number (4), mode (4), time (4, from
 * 0x0940 on 8), length of the name (1), the name, a checksum of the header (4). Then blocks: length
 * unpacked (4; 0 ends it all), length packed (4), one checksum (4), the bytes. Numbers are
 * big-endian.
 */
#define LZO_BLOCK  (256 * BR_KIB)
#define LZO_HEADER (9 + 7 + 1 + 8 + 12 + 1 + 255 + 4)
#define LZO_FILTER 0x800
#define LZO_CHECKED                                                                                \
	0x303 /* Adler-32 or CRC-32, of the unpacked (1, 0x100) or the packed bytes (2, 0x200) */
#define LZO_ADLER32 0x1

static int lzo_header(struct br_unpacking *j, uint32_t *ret_flags)
{
	static const unsigned char magic[] = {0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n'};
	size_t n = br_source_peek(j->in, LZO_HEADER), at = sizeof(magic) + 7;
	const unsigned char *p = br_source_here(j->in);
	bool newer;

	if (n < at + 1 + 4 + 8 + 1 + 4)
		return br_unpack_truncated(j);
	if (memcmp(p, magic, sizeof(magic)) != 0)
		return br_unpack_end(j, BR_UNPACK_CORRUPT, "not as lzop writes it");
	newer = (p[9] << 8 | p[10]) >= 0x0940;
	at += newer;
	*ret_flags = br_be32(p + at);
	at += *ret_flags & LZO_FILTER ? 8 : 4;
	at += newer ? 12 : 8;
	if (at >= n || n - at < 1 + 4 + (size_t)p[at])
		return br_unpack_truncated(j);
	br_source_take(j->in, at + 1 + 4 + p[at]);
	return 0;
}

static int lzo_block(struct br_unpacking *j, unsigned char *packed, size_t len, uint32_t flags)
{
	unsigned char head[8];
	int r = take(j, head, sizeof(head)), left, room = (int)len;
	size_t n;

	if (r)
		return r;
	n = br_be32(head);
	if (!n || n > len)
		return br_unpack_end(j, BR_UNPACK_CORRUPT, "damaged");
	r = take(j, n == len ? j->block : packed, n);
	if (r)
		return r;
	left = (int)n;
	if (n < len && (av_lzo1x_decode(j->block, &room, packed, &left) || room || left))
		return br_unpack_end(j, BR_UNPACK_CORRUPT, "damaged");
	if ((flags & LZO_CHECKED) == LZO_ADLER32 &&
	    adler32(1, j->block, (unsigned)len) != br_be32(head + 4))
		return br_unpack_end(j, BR_UNPACK_CORRUPT, "damaged: a checksum does not match");
	return br_unpack_settle(j, BR_STEP_MORE, len, NULL);
}

int br_unpack_lzo(struct br_unpacking *j)
{
	br_autofree unsigned char *packed = calloc(1, LZO_BLOCK + AV_LZO_INPUT_PADDING);
	uint32_t flags = 0;
	int r = packed ? grow_block(j, LZO_BLOCK + AV_LZO_OUTPUT_PADDING) : -ENOMEM;

	if (!r)
		r = lzo_header(j, &flags);
	if (!r && __builtin_popcount(flags & LZO_CHECKED) != 1)
		return br_unpack_end(
		    j, BR_UNPACK_REFUSED,
		    "made with another number of checksums than the one the kernel passes over");
	while (!r) {
		unsigned char head[4];
		uint32_t len;

		r = take(j, head, sizeof(head));
		if (r)
			return r;
		len = br_be32(head);
		if (!len)
			return br_unpack_end(j, BR_UNPACK_WHOLE, NULL);
		if (len > LZO_BLOCK)
			return br_unpack_end(j, BR_UNPACK_CORRUPT,
					     "its blocks are larger than the kernel's 256 KiB");
		r = lzo_block(j, packed, len, flags);
	}
	return r;
}
