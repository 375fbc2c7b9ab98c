/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the squashfs*.c: blocks of metadata and of files, unpacked. */
#ifndef BR_SQUASHFS_INTERNAL_H
#define BR_SQUASHFS_INTERNAL_H

#include "image/innerfs.h"

#define BR_SQUASHFS_META 8192
/* Metadata blocks kept unpacked: folders and inodes are read in their order, nearly. */
#define BR_SQUASHFS_CACHE 64
#define BR_SQUASHFS_NONE  UINT32_MAX

enum br_squashfs_codec { BR_SQ_GZIP = 1, BR_SQ_LZMA, BR_SQ_LZO, BR_SQ_XZ, BR_SQ_LZ4, BR_SQ_ZSTD, BR_SQ_CODECS };

struct br_squashfs_block {
	uint64_t at, next; /* where it starts, and the one behind it; at 0: free */
	size_t len;
	unsigned char data[BR_SQUASHFS_META];
};

struct br_squashfs {
	const struct br_extent *image;
	struct br_innerfs *said;
	enum br_squashfs_codec codec;
	uint32_t block_size, fragments;
	uint64_t inodes, folders, fragment_list; /* where their tables start */
	uint64_t unpacked;                       /* bytes, all together */
	struct br_squashfs_block *cache;         /* BR_SQUASHFS_CACHE of them, owned */
	unsigned char *packed, *plain;           /* a file's block, room for its padding; owned */
	unsigned char *fragment;                 /* owned; the one read last: */
	uint32_t fragment_at;
	size_t fragment_len;
};

/* A place in a row of metadata blocks. */
struct br_squashfs_at {
	uint64_t block;
	size_t offset;
};

/* The next len bytes of metadata, whatever blocks they lie in. 0, -EBADMSG (said), -errno. */
int br_squashfs_meta(struct br_squashfs *s, struct br_squashfs_at *at, void *buf, size_t len) br_must_check;
/* Whether it is a codec that the kernel reads, and its name. */
const char *br_squashfs_codec_name(enum br_squashfs_codec c);

/* A regular file's body. */
struct br_squashfs_file {
	uint64_t size, start; /* start: of its blocks, in the image */
	uint32_t fragment, offset;
	struct br_squashfs_at blocks; /* the list of their sizes, in its inode */
};
int br_squashfs_body(struct br_squashfs *s, const struct br_squashfs_file *f, const struct br_innerfs_ops *ops,
                     void *ctx) br_must_check;

#endif
