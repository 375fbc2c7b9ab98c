/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/grub-io.h"
#include "image/loader.h"
#include "image/volume.h"

static const struct br_volume *volume(struct br_grub_view *view, int dev)
{
	if (dev < 0 || (size_t)dev >= view->img->disks.n)
		return NULL;
	return br_volume(view->img, dev);
}

static int io_read(void *ctx, int dev, const char *path, char **ret, size_t *ret_len)
{
	struct br_grub_view *view = ctx;
	br_autofree char *own = NULL;
	const struct br_volume *v;
	struct br_blob b;
	int r;

	if (strcmp(path, BR_EMBEDDED_CONFIG) == 0 && view->loader->embedded) {
		/* What grub-mkimage -c put in; when it returns, GRUB goes on with its normal configuration. */
		*ret = br_format("%s\nconfigfile $prefix/grub.cfg\n", view->loader->embedded);
		if (!*ret)
			return -ENOMEM;
		*ret_len = strlen(*ret);
		return 0;
	}
	v = volume(view, dev);
	if (!v)
		return -ENOENT;
	r = br_volume_locate(view->img, v, path, &own);
	if (r < 0)
		return r;
	r = br_root_read(&v->root, own, BR_GRUBCFG_MAX, &b);
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR || r == -ENOMEM ? r : -ENODATA;
	*ret = b.data;
	*ret_len = b.len;
	return 0;
}

static int io_test(void *ctx, int dev, const char *path, enum br_grub_file what)
{
	struct br_grub_view *view = ctx;
	const struct br_volume *v = volume(view, dev);
	br_autofree char *own = NULL;
	struct stat st;
	int r;

	if (!v)
		return 0;
	r = br_volume_locate(view->img, v, path, &own);
	if (r == 0)
		r = br_root_stat(&v->root, own, &st);
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	switch (what) {
	case BR_GRUB_FILE:
		return !S_ISDIR(st.st_mode);
	case BR_GRUB_DIR:
		return S_ISDIR(st.st_mode);
	case BR_GRUB_NONEMPTY:
		return st.st_size > 0;
	case BR_GRUB_EXISTS:
		break;
	}
	return 1;
}

static int io_list(void *ctx, int dev, const char *path, struct br_strv *ret)
{
	struct br_grub_view *view = ctx;
	const struct br_volume *v = volume(view, dev);
	br_autofree char *own = NULL;
	int r;

	if (!v)
		return -ENOENT;
	r = br_volume_locate(view->img, v, path, &own);
	if (r == 0)
		r = br_root_list(&v->root, own, ret);
	return r == 0 || r == -ENOENT || r == -ENOTDIR || r == -ENOMEM ? r : -ENODATA;
}

static int search_file(struct br_grub_view *view, const char *path, int *ret_dev)
{
	bool unread = false;

	for (size_t i = 0; i < view->img->disks.n; i++) {
		int r;

		if (view->img->disks.blk[i].use != BR_USE_FS || !br_disks_travels(&view->img->disks, (int)i))
			continue;
		r = io_test(view, (int)i, path, BR_GRUB_EXISTS);
		if (r == 1) {
			*ret_dev = (int)i;
			return 0;
		}
		unread |= r < 0;
	}
	return unread ? -ENODATA : -ENOENT;
}

static int found_dev(const struct br_found *f, int *ret_dev)
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

static int io_search(void *ctx, enum br_grub_by by, const char *value, int *ret_dev)
{
	struct br_grub_view *view = ctx;
	const struct br_spec spec = {
		.kind = by == BR_GRUB_BY_UUID ? BR_SPEC_UUID : BR_SPEC_LABEL,
		.value = (char *)value,
	};
	struct br_found f;

	if (by == BR_GRUB_BY_FILE)
		return search_file(view, value, ret_dev);
	br_disks_find(&view->img->disks, &spec, &f);
	return found_dev(&f, ret_dev);
}

static int partition(const struct br_disks *d, int disk, uint64_t no)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->blk[i].kind == BR_BLK_PART && d->blk[i].disk == disk && d->blk[i].partno == no)
			return (int)i;
	return -1;
}

/* "hd0,gpt3", "hd0,msdos1", "hd0,3", ",gpt3" (the boot disk). hd0 is the disk the firmware started from. */
static int io_device(void *ctx, const char *name, int *ret_dev)
{
	struct br_grub_view *view = ctx;
	const struct br_disks *d = &view->img->disks;
	const char *comma = strchr(name, ','), *digits;
	uint64_t no;
	int blk;

	if (br_starts(name, "lvm/") || br_starts(name, "md/") || br_starts(name, "mduuid/") ||
	    br_starts(name, "lvmid/") || br_starts(name, "cryptouuid/")) {
		const struct br_spec spec = {.kind = BR_SPEC_MAPPER, .value = (char *)name + strlen("lvm/")};
		struct br_found f;

		if (!br_starts(name, "lvm/"))
			return -ENODATA;
		br_disks_find(d, &spec, &f);
		return found_dev(&f, ret_dev);
	}
	if (!br_starts(name, "hd") && name[0] != ',')
		return -ENOENT;
	if (!br_starts(name, "hd0") && name[0] != ',')
		return -ENODATA;
	if (!comma) {
		*ret_dev = d->root_disk;
		return 0;
	}
	digits = comma + 1 + strcspn(comma + 1, "0123456789");
	if (br_parse_uint(digits, strlen(digits), 10, 1, BR_PARTITIONS_MAX, &no) < 0)
		return -ENOENT;
	blk = partition(d, d->root_disk, no);
	if (blk < 0)
		return -ENOENT;
	*ret_dev = blk;
	return 0;
}

static int io_device_name(void *ctx, int dev, char **ret)
{
	struct br_grub_view *view = ctx;
	const struct br_disks *d = &view->img->disks;
	const struct br_blk *b;

	if (dev < 0 || (size_t)dev >= d->n)
		return -ENOENT;
	b = &d->blk[dev];
	if (b->kind == BR_BLK_MAPPED || b->kind == BR_BLK_VOLUME)
		*ret = br_format("lvm/%s", b->mapper ? b->mapper : b->name);
	else if (b->kind == BR_BLK_PART)
		*ret = br_format("hd%d,%s%u", b->disk == d->root_disk ? 0 : 1,
		                 b->disk >= 0 && br_streq(d->blk[b->disk].pttype, "dos") ? "msdos" : "gpt", b->partno);
	else
		*ret = br_format("hd%d", dev == d->root_disk ? 0 : 1);
	return *ret ? 0 : -ENOMEM;
}

static int io_uuid(void *ctx, int dev, char **ret)
{
	struct br_grub_view *view = ctx;

	if (dev < 0 || (size_t)dev >= view->img->disks.n || !view->img->disks.blk[dev].uuid)
		return -ENOENT;
	*ret = strdup(view->img->disks.blk[dev].uuid);
	return *ret ? 0 : -ENOMEM;
}

struct br_grub_io br_grub_io_of(struct br_grub_view *view)
{
	return (struct br_grub_io){
		.ctx = view,
		.search = io_search,
		.device = io_device,
		.device_name = io_device_name,
		.read = io_read,
		.test = io_test,
		.list = io_list,
		.uuid = io_uuid,
	};
}
