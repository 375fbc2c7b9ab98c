/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Can the mounted root take a report? Looked at before anything is remounted or written. */
#ifndef BR_ROOTFS_H
#define BR_ROOTFS_H

#include <stdbool.h>

#include "base/macro.h"

struct br_rootfs {
	bool read_only;
	unsigned long flags; /* MS_* as mounted */
};

/*
 * 0, or -errno with *ret_why (owned): a file system that would lose the report (overlay, tmpfs), that
 * cannot be written (squashfs, erofs, iso9660), a superblock that records errors, a journal that was not
 * replayed, a device that is read-only; -EROFS also where the root is mounted read-only and remounting it
 * (may_remount) is not ours to do.
 */
int br_rootfs_look(const char *dir, bool may_remount, struct br_rootfs *ret, char **ret_why) br_must_check;

#endif
