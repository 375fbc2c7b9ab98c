/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/drivers.h"

static const struct br_code codes[] = {
	BR_DRIVER_CODES("target"),
	{"target-net-missing", BR_BASIS_BOOT, "no driver for the target's network cards"},
};

static void run(const struct br_image *img, struct br_result *res)
{
	static const struct br_driver_rule rules[] = {
		{"TargetDrivers", "initramfs", "target", "driver-missing", BR_IN_INITRAMFS, false},
		{"TargetDrivers", "initramfs_also", "target", "driver-missing", BR_IN_INITRAMFS, true},
		{"TargetDrivers", "root", "target", "net-missing", BR_IN_ROOT, false},
		{"TargetDrivers", "root_also", "target", "net-missing", BR_IN_ROOT, true},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rules); i++)
		br_judge_drivers(img, &rules[i], res);
	br_conclude(res);
}

const struct br_check br_check_targetdrivers = {
	.id = "TargetDrivers",
	.level = BR_LEVEL_HIGH,
	.own = true,
	.title = "the target's other disk and network drivers",
	.needs = BR_NEED_USR | BR_NEED_DRIVERS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "What Virtio and Nvme read, for the drivers that the profile lists beyond theirs: the kernel of the default "
		 "entry, its own initramfs with the module index and blacklists in it, and /lib/modules of that kernel in "
		 "the root.",
	.fails = "A disk driver that every machine of the target needs (hv_vmbus and hv_storvsc on Azure) is not built in and "
		 "not in the initramfs with all that it needs, or the one network driver of the target (ena on EC2, hv_netvsc "
		 "on Azure) is neither there nor in the root. A driver that only some of its machines need is a warning.",
	.why = "Without the disk driver the root never appears. Without the network driver the machine comes up, and "
	       "nobody reaches it.",
	.mend = "Name the drivers to what makes the initramfs and make it anew (dracut --force --add-drivers \"hv_vmbus "
		"hv_storvsc\"), or install the package that brings them (linux-modules-extra, kernel-modules-extra), or "
		"another kernel than the one that was cut for the old machine.",
	.run = run,
};
