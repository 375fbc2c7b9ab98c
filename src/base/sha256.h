/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-256 by nettle, behind one name so that another library could stand in. Cannot fail. */
#ifndef BR_SHA256_H
#define BR_SHA256_H

#include <nettle/sha2.h>
#include <stddef.h>

struct br_sha256 {
	struct sha256_ctx ctx;
};

void br_sha256_init(struct br_sha256 *s);
void br_sha256_add(struct br_sha256 *s, const void *buf, size_t len);
/* 64 lower-case hexadecimal digits and a NUL; s has to be made anew after. */
void br_sha256_hex(struct br_sha256 *s, char ret[65]);

#endif
