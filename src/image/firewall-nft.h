/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nft's language as words, and one rule of it. */
#ifndef BR_FIREWALL_NFT_H
#define BR_FIREWALL_NFT_H

#include "image/firewall-internal.h"

/* A word, a text in quotes, a sign, or a line's end ("\n"). */
struct br_nft_word {
	char *s; /* owned */
	size_t file;
	unsigned line;
	bool quoted;
};

struct br_nft_words {
	struct br_nft_word *v;
	size_t n, cap;
};

/* A set or map by its name ("inet filter NAME"), and its elements. */
struct br_nft_set {
	char *name;
	struct br_strv words;
};

struct br_nft_sets {
	struct br_nft_set *v;
	size_t n, cap;
};

void br_nft_words_free(struct br_nft_words *w);
int br_nft_words_add(struct br_nft_words *w, const char *s, size_t len, size_t file, unsigned line, bool quoted) br_must_check;
/* firewall-nft-words.c: includes are read and definitions put in. -EBADMSG no text, -E2BIG. */
int br_nft_split(const struct br_root *root, const char *path, const char *buf, size_t len, struct br_fw *fw,
                 struct br_nft_words *ret) br_must_check;
/* firewall-nft-rule.c: holds a rule against the packet. prefix: "inet filter ". rule->target is owned by the caller. */
int br_nft_rule(const struct br_nft_word *v, size_t n, const char *prefix, const struct br_nft_sets *sets,
                struct br_fw_rule *rule) br_must_check;

#endif
