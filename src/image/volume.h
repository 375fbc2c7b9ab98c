/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file systems that the boot chain lives on, as roots of their own: the root file system itself, /boot,
 * the ESP. live and offline find them where they are mounted; preboot mounts them read-only without journal
 * replay, in a mount namespace of its own, and unmounts them with the image.
 */
#ifndef BR_VOLUME_H
#define BR_VOLUME_H

#include <stdbool.h>

#include "base/macro.h"
#include "image/image.h"

struct br_volume {
	int blk;             /* in img->disks */
	struct br_root root; /* fd -1: could not be opened, why says */
	char *mount;         /* the root's own path of it ("/", "/boot"), NULL unknown */
	char *subroot;       /* what part of the file system is seen ("/@"), NULL all of it */
	char *mounted;       /* where we mounted it, NULL we did not */
	bool stale;          /* its journal needs recovery: what is read may be old */
	char *why;           /* owned; why it could not be opened */
	char *fix;           /* owned; the command that would help, NULL */
};

/* Never NULL but for memory; opened on first use. */
const struct br_volume *br_volume(struct br_image *img, int blk);
/* A path as the boot loader gives it (on btrfs from the top), as the path to open below v->root; owned. */
char *br_volume_path(const struct br_volume *v, const char *path);
/*
 * Where a boot loader's path is to be opened below v->root; *ret owned. FAT is read without regard to case.
 * -ENOENT no such name; -ENODATA it cannot be seen: the volume is not open, or only a subvolume of a btrfs is
 * mounted and the path is not in it (SUSE's GRUB alone starts at the default subvolume).
 */
int br_volume_locate(const struct br_image *img, const struct br_volume *v, const char *path,
                     char **ret) br_must_check;
/* The same, opened for reading; also -errno of opening. */
int br_volume_open(struct br_image *img, int blk, const char *path, int *ret_fd) br_must_check;
/* The root's own path of a file on a volume, for people; owned. */
char *br_volume_shown(const struct br_volume *v, const char *path);
/* Is something mounted on that folder of the root? */
bool br_is_mount_point(const struct br_root *root, const char *path);
/* The line of fstab whose file system has that path and is not mounted below the root; NULL: the path is what it is. */
const struct br_fstab_entry *br_hidden_by(const struct br_root *root, const struct br_fstab *fstab, const char *path);
void br_volumes_free(struct br_image *img);

#endif
