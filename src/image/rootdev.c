/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the root's own files and superblock bears on finding it again on another machine. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/blkio.h"
#include "image/image.h"

/* btrfs's superblock (its on-disk format, struct btrfs_super_block): magic at 64, the number of devices at 136. */
#define BTRFS_SUPER   65536
#define BTRFS_MEMBERS 136

static void count_members(struct br_image *img)
{
	const struct br_blk *b = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;
	unsigned char sb[BTRFS_MEMBERS + 8];

	if (!b || !br_streq(b->type, "btrfs") || br_blk_read(&img->disks, img->disks.root, BTRFS_SUPER, sb, sizeof(sb)) < 0 ||
	    memcmp(sb + 64, "_BHRfS_M", 8) != 0)
		return;
	img->root_members = (unsigned)br_le64(sb + BTRFS_MEMBERS);
}

static int read_root(void *ctx, uint64_t offset, void *buf, size_t len)
{
	const struct br_image *img = ctx;

	return br_blk_read(&img->disks, img->disks.root, offset, buf, len);
}

static int list_subvolumes(struct br_image *img)
{
	const struct br_blk *b = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;

	img->subvolumes_err = -ENODATA;
	if (b && br_streq(b->type, "btrfs"))
		img->subvolumes_err = br_btrfs_subvolumes(read_root, img, &img->subvolumes);
	return img->subvolumes_err == -ENOMEM ? -ENOMEM : 0;
}

static int read_text(const struct br_root *root, const char *path, struct br_blob *ret)
{
	int r = br_root_read(root, path, BR_CONFIG_MAX, ret);

	return r == -ENOMEM ? r : 0;
}

/* Of several physical volumes the one that fares worst. */
static int look_lvm(struct br_image *img)
{
	br_autoblob struct br_blob conf = {0}, devices = {0};
	int r = read_text(&img->root, "/etc/lvm/lvm.conf", &conf);

	if (r == 0)
		r = read_text(&img->root, "/etc/lvm/devices/system.devices", &devices);
	for (size_t i = 0; r == 0 && i < img->disks.n; i++) {
		enum br_lvm_view view;
		char *why;

		if (img->disks.blk[i].use != BR_USE_LVM || !br_disks_travels(&img->disks, (int)i))
			continue;
		r = br_early_lvm(img, (int)i, conf.data, devices.data, &view, &why);
		if (r < 0 || view == BR_LVM_SEEN || img->lvm_view == BR_LVM_HIDDEN) {
			if (r == 0)
				free(why);
			continue;
		}
		free(img->lvm_why);
		img->lvm_view = view;
		img->lvm_why = why;
	}
	return r;
}

int br_rootdev_read(struct br_image *img)
{
	int r;

	count_members(img);
	r = list_subvolumes(img);
	return r < 0 ? r : look_lvm(img);
}
