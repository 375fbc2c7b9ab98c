/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's core image for BIOS: a first sector that loads the rest (diskboot), then a decompressor at 0x8200 with
 * the packed kernel right behind it, perhaps with redundancy behind that. Sources, in GRUB from 2.00 on:
 * boot/i386/pc/diskboot.S (list of blocks at the first sector's end: u64 sector, u16 count, u16 segment, the next
 * one below it, a count of 0 ends it), include/grub/offsets.h (u32 packed size at 8, u32 unpacked size at 12, the
 * partition it was installed for, less 1, at 26, 0xff for none), boot/i386/pc/startup_raw.S (%esi is set to the end of the decompressor,
 * where the packed bytes begin), util/mkimage.c (raw LZMA1, lc 3, lp 0, pb 2, dictionary of 64 KiB).
 */
#ifndef BR_GRUBCORE_H
#define BR_GRUBCORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/grubmods.h"

/* A core image has to stay below 512 KiB of memory (util/mkimage.c); what is embedded may be doubled by redundancy. */
#define BR_GRUBCORE_MAX (1024 * 1024)

struct br_grub_blocks {
	uint64_t sector;
	unsigned n; /* sectors */
};
/* Lists are as long as the file has pieces; one of more was never written by grub-install. */
#define BR_GRUB_BLOCKS_MAX 24

struct br_grub_core {
	struct br_grub_mods mods;
	int part; /* partition it was told at installation, from 1; 0 none: $root is the whole disk */
};

/* The list of blocks in the first sector (512 bytes), in the order of loading; the number of them. */
size_t br_grub_blocks(const unsigned char *sector, struct br_grub_blocks ret[BR_GRUB_BLOCKS_MAX]);
/* All behind the first sector. 0; -EBADMSG: it does not unpack; -ENOMEM. */
int br_grub_core_parse(const unsigned char *buf, size_t len, struct br_grub_core *ret) br_must_check;
void br_grub_core_free(struct br_grub_core *c);

#endif
