/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's block devices, from /sys/block (Documentation/ABI/stable/sysfs-block). Nothing is opened here. */
#include <errno.h>
#include <sys/sysmacros.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/disks-internal.h"

/* Attributes are a line each, of a page at most. */
#define ATTRIBUTE_MAX 4096
/* Deeper stacks than this (a mapping on a mapping on ...) are nobody's. */
#define STACK_MAX 16

static char *attribute(const struct br_machine *m, const char *dir, const char *name)
{
	br_autofree char *path = br_format("%s/%s", dir, name);
	br_autoblob struct br_blob blob = {0};

	if (!path || br_root_read(&m->sys, path, ATTRIBUTE_MAX, &blob) < 0)
		return NULL;
	blob.data[strcspn(blob.data, "\n")] = '\0';
	return BR_TAKE(blob.data);
}

static uint64_t number(const struct br_machine *m, const char *dir, const char *name, uint64_t otherwise)
{
	br_autofree char *text = attribute(m, dir, name);
	uint64_t v;

	return text && br_parse_uint(text, strlen(text), 10, 0, UINT64_MAX, &v) == 0 ? v : otherwise;
}

/* Sectors of sysfs are 512 bytes whatever the disk's own are. */
static uint64_t sectors(const struct br_machine *m, const char *dir, const char *name)
{
	uint64_t v = number(m, dir, name, 0), bytes;

	return __builtin_mul_overflow(v, 512, &bytes) ? 0 : bytes;
}

static dev_t device_number(const struct br_machine *m, const char *dir)
{
	br_autofree char *text = attribute(m, dir, "dev");
	uint64_t maj, min;
	size_t n;

	if (!text)
		return 0;
	n = strcspn(text, ":");
	if (!text[n] || br_parse_uint(text, n, 10, 0, UINT32_MAX, &maj) < 0 ||
	    br_parse_uint(text + n + 1, strlen(text + n + 1), 10, 0, UINT32_MAX, &min) < 0)
		return 0;
	return makedev((unsigned)maj, (unsigned)min);
}

static void names_in(const struct br_machine *m, const char *dir, const char *name, struct br_strv *ret)
{
	br_autofree char *path = br_format("%s/%s", dir, name);

	if (path && br_root_list(&m->sys, path, ret) < 0)
		*ret = (struct br_strv){0};
}

static bool has_names(const struct br_machine *m, const char *dir, const char *name)
{
	br_autostrv struct br_strv names = {0};

	names_in(m, dir, name, &names);
	return names.n > 0;
}

/*
 * The driver that finds the disk: the first one above it that is not merely SCSI's own "sd": virtio_blk,
 * virtio_scsi, ahci. Of NVMe with native multipath sysfs shows none.
 */
static char *driver_of(const struct br_machine *m, const char *name)
{
	br_autofree char *block = NULL, *at = NULL;

	if (br_starts(name, "nvme"))
		return strdup("nvme");
	block = br_format("/block/%s", name);
	if (!block || br_root_readlink(&m->sys, block, &at) < 0)
		return NULL;
	for (char *slash; (slash = strrchr(at, '/')) && slash != at; *slash = '\0') {
		br_autofree char *link = br_format("/block/%s/driver", at), *driver = NULL;
		const char *base;

		if (!link || br_root_readlink(&m->sys, link, &driver) < 0)
			continue;
		base = strrchr(driver, '/') ? strrchr(driver, '/') + 1 : driver;
		if (strcmp(base, "vbd") == 0) /* Xen's name on its bus for the driver xen_blkfront */
			return strdup("xen_blkfront");
		if (strcmp(base, "sd") != 0)
			return strdup(base);
	}
	return NULL;
}

static int add_part(const struct br_machine *m, struct br_dev *d, const char *dir, const char *name)
{
	struct br_kpart *p;

	if (d->n_parts == BR_PARTITIONS_MAX)
		return 0;
	if (br_grow(&d->parts, &d->cap_parts, d->n_parts, sizeof(*d->parts)) < 0)
		return -ENOMEM;
	p = &d->parts[d->n_parts];
	*p = (struct br_kpart){
		.name = strdup(name),
		.devno = device_number(m, dir),
		.partno = (unsigned)number(m, dir, "partition", 0),
		.start = sectors(m, dir, "start"),
		.size = sectors(m, dir, "size"),
		.held = has_names(m, dir, "holders"),
	};
	if (!p->name)
		return -ENOMEM;
	d->n_parts++;
	return 0;
}

