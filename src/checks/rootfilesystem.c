/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"rootfs-larger-than-device", BR_BASIS_BOOT, "the file system is larger than the partition that it lies on"},
	{"rootfs-past-disk-end", BR_BASIS_BOOT, "the partition ends behind the disk"},
	{"rootfs-needs-repair", BR_BASIS_BOOT, "XFS is not mounted before xfs_repair has run"},
	{"rootfs-errors", BR_BASIS_POLICY, "the kernel has noted damage in the file system"},
	{"rootfs-journal", BR_BASIS_POLICY, "the journal needs recovery: the source was not shut down"},
	{"rootfs-check-due", BR_BASIS_POLICY, "a full check of the file system is due at the next boot"},
	{"rootfs-unknown", BR_BASIS_POLICY, "the root's superblock could not be read"},
	{"rootfs-other-type", BR_BASIS_POLICY, "a type whose superblock is not looked into"},
};

static enum br_severity severity(const struct br_image *img)
{
	return br_judge_severity(img, "RootFilesystem");
}

/* Where it lies, to be typed; of an image file only the reader knows under which name it will be a device. */
static const char *device(const struct br_blk *b)
{
	return b->devno ? b->path : "DEVICE";
}

/* The command that checks and mends, for where the file system is not mounted. */
static char *repair_fix(const struct br_blk *b)
{
	return br_format("%s %s (from a rescue system, the root not mounted)", br_fsstate_repair(b->type), device(b));
}

/* What is left of the partition where the disk ends before it. */
static uint64_t size_there(const struct br_blk *b, const struct br_blk *disk)
{
	if (!disk || !disk->size || b->start + b->size <= disk->size)
		return b->size;
	return b->start < disk->size ? disk->size - b->start : 0;
}

/*
 * The kernel makes such a partition end with its disk (of an MBR; a GPT that reaches behind the disk it refuses as
 * a whole), and mounts what fits.
 */
static void judge_size(const struct br_image *img, const struct br_blk *b, struct br_result *res)
{
	const struct br_blk *disk = b->kind == BR_BLK_PART && b->disk >= 0 ? &img->disks.blk[b->disk] : NULL;
	const uint64_t size = img->rootfs.size, there = size_there(b, disk), end = b->start + b->size;
	const uint64_t device_size = b->whole ? b->whole : b->size;

	if (there < b->size)
		br_find(res, "rootfs-past-disk-end", size > there ? severity(img) : BR_SEV_WARNING, NULL, 0,
		        "copy the whole source disk into the image: its end is missing",
		        "%s, the root, ends at byte %llu, and its disk at %llu", b->name,
		        (unsigned long long)end, (unsigned long long)disk->size);
	else if (device_size && size > device_size)
		br_find(res, "rootfs-larger-than-device", severity(img), NULL, 0,
		        "make the partition as large as it was (sfdisk -N NUMBER): what was cut off held files",
		        "the root is %s of %llu bytes, and %s has %llu: it is not mounted", b->type, (unsigned long long)size,
		        b->name, (unsigned long long)device_size);
}

static void judge_health(const struct br_image *img, const struct br_blk *b, struct br_result *res)
{
	br_autofree char *fix = repair_fix(b), *never = br_format("tune2fs -c 0 -i 0 %s", device(b));

	if (img->rootfs.needs_repair)
		br_find(res, "rootfs-needs-repair", severity(img), NULL, 0, fix,
		        "%s, the root, has XFS's needsrepair set: no kernel mounts it", b->name);
	if (img->rootfs.errors)
		br_find(res, "rootfs-errors", severity(img), NULL, 0, fix,
		        "the superblock of %s, the root, says that the kernel found errors in it", b->name);
	if (img->rootfs.due)
		br_find(res, "rootfs-check-due", BR_SEV_WARNING, NULL, 0, never,
		        "%s, the root, is due for a full check at the next boot, which takes its time", b->name);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_blk *b = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;

	if (!b) {
		br_find(res, "rootfs-unknown", BR_SEV_UNKNOWN, NULL, 0, img->disks.known ? NULL : "name the disk with --disk",
		        "which device holds the root is not known");
	} else if (img->rootfs_fact.state != BR_FACT_READ) {
		br_find(res, "rootfs-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "%s", img->rootfs_fact.why ? img->rootfs_fact.why : "");
	} else if (!img->rootfs.known) {
		br_find(res, "rootfs-other-type", BR_SEV_INFO, NULL, 0, NULL, "the root is %s, whose superblock is not looked into",
		        b->type);
	} else {
		judge_size(img, b, res);
		judge_health(img, b, res);
	}
	if (img->replayed_fact.state == BR_FACT_UNREADABLE && img->context != BR_LIVE)
		br_find(res, "rootfs-journal", BR_SEV_WARNING, NULL, 0, "boot the source once and shut it down",
		        "the journal of the root needs recovery, or could not be seen to be clean: the source may have been running");
	br_conclude(res);
}

const struct br_check br_check_rootfilesystem = {
	.id = "RootFilesystem",
	.level = BR_LEVEL_HIGH,
	.own = true,
	.title = "the root's file system is whole and inside its disk",
	.needs = BR_NEED_DISKS,
	.wants = BR_NEED_ROOTFS | BR_NEED_REPLAYED,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The superblock of the root (ext2 to ext4, XFS, btrfs): its size, the marks of damage and of a check that is "
		 "due, whether its journal needs recovery; the sizes of its partition and disk.",
	.fails = "When the file system is larger than its partition or what the disk has of it (an image that was "
		 "cut short, or shrunk in the wrong order), the kernel noted errors in it, or XFS says that it needs repair. A "
		 "journal to be recovered and a check that is due are warnings.",
	.why = "The kernel refuses to mount a file system that is larger than its device. One with errors may stop the boot "
	       "at a check that nobody answers.",
	.mend = "Make the image anew from the whole disk; shrink the file system before the partition; run e2fsck -f or "
		"xfs_repair on the source, and shut it down before the image is taken.",
	.run = run,
};
