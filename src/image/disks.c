/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model: which devices are read, in which order, and what they are to each other. */
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/disks-internal.h"

/* The disks that must be read for there to be an answer at all get longer than the others. */
#define OWN_PATIENCE (4 * BR_DISK_PATIENCE)
#define STACK_MAX    16
/* Children at once. */
#define BATCH 32

void br_blk_free(struct br_blk *b)
{
	char *const strings[] = {b->name,      b->path,     b->mapper, b->type,   b->uuid,   b->label,  b->subuuid,
	                         b->partuuid,  b->partlabel, b->parttype, b->pttype, b->ptuuid, b->driver, b->unread};

	for (size_t i = 0; i < BR_ARRAY_SIZE(strings); i++)
		free(strings[i]);
	free(b->under);
	br_strv_free(&b->lvs);
	br_strv_free(&b->links);
	*b = (struct br_blk){0};
}

void br_blks_free(struct br_blk *blks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		br_blk_free(&blks[i]);
	free(blks);
}

void br_disks_free(struct br_disks *d)
{
	br_blks_free(d->blk, d->n);
	free(d->unread);
	*d = (struct br_disks){.root = -1, .root_disk = -1};
}

/* What is asked for by path. Image files join the list; block devices are marked in it. */
static int name_one(const struct br_machine *m, const char *path, struct br_devs *devs)
{
	br_autofree char *name = NULL;
	struct br_dev *d;
	struct stat st;
	int i, r;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISBLK(st.st_mode)) {
		r = br_sysfs_name(m, st.st_rdev, &name);
		i = r < 0 ? -1 : br_devs_index(devs, name);
		if (i < 0)
			return r < 0 ? r : -ENODEV;
		devs->v[i].named = true;
		return 0;
	}
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	if (br_grow(&devs->v, &devs->cap, devs->n, sizeof(*devs->v)) < 0)
		return -ENOMEM;
	d = &devs->v[devs->n++];
	*d = (struct br_dev){
		.path = realpath(path, NULL), .size = (uint64_t)st.st_size, .sector_size = 512, .named = true};
	return d->path ? 0 : -ENOMEM;
}

/* A mapping is wanted when all that it lies on is. */
static bool wanted(const struct br_devs *devs, const struct br_dev *d, unsigned depth)
{
	if (!d->mapped)
		return d->named || d->own;
	for (size_t i = 0; i < d->under.n; i++) {
		int below = br_devs_index(devs, d->under.v[i]);

		if (below < 0 || depth > STACK_MAX || !wanted(devs, &devs->v[below], depth + 1))
			return false;
	}
	return d->under.n > 0 || d->named || d->own;
}

static int rank(const struct br_dev *d)
{
	if (d->own)
		return d->mapped ? 1 : 0;
	return d->mapped ? 4 : d->named ? 2 : 3;
}

/* vda before vdb before vdaa; disks before what is mapped on them, the root's own before all. */
static int by_order(const void *a, const void *b)
{
	const struct br_dev *x = a, *y = b;
	size_t n, m;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	if (!x->name || !y->name)
		return !y->name - !x->name;
	n = strlen(x->name);
	m = strlen(y->name);
	return n != m ? (n < m ? -1 : 1) : strcmp(x->name, y->name);
}

static int name_images(struct br_devs *devs)
{
	size_t n = 0;

	for (size_t i = 0; i < devs->n; i++) {
		if (!devs->v[i].name && !(devs->v[i].name = br_format("disk%zu", n++)))
			return -ENOMEM;
	}
	return 0;
}

static int choose(const struct br_machine *m, const struct br_disks_ask *ask, struct br_devs *devs,
                  struct br_disks *out)
{
	int r = m->sys.fd < 0 ? -ENOENT : br_sysfs_list(m, devs);

	if (r == -ENOMEM)
		return r;
	if (r < 0 && ask->scan)
		out->unread = br_format("the kernel's list of disks could not be read: %s", br_strerror(-r));
	for (size_t i = 0; i < ask->n_paths; i++) {
		r = name_one(m, ask->paths[i], devs);
		if (r == -ENOMEM)
			return r;
		if (r < 0 && !out->unread)
			out->unread = br_format("%s could not be read: %s", ask->paths[i], br_strerror(-r));
	}
	return name_images(devs);
}

