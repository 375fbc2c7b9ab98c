/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "image/image.h"

static const struct br_code codes[] = {
	{"gpt-primary-damaged", BR_BASIS_BOOT, "the first copy of the partition table is damaged: the kernel sees no partition"},
	{"gpt-past-disk-end", BR_BASIS_BOOT, "the partition table was made for a larger disk: the kernel refuses it"},
	{"gpt-backup-not-at-end", BR_BASIS_POLICY, "the second copy of the partition table is not at the disk's end"},
	{"gpt-backup-missing", BR_BASIS_POLICY, "the second copy of the partition table is gone or damaged"},
	{"several-roots", BR_BASIS_POLICY, "another partition of the disk is a root too, by its type"},
	{"partition-not-used", BR_BASIS_POLICY, "a file system on the root's disk that fstab does not mention: another system's, perhaps"},
	{"swap-on-system-disk", BR_BASIS_POLICY, "a swap partition, which the target does not want on the system disk"},
	{"partition-table-unknown", BR_BASIS_POLICY, "which disk holds the root is not known, or it could not be read"},
};

/* Linux file systems that could be another root; smaller ones are a boot partition or data at most. */
#define ROOT_BYTES_MIN (1ULL << 30)

/* The type that the discoverable partitions specification gives the root of that machine. */
static bool is_root_type(const struct br_image *img, const struct br_blk *b)
{
	static const struct {
		const char *arch, *type;
	} types[] = {
		{"x86_64", "4f68bce3-e8cd-4db1-96e7-fbcaf984b709"},
		{"aarch64", "b921b045-1df0-41c3-af44-4c6f280d3fae"},
		{"s390x", "08a7acea-624c-4a20-91e8-6e0fa67d23f9"},
		{"ppc64le", "c31c45e6-3f39-412e-80fb-4809c4980599"},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(types); i++)
		if (br_streq(img->system.arch, types[i].arch) && br_streq(b->parttype, types[i].type))
			return true;
	return false;
}

/* Partitions that systemd mounts by their type alone: /home, /srv, /var, /var/tmp, /usr, and the boot loader's. */
static bool mounts_by_type(const struct br_blk *b)
{
	static const char *const types[] = {
		"933ac7e1-2eb4-4f13-b844-0e14e2aef915", "3b8f8425-20e0-4f3b-907f-1a25a76f98e8",
		"4d21b016-b534-45c2-a9fb-5c16e091fd2d", "7ec6f557-3bc5-4aca-b293-16ef5df639d1",
		"8484680c-9521-48c6-9c11-b7720656f69e", "b0e01050-ee5f-4390-949a-9101b17104e9",
		"bc13c2ff-59e6-4262-a352-b275fd6f7172",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(types); i++)
		if (br_streq(b->parttype, types[i]))
			return true;
	return false;
}

/* "/dev/vda4" of fstab, on whatever disk it was. */
static bool same_number(const struct br_spec *s, unsigned partno)
{
	size_t n = s->kind == BR_SPEC_KERNEL_NAME && s->value ? strlen(s->value) : 0, at = n;

	while (at && s->value[at - 1] >= '0' && s->value[at - 1] <= '9')
		at--;
	return at < n && (unsigned)atoi(s->value + at) == partno;
}

/* The root itself, another device of its file system, or what a line of fstab mounts. */
static bool is_used(const struct br_image *img, int blk)
{
	const struct br_blk *b = &img->disks.blk[blk], *root = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;

	if (blk == img->disks.root || (root && b->uuid && br_streq(b->uuid, root->uuid)))
		return true;
	for (size_t i = 0; i < img->fstab.n; i++) {
		struct br_found f;

		br_disks_find(&img->disks, &img->fstab.entries[i].spec, &f);
		if (f.blk == blk || f.second == blk || same_number(&img->fstab.entries[i].spec, b->partno) ||
		    (f.blk >= 0 && b->uuid && br_streq(img->disks.blk[f.blk].uuid, b->uuid)))
			return true;
	}
	return mounts_by_type(b);
}

static void judge_partition(const struct br_image *img, int blk, struct br_result *res)
{
	const struct br_blk *b = &img->disks.blk[blk];
	bool linux_fs = b->use == BR_USE_FS && (br_starts(b->type, "ext") || br_streq(b->type, "xfs") || br_streq(b->type, "btrfs"));

	if (b->use == BR_USE_SWAP && br_streq(br_profile_get(img->profile, "PartitionTable", "swap"), "forbidden"))
		br_find(res, "swap-on-system-disk", BR_SEV_WARNING, NULL, 0,
		        "swapoff and take its line out of /etc/fstab, then remove the partition; a swap file can take its place",
		        "%s is a swap partition on the system disk", b->name);
	if (!linux_fs || is_used(img, blk))
		return;
	if (is_root_type(img, b))
		br_find(res, "several-roots", BR_SEV_WARNING, NULL, 0, "give it the type of what it is (sfdisk --part-type)",
		        "%s has the type of a root partition too: systemd may take it for the root", b->name);
	else if (b->size >= ROOT_BYTES_MIN && img->fstab_fact.state == BR_FACT_READ)
		br_find(res, "partition-not-used", BR_SEV_WARNING, NULL, 0,
		        "give it a line in /etc/fstab, or leave it out of the image",
		        "%s (%s) is on the system disk and no line of /etc/fstab mounts it", b->name, b->type);
}

