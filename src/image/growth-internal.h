/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files behind growth.h share. */
#ifndef BR_GROWTH_INTERNAL_H
#define BR_GROWTH_INTERNAL_H

#include "image/growth.h"

/* An executable of that name in the usual folders. */
bool br_growth_program(const struct br_root *root, const char *name);
/* Is the unit pulled in by another's .wants or .requires folder, and not masked? */
bool br_growth_enabled(const struct br_root *root, const char *unit);
bool br_growth_masked(const struct br_root *root, const char *unit);
/* Keeps the first reason. Takes what, which may be NULL: -ENOMEM. */
int br_growth_stop(struct br_growth_stop *s, char *what, const char *path, unsigned line) br_must_check;
/* What cloud-init's files say: disabled, no_growpart, no_resizefs, unread. */
int br_growth_cloud(const struct br_root *root, struct br_growth *g) br_must_check;

#endif
