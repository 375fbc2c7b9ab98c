/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two sides of image/inputs.h share: to tell an input, and to tell it again. */
#ifndef BR_INPUTS_INTERNAL_H
#define BR_INPUTS_INTERNAL_H

#include "image/inputs.h"

#define BR_INPUT_GRUBENV_MAX (64 * BR_KIB)

/* The SHA-256 of a file of at most cap bytes. 0; -EFBIG; -errno. */
int br_input_hash(const struct br_root *root, const char *path, uint64_t cap, char hex[65]) br_must_check;
/* What the link at path says, owned; NULL there is none. */
char *br_input_link(const struct br_root *root, const char *path);
/* Is it in a folder in which systemd-boot counts an entry's tries in its name? */
bool br_input_may_be_counted(const char *path);
/* A path where GRUB's environment usually is, on the file system of its configuration. */
bool br_input_usual_grubenv(const char *path);
/* The first of those that is there. 0; -ENOENT none is; -errno. */
int br_input_read_grubenv(const struct br_root *root, struct br_blob *ret) br_must_check;
/* A variable's value, owned; NULL: not in it. */
char *br_input_grubenv_value(const struct br_blob *b, const char *name);

#endif
