/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What GRUB calls a device, as one of the image's. Sources: GRUB's manual, "Device syntax"; disk/lvm.c
 * ("lvmid/GROUP/VOLUME" by their UUIDs), disk/mdraid1x_linux.c ("mduuid/" and the array's UUID in hexadecimal
 * digits), disk/luks.c ("cryptouuid/" and the header's UUID without dashes).
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/blkio.h"
#include "image/disks-internal.h"
#include "image/grub-io.h"

/* A physical volume's metadata area, where vgcreate(8) makes it by default: up to its first MiB. */
#define LVM_AREA_MAX BR_MIB

int br_grub_found(const struct br_found *f, int *ret_dev)
{
	switch (f->match) {
	case BR_MATCH_FOUND:
	case BR_MATCH_SEVERAL: /* GRUB takes the first it meets */
		if (f->blk < 0)
			return -ENODATA;
		*ret_dev = f->blk;
		return 0;
	case BR_MATCH_OTHER_DISK: /* the image travels without that disk */
	case BR_MATCH_NONE:
		return -ENOENT;
	default:
		return -ENODATA;
	}
}

static int mapped(const struct br_disks *d, const char *name, int *ret_dev)
{
	const struct br_spec spec = {.kind = BR_SPEC_MAPPER, .value = (char *)name};
	struct br_found f;

	br_disks_find(d, &spec, &f);
	return br_grub_found(&f, ret_dev);
}

/* "name {\nid = \"UUID\"": the word before the brace that at follows. */
static const char *name_before(const char *text, const char *at, size_t *ret_len)
{
	const char *end;

	while (at > text && isspace((unsigned char)at[-1]))
		at--;
	if (at == text || *--at != '{')
		return NULL;
	while (at > text && isspace((unsigned char)at[-1]))
		at--;
	for (end = at; at > text && !isspace((unsigned char)at[-1]) && at[-1]; at--)
		;
	*ret_len = (size_t)(end - at);
	return at == end ? NULL : at;
}

/* Volume names that this text gives to a UUID, old copies of it included: until one is a volume of today. */
static char *volume_name(const struct br_blk *pv, const char *text, size_t len, const char *vg_id, const char *lv_id,
                         bool *ret_seen)
{
	const char *vg = memmem(text, len, vg_id, strlen(vg_id)), *lv = text, *vg_name, *lv_name;
	size_t vg_len, lv_len;

	if (!vg || !(vg_name = name_before(text, vg, &vg_len)))
		return NULL;
	while ((lv = memmem(lv, len - (size_t)(lv - text), lv_id, strlen(lv_id)))) {
		char *name = NULL;

		*ret_seen = true;
		lv_name = name_before(text, lv++, &lv_len);
		if (lv_name) {
			br_autofree char *own = strndup(lv_name, lv_len);

			name = own ? br_mapper_name(vg_name, vg_len, own) : NULL;
		}
		if (name && br_strv_has(&pv->lvs, name))
			return name;
		free(name);
	}
	return NULL;
}

/* ids: "GROUP/VOLUME". -ENOENT only where every group's metadata could be read and none has them. */
static int by_lvm_id(const struct br_disks *d, const char *ids, int *ret_dev)
{
	const char *slash = strchr(ids, '/');
	br_autofree char *vg = slash ? br_format("id = \"%.*s\"", (int)(slash - ids), ids) : NULL;
	br_autofree char *lv = slash ? br_format("id = \"%s\"", slash + 1) : NULL;
	bool unread = d->unread || d->too_many;

	if (!vg || !lv)
		return slash ? -ENOMEM : -ENOENT;
	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];
		size_t len = b->size < LVM_AREA_MAX ? b->size : LVM_AREA_MAX;
		br_autofree char *text = NULL, *name = NULL;
		bool seen = false;

		unread |= b->use == BR_USE_LUKS || b->use == BR_USE_RAID ? !b->opened : false;
		if (b->use != BR_USE_LVM)
			continue;
		text = malloc(len ? len : 1);
		if (!text)
			return -ENOMEM;
		if (!b->lvs_read || br_blk_read(d, (int)i, 0, text, len) < 0) {
			unread = true;
			continue;
		}
		name = volume_name(b, text, len, vg, lv, &seen);
		if (name)
			return mapped(d, name, ret_dev);
		unread |= seen;
	}
	return unread ? -ENODATA : -ENOENT;
}

