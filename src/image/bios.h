/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a BIOS would start from a disk: the boot code in its first sector and, for GRUB, the core image that
 * code loads. Sources: GRUB's i386-pc boot.S and diskboot.S (kernel sector at 0x5c, the words in
 * them), syslinux's mbr.S and gptmbr.S (the words in them).
 */
#ifndef BR_BIOS_H
#define BR_BIOS_H

#include <stdbool.h>
#include <stdint.h>

enum br_bios_kind {
	BR_BIOS_NONE = 0,  /* no boot signature or no code */
	BR_BIOS_GRUB,      /* boot code and a core image behind it */
	BR_BIOS_GRUB_BARE, /* GRUB's boot code; no core image where it looks */
	BR_BIOS_SYSLINUX,  /* its code for an MBR, which starts a partition's own; or that of a disk without partitions */
	BR_BIOS_OTHER,     /* code that we do not know, which may start a partition's own */
};

struct br_bios {
	enum br_bios_kind kind;
	uint64_t core_sector; /* GRUB: where the core image is looked for */
	unsigned drive;       /* GRUB: on which of the BIOS's disks; 0xff: on this one */
	bool gpt;             /* syslinux: gptmbr.bin, which goes by the GPT's attributes, not by the active flag */
};

/* sector: the disk's first 512 bytes. GRUB is given as BR_BIOS_GRUB_BARE until its core was looked at. */
void br_bios_parse(const unsigned char *sector, struct br_bios *ret);
/* Is this the first sector of a core image? */
bool br_bios_is_core(const unsigned char *sector);

#endif
