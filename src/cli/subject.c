/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "cli.h"

#define PREFIX "sha256:"

static bool is_digest(const char *s)
{
	return strlen(s) == 64 && strspn(s, "0123456789abcdefABCDEF") == 64;
}

int br_subject_parse(const char *text, struct br_subject *ret)
{
	const char *digest = strstr(text, PREFIX), *at;

	/* The last one: a file's name may hold the word too. */
	for (at = digest; at && (at = strstr(at + 1, PREFIX));)
		digest = at;
	if (!digest || !is_digest(digest + strlen(PREFIX)) || (digest != text && (digest[-1] != '=' || digest == text + 1)))
		return br_usage_error("--subject takes [NAME=]sha256:DIGEST, with 64 hexadecimal digits, not \"%s\"", text);
	ret->name_len = digest == text ? 0 : (size_t)(digest - text) - 1;
	ret->name = text;
	for (size_t i = 0; i < 64; i++) {
		char c = digest[strlen(PREFIX) + i];

		ret->sha256[i] = (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	}
	ret->sha256[64] = '\0';
	return 0;
}
