/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes of somebody else's, every access to which is checked. */
#ifndef BR_SPAN_H
#define BR_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct br_span {
	const char *p; /* borrowed */
	size_t len;
};

/* len bytes from byte at on, in *ret; false where s has them not, and *ret is as it was. */
static inline bool br_span_part(struct br_span s, uint64_t at, uint64_t len, struct br_span *ret)
{
	if (at > s.len || len > s.len - at)
		return false;
	*ret = (struct br_span){s.p + at, (size_t)len};
	return true;
}

#endif
