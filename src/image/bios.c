/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/num.h"
#include "image/bios.h"

#define SECTOR    512
#define CODE_SIZE 440 /* the disk signature and the partition table follow */

static bool holds(const unsigned char *sector, const char *text)
{
	return memmem(sector, SECTOR, text, strlen(text)) != NULL;
}

void br_bios_parse(const unsigned char *sector, struct br_bios *ret)
{
	static const unsigned char nothing[CODE_SIZE];

	*ret = (struct br_bios){.kind = BR_BIOS_NONE};
	if (sector[510] != 0x55 || sector[511] != 0xaa || memcmp(sector, nothing, CODE_SIZE) == 0)
		return;
	if (holds(sector, "GRUB ") && holds(sector, "Geom")) {
		ret->kind = BR_BIOS_GRUB_BARE;
		ret->core_sector = br_le64(sector + 0x5c);
		ret->drive = sector[0x64];
	} else if (holds(sector, "Multiple active partitions") && holds(sector, "Missing OS")) {
		ret->kind = BR_BIOS_SYSLINUX;
		ret->gpt = true;
	} else if (holds(sector, "Multiple active partitions") && holds(sector, "Operating system load error")) {
		ret->kind = BR_BIOS_SYSLINUX;
	} else if (holds(sector, "EXTLINUX") || holds(sector, "SYSLINUX") || holds(sector, "isolinux")) {
		ret->kind = BR_BIOS_SYSLINUX;
	} else {
		ret->kind = BR_BIOS_OTHER;
	}
}

bool br_bios_is_core(const unsigned char *sector)
{
	return holds(sector, "loading") && holds(sector, "Read") && holds(sector, "Error");
}
