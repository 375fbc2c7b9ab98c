/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does an XFS have to be recovered before what it shows is true? As the kernel tells it when it mounts: the last
 * record of the log is the one that unmounting writes, or it is not. Superblock and log by the kernel's own
 * definitions (fs/xfs/libxfs/xfs_format.h, struct xfs_dsb; xfs_log_format.h, struct xlog_rec_header and
 * xlog_op_header; fs/xfs/xfs_log_recover.c, xlog_find_head and xlog_check_unmount_rec). A few dozen blocks are
 * read, whatever the log's size.
 */
#ifndef BR_XFSLOG_H
#define BR_XFSLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

/* Exactly len bytes at that offset of the file system. 0 or -errno. */
typedef int (*br_xfs_read)(void *ctx, uint64_t offset, void *buf, size_t len);

/*
 * 0 with *ret_dirty; -EBADMSG: no XFS, or a log that makes no sense; -ENOTSUP: its log is on another device;
 * else read's -errno.
 */
int br_xfs_dirty(br_xfs_read read, void *ctx, bool *ret_dirty) br_must_check;

#endif
