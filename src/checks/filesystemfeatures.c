/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "check.h"
#include "image/image.h"

static const struct br_code codes[] = {
	{"fs-feature-unwanted", BR_BASIS_POLICY, "a feature of the root's file system that the target's rules exclude"},
	{"fs-features-together", BR_BASIS_POLICY, "two features that the target's rules do not allow together"},
	{"fs-features-other-type", BR_BASIS_POLICY, "a type about which the target has no rule"},
	{"fs-features-unknown", BR_BASIS_POLICY, "the features of the root's file system could not be read"},
};

static bool forbids(const struct br_image *img, const char *feature)
{
	return br_profile_lists(img->profile, "FilesystemFeatures", "unwanted", feature);
}

static void judge(const struct br_image *img, const struct br_blk *b, struct br_result *res)
{
	const unsigned f = img->rootfs.features;

	if (!img->rootfs.known || br_streq(b->type, "btrfs"))
		br_find(res, "fs-features-other-type", BR_SEV_INFO, NULL, 0, NULL, "the root is %s, about which the target has no rule",
		        b->type);
	if ((f & BR_FS_64BIT) && forbids(img, "ext4:64bit"))
		br_find(res, "fs-feature-unwanted", BR_SEV_WARNING, NULL, 0,
		        "resize2fs -s DEVICE (from a rescue system, the root not mounted)",
		        "the root is %s with the feature 64bit, which the target's rules exclude", b->type);
	if ((f & BR_FS_V4) && forbids(img, "xfs:v4"))
		br_find(res, "fs-feature-unwanted", BR_SEV_WARNING, NULL, 0, "make the root's file system anew (xfsdump, mkfs.xfs, xfsrestore)",
		        "the root is XFS of version 4, without checksums: newer kernels do not mount it");
	if ((f & BR_FS_PROJECT) && (f & BR_FS_QUOTA) && forbids(img, "ext4:project+quota"))
		br_find(res, "fs-features-together", BR_SEV_WARNING, NULL, 0,
		        "tune2fs -O ^project DEVICE (from a rescue system, the root not mounted)",
		        "the root is %s with the features project and quota, which the target's rules do not allow together", b->type);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_blk *b = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;

	if (!b || img->rootfs_fact.state != BR_FACT_READ)
		br_find(res, "fs-features-unknown", BR_SEV_UNKNOWN, NULL, 0, img->disks.known ? NULL : "name the disk with --disk", "%s",
		        b && img->rootfs_fact.why ? img->rootfs_fact.why : "which device holds the root is not known");
	else
		judge(img, b, res);
	br_conclude(res);
}

const struct br_check br_check_filesystemfeatures = {
	.id = "FilesystemFeatures",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "the root's file system has no excluded feature",
	.needs = BR_NEED_DISKS,
	.wants = BR_NEED_ROOTFS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The features that the superblock of the root's ext4 or XFS names, and the profile's list of those that the "
		 "target's own rules exclude.",
	.fails = "Never. It warns of what the vendor's pages exclude: 64bit, and project together with quota, on ext4. Whether "
		 "the installed GRUB can read the file system that it boots from is the Grub check's.",
	.why = "The rule is the vendor's, for its own tools; most ext4 of today has 64bit, and boots.",
	.mend = "resize2fs -s takes 64bit out, tune2fs -O ^project the other, both on a file system that is not mounted.",
	.run = run,
};
