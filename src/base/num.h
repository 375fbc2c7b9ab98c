/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one number parser, and bounded little/big-endian loads. */
#ifndef BR_NUM_H
#define BR_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

/*
 * Exactly len bytes as a number in base 8, 10 or 16 (no sign, no prefix, no space), within min..max.
 * -EINVAL: not such a number; -ERANGE: out of range. ret untouched on failure.
 */
int br_parse_uint(const char *s, size_t len, unsigned base, uint64_t min, uint64_t max,
                  uint64_t *ret) br_must_check;

static inline uint16_t br_le16(const void *p)
{
	const unsigned char *b = p;
	return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t br_le32(const void *p)
{
	const unsigned char *b = p;
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint32_t br_be32(const void *p)
{
	const unsigned char *b = p;
	return b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
}
static inline uint64_t br_be64(const void *p)
{
	return (uint64_t)br_be32(p) << 32 | br_be32((const unsigned char *)p + 4);
}

static inline uint64_t br_le64(const void *p)
{
	return br_le32(p) | (uint64_t)br_le32((const unsigned char *)p + 4) << 32;
}

#endif
