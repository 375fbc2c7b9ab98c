/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function a codec, and a table of them. The decoders' own libraries are called, not
 * libarchive's filters: those read on past the end of a stream. Theirs for zstd, xz and lz4 take
 * the NULs or the next segment behind it for a damaged stream of their own kind and drop the last
 * block, the one for gzip does not look at the checksum, and none has a limit on memory.
 */
#include <bzlib.h>
#include <errno.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "image/unpack-internal.h"

int br_unpack_end(struct br_unpacking *j, enum br_unpack_end end, const char *why)
{
	j->end = end;
	j->why = why;
	return 1;
}

int br_unpack_settle(struct br_unpacking *j, enum br_step step, size_t unpacked, const char *why)
{
	int r = unpacked ? j->out(j->ctx, j->block, unpacked) : 0;

	if (r)
		return r < 0 ? r : br_unpack_end(j, BR_UNPACK_STOPPED, NULL);
	if (step == BR_STEP_CORRUPT)
		return br_unpack_end(j, BR_UNPACK_CORRUPT, why);
	return step == BR_STEP_END ? br_unpack_end(j, BR_UNPACK_WHOLE, NULL) : 0;
}

int br_unpack_truncated(struct br_unpacking *j)
{
	return j->in->err ? j->in->err
			  : br_unpack_end(j, BR_UNPACK_TRUNCATED, "the stream is cut short");
}

/* By ISA-L, which is more than twice as fast as zlib; most initramfs are packed so. */
static int unpack_gzip(struct br_unpacking *j)
{
	br_autofree struct inflate_state *z = malloc(sizeof(*z));
	int r = 0;

	if (!z)
		return -ENOMEM;
	isal_inflate_init(z);
	z->crc_flag = ISAL_GZIP;
	while (!r) {
		size_t n = br_source_peek(j->in, 1);
		int step;

		if (!n)
			return br_unpack_truncated(j);
		z->next_in = (unsigned char *)br_source_here(j->in);
		z->avail_in = (uint32_t)n;
		z->next_out = j->block;
		z->avail_out = BR_UNPACK_BLOCK;
		step = isal_inflate(z);
		br_source_take(j->in, n - z->avail_in);
		r = br_unpack_settle(j,
				     step != ISAL_DECOMP_OK                ? BR_STEP_CORRUPT
				     : z->block_state == ISAL_BLOCK_FINISH ? BR_STEP_END
									   : BR_STEP_MORE,
				     BR_UNPACK_BLOCK - z->avail_out,
				     "damaged, or its checksum does not match");
	}
	return r;
}

