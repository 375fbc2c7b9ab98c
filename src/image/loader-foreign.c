/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Firmware that is neither BIOS nor UEFI, told by what boots from it: no reader of ours is asked about its disk. */
#include "image/loader.h"

const char *br_loader_foreign(const struct br_image *img)
{
	static const struct {
		const char *arch, *loader;
	} foreign[] = {
		{"s390x", "zipl (s390x)"},
		{"ppc64le", "Open Firmware with GRUB (ppc64le)"},
		{"ppc64", "Open Firmware with GRUB or yaboot (ppc64)"},
	};
	/* Debian's u-boot-menu writes the last. */
	static const char *const uboot[] = {"/boot/boot.scr", "/boot/u-boot.bin", "/boot/uEnv.txt", "/boot/firmware/u-boot.bin",
	                                    "/boot/extlinux/extlinux.conf"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(foreign); i++)
		if (br_streq(img->system.arch, foreign[i].arch))
			return foreign[i].loader;
	/* Boards of these two come with UEFI too: then the disk has an EFI system partition. */
	if (br_streq(img->system.arch, "armv7l"))
		return "u-boot (armv7l)";
	if ((br_streq(img->system.arch, "aarch64") || br_streq(img->system.arch, "riscv64")) &&
	    (img->disks.root_disk < 0 || br_disks_esp(&img->disks, img->disks.root_disk) < 0))
		for (size_t i = 0; i < BR_ARRAY_SIZE(uboot); i++)
			if (br_root_exists(&img->root, uboot[i]))
				return "u-boot";
	return NULL;
}
