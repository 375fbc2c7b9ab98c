/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The decompressors of the Linux kernel's initramfs, each stopping at the last byte of its own stream so
 * that another segment may follow. Sources: the kernel's lib/decompress.c (magic numbers) and the
 * decompress_*.c beside it (what each accepts).
 */
#ifndef BR_UNPACK_H
#define BR_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/source.h"

/*
 * Most memory a stream may ask for (its dictionary), for the kernel grants it too: xz -9 takes 65 MiB, zstd at
 * most 128. What dracut, initramfs-tools and mkinitcpio pack asks for 1 to 32.
 */
#define BR_UNPACK_MEMORY_MAX (160ULL << 20)

enum br_codec {
	BR_CODEC_NONE = 0, /* no magic number that the kernel knows */
	BR_CODEC_GZIP,
	BR_CODEC_BZIP2,
	BR_CODEC_LZMA,
	BR_CODEC_XZ,
	BR_CODEC_LZO,
	BR_CODEC_LZ4,
	BR_CODEC_ZSTD,
	BR_CODECS
};

const char *br_codec_name(enum br_codec c); /* "gzip" ...; "none" */
/* By the first two bytes, as the kernel. */
enum br_codec br_codec_detect(const unsigned char *magic, size_t len);
/* By name, as a kernel image spells it ("gzip", "zstd" ...). */
enum br_codec br_codec_named(const char *name);

enum br_unpack_end {
	BR_UNPACK_WHOLE = 0,
	BR_UNPACK_STOPPED,   /* out asked for it */
	BR_UNPACK_TRUNCATED, /* the input ended first */
	BR_UNPACK_CORRUPT,
	BR_UNPACK_REFUSED,   /* sound, but the kernel has no decoder for this kind */
	BR_UNPACK_UNREAD,    /* perhaps sound; we have no decoder, or not the memory */
};

/* Takes unpacked bytes: 0 go on, 1 enough, -errno. */
typedef int (*br_unpack_out)(void *ctx, const void *buf, size_t len);

/*
 * Unpacks one stream from where in stands and leaves in right behind it. 0 with *ret_end and *ret_why
 * (constant text, NULL for WHOLE and STOPPED); -errno of reading, of memory or of out.
 */
int br_unpack(enum br_codec c, struct br_source *in, br_unpack_out out, void *ctx,
              enum br_unpack_end *ret_end, const char **ret_why) br_must_check;

#endif