static int unpack_bzip2(struct br_unpacking *j)
{
	bz_stream z = {0};
	int r = 0;

	if (BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return -ENOMEM;
	while (!r) {
		size_t n = br_source_peek(j->in, 1);
		int step;

		if (!n) {
			r = br_unpack_truncated(j);
			break;
		}
		z.next_in = (char *)br_source_here(j->in);
		z.avail_in = (unsigned)n;
		z.next_out = (char *)j->block;
		z.avail_out = BR_UNPACK_BLOCK;
		step = BZ2_bzDecompress(&z);
		if (step == BZ_MEM_ERROR) {
			r = -ENOMEM;
			break;
		}
		br_source_take(j->in, n - z.avail_in);
		r = br_unpack_settle(j,
				     step == BZ_STREAM_END ? BR_STEP_END
				     : step == BZ_OK       ? BR_STEP_MORE
							   : BR_STEP_CORRUPT,
				     BR_UNPACK_BLOCK - z.avail_out,
				     "damaged, or its checksum does not match");
	}
	BZ2_bzDecompressEnd(&z);
	return r;
}

static int lzma_steps(struct br_unpacking *j, lzma_stream *z)
{
	int r = 0;

	while (!r) {
		size_t n = br_source_peek(j->in, 1);
		lzma_ret step;

		if (!n)
			return br_unpack_truncated(j);
		z->next_in = br_source_here(j->in);
		z->avail_in = n;
		z->next_out = j->block;
		z->avail_out = BR_UNPACK_BLOCK;
		step = lzma_code(z, LZMA_RUN);
		if (step == LZMA_MEM_ERROR)
			return -ENOMEM;
		if (step == LZMA_MEMLIMIT_ERROR)
			return br_unpack_end(j, BR_UNPACK_UNREAD, "asks for too much memory");
		if (step == LZMA_OPTIONS_ERROR)
			return br_unpack_end(j, BR_UNPACK_REFUSED,
					     "made with options that the kernel does not know");
		br_source_take(j->in, n - z->avail_in);
		r = br_unpack_settle(j,
				     step == LZMA_STREAM_END ? BR_STEP_END
				     : step == LZMA_OK       ? BR_STEP_MORE
							     : BR_STEP_CORRUPT,
				     BR_UNPACK_BLOCK - z->avail_out,
				     "damaged, or its checksum does not match");
	}
	return r;
}

static int unpack_lzma(struct br_unpacking *j)
{
	lzma_stream z = LZMA_STREAM_INIT;
	int r = -ENOMEM;

	if (lzma_alone_decoder(&z, BR_UNPACK_MEMORY_MAX) == LZMA_OK)
		r = lzma_steps(j, &z);
	lzma_end(&z);
	return r;
}

static int unpack_xz(struct br_unpacking *j)
{
	lzma_stream z = LZMA_STREAM_INIT;
	int r = -ENOMEM;

	/* Of the kinds of check the kernel's decoder knows none and CRC32; plain `xz` writes CRC64.
	 */
	if (br_source_peek(j->in, 8) >= 8 && (br_source_here(j->in)[7] & 0xf) > LZMA_CHECK_CRC32)
		return br_unpack_end(j, BR_UNPACK_REFUSED,
				     "made without --check=crc32, which the kernel refuses");
	if (lzma_stream_decoder(&z, BR_UNPACK_MEMORY_MAX, 0) == LZMA_OK)
		r = lzma_steps(j, &z);
	lzma_end(&z);
	return r;
}

static void free_zstd(ZSTD_DCtx **z)
{
	ZSTD_freeDCtx(*z);
}

static int unpack_zstd(struct br_unpacking *j)
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
		ZSTD_outBuffer out = {.dst = j->block, .size = BR_UNPACK_BLOCK};
		size_t left;

		if (!in.size)
			return br_unpack_truncated(j);
		in.src = br_source_here(j->in);
		left = ZSTD_decompressStream(z, &out, &in);
		if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge)
			return br_unpack_end(j, BR_UNPACK_REFUSED,
					     "its window is larger than the kernel allows");
		br_source_take(j->in, in.pos);
		r = br_unpack_settle(j,
				     ZSTD_isError(left) ? BR_STEP_CORRUPT
				     : left             ? BR_STEP_MORE
							: BR_STEP_END,
				     out.pos, "damaged, or its checksum does not match");
	}
	return r;
}

static const struct {
	const char *name;
	unsigned char magic[2];
	int (*unpack)(struct br_unpacking *j);
} codecs[BR_CODECS] = {
    [BR_CODEC_NONE] = {"none", {0}, NULL},
    [BR_CODEC_GZIP] = {"gzip", {0x1f, 0x8b}, unpack_gzip},
    [BR_CODEC_BZIP2] = {"bzip2", {0x42, 0x5a}, unpack_bzip2},
    [BR_CODEC_LZMA] = {"lzma", {0x5d, 0x00}, unpack_lzma},
    [BR_CODEC_XZ] = {"xz", {0xfd, 0x37}, unpack_xz},
    [BR_CODEC_LZO] = {"lzo", {0x89, 0x4c}, br_unpack_lzo},
    [BR_CODEC_LZ4] = {"lz4", {0x02, 0x21}, br_unpack_lz4},
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
	struct br_unpacking j = {
	    .in = in, .out = out, .ctx = ctx, .block = malloc(BR_UNPACK_BLOCK)};
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
