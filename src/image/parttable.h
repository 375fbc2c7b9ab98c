/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The two copies of the partition table on the system disk, as the kernel judges them (block/partitions/efi.c): the
 * first has to be right, or there are no partitions; the second is looked at where the parameter gpt is given.
 * Format: the UEFI Specification, chapter "GUID Partition Table".
 */
#ifndef BR_PARTTABLE_H
#define BR_PARTTABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/disks.h"

enum br_gpt_state {
	BR_GPT_SOUND = 0,
	BR_GPT_ABSENT,    /* no header there */
	BR_GPT_DAMAGED,   /* a header, or the partitions it lists, that its checksum does not fit */
	BR_GPT_PAST_END,  /* it speaks of sectors behind the disk's end */
};

struct br_parttable {
	int disk;           /* index; -1: the system disk is not known */
	bool gpt;           /* either copy is there; else nothing below counts */
	enum br_gpt_state first, second;
	uint64_t backup;    /* sector that the first names for the second; 0 unknown */
	uint64_t last;      /* the disk's last sector, without the footer of a VHD */
	uint64_t usable;    /* the last sector that the first gives to partitions */
};

/* The root's disk, or the only one that there is. -errno of reading. */
int br_parttable_read(const struct br_disks *d, struct br_parttable *ret) br_must_check;

#endif
