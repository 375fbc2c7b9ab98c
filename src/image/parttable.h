/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state of the partition table on the root's disk, beyond the partitions themselves: whether the second copy
 * of a GPT is there, and at the disk's end. Format: the UEFI Specification, chapter "GUID Partition Table".
 */
#ifndef BR_PARTTABLE_H
#define BR_PARTTABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/disks.h"

struct br_parttable {
	int disk;           /* index; -1: the root's disk is not known */
	bool gpt;
	uint64_t backup;    /* LBA that the first header names for the second */
	uint64_t last;      /* the disk's last LBA */
	bool backup_there;  /* a header is at backup */
};

/* -errno of reading. */
int br_parttable_read(const struct br_disks *d, struct br_parttable *ret) br_must_check;

#endif
