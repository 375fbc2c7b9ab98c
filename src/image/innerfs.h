/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * File systems in a file inside an initramfs: squashfs (4.0) and erofs, as dracut's squash modules make
 * them. Own readers, for what they read is little and hostile: no library that could be kept is there in
 * source on every mirror of the distribution, and erofs-utils of Debian 12 does not know newer images.
 * Sources: the kernel's fs/squashfs/squashfs_fs.h and Documentation/filesystems/{squashfs,erofs}.rst,
 * fs/erofs/erofs_fs.h.
 */
#ifndef BR_INNERFS_H
#define BR_INNERFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/cpio.h"
#include "image/source.h"

/* What is in it is handed out folders first, each path without a slash before it. */
struct br_innerfs_ops {
	/* 1: its body is wanted too: data() and done() follow, or neither where it is not read here; 0 it is not; -errno */
	int (*entry)(void *ctx, const struct br_cpio_entry *e);
	int (*data)(void *ctx, const void *buf, size_t len);
	int (*done)(void *ctx);
};

struct br_innerfs {
	const char *type;        /* "squashfs", "erofs" */
	const char *compression; /* constant; "none" */
	uint64_t size;           /* of the image, bytes */
	unsigned entries;
	/* Both constant text; in the first case the kernel could not read it either. */
	const char *defect, *unread;
	uint64_t at; /* the byte of the image that is about */
};

/*
 * The whole of the image. 0 with what is wrong in ret->defect or ret->unread: what was handed out before
 * holds. -errno of ops, of reading or of memory.
 */
int br_squashfs_read(const struct br_extent *image, const struct br_innerfs_ops *ops, void *ctx,
                     struct br_innerfs *ret) br_must_check;
int br_erofs_read(const struct br_extent *image, const struct br_innerfs_ops *ops, void *ctx,
                  struct br_innerfs *ret) br_must_check;

/* innerfs.c, shared by the two. Say what is wrong and where; both give -EBADMSG. */
int br_innerfs_bad(struct br_innerfs *i, uint64_t at, const char *defect) br_must_check;
int br_innerfs_unread(struct br_innerfs *i, uint64_t at, const char *why) br_must_check;
/* len bytes at an offset of the image: -EBADMSG, and said, where it has none. */
int br_innerfs_pread(const struct br_extent *image, struct br_innerfs *i, uint64_t at, void *buf,
                     size_t len) br_must_check;
/*
 * Appends a name of len bytes to path ("" the root). 0 and the old length in *ret_len, so that the caller can cut it again;
 * -EBADMSG for what can be no name, -ENAMETOOLONG.
 */
int br_innerfs_down(char path[BR_PATH_MAX + 1], const char *name, size_t len, size_t *ret_len) br_must_check;

#endif
