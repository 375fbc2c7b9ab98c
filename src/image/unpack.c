/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function a codec, and a table of them. The decoders' own libraries are called, not libarchive's
 * filters: those read on past the end of a stream. Theirs for zstd, xz and lz4 take the NULs or the next
 * segment behind it for a damaged stream of their own kind and drop the last block, the one for gzip
 * does not look at the checksum, and none has a limit on memory.
 */
#include <bzlib.h>
#include <errno.h>
#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/unpack.h"

#define OUT_BLOCK (128 * BR_KIB)

struct job {
	struct br_source *in;
	br_unpack_out out;
	void *ctx;
	unsigned char *block; /* OUT_BLOCK bytes, or what the codec needs */
	enum br_unpack_end end;
	const char *why;
};

static int end(struct job *j, enum br_unpack_end end, const char *why)
{
	j->end = end;
	j->why = why;
	return 1;
}

/* What a decoder's step came to, in the words of this file. */
enum step {
	STEP_MORE,
	STEP_END,
	STEP_CORRUPT,
};

/* Hands unpacked bytes on and turns a step into an end: 0 go on, 1 ended, -errno. */
static int settle(struct job *j, enum step step, size_t unpacked, const char *why)
{
	int r = unpacked ? j->out(j->ctx, j->block, unpacked) : 0;

	if (r)
		return r < 0 ? r : end(j, BR_UNPACK_STOPPED, NULL);
	if (step == STEP_CORRUPT)
		return end(j, BR_UNPACK_CORRUPT, why);
	return step == STEP_END ? end(j, BR_UNPACK_WHOLE, NULL) : 0;
}

static int truncated(struct job *j)
{
	return j->in->err ? j->in->err : end(j, BR_UNPACK_TRUNCATED, "the stream is cut short");
}

static int unpack_gzip(struct job *j)
{
	z_stream z = {0};
	int r = 0;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return -ENOMEM;
	while (!r) {
		size_t n = br_source_peek(j->in, 1);
		int step;

		if (!n) {
			r = truncated(j);
			break;
		}
		z.next_in = (unsigned char *)br_source_here(j->in);
		z.avail_in = (uInt)n;
		z.next_out = j->block;
		z.avail_out = OUT_BLOCK;
		step = inflate(&z, Z_NO_FLUSH);
		if (step == Z_MEM_ERROR) {
			r = -ENOMEM;
			break;
		}
		br_source_take(j->in, n - z.avail_in);
		r = settle(j, step == Z_STREAM_END ? STEP_END : step == Z_OK ? STEP_MORE : STEP_CORRUPT,
		           OUT_BLOCK - z.avail_out, "damaged, or its checksum does not match");
	}
	inflateEnd(&z);
	return r;
}

