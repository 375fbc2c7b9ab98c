/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Joins what the kernel lists with what was read on it into the list that disks.h shows. */
#include <errno.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/disks-internal.h"

static int duplicate(char **to, const char *from)
{
	if (!from || *to)
		return 0;
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

static const struct br_kpart *kernels(const struct br_dev *d, const struct br_blk *b)
{
	for (size_t i = 0; i < d->n_parts; i++)
		if (d->parts[i].partno == b->partno)
			return &d->parts[i];
	return NULL;
}

/* "vda3", "nvme0n1p3", "disk0p3": as the kernel would call a partition that it has not got. */
static char *part_name(const char *disk, unsigned partno)
{
	size_t n = strlen(disk);
	bool p = n && ((disk[n - 1] >= '0' && disk[n - 1] <= '9'));

	return br_format("%s%s%u", disk, p ? "p" : "", partno);
}

static int name_blk(const struct br_machine *m, const struct br_dev *d, const struct br_kpart *k, struct br_blk *b)
{
	const char *slash = strrchr(d->path, '/');

	if (b->kind == BR_BLK_VOLUME) {
		b->name = strdup(b->mapper);
		b->path = br_format("/dev/mapper/%s", b->mapper);
		return b->name && b->path ? 0 : -ENOMEM;
	}
	if (b->kind != BR_BLK_PART)
		b->name = strdup(d->name);
	else
		b->name = k ? strdup(k->name) : part_name(d->name, b->partno);
	if (!b->name)
		return -ENOMEM;
	b->devno = b->kind != BR_BLK_PART ? d->devno : k ? k->devno : 0;
	if (b->kind != BR_BLK_PART || !d->devno || !slash)
		b->path = strdup(d->path);
	else
		b->path = br_format("%s/%s", m->dev, b->name);
	if (!b->path)
		return -ENOMEM;
	if (b->devno)
		br_udev_links(m, b->devno, &b->links);
	return b->links.oom ? -ENOMEM : 0;
}

static int append(const struct br_machine *m, const struct br_dev *d, struct br_blk *from, int disk,
                  struct br_disks *out)
{
	const struct br_kpart *k = from->kind == BR_BLK_PART ? kernels(d, from) : NULL;
	struct br_blk *b;
	int r;

	if (out->n >= BR_BLKS_MAX) {
		out->too_many = true;
		return 0;
	}
	if (br_grow(&out->blk, &out->cap, out->n, sizeof(*out->blk)) < 0)
		return -ENOMEM;
	b = &out->blk[out->n++];
	*b = *from;
	*from = (struct br_blk){0};
	if (d->mapped && b->kind == BR_BLK_DISK)
		b->kind = BR_BLK_MAPPED;
	b->disk = disk;
	b->named = d->named;
	b->own = d->own;
	b->opened = b->kind == BR_BLK_PART ? k && k->held : b->kind != BR_BLK_VOLUME && d->held;
	if (b->kind == BR_BLK_DISK || b->kind == BR_BLK_MAPPED) {
		b->size = d->size;
		b->removable = d->removable;
		if (!b->sector_size)
			b->sector_size = d->sector_size;
		r = duplicate(&b->driver, d->driver);
		if (r >= 0)
			r = duplicate(&b->mapper, d->mapper);
		if (r >= 0)
			r = duplicate(&b->unread, d->unread);
		if (r < 0)
			return r;
	}
	return name_blk(m, d, k, b);
}

static bool was_found(const struct br_disks *out, size_t from, unsigned partno)
{
	for (size_t i = from; i < out->n; i++)
		if (out->blk[i].kind == BR_BLK_PART && out->blk[i].partno == partno)
			return true;
	return false;
}

/* Of a disk that could not be read the kernel still knows the partitions. */
static int append_kernels(const struct br_machine *m, const struct br_dev *d, size_t at, int disk,
                          struct br_disks *out)
{
	const char *why = out->blk[at].unread ? out->blk[at].unread : "it was not read";

	for (size_t i = 0; i < d->n_parts; i++) {
		const struct br_kpart *k = &d->parts[i];
		struct br_blk b = {.kind = BR_BLK_PART, .partno = k->partno, .start = k->start, .size = k->size};
		int r;

		if (was_found(out, at, k->partno))
			continue;
		b.unread = strdup(why);
		r = b.unread ? append(m, d, &b, disk, out) : -ENOMEM;
		br_blk_free(&b);
		if (r < 0)
			return r;
	}
	return 0;
}

int br_join(const struct br_machine *m, struct br_dev *d, struct br_disks *out)
{
	size_t at = out->n;
	int disk = d->mapped ? -1 : (int)at, r = 0;
	struct br_blk none = {.kind = d->mapped ? BR_BLK_MAPPED : BR_BLK_DISK};

	if (!d->found && !d->unread)
		d->unread = strdup("it was not read");
	if (!d->found)
		r = append(m, d, &none, disk, out);
	for (size_t i = 0; i < d->n_found && r >= 0; i++)
		r = append(m, d, &d->found[i], disk, out);
	if (r < 0 || at >= out->n)
		return r;
	return append_kernels(m, d, at, disk, out);
}

static int index_of(const struct br_disks *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (br_streq(d->blk[i].name, name))
			return (int)i;
	return -1;
}

/* The one disk below, -1 when there are several or one is not known. */
static int disk_below(const struct br_disks *d, const struct br_blk *b, unsigned depth)
{
	int disk = -1;

	if (!b->n_under || b->partial)
		return b->disk;
	for (size_t i = 0; i < b->n_under; i++) {
		int one = depth < 16 ? disk_below(d, &d->blk[b->under[i]], depth + 1) : -1;

		if (one < 0 || (i && one != disk))
			return -1;
		disk = one;
	}
	return disk;
}

static bool has_mapper(const struct br_disks *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (br_streq(d->blk[i].mapper, name))
			return true;
	return false;
}

/* A partition of an array lies on the array, which stands before it in the list. */
static int link_part(struct br_disks *out, struct br_blk *b)
{
	size_t at = (size_t)(b - out->blk);

	while (at > 0 && out->blk[at].kind == BR_BLK_PART)
		at--;
	b->under = calloc(1, sizeof(*b->under));
	if (!b->under)
		return -ENOMEM;
	b->under[b->n_under++] = at;
	return 0;
}

/* A volume that nobody opened lies on the physical volume around it, which stands before it in the list. */
static int link_volume(struct br_disks *out, struct br_blk *b)
{
	b->under = calloc(1, sizeof(*b->under));
	if (!b->under)
		return -ENOMEM;
	for (size_t i = (size_t)(b - out->blk); i-- && !b->n_under;) {
		const struct br_blk *pv = &out->blk[i];

		if (pv->use == BR_USE_LVM && pv->disk == b->disk && pv->start <= b->start &&
		    b->start - pv->start < pv->size && pv->kind != BR_BLK_VOLUME)
			b->under[b->n_under++] = i;
	}
	return 0;
}

/* What the running kernel has opened is in the list as that: it is not told twice. */
static void drop_opened_volumes(struct br_disks *d)
{
	for (size_t i = d->n; i--;) {
		bool opened = false;

		for (size_t j = 0; j < d->n && d->blk[i].kind == BR_BLK_VOLUME; j++)
			opened |= d->blk[j].kind == BR_BLK_MAPPED && br_streq(d->blk[j].mapper, d->blk[i].mapper);
		if (!opened)
			continue;
		br_blk_free(&d->blk[i]);
		d->n--;
		memmove(&d->blk[i], &d->blk[i + 1], (d->n - i) * sizeof(*d->blk));
		for (size_t j = 0; j < d->n; j++)
			d->blk[j].disk -= d->blk[j].disk > (int)i;
	}
}

static int link_one(const struct br_devs *devs, struct br_disks *out, struct br_blk *b)
{
	int at = br_devs_index(devs, b->name);
	const struct br_dev *dev = at < 0 ? NULL : &devs->v[at];

	if (b->kind == BR_BLK_VOLUME)
		return link_volume(out, b);
	if (b->kind == BR_BLK_PART && b->disk < 0)
		return link_part(out, b);
	if (b->kind != BR_BLK_MAPPED || !dev || !dev->under.n)
		return 0;
	b->under = calloc(dev->under.n, sizeof(*b->under));
	if (!b->under)
		return -ENOMEM;
	for (size_t i = 0; i < dev->under.n; i++) {
		int below = index_of(out, dev->under.v[i]);

		if (below >= 0)
			b->under[b->n_under++] = (size_t)below;
	}
	/* One that is below but not in the list: the disk is not known then. */
	b->partial = b->n_under != dev->under.n;
	return 0;
}

/* A group is opened when every volume of it is: an initramfs often opens the root's alone. */
static bool group_opened(const struct br_disks *d, const struct br_blk *b)
{
	if (!b->lvs_read)
		return false;
	for (size_t i = 0; i < b->lvs.n; i++)
		if (!has_mapper(d, b->lvs.v[i]))
			return false;
	return true;
}

int br_relate(const struct br_devs *devs, struct br_disks *out)
{
	drop_opened_volumes(out);
	for (size_t i = 0; i < out->n; i++) {
		int r = link_one(devs, out, &out->blk[i]);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < out->n; i++) {
		struct br_blk *b = &out->blk[i];

		if (b->n_under)
			b->disk = disk_below(out, b, 0);
		if (b->use == BR_USE_LVM)
			b->opened = group_opened(out, b);
		if (b->unread && !out->unread && !(out->unread = br_format("%s: %s", b->name, b->unread)))
			return -ENOMEM;
	}
	return 0;
}
