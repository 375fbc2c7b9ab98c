/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes of a block device or disk image, by offset: boot sectors and superblocks. */
#ifndef BR_BLKIO_H
#define BR_BLKIO_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/disks.h"

/* Exactly len bytes at offset of that device (a partition's offset counts from its own start). */
int br_blk_read(const struct br_disks *d, int blk, uint64_t offset, void *buf, size_t len) br_must_check;

#endif