static int unpack_bzip2(struct job *j)
{
	bz_stream z = {0};
	int r = 0;

	if (BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return -ENOMEM;
	while (!r) {
		size_t n = br_source_peek(j->in, 1);
		int step;

		if (!n) {
			r = truncated(j);
			break;
		}
		z.next_in = (char *)br_source_here(j->in);
		z.avail_in = (unsigned)n;
		z.next_out = (char *)j->block;
		z.avail_out = OUT_BLOCK;
		step = BZ2_bzDecompress(&z);
		if (step == BZ_MEM_ERROR) {
			r = -ENOMEM;
			break;
		}
		br_source_take(j->in, n - z.avail_in);
		r = settle(j, step == BZ_STREAM_END ? STEP_END : step == BZ_OK ? STEP_MORE : STEP_CORRUPT,
		           OUT_BLOCK - z.avail_out, "damaged, or its checksum does not match");
	}
	BZ2_bzDecompressEnd(&z);
	return r;
}

static int lzma_steps(struct job *j, lzma_stream *z)
{
	int r = 0;

	while (!r) {
		size_t n = br_source_peek(j->in, 1);
		lzma_ret step;

		if (!n)
			return truncated(j);
		z->next_in = br_source_here(j->in);
		z->avail_in = n;
		z->next_out = j->block;
		z->avail_out = OUT_BLOCK;
		step = lzma_code(z, LZMA_RUN);
		if (step == LZMA_MEM_ERROR)
			return -ENOMEM;
		if (step == LZMA_MEMLIMIT_ERROR)
			return end(j, BR_UNPACK_UNREAD, "asks for too much memory");
		if (step == LZMA_OPTIONS_ERROR)
			return end(j, BR_UNPACK_REFUSED, "made with options that the kernel does not know");
		br_source_take(j->in, n - z->avail_in);
		r = settle(j, step == LZMA_STREAM_END ? STEP_END : step == LZMA_OK ? STEP_MORE : STEP_CORRUPT,
		           OUT_BLOCK - z->avail_out, "damaged, or its checksum does not match");
	}
	return r;
}

static int unpack_lzma(struct job *j)
{
	lzma_stream z = LZMA_STREAM_INIT;
	int r = -ENOMEM;

	if (lzma_alone_decoder(&z, BR_UNPACK_MEMORY_MAX) == LZMA_OK)
		r = lzma_steps(j, &z);
	lzma_end(&z);
	return r;
}

static int unpack_xz(struct job *j)
{
	lzma_stream z = LZMA_STREAM_INIT;
	int r = -ENOMEM;

	/* Of the kinds of check the kernel's decoder knows none and CRC32; plain `xz` writes CRC64. */
	if (br_source_peek(j->in, 8) >= 8 && (br_source_here(j->in)[7] & 0xf) > LZMA_CHECK_CRC32)
		return end(j, BR_UNPACK_REFUSED, "made without --check=crc32, which the kernel refuses");
	if (lzma_stream_decoder(&z, BR_UNPACK_MEMORY_MAX, 0) == LZMA_OK)
		r = lzma_steps(j, &z);
	lzma_end(&z);
	return r;
}

static void free_zstd(ZSTD_DCtx **z)
{
	ZSTD_freeDCtx(*z);
}

static int unpack_zstd(struct job *j)
{
	br_cleanup(free_zstd) ZSTD_DCtx *z = ZSTD_createDCtx();
	int r = 0;

	if (!z)
		return -ENOMEM;
	/* The kernel's own limit, 128 MiB. */
	if (ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, 27)))
		return -ENOMEM;
	while (!r) {
		ZSTD_inBuffer in = {.size = br_source_peek(j->in, 1)};
		ZSTD_outBuffer out = {.dst = j->block, .size = OUT_BLOCK};
		size_t left;

		if (!in.size)
			return truncated(j);
		in.src = br_source_here(j->in);
		left = ZSTD_decompressStream(z, &out, &in);
		if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge)
			return end(j, BR_UNPACK_REFUSED, "its window is larger than the kernel allows");
		br_source_take(j->in, in.pos);
		r = settle(j, ZSTD_isError(left) ? STEP_CORRUPT : left ? STEP_MORE : STEP_END, out.pos,
		           "damaged, or its checksum does not match");
	}
	return r;
}

/* The legacy frame: its magic number, then blocks of a 32-bit length and so many bytes, each 8 MiB unpacked. */
#define LZ4_MAGIC 0x184c2102U
#define LZ4_BLOCK (8 * BR_MIB)

static int lz4_block(struct job *j, unsigned char *packed, size_t len)
{
	size_t have = 0;
	int n;

	while (have < len) {
		size_t some = br_source_peek(j->in, 1);

		if (!some)
			return truncated(j);
		if (some > len - have)
			some = len - have;
		memcpy(packed + have, br_source_here(j->in), some);
		br_source_take(j->in, some);
		have += some;
	}
	n = LZ4_decompress_safe((char *)packed, (char *)j->block, (int)len, (int)LZ4_BLOCK);
	if (n < 0)
		return end(j, BR_UNPACK_CORRUPT, "damaged");
	return settle(j, STEP_MORE, (size_t)n, NULL);
}

