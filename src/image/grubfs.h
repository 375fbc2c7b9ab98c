/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Can the installed GRUB read the file system that it has to? Its drivers refuse a superblock with an
 * incompatible feature that they do not know. The masks are those of GRUB's releases (grub-core/fs/ext2.c:
 * EXT2_DRIVER_SUPPORTED_INCOMPAT and _IGNORED_INCOMPAT, xfs.c: XFS_SB_FEAT_INCOMPAT_SUPPORTED, at 2.04, 2.06,
 * 2.12 and 2.14). A distribution may carry a later patch, so that a mismatch is a warning.
 */
#ifndef BR_GRUBFS_H
#define BR_GRUBFS_H

#include <stdint.h>

#include "base/macro.h"

struct br_image;

struct br_grubfs {
	char *version;  /* of the GRUB installed in the root: "2.06"; NULL unknown */
	int blk;        /* the file system looked at, -1 none */
	uint32_t odd;   /* incompatible features that this version does not read; 0 none */
	char *names;    /* of them: "metadata_csum_seed"; NULL none */
};

/* Without a known version only what no release reads is odd. -ENOMEM. */
int br_grubfs_look(struct br_image *img, int blk, struct br_grubfs *ret) br_must_check;
void br_grubfs_free(struct br_grubfs *g);

/* Pure: the features of type's mask that a release does not read; version NULL: that none does. */
uint32_t br_grubfs_odd(const char *type, uint32_t incompat, const char *version);

#endif
