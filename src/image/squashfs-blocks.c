/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* squashfs: blocks of metadata and of files. */
#include <errno.h>
#include <libavutil/lzo.h>
#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/squashfs-internal.h"

/* Of all that is unpacked of one image: kept files, and metadata that is read again and again. */
#define UNPACKED_MAX (256 * BR_MIB)
#define PLAIN        (1U << 24) /* in a block's length: it is not packed */

/* Bytes made; 0 where none could be. */
static size_t unpack_gzip(const unsigned char *in, size_t len, unsigned char *out, size_t room)
{
	uLongf made = room;

	return uncompress(out, &made, in, len) == Z_OK ? made : 0;
}

static size_t unpack_lzo(const unsigned char *in, size_t len, unsigned char *out, size_t room)
{
	int left = (int)len, free_room = (int)room;

	return av_lzo1x_decode(out, &free_room, in, &left) == 0 ? room - (size_t)free_room : 0;
}

static size_t unpack_xz(const unsigned char *in, size_t len, unsigned char *out, size_t room)
{
	uint64_t memory = 16 * BR_MIB; /* the dictionary is a block at most */
	size_t from = 0, made = 0;

	return lzma_stream_buffer_decode(&memory, 0, NULL, in, &from, len, out, &made, room) == LZMA_OK ? made : 0;
}

static size_t unpack_lz4(const unsigned char *in, size_t len, unsigned char *out, size_t room)
{
	int n = LZ4_decompress_safe((const char *)in, (char *)out, (int)len, (int)room);

	return n > 0 ? (size_t)n : 0;
}

static size_t unpack_zstd(const unsigned char *in, size_t len, unsigned char *out, size_t room)
{
	size_t n = ZSTD_decompress(out, room, in, len);

	return ZSTD_isError(n) ? 0 : n;
}

static const struct {
	const char *name;
	size_t (*unpack)(const unsigned char *in, size_t len, unsigned char *out, size_t room);
} codecs[BR_SQ_CODECS] = {
	[BR_SQ_GZIP] = {"gzip", unpack_gzip}, [BR_SQ_LZMA] = {"lzma", NULL},      [BR_SQ_LZO] = {"lzo", unpack_lzo},
	[BR_SQ_XZ] = {"xz", unpack_xz},       [BR_SQ_LZ4] = {"lz4", unpack_lz4}, [BR_SQ_ZSTD] = {"zstd", unpack_zstd},
};

const char *br_squashfs_codec_name(enum br_squashfs_codec c)
{
	return c > 0 && c < BR_SQ_CODECS && codecs[c].unpack ? codecs[c].name : NULL;
}

/* len bytes at a place of the image into out, unpacked unless they are plain: *ret_len of at most room. */
static int read_block(struct br_squashfs *s, uint64_t at, size_t len, bool plain, unsigned char *out, size_t room,
                      size_t *ret_len)
{
	int r;

	if (plain ? len > room : len > s->block_size && len > BR_SQUASHFS_META)
		return br_innerfs_bad(s->said, at, "has a block that is too long");
	r = br_innerfs_pread(s->image, s->said, at, plain ? out : s->packed, len);
	if (r < 0)
		return r;
	if (plain) {
		*ret_len = len;
	} else {
		memset(s->packed + len, 0, AV_LZO_INPUT_PADDING);
		*ret_len = codecs[s->codec].unpack(s->packed, len, out, room);
		if (!*ret_len)
			return br_innerfs_bad(s->said, at, "has a damaged block");
	}
	s->unpacked += *ret_len;
	return s->unpacked <= UNPACKED_MAX ? 0 : br_innerfs_unread(s->said, at, "unpacks to too much");
}

