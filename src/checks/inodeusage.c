/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/usage.h"

static const struct br_code codes[] = {
	{"inodes-full", BR_BASIS_POLICY, "more inodes are used than the profile allows"},
	{"inodes-nearly-full", BR_BASIS_POLICY, "few inodes are left"},
	{"inode-usage-unknown", BR_BASIS_POLICY, "how many inodes of the root or /boot are used could not be told"},
	{"inodes-apart", BR_BASIS_POLICY, "a further file system, which is not mounted here"},
	{"inodes-uncounted", BR_BASIS_POLICY, "a file system that has no fixed number of inodes"},
};

static const struct br_usage_rule rule = {
	.id = "InodeUsage",
	.files = true,
	.what = "inodes",
	.full = "inodes-full",
	.high = "inodes-nearly-full",
	.unknown = "inode-usage-unknown",
	.apart = "inodes-apart",
	.uncounted = "inodes-uncounted",
};

static void run(const struct br_image *img, struct br_result *res)
{
	br_judge_usage(img, &rule, res);
}

const struct br_check br_check_inodeusage = {
	.id = "InodeUsage",
	.level = BR_LEVEL_HIGH,
	.title = "the root and /boot have inodes left",
	.needs = BR_NEED_USAGE | BR_NEED_REPLAYED,
	.wants = BR_NEED_USR | BR_NEED_DISKS | BR_NEED_GROWTH | BR_NEED_DRIVERS | BR_NEED_FSTAB,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "How many inodes of the root, /boot and each further file system of /etc/fstab are used, as df -i counts. "
		 "btrfs and vfat have no fixed number: there is nothing to run out of.",
	.fails = "When more of the root's or of /boot's inodes are used than the profile's full_percent (95). A warning: more "
		 "than high_percent (90); another file system that is full; a full root that the first boot makes larger, and "
		 "with it their number (OnlineResizeFS).",
	.why = "Without an inode no file can be made, however much room there is: neither host keys nor logs nor what "
	       "cloud-init writes at the first boot.",
	.mend = "Find the folders that hold very many small files (du --inodes -xS /) and empty them: sessions, mail queues, "
		"caches; or make the file system anew with more inodes.",
	.run = run,
};