static bool same_hex(const char *uuid, const char *hex)
{
	for (; *uuid; uuid++) {
		if (*uuid == '-' || *uuid == ':')
			continue;
		while (*hex == '-')
			hex++;
		if (tolower((unsigned char)*uuid) != tolower((unsigned char)*hex++))
			return false;
	}
	return !*hex;
}

/* What is mapped right above a container with that UUID: an array, an opened LUKS volume. */
static int above(const struct br_disks *d, enum br_blk_use use, const char *hex, int *ret_dev)
{
	bool unread = d->unread || d->too_many, there = false;

	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];

		for (size_t k = 0; k < b->n_under; k++) {
			const struct br_blk *under = &d->blk[b->under[k]];

			if (under->use == use && under->uuid && same_hex(under->uuid, hex)) {
				*ret_dev = (int)i;
				return 0;
			}
		}
		there |= b->use == use && b->uuid && same_hex(b->uuid, hex);
		unread |= (b->use == BR_USE_LVM || b->use == BR_USE_LUKS || b->use == BR_USE_RAID) && b->use != use && !b->opened;
	}
	return there || unread ? -ENODATA : -ENOENT;
}

/* The part behind the comma: "gpt3", "msdos1", or "3" for whatever kind of table there is. */
static int partition(const struct br_disks *d, int disk, const char *name, int *ret_dev)
{
	size_t letters = strcspn(name, "0123456789");
	const char *type = d->blk[disk].pttype;
	uint64_t no;

	if (strchr(name, ',')) /* a table within a partition */
		return -ENODATA;
	if (br_parse_uint(name + letters, strlen(name + letters), 10, 1, BR_PARTITIONS_MAX, &no) < 0)
		return -ENOENT;
	if (d->blk[disk].unread)
		return -ENODATA;
	if ((letters == 3 && br_starts(name, "gpt") && !br_streq(type, "gpt")) ||
	    (letters == 5 && br_starts(name, "msdos") && !br_streq(type, "dos")))
		return -ENOENT;
	*ret_dev = br_disks_partition(d, disk, (unsigned)no);
	return *ret_dev < 0 ? -ENOENT : 0;
}

/* hd0 is the disk the firmware started from; ",gpt3" is on it. */
int br_grub_device(const struct br_disks *d, const char *name, int *ret_dev)
{
	const char *comma = strchr(name, ',');
	int dev = -1, r;

	if (br_starts(name, "lvm/"))
		return mapped(d, name + strlen("lvm/"), ret_dev);
	if (br_starts(name, "lvmid/"))
		return by_lvm_id(d, name + strlen("lvmid/"), ret_dev);
	if (br_starts(name, "mduuid/"))
		return above(d, BR_USE_RAID, name + strlen("mduuid/"), ret_dev);
	if (br_starts(name, "cryptouuid/"))
		return above(d, BR_USE_LUKS, name + strlen("cryptouuid/"), ret_dev);
	if (br_starts(name, "md/"))
		return -ENODATA;
	if (!br_starts(name, "hd") && name[0] != ',')
		return -ENOENT;
	if (name[0] != ',' && strcspn(name, ",") != 3)
		return -ENODATA;
	if (name[0] != ',' && name[2] != '0')
		return -ENODATA;
	if (!comma) {
		*ret_dev = d->root_disk;
		return 0;
	}
	r = partition(d, d->root_disk, comma + 1, &dev);
	if (r == 0)
		*ret_dev = dev;
	return r;
}
