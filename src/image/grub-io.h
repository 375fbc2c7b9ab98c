/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's eyes on an image: devices are indexes of img->disks.blk, files come from the volumes. */
#ifndef BR_GRUB_IO_H
#define BR_GRUB_IO_H

#include "image/grub.h"
#include "image/image.h"

struct br_grub_view {
	struct br_image *img;
	const struct br_loader *loader;
};

/* An io whose ctx is view, which has to outlive it. */
struct br_grub_io br_grub_io_of(struct br_grub_view *view);

#endif
