/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/drivers.h"

static const struct br_code codes[] = {
	BR_DRIVER_CODES("virtio"),
	{"virtio-net-missing", BR_BASIS_BOOT, "no driver for the target's network cards"},
};

static void run(const struct br_image *img, struct br_result *res)
{
	static const struct br_driver_rule rules[] = {
		{"Virtio", "initramfs", "virtio", "driver-missing", BR_IN_INITRAMFS, false},
		{"Virtio", "root", "virtio", "net-missing", BR_IN_ROOT, false},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rules); i++)
		br_judge_drivers(img, &rules[i], res);
	br_conclude(res);
}

const struct br_check br_check_virtio = {
	.id = "Virtio",
	.level = BR_LEVEL_HIGH,
	.title = "virtio drivers where the default kernel finds them",
	.needs = BR_NEED_USR | BR_NEED_DRIVERS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The kernel of the boot loader's default entry, that entry's own initramfs, segment by segment as "
		 "the kernel unpacks it, the module index in it (modules.dep, modules.alias, modules.builtin), "
		 "blacklists in it and on the command line, and /lib/modules of that kernel in the root.",
	.fails = "A disk driver that the profile lists (virtio_blk, virtio_pci) is not built in and not in the "
		 "initramfs, or is there without a module that it needs, without a line in modules.dep, without "
		 "a modalias that leads to it, forbidden by a blacklist, or built for another kernel. The same "
		 "for the network driver, for which the root's own modules are early enough.",
	.why = "On the target the root disk is a virtio disk. A kernel that finds no driver for it before the root "
	       "is mounted waits for the disk until it gives up, whatever the root itself holds.",
	.mend = "Name the drivers to what makes the initramfs and make it anew: dracut --force --add-drivers "
		"\"virtio_blk virtio_pci\", or a line each in /etc/initramfs-tools/modules and update-initramfs -u.",
	.run = run,
};
