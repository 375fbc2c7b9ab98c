/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the kernels-*.c: where is looked, and what was found so far. */
#ifndef BR_KERNELS_INTERNAL_H
#define BR_KERNELS_INTERNAL_H

#include <sys/stat.h>

#include "image/image.h"
#include "image/kernels.h"
#include "image/root.h"

/* A folder with kernels in it. */
struct br_kernel_place {
	const struct br_root *root;
	char *dir;   /* below root; owned */
	char *shown; /* the root's own path of it; owned */
	struct stat st;
};

/* At most: the default kernel's folder, and the root's /boot. */
#define BR_KERNEL_PLACES_MAX (2 + 1)

struct br_kernel_gather {
	struct br_image *img;
	struct br_kernels *ret;
	struct br_kernel_place places[BR_KERNEL_PLACES_MAX];
	size_t n_places;
	size_t read; /* initramfs files read, the menu's other entries included */
};

char *br_path_below(const char *dir, const char *name); /* owned */
/* kernels-initramfs.c: the initramfs that belongs to a kernel, and what it is worth. */
int br_installed_initramfs(struct br_kernel_gather *g, struct br_installed *k) br_must_check;

#endif
