/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files behind growth.h share. */
#ifndef BR_GROWTH_INTERNAL_H
#define BR_GROWTH_INTERNAL_H

#include "image/growth.h"

/* An executable of that name in the usual folders. */
bool br_growth_program(const struct br_root *root, const char *name);
/* Keeps the first reason. Takes what, which may be NULL: -ENOMEM. */
int br_growth_stop(struct br_growth_stop *s, char *what, const char *path, unsigned line) br_must_check;
/* What keeps cloud-init's two modules from their work, were cloud-init on: no_growpart, no_resizefs. */
int br_growth_cloud(const struct br_cloudinit *ci, const struct br_units *units, struct br_growth *g) br_must_check;

#endif
