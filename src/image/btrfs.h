/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The subvolumes of a btrfs, from its own trees: which there are, and which is mounted where nothing names one.
 * On-disk format: the kernel's include/uapi/linux/btrfs_tree.h and the "On-disk format" of btrfs's own
 * documentation (superblock, chunk tree, root tree; ROOT_REF, INODE_REF and DIR_ITEM items). Bounded: so many
 * nodes, so many subvolumes; checksums are not compared.
 */
#ifndef BR_BTRFS_H
#define BR_BTRFS_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

/* Exactly len bytes at that offset of the device. 0 or -errno. */
typedef int (*br_btrfs_read)(void *ctx, uint64_t offset, void *buf, size_t len);

/* The top of every btrfs, which has no name. */
#define BR_BTRFS_TOP 5

struct br_subvolume {
	uint64_t id, parent, dir; /* dir: the folder of the parent that it lies in */
	char *name;               /* owned */
	char *path;               /* from the top, without a slash in front; owned */
};

struct br_subvolumes {
	struct br_subvolume *v; /* by id, BR_BTRFS_TOP not among them */
	size_t n, cap;
	uint64_t default_id; /* what is mounted where nothing names one */
};

/*
 * 0; -EBADMSG: no btrfs, or trees that make no sense; -ENOTSUP: its metadata is not on this device alone, or in a
 * form that is not read; -E2BIG: more than is looked at; else read's -errno or -ENOMEM.
 */
int br_btrfs_subvolumes(br_btrfs_read read, void *ctx, struct br_subvolumes *ret) br_must_check;
void br_subvolumes_free(struct br_subvolumes *s);

#endif
