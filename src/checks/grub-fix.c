/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loader by its name, and what can be typed to mend what it reads. */
#include "base/str.h"
#include "checks/grub.h"

const char *br_grub_mkconfig(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "update-grub";
	case BR_FAMILY_REDHAT:
	case BR_FAMILY_SUSE:
		return "grub2-mkconfig -o /boot/grub2/grub.cfg";
	default:
		return "grub-mkconfig -o /boot/grub/grub.cfg";
	}
}

const char *br_grub_loader_name(const struct br_chain *c)
{
	switch (c->loader.kind) {
	case BR_LOADER_SYSTEMD_BOOT:
		return "systemd-boot";
	case BR_LOADER_UKI:
		return "the firmware";
	case BR_LOADER_SYSLINUX:
		return "syslinux";
	case BR_LOADER_GRUB:
	case BR_LOADER_OTHER:
		break;
	}
	return "GRUB";
}

char *br_grub_remake(const struct br_image *img, const struct br_chain *c)
{
	const char *release = c->release ? c->release : "VERSION";

	if (c->loader.kind == BR_LOADER_SYSTEMD_BOOT)
		return br_format("kernel-install add %s /lib/modules/%s/vmlinuz", release, release);
	if (c->loader.kind == BR_LOADER_UKI || (c->entry && c->entry->unified))
		return br_format("build the unified kernel image anew: ukify build --linux=/lib/modules/%s/vmlinuz --initrd=... "
		                 "--cmdline=...", release);
	if (c->loader.kind == BR_LOADER_SYSLINUX)
		return br_format("mend %s (Alpine: update-extlinux)",
		                 c->loader.cfg_shown ? c->loader.cfg_shown : "/boot/extlinux/extlinux.conf");
	return br_format("%s", br_grub_mkconfig(img));
}

char *br_grub_setting(const struct br_image *img, const struct br_chain *c, enum br_grub_setting what)
{
	static const char *const grub[] = {"GRUB_TIMEOUT=5 in /etc/default/grub", "GRUB_DEFAULT in /etc/default/grub"};
	static const char *const sdboot[] = {"timeout 5", "default"};
	static const char *const syslinux[] = {"TIMEOUT 50", "DEFAULT"};
	const char *cfg = c->loader.cfg_shown ? c->loader.cfg_shown : c->loader.cfg_path;

	switch (c->loader.kind) {
	case BR_LOADER_SYSTEMD_BOOT:
		return br_format("set %s in %s", sdboot[what], cfg);
	case BR_LOADER_SYSLINUX:
		return br_format("set %s in %s", syslinux[what], cfg);
	default:
		break;
	}
	if (what == BR_GRUB_SET_DEFAULT)
		return br_format("%s", br_grub_mkconfig(img));
	return br_format("set %s and write grub.cfg anew", grub[what]);
}
