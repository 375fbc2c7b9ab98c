/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root that was mounted from an image file by a loop device: which of the image's partitions, or logical volumes in one piece, it is, by the
 * loop device's file and offset (sysfs, /sys/dev/block/MAJOR:MINOR/loop).
 */
#ifndef BR_LOOPROOT_H
#define BR_LOOPROOT_H

#include <sys/types.h>

#include "image/disks.h"

/* The index in d of what the loop device dev shows; -1 it is no loop device, or of none of these disks. */
int br_loop_root(const struct br_disks *d, dev_t dev);

#endif
