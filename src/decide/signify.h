/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A report's detached signature in signify's form: OpenBSD's own tool, and Debian's package signify-openbsd.
 * Taken because it is plain Ed25519 over the file's bytes with nothing to negotiate: two lines, an untrusted
 * comment and base64 of "Ed", a key's number (8 bytes) and the key (32) or the signature (64).
 */
#ifndef BR_SIGNIFY_H
#define BR_SIGNIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

struct br_public_key {
	uint8_t number[8];
	uint8_t key[32];
};

struct br_signature {
	uint8_t number[8]; /* of the key it says it was made with */
	uint8_t bytes[64];
};

/* 0; -EINVAL: not of that form. */
int br_public_key_parse(const char *buf, size_t len, struct br_public_key *ret) br_must_check;
int br_signature_parse(const char *buf, size_t len, struct br_signature *ret) br_must_check;

/* 0 good; -ENOKEY it was made with another key; -EKEYREJECTED it is not this text's. */
int br_signature_verify(const struct br_signature *sig, const struct br_public_key *key, const void *text,
                        size_t len) br_must_check;

#endif
