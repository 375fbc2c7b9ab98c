/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's eyes on an image: devices are indexes of img->disks.blk, files come from the volumes. */
#ifndef BR_GRUB_IO_H
#define BR_GRUB_IO_H

#include "image/grub.h"
#include "image/image.h"
#include "image/volume.h"

struct br_grub_view {
	struct br_image *img;
	const struct br_loader *loader;
};

/* An io whose ctx is view, which has to outlive it. */
struct br_grub_io br_grub_io_of(struct br_grub_view *view);

/* The file system on a device; NULL: GRUB finds none that it could read there (or memory). */
const struct br_volume *br_grub_volume(struct br_image *img, int dev);

/* grub-device.c: 0; -ENOENT no such device; -ENODATA could not tell. */
int br_grub_device(const struct br_disks *d, const char *name, int *ret_dev) br_must_check;
int br_grub_found(const struct br_found *f, int *ret_dev) br_must_check;

#endif