/* The named image file that a loop device shows, where the root is mounted through one; -1 none. */
static int backing_file(const struct br_machine *m, const struct br_devs *devs, int loop)
{
	br_autofree char *path = br_format("/block/%s/loop/backing_file", devs->v[loop].name);
	br_autoblob struct br_blob file = {0};

	if (!path || br_root_read(&m->sys, path, PATH_MAX, &file) < 0)
		return -1;
	file.data[strcspn(file.data, "\n")] = '\0';
	for (size_t i = 0; i < devs->n; i++)
		if (!devs->v[i].devno && br_streq(devs->v[i].path, file.data))
			return (int)i;
	return -1;
}

/*
 * What the root is on becomes own. Of named disks only those can be: a root that was unpacked somewhere
 * on this machine is no part of the machine that is judged.
 */
static void mark_root(const struct br_machine *m, const struct br_disks_ask *ask, const char *source,
                      struct br_devs *devs)
{
	int at = br_devs_index(devs, source), file = -1;
	bool foreign = at < 0;

	if (at >= 0)
		file = backing_file(m, devs, at);
	if (file >= 0) {
		devs->v[file].own = true;
		return;
	}
	br_devs_mark_own(devs, source);
	for (size_t i = 0; i < devs->n; i++)
		foreign |= devs->v[i].own && !devs->v[i].mapped && !devs->v[i].named;
	for (size_t i = 0; i < devs->n && foreign && !ask->scan; i++)
		devs->v[i].own = false;
}

static void drop_unasked(struct br_devs *devs)
{
	bool keep[BR_BLKS_MAX * 2] = {false};

	for (size_t i = 0; i < devs->n && i < BR_ARRAY_SIZE(keep); i++)
		keep[i] = wanted(devs, &devs->v[i], 0);
	br_devs_keep(devs, keep, BR_ARRAY_SIZE(keep));
}

/* Reads those of pick, some at a time. */
static void read_some(struct br_devs *devs, const bool *pick, unsigned patience)
{
	struct br_dev *batch[BATCH];
	size_t n = 0;

	for (size_t i = 0; i < devs->n; i++) {
		if (pick[i])
			batch[n++] = &devs->v[i];
		if (n == BATCH || (i + 1 == devs->n && n)) {
			br_children_read(batch, n, patience);
			n = 0;
		}
	}
}

static int read_all(const struct br_machine *m, struct br_devs *devs)
{
	br_autofree bool *first = calloc(devs->n + 1, sizeof(bool)), *rest = calloc(devs->n + 1, sizeof(bool));

	if (!first || !rest)
		return -ENOMEM;
	for (size_t i = 0; i < devs->n; i++)
		first[i] = devs->v[i].own || !devs->v[i].devno;
	read_some(devs, first, OWN_PATIENCE);
	for (size_t i = 0; i < devs->n; i++)
		rest[i] = !first[i] && !br_udev_read(m, &devs->v[i]);
	read_some(devs, rest, BR_DISK_PATIENCE);
	return 0;
}

static void mark_disks(struct br_disks *d, size_t at, unsigned depth)
{
	const struct br_blk *b = &d->blk[at];

	for (size_t i = 0; i < b->n_under && depth < STACK_MAX; i++)
		mark_disks(d, b->under[i], depth + 1);
	if (b->n_under || b->disk < 0)
		return;
	for (size_t i = 0; i < d->n; i++)
		d->blk[i].own |= d->blk[i].disk == b->disk;
}

/* Another member of a file system that lies on several devices. */
static bool is_sibling(const struct br_blk *a, const struct br_blk *b)
{
	return a->subuuid && b->subuuid && br_streq(a->type, b->type) && br_streq(a->uuid, b->uuid);
}

void br_disks_set_root(struct br_disks *d, int blk)
{
	d->root = blk;
	d->root_disk = blk < 0 ? -1 : d->blk[blk].disk;
	for (size_t i = 0; i < d->n; i++)
		d->blk[i].own = false;
	if (blk < 0)
		return;
	mark_disks(d, (size_t)blk, 0);
	for (size_t i = 0; i < d->n; i++) {
		if (!is_sibling(&d->blk[blk], &d->blk[i]))
			continue;
		mark_disks(d, i, 0);
		if (d->blk[i].disk != d->root_disk)
			d->root_disk = -1;
	}
}

static bool travels(const struct br_disks *d, size_t at, unsigned depth)
{
	const struct br_blk *b = &d->blk[at];

	if (b->named)
		return true;
	if (!b->n_under)
		return b->own;
	for (size_t i = 0; i < b->n_under; i++)
		if (depth >= STACK_MAX || !travels(d, b->under[i], depth + 1))
			return false;
	return !b->partial;
}

bool br_disks_travels(const struct br_disks *d, int blk)
{
	return blk >= 0 && travels(d, (size_t)blk, 0);
}

