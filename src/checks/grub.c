/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/grub.h"
#include "image/loader.h"

static const struct br_code codes[] = {
	{"efi-no-fallback", BR_BASIS_BOOT, "no removable-path loader on the ESP: a new machine has no boot entries"},
	{"efi-no-chain", BR_BASIS_BOOT, "the removable-path loader does not find the one it starts"},
	{"bios-no-boot-code", BR_BASIS_BOOT, "the disk's first sector holds no boot code"},
	{"bios-no-core-image", BR_BASIS_BOOT, "GRUB's boot code does not find its core image"},
	{"grub-prefix-missing", BR_BASIS_BOOT, "GRUB does not find its modules and stops at its rescue prompt"},
	{"syslinux-no-partition", BR_BASIS_BOOT, "syslinux's boot code finds no partition, or several, to start"},
	{"syslinux-no-loader", BR_BASIS_BOOT, "the partition that syslinux's boot code starts does not lead to its loader"},
	{"syslinux-file-with-holes", BR_BASIS_BOOT, "kernel or initramfs are stored with holes, which syslinux does not read"},
	{"syslinux-module-missing", BR_BASIS_BOOT, "a file of syslinux's own that it needs on the way is not there"},
	{"xbootldr-unreadable", BR_BASIS_BOOT, "the firmware does not read the file system of the XBOOTLDR partition"},
	{"grub-config-missing", BR_BASIS_BOOT, "the loader finds no configuration and stops at its prompt"},
	{"grub-search-missing", BR_BASIS_BOOT, "a search on the way to the default entry names nothing"},
	{"grub-no-default", BR_BASIS_BOOT, "no entry boots by itself"},
	{"grub-default-stale", BR_BASIS_POLICY, "the wanted default is not in the menu; another entry boots"},
	{"grub-waits-for-key", BR_BASIS_BOOT, "the menu waits for a key for ever"},
	{"grub-password", BR_BASIS_BOOT, "a password is asked for before the default entry boots"},
	{"grub-variable-empty", BR_BASIS_BOOT, "grubenv cannot supply a variable that the default entry needs"},
	{"grubenv-broken", BR_BASIS_POLICY, "grubenv is not the 1024-byte block GRUB reads"},
	{"grub-syntax", BR_BASIS_POLICY, "a line that GRUB's script parser refuses"},
	{"grub-entry-kernel-missing", BR_BASIS_POLICY, "an entry that does not boot by itself names a kernel that is gone"},
	{"grub-fs-unreadable", BR_BASIS_POLICY, "a file system feature that this release of GRUB does not read"},
	{"grub-unknown", BR_BASIS_POLICY, "the boot loader or its default entry could not be told"},
	{"boot-journal-stale", BR_BASIS_POLICY, "what was read may be older than what will boot"},
	{"kernel-missing", BR_BASIS_BOOT, "the default entry's kernel is not there"},
	{"kernel-broken", BR_BASIS_BOOT, "the default entry's kernel is empty, truncated or no kernel"},
	{"kernel-unread", BR_BASIS_POLICY, "the default entry's kernel could not be read"},
	{"uki-broken", BR_BASIS_BOOT, "the unified kernel image that boots is cut short or has no kernel in it"},
	{"boot-tries-exhausted", BR_BASIS_POLICY, "boot counting: an entry has no tries left"},
	{"initramfs-missing", BR_BASIS_BOOT, "the default entry's initramfs is not there"},
	{"initramfs-broken", BR_BASIS_BOOT, "the default entry's initramfs is empty, truncated or corrupt"},
	{"initramfs-none", BR_BASIS_BOOT, "no initramfs, and a root= that only one can resolve"},
	{"initramfs-unread", BR_BASIS_POLICY, "the default entry's initramfs could not be read"},
	{"running-differs", BR_BASIS_POLICY, "the running initramfs holds other modules than the default entry's"},
	{"kernel-modules-missing", BR_BASIS_BOOT, "the default kernel has no modules in the root"},
	{"kernel-modules-unread", BR_BASIS_POLICY, "the default kernel's modules in the root could not be read"},
	{"root-missing", BR_BASIS_BOOT, "no root= on the command line and none in the initramfs"},
	{"root-kernel-name", BR_BASIS_BOOT, "root= is a kernel device name, which differs between machines"},
	{"root-tag-missing", BR_BASIS_BOOT, "no file system has what root= names"},
	{"root-other-disk", BR_BASIS_BOOT, "only another disk than the root's own has what root= names"},
	{"root-not-this", BR_BASIS_BOOT, "root= names another file system than the one examined"},
	{"root-several", BR_BASIS_POLICY, "two file systems carry what root= names"},
	{"root-unknown", BR_BASIS_POLICY, "whether root= names something could not be told"},
	{"root-hardware-bound", BR_BASIS_BOOT, "root= is a by-path or by-id name of this machine's hardware"},
	{"root-fs-driver-missing", BR_BASIS_BOOT, "no driver for the root's file system before the root is mounted"},
	{"root-fstype-wrong", BR_BASIS_BOOT, "rootfstype= is not what the root's file system is"},
	{"root-subvolume-missing", BR_BASIS_BOOT, "rootflags= names a subvolume that the root's btrfs does not have"},
	{"root-not-opened", BR_BASIS_BOOT, "the initramfs does not open the volume, array or container root= is in"},
	{"early-device-missing", BR_BASIS_BOOT, "the initramfs waits for another device, which is not there"},
	{"early-device-unknown", BR_BASIS_POLICY, "whether a device that the initramfs waits for is there could not be told"},
	{"rdinit-missing", BR_BASIS_BOOT, "the initramfs has no /init, or not the one that rdinit= names"},
	{"init-missing", BR_BASIS_BOOT, "the root has no first program, or not the one that init= names"},
	{"os-release-missing", BR_BASIS_BOOT, "systemd in the initramfs does not switch to a root without os-release"},
	{"init-is-shell", BR_BASIS_BOOT, "init= or rdinit= starts a shell in place of the system"},
	{"cmdline-too-long", BR_BASIS_BOOT, "the kernel does not read all of its command line"},
	{"resume-missing", BR_BASIS_BOOT, "resume= names nothing"},
	{"fips-boot-missing", BR_BASIS_BOOT, "fips=1 with a separate /boot, and boot= does not name it"},
	{"serial-console-missing", BR_BASIS_POLICY, "no serial console on the command line, the profile wants one"},
	{"grub-defaults-leftover", BR_BASIS_POLICY, "/etc/default/grub would bring a broken setting back"},
};

