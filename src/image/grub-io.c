/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/grub-io.h"
#include "image/loader.h"
#include "image/volume.h"

const struct br_volume *br_grub_volume(struct br_image *img, int dev)
{
	const struct br_blk *b;

	if (dev < 0 || (size_t)dev >= img->disks.n)
		return NULL;
	b = &img->disks.blk[dev];
	/* A whole disk with partitions, swap: "unknown filesystem". */
	if (!b->unread && b->use != BR_USE_FS && dev != img->disks.root)
		return NULL;
	return br_volume(img, dev);
}

static const struct br_volume *volume(struct br_grub_view *view, int dev)
{
	return br_grub_volume(view->img, dev);
}

/* Does a file that is not seen lie in a subvolume of the same file system that is mounted there, but not now? */
static bool may_be_covered(struct br_image *img, const struct br_volume *v, const char *path)
{
	br_autofree char *shown = br_volume_shown(v, path);
	size_t top = v->mount ? strlen(v->mount) : 0;

	for (size_t i = 0; shown && top && i < img->fstab.n; i++) {
		const struct br_fstab_entry *e = &img->fstab.entries[i];
		size_t n = e->swap ? 0 : strlen(e->target);
		struct br_found f;

		if (n <= top || strncmp(shown, e->target, n) != 0 || shown[n] != '/')
			continue;
		br_disks_find(&img->disks, &e->spec, &f);
		if (f.blk == v->blk && !br_is_mount_point(&img->root, e->target))
			return true;
	}
	return false;
}

/*
 * What Debian's and Ubuntu's memory disks add to the search, by their packages' build-efi-images: where the prefix
 * has no grub.cfg, the one beside GRUB itself is read.
 */
static const char memdisk[] = "if [ ! -e $prefix/grub.cfg -a -e $cmdpath/grub.cfg ]; then\n"
			      "normal $cmdpath/grub.cfg\n"
			      "fi\n";

static int io_read(void *ctx, int dev, const char *path, char **ret, size_t *ret_len)
{
	struct br_grub_view *view = ctx;
	br_autofree char *own = NULL;
	const struct br_volume *v;
	struct br_blob b;
	int r;

	if (strcmp(path, BR_EMBEDDED_CONFIG) == 0 && view->loader->embedded) {
		/* What grub-mkimage -c put in; when it returns, GRUB goes on with its normal configuration. */
		*ret = br_format("%s\n%snormal\n", view->loader->embedded,
		                 strstr(view->loader->embedded, "(memdisk)") ? memdisk : "");
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
	if ((r == -ENOENT || r == -ENOTDIR) && may_be_covered(view->img, v, path))
		return -ENODATA;
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
	if (r == -ENOENT || r == -ENOTDIR)
		return may_be_covered(view->img, v, path) ? -ENODATA : 0;
	if (r < 0)
		return r;
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
	return br_grub_found(&f, ret_dev);
}

static int io_device(void *ctx, const char *name, int *ret_dev)
{
	struct br_grub_view *view = ctx;

	return br_grub_device(&view->img->disks, name, ret_dev);
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
