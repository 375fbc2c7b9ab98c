/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>

#include "base/sha256.h"

void br_sha256_init(struct br_sha256 *s)
{
	sha256_init(&s->ctx);
}

void br_sha256_add(struct br_sha256 *s, const void *buf, size_t len)
{
	sha256_update(&s->ctx, len, buf);
}

void br_sha256_hex(struct br_sha256 *s, char ret[65])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_SIZE];

	sha256_digest(&s->ctx, sizeof(sum), sum);
	for (size_t i = 0; i < sizeof(sum); i++) {
		ret[2 * i] = digits[sum[i] >> 4];
		ret[2 * i + 1] = digits[sum[i] & 15];
	}
	ret[64] = '\0';
}