static int meta_block(struct br_squashfs *s, uint64_t at, const struct br_squashfs_block **ret)
{
	struct br_squashfs_block *b = &s->cache[(at ^ at >> 6 ^ at >> 12) % BR_SQUASHFS_CACHE];
	unsigned char head[2], data[BR_SQUASHFS_META + AV_LZO_OUTPUT_PADDING];
	size_t len;
	int r;

	*ret = b;
	if (b->at == at && at)
		return 0;
	r = br_innerfs_pread(s->image, s->said, at, head, sizeof(head));
	if (r < 0)
		return r;
	len = br_le16(head) & 0x7fff;
	b->at = 0;
	r = read_block(s, at + 2, len ? len : 0x8000, br_le16(head) & 0x8000, data, BR_SQUASHFS_META, &b->len);
	if (r < 0)
		return r;
	memcpy(b->data, data, b->len);
	b->next = at + 2 + len;
	b->at = at;
	return 0;
}

int br_squashfs_meta(struct br_squashfs *s, struct br_squashfs_at *at, void *buf, size_t len)
{
	while (len) {
		const struct br_squashfs_block *b;
		int r = meta_block(s, at->block, &b);
		size_t n;

		if (r < 0)
			return r;
		if (at->offset >= b->len && !(at->offset == b->len && b->len == BR_SQUASHFS_META))
			return br_innerfs_bad(s->said, at->block, "points behind the end of a table");
		n = b->len - at->offset < len ? b->len - at->offset : len;
		memcpy(buf, b->data + at->offset, n);
		buf = (char *)buf + n;
		len -= n;
		at->offset += n;
		if (at->offset == BR_SQUASHFS_META)
			*at = (struct br_squashfs_at){.block = b->next};
	}
	return 0;
}

/* The n-th fragment, unpacked, in s->fragment. */
static int load_fragment(struct br_squashfs *s, uint32_t n)
{
	unsigned char entry[16], list[8];
	struct br_squashfs_at at = {.offset = n % 512 * sizeof(entry)};
	uint32_t len;
	int r;

	if (s->fragment_len && s->fragment_at == n)
		return 0;
	if (n >= s->fragments)
		return br_innerfs_bad(s->said, s->fragment_list, "names a fragment that is not there");
	r = br_innerfs_pread(s->image, s->said, s->fragment_list + (uint64_t)n / 512 * sizeof(list), list, sizeof(list));
	if (r < 0)
		return r;
	at.block = br_le64(list);
	r = br_squashfs_meta(s, &at, entry, sizeof(entry));
	if (r < 0)
		return r;
	len = br_le32(entry + 8);
	s->fragment_len = 0;
	r = read_block(s, br_le64(entry), len & (PLAIN - 1), len & PLAIN, s->fragment, s->block_size, &s->fragment_len);
	s->fragment_at = n;
	return r;
}

static int hand_out(struct br_squashfs *s, uint64_t at, uint32_t len, size_t want, const struct br_innerfs_ops *ops,
                    void *ctx)
{
	size_t made = want;
	int r = 0;

	if (!(len & (PLAIN - 1))) /* a hole */
		memset(s->plain, 0, want);
	else
		r = read_block(s, at, len & (PLAIN - 1), len & PLAIN, s->plain, s->block_size, &made);
	if (!r && made != want)
		r = br_innerfs_bad(s->said, at, "has a block of the wrong length");
	return r < 0 ? r : ops->data(ctx, s->plain, want);
}

int br_squashfs_body(struct br_squashfs *s, const struct br_squashfs_file *f, const struct br_innerfs_ops *ops,
                     void *ctx)
{
	struct br_squashfs_at list = f->blocks;
	uint64_t left = f->size, at = f->start;
	int r;

	while (left && (left >= s->block_size || f->fragment == BR_SQUASHFS_NONE)) {
		size_t want = left < s->block_size ? (size_t)left : s->block_size;
		unsigned char len[4];

		r = br_squashfs_meta(s, &list, len, sizeof(len));
		if (!r)
			r = hand_out(s, at, br_le32(len), want, ops, ctx);
		if (r < 0)
			return r;
		at += br_le32(len) & (PLAIN - 1);
		left -= want;
	}
	if (!left)
		return 0;
	r = load_fragment(s, f->fragment);
	if (r < 0)
		return r;
	if (f->offset > s->fragment_len || left > s->fragment_len - f->offset)
		return br_innerfs_bad(s->said, s->fragment_list, "has a file behind the end of its fragment");
	return ops->data(ctx, s->fragment + f->offset, (size_t)left);
}