/* sgdisk takes a file for a disk with sectors of 512 bytes. */
static char *copies_fix(const struct br_image *img)
{
	const struct br_blk *b = &img->disks.blk[img->parttable.disk];

	if (b->devno == 0 && b->sector_size > 512)
		return br_format("losetup -b %u --find --show %s, then sgdisk -e on the device it names", b->sector_size, b->path);
	return br_format("sgdisk -e %s", b->path);
}

/* The kernel's parameter gpt makes it look at the second copy too. */
static bool looks_twice(const struct br_image *img)
{
	for (size_t i = 0; i < img->n_chains; i++)
		if (img->chains[i].offered && img->chains[i].cmdline && br_cmdline_has(img->chains[i].cmdline, "gpt"))
			return true;
	return false;
}

static void judge_copies(const struct br_image *img, struct br_result *res)
{
	const struct br_parttable *t = &img->parttable;
	const unsigned long long backup = t->backup, last = t->last;
	const bool saved = t->second == BR_GPT_SOUND && looks_twice(img);
	br_autofree char *fix = copies_fix(img);

	if (t->first == BR_GPT_PAST_END)
		br_find(res, "gpt-past-disk-end", BR_SEV_FAILED, NULL, 0, "copy the whole source disk into the image: its end is missing",
		        "the partition table gives out sectors up to %llu, and the disk ends at %llu: the kernel refuses it",
		        (unsigned long long)t->usable, last);
	else if (t->first != BR_GPT_SOUND)
		br_find(res, "gpt-primary-damaged", saved ? BR_SEV_WARNING : BR_SEV_FAILED, NULL, 0, fix,
		        "the first copy of the partition table is damaged: %s", saved ? "the kernel takes the second, having been told gpt" :
		        "the kernel finds no partition");
	else if (t->second != BR_GPT_SOUND)
		br_find(res, "gpt-backup-missing", BR_SEV_WARNING, NULL, 0, fix,
		        "the second copy of the partition table, at sector %llu of %llu, is %s", backup, last,
		        t->second == BR_GPT_ABSENT ? "gone" : "damaged");
	else if (t->backup != t->last)
		br_find(res, "gpt-backup-not-at-end", BR_SEV_WARNING, NULL, 0, fix,
		        "the second copy of the partition table is at sector %llu, and the disk's last is %llu", backup, last);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_disks *d = &img->disks;

	if (img->parttable_fact.state == BR_FACT_READ && (img->parttable.disk < 0 || (d->root_disk < 0 && !img->parttable.gpt))) {
		br_find(res, "partition-table-unknown", BR_SEV_UNKNOWN, NULL, 0, d->known ? NULL : "name the disk with --disk",
		        "which disk holds the root is not known, or it is on several");
	} else if (img->parttable_fact.state != BR_FACT_READ) {
		br_find(res, "partition-table-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "%s",
		        img->parttable_fact.why ? img->parttable_fact.why : "");
	} else {
		if (img->parttable.gpt)
			judge_copies(img, res);
		for (size_t i = 0; i < d->n; i++)
			if (d->blk[i].kind == BR_BLK_PART && d->blk[i].disk == img->parttable.disk)
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
	.wants = BR_NEED_FSTAB | BR_NEED_TABLE | BR_NEED_CHAINS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The partitions of the root's disk with their types and file systems, what fstab mounts of them, and both "
		 "copies of a GPT.",
	.fails = "When the first copy of a GPT is damaged, or gives out sectors that the disk does not have (an image that was cut "
		 "short). It warns of a second copy that is gone or not at the disk's end, of a second root, of a file system that "
		 "nothing mounts, and of a swap partition where the target wants none on the system disk.",
	.why = "The kernel goes by the first copy alone: without it there are no partitions, whatever tools on the source "
	       "show. An importer takes the disk for one system's. Tools that grow the disk's last partition refuse, or first have "
	       "to move the second copy of the table; a second root can be the one that boots.",
	.mend = "sgdisk -e writes both copies anew, the second at the disk's end. Remove partitions that belong to another system; put swap into a "
		"file.",
	.run = run,
};
