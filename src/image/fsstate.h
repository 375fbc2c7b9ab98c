/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the superblock of a file system says of its size, its health and its features. Formats: the kernel's
 * Documentation/filesystems/ext4 (super.rst), struct xfs_dsb of fs/xfs/libxfs/xfs_format.h, struct
 * btrfs_super_block of include/uapi/linux/btrfs_tree.h.
 */
#ifndef BR_FSSTATE_H
#define BR_FSSTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/macro.h"

struct br_disks;

enum br_fs_feature {
	BR_FS_64BIT = 1 << 0, /* ext4 */
	BR_FS_PROJECT = 1 << 1,
	BR_FS_QUOTA = 1 << 2,
	BR_FS_V4 = 1 << 3, /* XFS without checksums */
};

struct br_fsstate {
	bool known;        /* a type that is looked into */
	uint64_t size;     /* bytes that it takes on its device */
	bool errors;       /* the kernel noted damage in it */
	bool needs_repair; /* XFS: not mounted before xfs_repair ran */
	bool due;          /* ext: by count of mounts or by date a full check is due at the next boot */
	bool to_replay;    /* ext, btrfs: the journal holds what is not in its place yet; XFS does not say it here */
	bool orphans;      /* ext: files to be deleted at the next mount, which a read-only mount does too, noload or not */
	uint64_t devices;  /* btrfs: of how many it is made; else 0 */
	unsigned features; /* BR_FS_* */
	uint32_t incompat; /* ext, XFS of version 5: features that a driver has to know, as they are numbered there */
};

#define BR_FSSTATE_BYTES 1024

/* Where libblkid's type keeps its superblock; false: a type that is not looked into. */
bool br_fsstate_place(const char *type, uint64_t *ret_offset);
/* sb: the BR_FSSTATE_BYTES at that place. -EBADMSG: no superblock of that type. */
int br_fsstate_parse(const char *type, const unsigned char *sb, time_t now, struct br_fsstate *ret) br_must_check;
/* The command that checks and mends one of that type where it is not mounted; its device follows. */
const char *br_fsstate_repair(const char *type);
/* Of a device. -ENODATA: nothing of a type on it; else -errno of reading. */
int br_fsstate_read(const struct br_disks *d, int blk, struct br_fsstate *ret) br_must_check;

#endif
