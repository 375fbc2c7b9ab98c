/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the unpack*.c: a stream being unpacked. */
#ifndef BR_UNPACK_INTERNAL_H
#define BR_UNPACK_INTERNAL_H

#include "base/limits.h"
#include "image/unpack.h"

#define BR_UNPACK_BLOCK (128 * BR_KIB)

struct br_unpacking {
	struct br_source *in;
	br_unpack_out out;
	void *ctx;
	unsigned char *block; /* BR_UNPACK_BLOCK bytes, or what the codec needs */
	enum br_unpack_end end;
	const char *why;
};

/* What a decoder's step came to. */
enum br_step {
	BR_STEP_MORE,
	BR_STEP_END,
	BR_STEP_CORRUPT,
};

/* All three: 0 go on, 1 ended, -errno. Settling hands unpacked bytes on and turns a step into an end. */
int br_unpack_end(struct br_unpacking *j, enum br_unpack_end end, const char *why) br_must_check;
int br_unpack_settle(struct br_unpacking *j, enum br_step step, size_t unpacked, const char *why) br_must_check;
int br_unpack_truncated(struct br_unpacking *j) br_must_check;

/* unpack-blocks.c: the two whose containers no library reads as the kernel does. */
int br_unpack_lz4(struct br_unpacking *j) br_must_check;
int br_unpack_lzo(struct br_unpacking *j) br_must_check;

#endif