int br_disks_partition(const struct br_disks *d, int disk, unsigned partno)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->blk[i].kind == BR_BLK_PART && d->blk[i].disk == disk && d->blk[i].partno == partno)
			return (int)i;
	return -1;
}

int br_disks_esp(const struct br_disks *d, int disk)
{
	for (size_t i = 0; i < d->n && disk >= 0; i++) {
		const struct br_blk *b = &d->blk[i];

		if (b->kind != BR_BLK_PART || b->disk != disk || !b->parttype)
			continue;
		if (strcasecmp(b->parttype, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b") == 0 ||
		    strcasecmp(b->parttype, "0xef") == 0)
			return (int)i;
	}
	return -1;
}

int br_disks_xbootldr(const struct br_disks *d, int disk)
{
	int found = -1;

	for (size_t i = 0; i < d->n && disk >= 0; i++) {
		const struct br_blk *b = &d->blk[i];

		if (b->kind == BR_BLK_PART && b->disk == disk && b->parttype &&
		    strcasecmp(b->parttype, "bc13c2ff-59e6-4262-a352-b275fd6f7172") == 0 &&
		    (found < 0 || b->partno < d->blk[found].partno))
			found = (int)i;
	}
	return found;
}

/* The root in the finished list: by its kernel name, or as the same partition of the image file. */
static int find_root(const struct br_machine *m, const struct br_devs *all, const char *source,
                     const struct br_disks *d)
{
	int loop = br_devs_index(all, source), file = loop < 0 ? -1 : backing_file(m, all, loop);
	br_autofree char *path = NULL;
	br_autoblob struct br_blob text = {0};
	uint64_t offset = 0;
	unsigned partno = 0;

	for (size_t i = 0; i < d->n && file < 0; i++)
		if (d->blk[i].own && br_streq(d->blk[i].name, source))
			return (int)i;
	if (file < 0)
		return -1;
	for (size_t i = 0; i < all->v[loop].n_parts; i++)
		if (br_streq(all->v[loop].parts[i].name, source))
			partno = all->v[loop].parts[i].partno;
	path = br_format("/block/%s/loop/offset", all->v[loop].name);
	if (path && br_root_read(&m->sys, path, PATH_MAX, &text) == 0)
		(void)!br_parse_uint(text.data, strcspn(text.data, "\n"), 10, 0, INT64_MAX, &offset);
	for (size_t i = 0; i < d->n; i++)
		if (d->blk[i].own && (partno ? d->blk[i].partno == partno : d->blk[i].start == offset))
			return (int)i;
	return -1;
}

static void free_machine(struct br_machine *m)
{
	br_machine_close(m);
}

static int read_disks(const struct br_machine *m, const struct br_disks_ask *ask, struct br_disks *out)
{
	br_cleanup(br_devs_free) struct br_devs devs = {0}, all = {0};
	br_autofree char *source = NULL;
	int r = choose(m, ask, &devs, out);

	if (r < 0)
		return r;
	out->known = ask->scan || ask->n_paths;
	if (!out->known)
		return 0;
	if (br_root_source(m, ask->root_dev, ask->root_fd, &source) >= 0)
		mark_root(m, ask, source, &devs);
	if (ask->n_paths)
		drop_unasked(&devs);
	br_devs_drop_unwanted(&devs);
	if (devs.n)
		qsort(devs.v, devs.n, sizeof(*devs.v), by_order);
	out->too_many = devs.too_many;
	r = read_all(m, &devs);
	for (size_t i = 0; i < devs.n && r >= 0; i++)
		r = br_join(m, &devs.v[i], out);
	if (r >= 0)
		r = br_relate(&devs, out);
	if (r < 0)
		return r;
	if (source && m->sys.fd >= 0 && br_sysfs_list(m, &all) < 0)
		all = (struct br_devs){0};
	br_disks_set_root(out, source ? find_root(m, &all, source, out) : -1);
	return 0;
}

int br_disks_read(const struct br_disks_ask *ask, struct br_disks *ret)
{
	br_cleanup(free_machine) struct br_machine m = {{.fd = -1}, {.fd = -1}, {.fd = -1}, NULL};
	br_cleanup(br_disks_free) struct br_disks out = {.root = -1, .root_disk = -1};
	int r = br_machine_open(ask->machine ? ask->machine : "", &m);

	if (r < 0)
		return r;
	r = read_disks(&m, ask, &out);
	if (r < 0)
		return r;
	*ret = out;
	out = (struct br_disks){.root = -1, .root_disk = -1};
	return 0;
}
