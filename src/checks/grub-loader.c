/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/grub.h"

static const char *firmware_word(const struct br_chain *c)
{
	return c->firmware == BR_FW_UEFI ? "UEFI" : "BIOS";
}

bool br_grub_judge_loader(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_loader *l = &c->loader;

	if (l->problem) {
		br_find(res, l->code, BR_SEV_FAILED, NULL, 0, l->fix, "%s: %s", firmware_word(c), l->problem);
		return false;
	}
	if (l->unknown) {
		br_find(res, "grub-unknown", BR_SEV_UNKNOWN, NULL, 0, l->fix, "%s: %s", firmware_word(c), l->unknown);
		return false;
	}
	if (l->cfg_path)
		return true;
	if (l->kind == BR_LOADER_SYSLINUX)
		br_find(res, "grub-config-missing", BR_SEV_FAILED, NULL, 0,
		        "write /boot/extlinux/extlinux.conf with DEFAULT and a LABEL",
		        "%s: syslinux is installed in %s, and no extlinux.conf or syslinux.cfg is where it looks",
		        firmware_word(c), l->modules && *l->modules ? l->modules : "/");
	else
		br_find(res, "grub-config-missing", BR_SEV_FAILED, NULL, 0, br_grub_mkconfig(img),
		        "%s: GRUB is installed, and no grub.cfg is on the file systems of its disk", firmware_word(c));
	return false;
}
