/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's environment block: "# GRUB Environment Block\n", name=value lines, # up to its end. Its
 * size is fixed, 1024 bytes as `grub-editenv create` makes it, because GRUB writes it back block by
 * block.
 */
#ifndef BR_GRUBENV_H
#define BR_GRUBENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

#define BR_GRUBENV_SIZE 1024

struct br_grubenv {
	char **names, **values; /* n of each, in the order of the block; a name may stand twice: the
				   last counts */
	size_t n, cap_names, cap_values;
	bool odd_size; /* not BR_GRUBENV_SIZE: GRUB reads it, tools that rewrite it may not */
	bool cut;      /* the last line has no end: GRUB stops reading there */
};

/* -EINVAL: no signature; -ENOMEM. */
int br_grubenv_parse(const char *buf, size_t len, struct br_grubenv *ret) br_must_check;
const char *br_grubenv_get(const struct br_grubenv *env, const char *name);
void br_grubenv_free(struct br_grubenv *env);
#define br_autogrubenv br_cleanup(br_grubenv_free)

#endif
