/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a specification names: looked up in what was read, UNKNOWN where something that was not read could be it. */
#include <errno.h>
#include <strings.h>

#include "base/num.h"
#include "image/disks-internal.h"

enum fit {
	FIT_NOT = 0,
	FIT_FOLDED, /* but for the case of letters */
	FIT_EXACT,
};

static enum fit compare(const char *have, const char *want, bool hexadecimal)
{
	if (!have)
		return FIT_NOT;
	if (strcmp(have, want) == 0)
		return FIT_EXACT;
	return hexadecimal && strcasecmp(have, want) == 0 ? FIT_FOLDED : FIT_NOT;
}

/* udev makes no by-uuid or by-label link for members of arrays and groups. */
static bool has_tags(const struct br_blk *b)
{
	return b->use != BR_USE_RAID && b->use != BR_USE_LVM;
}

static bool has_link(const struct br_blk *b, const char *folder, const char *name)
{
	size_t n = strlen(folder);

	for (size_t i = 0; i < b->links.n; i++)
		if (strncmp(b->links.v[i], folder, n) == 0 && strcmp(b->links.v[i] + n, name) == 0)
			return true;
	return false;
}

static enum fit fits(const struct br_blk *b, const struct br_spec *s)
{
	switch (s->kind) {
	case BR_SPEC_UUID:
		return has_tags(b) ? compare(b->uuid, s->value, true) : FIT_NOT;
	case BR_SPEC_LABEL:
		return has_tags(b) ? compare(b->label, s->value, false) : FIT_NOT;
	case BR_SPEC_PARTUUID:
		return compare(b->partuuid, s->value, true);
	case BR_SPEC_PARTLABEL:
		return compare(b->partlabel, s->value, false);
	case BR_SPEC_KERNEL_NAME:
		return b->devno ? compare(b->name, s->value, false) : FIT_NOT;
	case BR_SPEC_MAPPER:
		if (compare(b->mapper, s->value, false) || compare(b->devno ? b->name : NULL, s->value, false))
			return FIT_EXACT;
		return FIT_NOT;
	case BR_SPEC_MD:
		return compare(b->name, s->value, false) || has_link(b, "", s->value) ? FIT_EXACT : FIT_NOT;
	case BR_SPEC_BY_ID:
		return has_link(b, "disk/by-id/", s->value) ? FIT_EXACT : FIT_NOT;
	case BR_SPEC_BY_PATH:
		return has_link(b, "disk/by-path/", s->value) ? FIT_EXACT : FIT_NOT;
	case BR_SPEC_DEV_OTHER:
		return has_link(b, "", s->value) ? FIT_EXACT : FIT_NOT;
	case BR_SPEC_OTHER:
		break;
	}
	return FIT_NOT;
}

static bool lies_under(const struct br_disks *d, size_t lower, size_t upper, unsigned depth)
{
	const struct br_blk *b = &d->blk[upper];

	for (size_t i = 0; i < b->n_under && depth < 16; i++)
		if (b->under[i] == lower || lies_under(d, lower, b->under[i], depth + 1))
			return true;
	return false;
}

/* Two devices that are one file system: a mapping and what it maps, or the members of one btrfs. */
static bool same(const struct br_disks *d, size_t a, size_t b)
{
	const struct br_blk *x = &d->blk[a], *y = &d->blk[b];

	if (lies_under(d, a, b, 0) || lies_under(d, b, a, 0))
		return true;
	return x->subuuid && y->subuuid && br_streq(x->type, y->type) && br_streq(x->uuid, y->uuid) &&
	       strcmp(x->subuuid, y->subuuid) != 0;
}

/* Of two that are one, the one that would be mounted. */
static size_t upper_of(const struct br_disks *d, size_t a, size_t b)
{
	return lies_under(d, a, b, 0) ? b : a;
}

/* What unread thing could hold it; NULL: nothing. */
static const char *could_be_hidden(const struct br_disks *d, const struct br_spec *s)
{
	bool in_partition = s->kind == BR_SPEC_PARTUUID || s->kind == BR_SPEC_PARTLABEL;

	if (s->kind == BR_SPEC_BY_ID || s->kind == BR_SPEC_BY_PATH || s->kind == BR_SPEC_DEV_OTHER)
		return "the name is made by udev's rules on the running machine";
	if (d->too_many)
		return "there are more block devices than are looked at";
	if (s->kind == BR_SPEC_KERNEL_NAME) {
		for (size_t i = 0; i < d->n; i++)
			if (d->blk[i].kind == BR_BLK_DISK && !d->blk[i].devno)
				return "an image file's disk has no kernel name";
		return NULL;
	}
	if (d->unread)
		return d->unread;
	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];

		if (b->opened)
			continue;
		if (b->use == BR_USE_RAID)
			return "it may be on an array that is not assembled";
		if (in_partition || s->kind == BR_SPEC_MD)
			continue;
		if (b->use == BR_USE_LUKS)
			return "it may be in an encrypted volume that is not opened";
		if (b->use == BR_USE_OTHER)
			return "it may be in a container that is not opened";
		if (b->use == BR_USE_LVM && (s->kind != BR_SPEC_MAPPER || !b->lvs_read))
			return "it may be in a logical volume that is not opened";
	}
	return NULL;
}