static void judge_chain(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	if (!br_grub_judge_loader(img, c, res) || !br_grub_judge_menu(img, c, res))
		return;
	if (c->stale)
		br_find(res, "boot-journal-stale", BR_SEV_UNKNOWN, NULL, 0, "boot the source once and shut it down", "%s",
		        c->stale);
	br_grub_judge_files(img, c, res);
	br_grub_judge_cmdline(img, c, res);
	br_grub_judge_early(img, c, res);
	br_grub_judge_mount(img, c, res);
	br_grub_judge_init(img, c, res);
}

static bool is_grubs(const struct br_chain *c)
{
	return c->loader.kind == BR_LOADER_GRUB || c->loader.kind == BR_LOADER_OTHER;
}

static void run(const struct br_image *img, struct br_result *res)
{
	const char *foreign = br_loader_foreign(img);
	bool any = false, grub = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		if (!img->chains[i].offered)
			continue;
		any = true;
		grub |= is_grubs(&img->chains[i]);
		judge_chain(img, &img->chains[i], res);
	}
	if (!any)
		br_find(res, "grub-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "%s",
		        foreign ? foreign : "the profile offers no firmware that this architecture has");
	if (grub || !any)
		br_grub_judge_defaults(img, res);
	br_conclude(res);
}

const struct br_check br_check_grub = {
	.id = "Grub",
	.level = BR_LEVEL_HIGH,
	.title = "the default boot entry finds its kernel, initramfs and root",
	.needs = BR_NEED_USR | BR_NEED_DISKS | BR_NEED_CHAINS | BR_NEED_DRIVERS,
	.wants = BR_NEED_FSTAB,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "For each firmware that the target offers and the disk was made for: the boot code and core image "
		 "(BIOS) or \\EFI\\BOOT on the ESP (UEFI); the prefix and the first commands that GRUB carries inside; from "
		 "there on the configuration, as its loader reads it: GRUB's "
		 "(stub, grub.cfg, grubenv, BLS entries), systemd-boot's (loader.conf, /loader/entries and /EFI/Linux on the "
		 "ESP and the extended boot loader partition, boot counters, the order of its own version), syslinux's "
		 "(extlinux.conf, syslinux.cfg), or the sections of a unified kernel image; of the entry that boots by itself "
		 "the kernel, every segment of its own initramfs, the command line, and what root= names on the disks. What "
		 "a loader keeps in EFI variables (LoaderEntryDefault, LoaderEntryOneShot, LoaderEntryPreferred, the entry "
		 "behind @saved) does not count: a new machine has none of them.",
	.fails = "When a link of that chain is missing: no loader on the path a new machine tries, a GRUB whose prefix "
		 "or search leads to a partition or file system that is gone, no configuration, no default entry, a "
		 "kernel or initramfs that is absent, empty, truncated or corrupt, a root= that names nothing, another "
		 "disk, or a kernel device name such as /dev/sda1; an initramfs that waits for a device of the old machine "
		 "(its etc/cmdline.d, etc/fstab, etc/crypttab, dracut's hooks), that cannot open the volume, array or "
		 "encrypted container with the root, or that has no driver for the root's file system; a root or an initramfs "
		 "without its first program.",
	.why = "Device names change between clouds: /dev/sda1 is /dev/vda1 or /dev/nvme0n1p1 there. A new machine has no "
	       "boot entries in its firmware, only the removable path. A chain with one link missing stops at a GRUB "
	       "prompt, a kernel panic or a dracut shell that nobody sees.",
	.mend = "Mend what the finding names, write the loader's entries anew (update-grub or grub2-mkconfig -o "
		"/boot/grub2/grub.cfg; kernel-install add VERSION /lib/modules/VERSION/vmlinuz; ukify build), put the "
		"loader itself back where it is gone (grub-install --removable, bootctl install, extlinux --install), "
		"and name the root by UUID.",
	.run = run,
};