static int unpack_lz4(struct job *j)
{
	size_t most = (size_t)LZ4_COMPRESSBOUND(LZ4_BLOCK);
	br_autofree unsigned char *packed = malloc(most);
	unsigned char *block = realloc(j->block, LZ4_BLOCK);
	size_t blocks = 0;
	int r = 0;

	if (block)
		j->block = block;
	if (!packed || !block)
		return -ENOMEM;
	if (br_source_peek(j->in, 4) < 4)
		return truncated(j);
	if (br_le32(br_source_here(j->in)) != LZ4_MAGIC)
		return end(j, BR_UNPACK_CORRUPT, "not the legacy frame of `lz4 -l`, the only one the kernel reads");
	while (!r) {
		size_t n = br_source_peek(j->in, 4);
		uint32_t len = n >= 4 ? br_le32(br_source_here(j->in)) : 0;

		/* The format has no end mark: the end of the input is one, and NULs are, for the kernel too. */
		if (!len && (!n || n >= 4) && blocks)
			return j->in->err ? j->in->err : end(j, BR_UNPACK_WHOLE, NULL);
		if (n < 4)
			return truncated(j);
		br_source_take(j->in, 4);
		if (len == LZ4_MAGIC)
			continue;
		if (!len || len > most)
			return end(j, BR_UNPACK_CORRUPT, "damaged");
		r = lz4_block(j, packed, len);
		blocks++;
	}
	return r;
}

static int unpack_lzo(struct job *j)
{
	return end(j, BR_UNPACK_UNREAD, "no decoder for it here");
}

static const struct {
	const char *name;
	unsigned char magic[2];
	int (*unpack)(struct job *j);
} codecs[BR_CODECS] = {
	[BR_CODEC_NONE] = {"none", {0}, NULL},
	[BR_CODEC_GZIP] = {"gzip", {0x1f, 0x8b}, unpack_gzip},
	[BR_CODEC_BZIP2] = {"bzip2", {0x42, 0x5a}, unpack_bzip2},
	[BR_CODEC_LZMA] = {"lzma", {0x5d, 0x00}, unpack_lzma},
	[BR_CODEC_XZ] = {"xz", {0xfd, 0x37}, unpack_xz},
	[BR_CODEC_LZO] = {"lzo", {0x89, 0x4c}, unpack_lzo},
	[BR_CODEC_LZ4] = {"lz4", {0x02, 0x21}, unpack_lz4},
	[BR_CODEC_ZSTD] = {"zstd", {0x28, 0xb5}, unpack_zstd},
};

const char *br_codec_name(enum br_codec c)
{
	return codecs[c].name;
}

enum br_codec br_codec_detect(const unsigned char *magic, size_t len)
{
	for (enum br_codec c = BR_CODEC_GZIP; len >= 2 && c < BR_CODECS; c++)
		if (memcmp(magic, codecs[c].magic, 2) == 0)
			return c;
	return BR_CODEC_NONE;
}

enum br_codec br_codec_named(const char *name)
{
	for (enum br_codec c = BR_CODEC_GZIP; c < BR_CODECS; c++)
		if (strcmp(name, codecs[c].name) == 0)
			return c;
	return BR_CODEC_NONE;
}

int br_unpack(enum br_codec c, struct br_source *in, br_unpack_out out, void *ctx,
              enum br_unpack_end *ret_end, const char **ret_why)
{
	struct job j = {.in = in, .out = out, .ctx = ctx, .block = malloc(OUT_BLOCK)};
	int r = -EINVAL;

	if (codecs[c].unpack)
		r = j.block ? codecs[c].unpack(&j) : -ENOMEM;
	free(j.block);
	if (r < 0)
		return r;
	*ret_end = j.end;
	*ret_why = j.why;
	return 0;
}
