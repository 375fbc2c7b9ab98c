/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files behind fstab.h share. */
#ifndef BR_FSTAB_INTERNAL_H
#define BR_FSTAB_INTERNAL_H

#include "image/fstab.h"

/* Keeps a line that cannot be parsed, cut. */
int br_fstab_bad(struct br_fstab *f, unsigned line, const char *text, bool crypttab) br_must_check;
/* \NNN octal escapes (fstab(5), proc(5)) of len bytes, undone. */
char *br_unmangle(const char *s, size_t len);

#endif
