/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nft's language as words, and one rule of it. */
#ifndef BR_FIREWALL_NFT_H
#define BR_FIREWALL_NFT_H

#include <string.h>

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
/* firewall-nft-base.c: "type filter hook input priority 0"; counts: a family that the packet is of. */
void br_nft_base(struct br_fw_chain *c, const struct br_nft_words *w, bool counts);
/* firewall-nft-rule.c: holds a rule against the packet. prefix: "inet filter ". rule->target is owned by the caller. */
int br_nft_rule(const struct br_nft_word *v, size_t n, const char *prefix, const struct br_nft_sets *sets,
                struct br_fw_rule *rule) br_must_check;

/* Where a rule is being read. */
struct br_nft_at {
	const struct br_nft_word *v;
	size_t n, i;
	const char *prefix;
	const struct br_nft_sets *sets;
	struct br_fw_rule *rule;
	bool ended, oom;
};

typedef enum br_fw_match (*br_nft_is)(const char *word);

static inline const char *br_nft_now(const struct br_nft_at *a)
{
	return a->i < a->n ? a->v[a->i].s : "";
}

static inline bool br_nft_eat(struct br_nft_at *a, const char *word)
{
	if (a->i >= a->n || strcmp(a->v[a->i].s, word) != 0)
		return false;
	a->i++;
	return true;
}

static inline void br_nft_also(struct br_nft_at *a, enum br_fw_match m)
{
	if (m < a->rule->match)
		a->rule->match = m;
}

/* firewall-nft-value.c. Ports and what is not known are held against the packet in ways of their own. */
enum br_fw_match br_nft_is_port(const char *word);
enum br_fw_match br_nft_is_unknown(const char *word);
bool br_nft_verdict(const char *word, enum br_fw_action *ret);
void br_nft_end(struct br_nft_at *a, enum br_fw_action action, const char *chain);
/* What stands in braces, up to the closing one, as plain words. */
void br_nft_braces(struct br_nft_at *a, struct br_strv *ret);
/* [==|!=|<...] value, value | { values } | @set | vmap ...: is the packet's among them? */
void br_nft_value(struct br_nft_at *a, br_nft_is is);
/* tcp flags */
void br_nft_flags(struct br_nft_at *a);

#endif