static int read_parts(const struct br_machine *m, struct br_dev *d, const char *dir)
{
	br_autostrv struct br_strv names = {0};

	if (br_root_list(&m->sys, dir, &names) < 0)
		return 0;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *sub = br_format("%s/%s", dir, names.v[i]), *mark = NULL;
		int r;

		if (!br_starts(names.v[i], d->name))
			continue;
		mark = sub ? br_format("%s/partition", sub) : NULL;
		if (!mark)
			return -ENOMEM;
		if (!br_root_exists(&m->sys, mark))
			continue;
		r = add_part(m, d, sub, names.v[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_dev(const struct br_machine *m, const char *name, struct br_dev *d)
{
	br_autofree char *dir = br_format("/block/%s", name);

	if (!dir)
		return -ENOMEM;
	*d = (struct br_dev){
		.name = strdup(name),
		.path = br_format("%s/%s", m->dev, name),
		.devno = device_number(m, dir),
		.size = sectors(m, dir, "size"),
		.sector_size = (unsigned)number(m, dir, "queue/logical_block_size", 512),
		.removable = number(m, dir, "removable", 0) == 1,
		.mapped = br_starts(name, "dm-") || br_starts(name, "md"),
		.driver = driver_of(m, name),
		.mapper = attribute(m, dir, "dm/name"),
		.dm_uuid = attribute(m, dir, "dm/uuid"),
	};
	if (!d->name || !d->path)
		return -ENOMEM;
	/* A folder's slash ("cciss/c0d0") is a "!" in sysfs. */
	for (char *c = d->path + strlen(m->dev) + 1; *c; c++)
		if (*c == '!')
			*c = '/';
	names_in(m, dir, "slaves", &d->under);
	names_in(m, dir, "holders", &d->over);
	d->held = d->over.n > 0;
	return read_parts(m, d, dir);
}

static void dev_free(struct br_dev *d)
{
	for (size_t i = 0; i < d->n_parts; i++)
		free(d->parts[i].name);
	free(d->parts);
	br_blks_free(d->found, d->n_found);
	br_strv_free(&d->under);
	br_strv_free(&d->over);
	free(d->name);
	free(d->path);
	free(d->driver);
	free(d->mapper);
	free(d->dm_uuid);
	free(d->unread);
	*d = (struct br_dev){0};
}

void br_devs_free(struct br_devs *d)
{
	for (size_t i = 0; i < d->n; i++)
		dev_free(&d->v[i]);
	free(d->v);
	*d = (struct br_devs){0};
}

int br_devs_index(const struct br_devs *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++) {
		if (br_streq(d->v[i].name, name))
			return (int)i;
		for (size_t j = 0; j < d->v[i].n_parts; j++)
			if (br_streq(d->v[i].parts[j].name, name))
				return (int)i;
	}
	return -1;
}

static void mark_own(struct br_devs *d, const char *name, unsigned depth)
{
	int i = br_devs_index(d, name);

	if (i < 0 || depth > STACK_MAX || d->v[i].own)
		return;
	d->v[i].own = true;
	for (size_t j = 0; j < d->v[i].under.n; j++)
		mark_own(d, d->v[i].under.v[j], depth + 1);
}

void br_devs_mark_own(struct br_devs *d, const char *name)
{
	mark_own(d, name, 0);
}

/* Kinds that hold no root of a server and no file system that one mounts; the root's own is kept whatever. */
static bool unwanted(const struct br_dev *d)
{
	static const char *const kinds[] = {"fd", "sr", "loop", "ram", "zram", "mtdblock"};

	if (d->own || d->named)
		return false;
	for (size_t i = 0; i < BR_ARRAY_SIZE(kinds); i++) {
		const char *rest = d->name + strlen(kinds[i]);

		if (br_starts(d->name, kinds[i]) && *rest >= '0' && *rest <= '9')
			return true;
	}
	return major(d->devno) == 2 || d->size == 0;
}

/* A path of a multipath map: the map is the disk, and a path may hang for ever. */
static bool is_path(const struct br_devs *all, const struct br_dev *d)
{
	for (size_t i = 0; i < d->over.n; i++) {
		int over = br_devs_index(all, d->over.v[i]);

		if (over >= 0 && all->v[over].dm_uuid && br_starts(all->v[over].dm_uuid, "mpath-"))
			return true;
	}
	return false;
}

void br_devs_keep(struct br_devs *d, const bool *keep, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (i < n && keep[i])
			d->v[kept++] = d->v[i];
		else
			dev_free(&d->v[i]);
	}
	/* What was moved must not be owned twice when the list grows or is freed. */
	memset(d->v + kept, 0, (d->n - kept) * sizeof(*d->v));
	d->n = kept;
}

void br_devs_drop_unwanted(struct br_devs *d)
{
	bool keep[BR_BLKS_MAX * 2] = {false};

	for (size_t i = 0; i < d->n && i < BR_ARRAY_SIZE(keep); i++)
		keep[i] = !unwanted(&d->v[i]) && !is_path(d, &d->v[i]);
	if (d->n)
		br_devs_keep(d, keep, BR_ARRAY_SIZE(keep));
}

int br_sysfs_list(const struct br_machine *m, struct br_devs *ret)
{
	br_cleanup(br_devs_free) struct br_devs devs = {0};
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(&m->sys, "/block", &names);

	if (r < 0)
		return r;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *hidden = br_format("/block/%s", names.v[i]);

		/* The paths of NVMe's own multipath: no device node, the subsystem's disk is listed too. */
		if (hidden && number(m, hidden, "hidden", 0) == 1)
			continue;
		if (devs.n == BR_BLKS_MAX) {
			devs.too_many = true;
			break;
		}
		if (br_grow(&devs.v, &devs.cap, devs.n, sizeof(*devs.v)) < 0)
			return -ENOMEM;
		r = read_dev(m, names.v[i], &devs.v[devs.n]);
		devs.n++;
		if (r < 0)
			return r;
	}
	*ret = devs;
	devs = (struct br_devs){0};
	return 0;
}

int br_sysfs_name(const struct br_machine *m, dev_t devno, char **ret)
{
	br_autofree char *link = br_format("/dev/block/%u:%u", major(devno), minor(devno)), *target = NULL;
	const char *base;
	int r = link ? br_root_readlink(&m->sys, link, &target) : -ENOMEM;

	if (r < 0)
		return r;
	base = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
	*ret = strdup(base);
	return *ret ? 0 : -ENOMEM;
}
