/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the two firmwares' sides of loader.h. */
#ifndef BR_LOADER_INTERNAL_H
#define BR_LOADER_INTERNAL_H

#include "image/loader.h"

/* Takes text and fix over; code is constant. */
void br_loader_problem(struct br_loader *l, const char *code, char *text, char *fix);
int br_loader_bios(struct br_image *img, struct br_loader *l) br_must_check;

#endif