static int volume_in_group(const struct br_disks *d, const struct br_spec *s)
{
	for (size_t i = 0; i < d->n; i++)
		if (s->kind == BR_SPEC_MAPPER && br_strv_has(&d->blk[i].lvs, s->value))
			return (int)i;
	return -1;
}

static bool travel_unknown(const struct br_disks *d, size_t i)
{
	return d->root < 0 && !br_disks_travels(d, (int)i);
}

/* first: of those that fit; among them one that travels wins. */
static void settle(const struct br_disks *d, const int *fit, size_t n, struct br_found *ret)
{
	int first = fit[0], second = -1;

	for (size_t i = 0; i < n; i++)
		if (br_disks_travels(d, fit[i])) {
			first = fit[i];
			break;
		}
	for (size_t i = 0; i < n && second < 0; i++)
		if (fit[i] != first)
			second = fit[i];
	*ret = (struct br_found){BR_MATCH_FOUND, first, second, false, NULL};
	if (second >= 0)
		ret->match = BR_MATCH_SEVERAL;
	if (travel_unknown(d, (size_t)first)) {
		ret->match = BR_MATCH_UNKNOWN;
		ret->reason = "which disk holds the root is not known";
	} else if (!br_disks_travels(d, first)) {
		ret->match = BR_MATCH_OTHER_DISK;
	}
}

/* The partition N numbers behind the one with that PARTUUID (the kernel's root=PARTUUID=...\/PARTNROFF=N). */
static bool find_offset(const struct br_disks *d, const struct br_spec *s, struct br_found *ret)
{
	const char *mark = strstr(s->value, "/PARTNROFF=");
	br_autofree char *base = NULL;
	struct br_spec plain = {s->kind, NULL};
	const struct br_blk *b;
	uint64_t by;

	if (s->kind != BR_SPEC_PARTUUID || !mark ||
	    br_parse_uint(mark + 11, strlen(mark + 11), 10, 0, 256, &by) < 0)
		return false;
	base = strndup(s->value, (size_t)(mark - s->value));
	plain.value = base;
	if (!base) {
		*ret = (struct br_found){BR_MATCH_UNKNOWN, -1, -1, false, "no memory"};
		return true;
	}
	br_disks_find(d, &plain, ret);
	if (ret->match != BR_MATCH_FOUND)
		return true;
	b = &d->blk[ret->blk];
	ret->blk = br_disks_partition(d, b->disk, b->partno + (unsigned)by);
	if (ret->blk < 0)
		ret->match = BR_MATCH_NONE;
	return true;
}

static size_t collect(const struct br_disks *d, const struct br_spec *s, enum fit least, int *fit, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		size_t j;

		if (fits(&d->blk[i], s) != least)
			continue;
		for (j = 0; j < n && !same(d, (size_t)fit[j], i); j++)
			;
		if (j < n)
			fit[j] = (int)upper_of(d, (size_t)fit[j], i);
		else if (n < cap)
			fit[n++] = (int)i;
	}
	return n;
}

void br_disks_find(const struct br_disks *d, const struct br_spec *s, struct br_found *ret)
{
	int fit[8];
	const char *hidden;
	bool folded = false;
	size_t n;

	*ret = (struct br_found){BR_MATCH_UNKNOWN, -1, -1, false, "it names no block device"};
	if (s->kind == BR_SPEC_OTHER || !s->value)
		return;
	if (!d->known) {
		ret->reason = "the disks are not known";
		return;
	}
	if (find_offset(d, s, ret))
		return;
	n = collect(d, s, FIT_EXACT, fit, BR_ARRAY_SIZE(fit));
	if (!n) {
		n = collect(d, s, FIT_FOLDED, fit, BR_ARRAY_SIZE(fit));
		folded = n > 0;
	}
	if (n) {
		settle(d, fit, n, ret);
		ret->folded = folded;
		return;
	}
	ret->blk = volume_in_group(d, s);
	if (ret->blk >= 0) {
		ret->match = br_disks_travels(d, ret->blk) ? BR_MATCH_CONTAINED : BR_MATCH_OTHER_DISK;
		ret->reason = NULL;
		return;
	}
	hidden = could_be_hidden(d, s);
	ret->match = hidden ? BR_MATCH_UNKNOWN : BR_MATCH_NONE;
	ret->reason = hidden;
}
