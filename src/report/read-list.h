/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several reports as one document: the list that the format "json" makes of them. */
#ifndef BR_READ_LIST_H
#define BR_READ_LIST_H

#include <stddef.h>

#include "base/macro.h"

/* One item's own bytes: where they are, in a buffer of the caller's. */
struct br_piece {
	const char *at;
	size_t len;
};

/*
 * The items of a JSON list, *ret (owned) and how many; none of them is looked at. A buffer that begins with anything
 * else is one item. 0; -EINVAL such a list does not end, or more follows it; -E2BIG more than max; -ENOMEM.
 */
int br_json_pieces(const char *buf, size_t len, size_t max, struct br_piece **ret, size_t *ret_n) br_must_check;

#endif
