/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "check.h"
#include "image/image.h"

static const struct br_code codes[] = {
	{"several-roots", BR_BASIS_POLICY, "another partition of the disk is a root too, by its type"},
	{"partition-not-used", BR_BASIS_POLICY, "a file system on the root's disk that fstab does not mention: another system's, perhaps"},
	{"gpt-backup-not-at-end", BR_BASIS_POLICY, "the second copy of the partition table is not at the disk's end"},
	{"gpt-backup-missing", BR_BASIS_POLICY, "the second copy of the partition table is not where the first says"},
	{"gpt-primary-damaged", BR_BASIS_POLICY, "the first copy of the partition table is damaged"},
	{"swap-on-system-disk", BR_BASIS_POLICY, "a swap partition, which the target does not want on the system disk"},
	{"partition-table-unknown", BR_BASIS_POLICY, "which disk holds the root is not known, or it could not be read"},
};

/* Linux file systems that could be another root; smaller ones are a boot partition or data at most. */
#define ROOT_BYTES_MIN (1ULL << 30)

/* The types that the discoverable partitions specification gives roots of the processors that clouds have. */
static bool is_root_type(const struct br_blk *b)
{
	static const char *const types[] = {
		"4f68bce3-e8cd-4db1-96e7-fbcaf984b709", /* x86-64 */
		"b921b045-1df0-41c3-af44-4c6f280d3fae", /* arm64 */
		"08a7acea-624c-4a20-91e8-6e0fa67d23f9", /* s390x */
		"c31c45e6-3f39-412e-80fb-4809c4980599", /* ppc64le */
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(types); i++)
		if (br_streq(b->parttype, types[i]))
			return true;
	return false;
}

static bool is_mounted_by_fstab(const struct br_image *img, int blk)
{
	for (size_t i = 0; i < img->fstab.n; i++) {
		struct br_found f;

		br_disks_find(&img->disks, &img->fstab.entries[i].spec, &f);
		if (f.blk == blk || f.second == blk)
			return true;
	}
	return false;
}

static void judge_partition(const struct br_image *img, int blk, struct br_result *res)
{
	const struct br_blk *b = &img->disks.blk[blk];
	bool linux_fs = b->use == BR_USE_FS && (br_starts(b->type, "ext") || br_streq(b->type, "xfs") || br_streq(b->type, "btrfs"));

	if (b->use == BR_USE_SWAP && br_streq(br_profile_get(img->profile, "PartitionTable", "swap"), "forbidden"))
		br_find(res, "swap-on-system-disk", BR_SEV_WARNING, NULL, 0,
		        "swapoff and take its line out of /etc/fstab, then remove the partition; a swap file can take its place",
		        "%s is a swap partition on the system disk", b->name);
	if (blk == img->disks.root || !linux_fs || is_mounted_by_fstab(img, blk))
		return;
	if (is_root_type(b))
		br_find(res, "several-roots", BR_SEV_WARNING, NULL, 0, "remove the partition that is not this system's root",
		        "%s has the type of a root partition too: systemd may take it for the root", b->name);
	else if (b->size >= ROOT_BYTES_MIN && img->fstab_fact.state == BR_FACT_READ)
		br_find(res, "partition-not-used", BR_SEV_WARNING, NULL, 0,
		        "remove the partition, or give it a line in /etc/fstab",
		        "%s (%s) is on the system disk and nothing in /etc/fstab mounts it", b->name, b->type);
}

static void judge_copies(const struct br_image *img, struct br_result *res)
{
	const struct br_parttable *t = &img->parttable;
	br_autofree char *fix = br_format("sgdisk -e %s", img->disks.blk[t->disk].path);

	if (!t->gpt)
		return;
	if (!t->backup)
		br_find(res, "gpt-primary-damaged", BR_SEV_WARNING, NULL, 0, fix,
		        "the first copy of the partition table is damaged: the firmware and GRUB may not read the second");
	else if (!t->backup_there)
		br_find(res, "gpt-backup-missing", BR_SEV_WARNING, NULL, 0, fix,
		        "sector %llu should hold the second copy of the partition table, and the disk ends at %llu",
		        (unsigned long long)t->backup, (unsigned long long)t->last);
	else if (t->backup != t->last)
		br_find(res, "gpt-backup-not-at-end", BR_SEV_WARNING, NULL, 0, fix,
		        "the second copy of the partition table is at sector %llu, and the disk's last is %llu",
		        (unsigned long long)t->backup, (unsigned long long)t->last);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_disks *d = &img->disks;

	if (d->root_disk < 0) {
		br_find(res, "partition-table-unknown", BR_SEV_UNKNOWN, NULL, 0, d->known ? NULL : "name the disk with --disk",
		        "which disk holds the root is not known, or it is on several");
	} else if (img->parttable_fact.state != BR_FACT_READ) {
		br_find(res, "partition-table-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "%s",
		        img->parttable_fact.why ? img->parttable_fact.why : "");
	} else {
		judge_copies(img, res);
		for (size_t i = 0; i < d->n; i++)
			if (d->blk[i].kind == BR_BLK_PART && d->blk[i].disk == d->root_disk)
				judge_partition(img, (int)i, res);
	}
	br_conclude(res);
}

const struct br_check br_check_partitiontable = {
	.id = "PartitionTable",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "one root on the disk, and a whole partition table",
	.needs = BR_NEED_DISKS,
	.wants = BR_NEED_FSTAB | BR_NEED_TABLE,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The partitions of the root's disk with their types and file systems, what fstab mounts of them, and both "
		 "copies of a GPT.",
	.fails = "Never. It warns of a second root, of a file system that nothing mounts, of a GPT whose second copy is gone "
		 "or not at the disk's end, and of a swap partition where the target wants none on the system disk.",
	.why = "An importer takes the disk for one system's. Tools that grow the disk's last partition refuse, or first have "
	       "to move the second copy of the table; a second root can be the one that boots.",
	.mend = "sgdisk -e moves the second copy to the end. Remove partitions that belong to another system; put swap into a "
		"file.",
	.run = run,
};
