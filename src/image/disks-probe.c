/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Partition tables and superblocks by libblkid, from a whole disk or image file by offset. Runs in a child
 * of its own (disks-child.c): libblkid reads what a hostile table tells it to, and a read may never return.
 */
#include <blkid/blkid.h>
#include <errno.h>

#include "base/limits.h"
#include "image/disks-internal.h"
#include "image/lvm.h"

static void free_probe(blkid_probe *pr)
{
	blkid_free_probe(*pr);
}
#define autoprobe br_cleanup(free_probe) blkid_probe

static char *value(blkid_probe pr, const char *name)
{
	const char *s = NULL;

	if (blkid_probe_lookup_value(pr, name, &s, NULL) < 0 || !s)
		return NULL;
	return strdup(s);
}

enum br_blk_use br_use_of(const char *usage, const char *type)
{
	if (strcmp(type, "swap") == 0 || strcmp(type, "swsuspend") == 0)
		return BR_USE_SWAP;
	if (strcmp(type, "LVM2_member") == 0)
		return BR_USE_LVM;
	if (strcmp(type, "crypto_LUKS") == 0)
		return BR_USE_LUKS;
	if (strcmp(usage, "raid") == 0)
		return BR_USE_RAID;
	/* libblkid calls a pool's member a file system; its volumes are elsewhere. */
	if (strcmp(type, "zfs_member") == 0)
		return BR_USE_OTHER;
	return strcmp(usage, "filesystem") == 0 ? BR_USE_FS : BR_USE_OTHER;
}

/* The signatures between offset and offset + size. */
static int superblock(int fd, uint64_t offset, uint64_t size, unsigned sector, struct br_blk *b)
{
	br_autofree char *usage = NULL;
	autoprobe pr = blkid_new_probe();
	int r;

	if (!pr)
		return -ENOMEM;
	if (blkid_probe_set_device(pr, fd, (blkid_loff_t)offset, (blkid_loff_t)size) < 0)
		return -EIO;
	blkid_probe_set_sectorsize(pr, sector);
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE |
	                                              BLKID_SUBLKS_USAGE);
	r = blkid_do_safeprobe(pr);
	if (r == -2) {
		b->unread = strdup("ambivalent: it bears the signatures of several file systems");
		return b->unread ? 0 : -ENOMEM;
	}
	if (r < 0)
		return -EIO;
	if (r > 0)
		return 0; /* nothing that libblkid knows */
	b->type = value(pr, "TYPE");
	b->uuid = value(pr, "UUID");
	b->label = value(pr, "LABEL");
	b->subuuid = value(pr, "UUID_SUB");
	usage = value(pr, "USAGE");
	b->use = b->type ? br_use_of(usage ? usage : "", b->type) : BR_USE_NONE;
	return 0;
}

/* What cannot be read of one partition is said of that one; the others are read all the same. */
static int probe_area(int fd, const struct br_dev *d, unsigned sector, struct br_blk *b)
{
	uint64_t left = d->size > b->start ? d->size - b->start : 0;
	int r;

	if (left == 0) {
		b->unread = strdup("it lies past the disk's end");
		return b->unread ? 0 : -ENOMEM;
	}
	r = superblock(fd, b->start, b->size < left ? b->size : left, sector, b);
	if (r == -EIO) {
		b->unread = strdup("it could not be read");
		return b->unread ? 0 : -ENOMEM;
	}
	return r;
}

struct table {
	struct br_blk *v;
	size_t n, cap;
	bool too_many;
};

static void table_free(struct table *t)
{
	br_blks_free(t->v, t->n);
}

static struct br_blk *add(struct table *t, enum br_blk_kind kind)
{
	struct br_blk *b;

	if (t->n > BR_PARTITIONS_MAX) {
		t->too_many = true;
		return NULL;
	}
	if (br_grow(&t->v, &t->cap, t->n, sizeof(*t->v)) < 0)
		return NULL;
	b = &t->v[t->n++];
	*b = (struct br_blk){.kind = kind, .disk = -1};
	return b;
}

static bool bytes_of(blkid_loff_t sectors, uint64_t *ret)
{
	return sectors >= 0 && !__builtin_mul_overflow((uint64_t)sectors, 512, ret) && *ret <= INT64_MAX;
}

static char *copy(const char *s)
{
	return s && *s ? strdup(s) : NULL;
}

static void add_partition(struct table *t, blkid_partition par)
{
	const char *type = blkid_partition_get_type_string(par);
	uint64_t start, size;
	struct br_blk *b;

	if (!bytes_of(blkid_partition_get_start(par), &start) || !bytes_of(blkid_partition_get_size(par), &size))
		return;
	b = add(t, BR_BLK_PART);
	if (!b)
		return;
	b->partno = (unsigned)blkid_partition_get_partno(par);
	b->start = start;
	b->size = size;
	b->partuuid = copy(blkid_partition_get_uuid(par));
	b->partlabel = copy(blkid_partition_get_name(par));
	b->parttype = type ? strdup(type) : br_format("0x%x", blkid_partition_get_type(par));
}

