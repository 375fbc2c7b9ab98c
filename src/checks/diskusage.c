/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/usage.h"

static const struct br_code codes[] = {
	{"disk-full", BR_BASIS_POLICY, "more is used, or less is free, than the profile allows"},
	{"disk-nearly-full", BR_BASIS_POLICY, "little room is left"},
	{"disk-usage-unknown", BR_BASIS_POLICY, "how full the root or /boot is could not be told"},
	{"disk-apart", BR_BASIS_POLICY, "a further file system, which is not mounted here"},
	{"disk-sealed", BR_BASIS_POLICY, "a packed file system, which is full as it was made"},
};

static const struct br_usage_rule rule = {
	.id = "DiskUsage",
	.what = "space",
	.full = "disk-full",
	.high = "disk-nearly-full",
	.unknown = "disk-usage-unknown",
	.apart = "disk-apart",
	.uncounted = "disk-sealed",
};

static void run(const struct br_image *img, struct br_result *res)
{
	br_judge_usage(img, &rule, res);
}

const struct br_check br_check_diskusage = {
	.id = "DiskUsage",
	.level = BR_LEVEL_HIGH,
	.title = "the root and /boot have room left",
	.needs = BR_NEED_USAGE | BR_NEED_REPLAYED,
	.wants = BR_NEED_USR | BR_NEED_DISKS | BR_NEED_GROWTH | BR_NEED_DRIVERS | BR_NEED_FSTAB,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "How full the root, /boot and each further file system of /etc/fstab is, as df counts it: used of what is "
		 "used and available, rounded up; what is kept for root alone counts as not available. From what is mounted "
		 "below the root, or else from the superblock of an ext file system.",
	.fails = "When the root or /boot is used to more than the profile's full_percent (95), or has less than its free_mib "
		 "where it is of 1 GiB or more. A warning: more than high_percent (90); another file system that is full; a "
		 "full root that the first boot makes larger (OnlineResizeFS).",
	.why = "A root without room cannot take what the first boot writes: cloud-init's instance data, host keys, journals, "
	       "a password. A full /boot breaks the next kernel update.",
	.mend = "Remove what is not needed: package caches, old kernels, journals; or make the disk larger before it is "
		"imported.",
	.run = run,
};
