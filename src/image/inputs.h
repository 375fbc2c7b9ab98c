/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a verdict rests on, so that a stored report can be told from a current one: hashes of the files of
 * the boot chain, and facts, not bytes, of what a normal boot rewrites.
 */
#ifndef BR_INPUTS_H
#define BR_INPUTS_H

#include "image/image.h"

/* kind "file": the root's own path and its SHA-256, NULL absent; kind "fact": name and value. */
typedef void br_input_fn(void *ctx, const char *kind, const char *name, const char *value);

void br_inputs(struct br_image *img, br_input_fn *each, void *ctx);

#endif
