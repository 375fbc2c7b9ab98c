/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <nettle/eddsa.h>
#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "decide/signify.h"

#define COMMENT     "untrusted comment: "
#define COMMENT_MAX 1024

static int digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Exactly want bytes, in the one form that base64 has for them. */
static bool decode(const char *s, size_t len, uint8_t *out, size_t want)
{
	size_t full = want / 3 * 4, rest = want % 3, n = 0;
	uint32_t bits = 0;

	if (len != full + (rest ? 4 : 0))
		return false;
	for (size_t i = 0; i < full + (rest ? rest + 1 : 0); i++) {
		int d = digit(s[i]);

		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
		if (i % 4 == 0)
			continue;
		if (n < want)
			out[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
	}
	/* Bits behind the last byte would be a second text for the same bytes. */
	if (rest && (bits & (rest == 1 ? 0xf : 0x3)))
		return false;
	for (size_t i = full + rest + 1; rest && i < len; i++)
		if (s[i] != '=')
			return false;
	return n == want;
}

static int parse(const char *buf, size_t len, uint8_t *out, size_t want)
{
	const char *end = memchr(buf, '\n', len), *second, *last;

	if (!end || len > BR_SIGNATURE_MAX || (size_t)(end - buf) < strlen(COMMENT) || end - buf > COMMENT_MAX ||
	    memcmp(buf, COMMENT, strlen(COMMENT)) != 0)
		return -EINVAL;
	second = end + 1;
	last = memchr(second, '\n', len - (size_t)(second - buf));
	if (!last || last + 1 != buf + len || !decode(second, (size_t)(last - second), out, want))
		return -EINVAL;
	return memcmp(out, "Ed", 2) == 0 ? 0 : -EINVAL;
}

int br_public_key_parse(const char *buf, size_t len, struct br_public_key *ret)
{
	uint8_t raw[2 + sizeof(ret->number) + sizeof(ret->key)];
	int r = parse(buf, len, raw, sizeof(raw));

	if (r < 0)
		return r;
	memcpy(ret->number, raw + 2, sizeof(ret->number));
	memcpy(ret->key, raw + 2 + sizeof(ret->number), sizeof(ret->key));
	return 0;
}

int br_signature_parse(const char *buf, size_t len, struct br_signature *ret)
{
	uint8_t raw[2 + sizeof(ret->number) + sizeof(ret->bytes)];
	int r = parse(buf, len, raw, sizeof(raw));

	if (r < 0)
		return r;
	memcpy(ret->number, raw + 2, sizeof(ret->number));
	memcpy(ret->bytes, raw + 2 + sizeof(ret->number), sizeof(ret->bytes));
	return 0;
}

int br_signature_verify(const struct br_signature *sig, const struct br_public_key *key, const void *text, size_t len)
{
	if (memcmp(sig->number, key->number, sizeof(sig->number)) != 0)
		return -ENOKEY;
	return ed25519_sha512_verify(key->key, len, text, sig->bytes) ? 0 : -EKEYREJECTED;
}
