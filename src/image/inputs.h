/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a verdict rests on, so that a stored report can be told from a current one: hashes of the files of
 * the boot chain, and facts, not bytes, of what a normal boot rewrites.
 */
#ifndef BR_INPUTS_H
#define BR_INPUTS_H

#include "image/image.h"

/*
 * kind "file": the root's own path and its SHA-256, NULL absent, BR_INPUT_UNREADABLE; kind "link": a path and what the link there says, NULL
 * no link is there; kind "fact": name and value; of a GRUB environment in an unusual place "grubenv.NAME@PATH".
 */
#define BR_INPUT_UNREADABLE "unreadable"
typedef void br_input_fn(void *ctx, const char *kind, const char *name, const char *value);

void br_inputs(struct br_image *img, br_input_fn *each, void *ctx);

/*
 * What a stored input is now where the boot chain could not be followed (no disks): straight from the mounted root.
 * 0 with *ret (owned; NULL absent); -EOPNOTSUPP such a fact is not told without its chain; -ENOMEDIUM it lies where
 * a file system belongs that is not mounted; -EFBIG it is larger than *budget, which all of a report's files share;
 * -errno it could not be read.
 */
int br_input_now(const struct br_root *root, const char *kind, const char *name, uint64_t *budget, char **ret) br_must_check;
/* The same path, but for systemd-boot's boot counter in it, which every boot changes. */
bool br_input_same_path(const char *a, const char *b);

#endif