/* -ENODATA: no table that libblkid knows with sectors of that size. */
static int read_table(int fd, const struct br_dev *d, unsigned sector, struct table *t)
{
	autoprobe pr = blkid_new_probe();
	blkid_partlist list;
	blkid_parttable table;

	if (!pr)
		return -ENOMEM;
	if (blkid_probe_set_device(pr, fd, 0, (blkid_loff_t)d->size) < 0)
		return -EIO;
	blkid_probe_set_sectorsize(pr, sector);
	blkid_probe_enable_superblocks(pr, 0);
	list = blkid_probe_get_partitions(pr);
	table = list ? blkid_partlist_get_table(list) : NULL;
	if (!table)
		return -ENODATA;
	t->v[0].pttype = copy(blkid_parttable_get_type(table));
	t->v[0].ptuuid = copy(blkid_parttable_get_id(table));
	t->v[0].sector_size = sector;
	for (int i = 0; i < blkid_partlist_numof_partitions(list); i++)
		add_partition(t, blkid_partlist_get_partition(list, i));
	return 0;
}

static bool is_extended(const struct br_blk *b)
{
	static const char *const types[] = {"0x5", "0xf", "0x85"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(types); i++)
		if (br_streq(b->parttype, types[i]))
			return true;
	return false;
}

/* Partitions that only the kernel knows: a table of a kind, or a place, that libblkid does not read. */
static void add_kernels(const struct br_dev *d, struct table *t)
{
	for (size_t i = 0; i < d->n_parts; i++) {
		const struct br_kpart *k = &d->parts[i];
		struct br_blk *b;
		size_t j;

		for (j = 1; j < t->n && t->v[j].partno != k->partno; j++)
			;
		if (j < t->n || !(b = add(t, BR_BLK_PART)))
			continue;
		b->partno = k->partno;
		b->start = k->start;
		b->size = k->size;
	}
}

/* The volumes whose first piece is on this physical volume, as devices of their own. */
static int add_volumes(int fd, unsigned sector, struct table *t, size_t at, struct br_lvm *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct br_lvm_volume *v = &l->v[i];
		struct br_blk *pv = &t->v[at], *b;
		uint64_t start = pv->start + v->start;
		int r;

		if (!br_streq(v->pv, pv->uuid) || !v->run || v->start > pv->size || v->run > pv->size - v->start)
			continue;
		b = add(t, BR_BLK_VOLUME);
		if (!b)
			return t->too_many ? 0 : -ENOMEM;
		b->start = start;
		b->size = v->run;
		b->whole = v->size > v->run ? v->size : 0;
		b->mapper = BR_TAKE(v->name);
		r = superblock(fd, b->start, b->size, sector, b);
		if (r == -EIO)
			r = (b->unread = strdup("it could not be read")) ? 0 : -ENOMEM;
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the group's metadata says, where this is a physical volume. */
static int open_group(int fd, unsigned sector, struct table *t, size_t at)
{
	br_cleanup(br_lvm_free) struct br_lvm l = {0};
	struct br_blk *pv = &t->v[at];
	int r;

	if (pv->use != BR_USE_LVM)
		return 0;
	r = br_lvm_read(fd, pv->start, pv->size, &l);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	pv->lvs_read = true;
	pv->group_pvs = l.pvs;
	for (size_t i = 0; i < l.n; i++)
		br_strv_add(&pv->lvs, l.v[i].name);
	return pv->lvs.oom ? -ENOMEM : add_volumes(fd, sector, t, at, &l);
}

static int by_start(const void *a, const void *b)
{
	const struct br_blk *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->partno < y->partno ? -1 : x->partno > y->partno;
}

int br_probe(int fd, const struct br_dev *d, struct br_blk **ret, size_t *ret_n)
{
	br_cleanup(table_free) struct table t = {0};
	struct br_blk *disk = add(&t, d->mapped ? BR_BLK_MAPPED : BR_BLK_DISK);
	bool nested = !d->mapped || d->n_parts;
	int r;

	if (!disk)
		return -ENOMEM;
	disk->size = d->size;
	disk->sector_size = d->sector_size;
	r = probe_area(fd, d, d->sector_size, disk);
	if (r < 0)
		return r;
	/* A member of an array shows the array's table: it is none of its own. */
	if (nested && disk->use != BR_USE_RAID && disk->use != BR_USE_LVM) {
		r = read_table(fd, d, d->sector_size, &t);
		if (r == -ENODATA && !d->devno && d->sector_size == 512)
			r = read_table(fd, d, 4096, &t);
		if (r == -ENODATA || r == -EIO)
			r = 0;
		if (r < 0)
			return r;
		add_kernels(d, &t);
	}
	for (size_t i = 1; i < t.n; i++) {
		if (is_extended(&t.v[i]))
			continue;
		r = probe_area(fd, d, t.v[0].sector_size, &t.v[i]);
		if (r < 0)
			return r;
	}
	for (size_t i = 0, n = t.n; i < n; i++) {
		r = open_group(fd, t.v[0].sector_size, &t, i);
		if (r < 0)
			return r;
	}
	/* With a table, stray signatures on the whole disk are nobody's file system. */
	if (t.n > 1) {
		free(t.v[0].unread);
		t.v[0].unread = NULL;
		qsort(t.v + 1, t.n - 1, sizeof(*t.v), by_start);
	}
	if (t.too_many && !t.v[0].unread)
		t.v[0].unread = strdup("it has more partitions than are looked at");
	*ret = BR_TAKE(t.v);
	*ret_n = t.n;
	t.n = 0;
	return 0;
}
