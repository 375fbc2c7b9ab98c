/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to type: the line as it should be, where one device can be meant; else how to keep the boot from waiting. */
#include <string.h>

#include "base/num.h"
#include "checks/fstab.h"

/* Letters that start a kernel name: "sd" of sda1, "nvme" of nvme0n1p1. */
static size_t prefix_len(const char *name)
{
	if (strncmp(name, "nvme", 4) == 0)
		return 4;
	if (strncmp(name, "mmcblk", 6) == 0)
		return 6;
	return strncmp(name, "xvd", 3) == 0 || strncmp(name, "ubd", 3) == 0 ? 3 : 2;
}

bool br_fstab_name_differs(const struct br_image *img, const char *kernel_name)
{
	const char *names = br_profile_get(img->profile, "Fstab", "disk_names");
	size_t len = prefix_len(kernel_name);

	while (names && *names) {
		size_t n = strcspn(names, " \t");

		if (n && (n != len || strncmp(names, kernel_name, n) != 0))
			return true;
		names += n;
		names += strspn(names, " \t");
	}
	return false;
}

/* The partition number at the end of a kernel name, if it is of the first disk: sda3, vda3, nvme0n1p3. */
static unsigned first_disk_partition(const char *name)
{
	size_t n = prefix_len(name);
	const char *digits;
	uint64_t no;

	if (strncmp(name, "nvme0n1p", 8) == 0)
		digits = name + 8;
	else if (strncmp(name, "nvme", 4) != 0 && name[n] == 'a')
		digits = name + n + 1;
	else
		return 0;
	return br_parse_uint(digits, strlen(digits), 10, 1, 256, &no) == 0 ? (unsigned)no : 0;
}

static int only_disk(const struct br_disks *d)
{
	int disk = -1;

	for (size_t i = 0; i < d->n; i++) {
		if (d->blk[i].kind != BR_BLK_DISK || !br_disks_travels(d, (int)i))
			continue;
		if (disk >= 0)
			return -1;
		disk = (int)i;
	}
	return disk;
}

static bool fits_entry(const struct br_fstab_entry *e, const struct br_blk *b)
{
	if (!b->uuid)
		return false;
	if (e->swap)
		return b->use == BR_USE_SWAP;
	return b->use == BR_USE_FS && !br_fstab_type_refused(e->type, b);
}

/* Does a line of fstab, this one excepted, or the root stand for the device already? */
static bool is_taken(const struct br_image *img, const struct br_fstab_entry *but, int blk)
{
	const struct br_blk *b = &img->disks.blk[blk];
	const char *const names[] = {b->uuid, b->label, b->partuuid, b->partlabel, b->mapper, b->name};

	if (blk == img->disks.root)
		return true;
	for (size_t i = 0; i < img->fstab.n; i++) {
		const struct br_fstab_entry *e = &img->fstab.entries[i];

		for (size_t j = 0; e != but && j < BR_ARRAY_SIZE(names); j++)
			if (names[j] && br_streq(e->spec.value, names[j]))
				return true;
	}
	return false;
}

/* The one device that can be meant: the root for "/", that partition of the only disk, the only one left over. */
static const struct br_blk *meant(const struct br_image *img, const struct br_fstab_entry *e)
{
	const struct br_disks *d = &img->disks;
	struct br_found f;
	int at = -1;

	if (strcmp(e->target, "/") == 0)
		return d->root >= 0 ? &d->blk[d->root] : NULL;
	br_disks_find(d, &e->spec, &f);
	if ((f.match == BR_MATCH_FOUND || f.match == BR_MATCH_OTHER_DISK) && d->blk[f.blk].uuid)
		return &d->blk[f.blk];
	if (e->spec.kind == BR_SPEC_KERNEL_NAME) {
		unsigned no = first_disk_partition(e->spec.value);

		at = no ? br_disks_partition(d, only_disk(d), no) : -1;
		return at >= 0 && fits_entry(e, &d->blk[at]) ? &d->blk[at] : NULL;
	}
	for (size_t i = 0; i < d->n; i++) {
		if (!fits_entry(e, &d->blk[i]) || !br_disks_travels(d, (int)i) || is_taken(img, e, (int)i))
			continue;
		if (at >= 0)
			return NULL;
		at = (int)i;
	}
	return at >= 0 ? &d->blk[at] : NULL;
}

/* As fstab(5) wants blanks and backslashes within a field. */
static void add_mangled(struct br_str *out, const char *s)
{
	for (; *s; s++) {
		if (strchr(" \t\n\\", *s))
			br_str_printf(out, "\\%03o", (unsigned char)*s);
		else
			br_str_putc(out, *s);
	}
}

char *br_fstab_fix(const struct br_image *img, const struct br_fstab_entry *e)
{
	const struct br_blk *b = img->disks.known ? meant(img, e) : NULL;
	br_autostr struct br_str out = {0};

	if (!b || !b->uuid) {
		br_str_printf(&out, "write UUID=... (see blkid) in line %u of " BR_FSTAB "%s", e->line,
		              strcmp(e->target, "/") == 0 ? "" : ", add nofail to its options, or remove it");
		return br_str_take(&out);
	}
	br_str_printf(&out, "make line %u of " BR_FSTAB ": UUID=%s ", e->line, b->uuid);
	add_mangled(&out, e->target);
	br_str_putc(&out, ' ');
	add_mangled(&out, *e->type ? e->type : "auto");
	br_str_putc(&out, ' ');
	add_mangled(&out, *e->options ? e->options : "defaults");
	br_str_printf(&out, " %d %d", e->freq, e->passno);
	return br_str_take(&out);
}
