/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mounts of this process (proc(5), mountinfo), by libmount. */
#ifndef BR_MOUNTS_H
#define BR_MOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/macro.h"
#include "image/disks.h"

struct br_mount {
	char *target;  /* mount point */
	char *subroot; /* part of the file system that is seen ("/@"), NULL all of it */
};

/*
 * Where a block device is mounted at or below the folder under (exact: at it): 0, -ENOENT nowhere. A mount of
 * the whole file system is preferred to one of a part of it. Matched by device
 * number, and by the mount's source for file systems with an anonymous one (btrfs); what lies in an image file has
 * neither, and is known to be what is mounted there when exact is asked.
 */
int br_mount_find(const struct br_blk *blk, const char *under, bool exact, struct br_mount *ret) br_must_check;
/* Is the file system of that device number (of a file on it) mounted with the option? */
bool br_mount_has_option(dev_t dev, const char *option);
/* The block device that is mounted at a folder, where the folder's own st_dev is anonymous (btrfs); 0 none. */
dev_t br_mount_device(const char *at);
void br_mount_free(struct br_mount *m);

/* Below /run, which is a tmpfs wherever there is an initramfs. */
#define BR_MOUNT_DIR "/run/initramfs/bootready"

/*
 * This process's mounts become its own, and a small tmpfs is mounted at that folder below BR_MOUNT_DIR, which is made:
 * what is mounted in there nobody else sees, and it is gone with the process.
 */
int br_mount_private(const char *at) br_must_check;
/*
 * Mounts what is on the device on the folder at, which is made, so that nothing is written, not even a journal's replay.
 * -EPROTONOSUPPORT: no file system that we mount; -ENODEV: the running kernel has no driver for it; -EUCLEAN: to mount
 * it would write (an ext file system with files that wait to be deleted).
 */
int br_mount_read_only(const struct br_disks *d, int blk, const char *at) br_must_check;

#endif
