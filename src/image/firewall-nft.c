/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules in nft's language: tables, chains and sets, in blocks and as commands. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/firewall-nft.h"

struct reading {
	struct br_fw *fw;
	const struct br_nft_word *v;
	size_t n, i;
	struct br_nft_sets sets;
	char prefix[600]; /* "inet filter " */
	bool counts;      /* a family that the packet is of */
};

static void sets_free(struct br_nft_sets *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		br_strv_free(&s->v[i].words);
	}
	free(s->v);
}

static const char *now(const struct reading *r)
{
	return r->i < r->n ? r->v[r->i].s : "";
}

static bool at_end(const struct reading *r)
{
	return r->i >= r->n || strcmp(now(r), "\n") == 0 || strcmp(now(r), ";") == 0;
}

static bool eat(struct reading *r, const char *word)
{
	if (r->i >= r->n || strcmp(now(r), word) != 0)
		return false;
	r->i++;
	return true;
}

static void skip_lines(struct reading *r)
{
	while (r->i < r->n && at_end(r))
		r->i++;
}

/* The words of one statement, up to its end or the closing brace of what is around it; lines in braces are one. */
static int statement(struct reading *r, struct br_nft_words *ret)
{
	unsigned depth = 0;

	for (; r->i < r->n; r->i++) {
		const struct br_nft_word *w = &r->v[r->i];
		bool sign = !w->quoted;
		int e;

		if (sign && !depth && (at_end(r) || strcmp(w->s, "}") == 0))
			break;
		if (sign && strcmp(w->s, "\n") == 0)
			continue;
		if (sign && strcmp(w->s, "{") == 0)
			depth++;
		if (sign && strcmp(w->s, "}") == 0)
			depth--;
		e = br_nft_words_add(ret, w->s, strlen(w->s), w->file, w->line, w->quoted);
		if (e < 0)
			return e;
	}
	return 0;
}

static void skip_block(struct reading *r)
{
	unsigned depth = 1;

	for (; r->i < r->n && depth; r->i++)
		if (strcmp(now(r), "{") == 0)
			depth++;
		else if (strcmp(now(r), "}") == 0)
			depth--;
}

static int chain_of(struct reading *r, const char *name, size_t *ret)
{
	br_autofree char *key = br_format("%s%s", r->prefix, name);

	return key ? br_fw_chain(r->fw, key, ret) : -ENOMEM;
}

static int add_rule(struct reading *r, size_t chain, const struct br_nft_word *v, size_t n, size_t at)
{
	struct br_fw_rule rule = {.file = v[0].file, .line = v[0].line};
	int e = br_nft_rule(v, n, r->prefix, &r->sets, &rule);

	if (e == 0)
		e = br_fw_add(r->fw, chain, at, &rule);
	free(rule.target);
	return e;
}

static int in_chain(struct reading *r, size_t chain, const struct br_nft_words *w)
{
	const char *first = w->n ? w->v[0].s : "";

	if (!w->n || strcmp(first, "comment") == 0 || strcmp(first, "device") == 0 || strcmp(first, "devices") == 0)
		return 0;
	if (strcmp(first, "type") == 0) {
		br_nft_base(&r->fw->chains[chain], w, r->counts);
		return 0;
	}
	if (strcmp(first, "policy") == 0) {
		r->fw->chains[chain].policy = w->n > 1 && strcmp(w->v[1].s, "drop") == 0 ? BR_FW_DROP : BR_FW_ACCEPT;
		r->fw->chains[chain].policy_file = w->v[0].file;
		r->fw->chains[chain].policy_line = w->v[0].line;
		return 0;
	}
	return add_rule(r, chain, w->v, w->n, BR_FW_END);
}

static int chain_block(struct reading *r, const char *name)
{
	size_t chain;
	int e = chain_of(r, name, &chain);

	while (e == 0 && r->i < r->n) {
		br_cleanup(br_nft_words_free) struct br_nft_words w = {0};

		skip_lines(r);
		if (eat(r, "}"))
			break;
		e = statement(r, &w);
		if (e == 0)
			e = in_chain(r, chain, &w);
	}
	return e;
}

static int set_named(struct reading *r, const char *name, struct br_nft_set **ret)
{
	br_autofree char *key = br_format("%s%s", r->prefix, name);
	size_t i = 0;

	if (!key)
		return -ENOMEM;
	while (i < r->sets.n && strcmp(r->sets.v[i].name, key) != 0)
		i++;
	if (i == r->sets.n) {
		if (i >= BR_FIREWALL_SETS_MAX)
			return -E2BIG;
		if (br_grow(&r->sets.v, &r->sets.cap, i, sizeof(*r->sets.v)) < 0)
			return -ENOMEM;
		r->sets.v[r->sets.n++] = (struct br_nft_set){.name = BR_TAKE(key)};
	}
	*ret = &r->sets.v[i];
	return 0;
}

/* Behind the opening brace, up to the closing one. */
static int elements(struct reading *r, struct br_nft_set *set)
{
	for (; r->i < r->n && strcmp(now(r), "}") != 0; r->i++) {
		const char *s = now(r);
		size_t n = strlen(s);

		if (strcmp(s, "\n") == 0)
			continue;
		if (n > 1 && s[n - 1] == ':') {
			br_strv_addn(&set->words, s, n - 1);
			br_strv_add(&set->words, ":");
		} else {
			br_strv_add(&set->words, s);
		}
	}
	eat(r, "}");
	return set->words.oom ? -ENOMEM : 0;
}

static int set_block(struct reading *r, const char *name)
{
	struct br_nft_set *set;
	int e = set_named(r, name, &set);

	if (e < 0)
		return e;
	for (; r->i < r->n && strcmp(now(r), "}") != 0;) {
		if (!eat(r, "elements")) {
			r->i++;
			continue;
		}
		eat(r, "=");
		if (eat(r, "{"))
			e = elements(r, set);
		if (e < 0)
			return e;
	}
	eat(r, "}");
	return 0;
}

/* chain|set|map NAME { ... }, in a table's block or behind "add". */
static int object(struct reading *r, const char *kind)
{
	br_autofree char *name = strdup(now(r));
	int e;

	if (!name)
		return -ENOMEM;
	r->i++;
	if (!eat(r, "{")) {
		size_t chain;

		e = strcmp(kind, "chain") == 0 ? chain_of(r, name, &chain) : 0;
		while (e == 0 && !at_end(r) && strcmp(now(r), "}") != 0) /* "ct helper NAME {" has words between */
			if (eat(r, "{"))
				skip_block(r);
			else
				r->i++;
		return e;
	}
	if (strcmp(kind, "chain") == 0)
		return chain_block(r, name);
	if (strcmp(kind, "set") == 0 || strcmp(kind, "map") == 0)
		return set_block(r, name);
	skip_block(r);
	return 0;
}

/* [FAMILY] TABLE: sets the prefix. */
static void table(struct reading *r)
{
	static const char *const families[] = {"ip", "inet", "ip6", "arp", "bridge", "netdev"};
	const char *family = "ip";

	for (size_t i = 0; i < BR_ARRAY_SIZE(families); i++)
		if (eat(r, families[i])) {
			family = families[i];
			break;
		}
	r->counts = strcmp(family, "ip") == 0 || strcmp(family, "inet") == 0 || strcmp(family, "netdev") == 0;
	snprintf(r->prefix, sizeof(r->prefix), "%s %.500s ", family, now(r));
	r->i++;
}

static int table_block(struct reading *r)
{
	int e = 0;

	while (e == 0 && r->i < r->n) {
		br_autofree char *kind = NULL;

		skip_lines(r);
		if (eat(r, "}") || r->i >= r->n)
			break;
		kind = strdup(now(r));
		if (!kind)
			return -ENOMEM;
		r->i++;
		e = object(r, kind);
	}
	return e;
}

static int rule_command(struct reading *r, bool insert)
{
	br_cleanup(br_nft_words_free) struct br_nft_words w = {0};
	br_autofree char *name = NULL;
	size_t chain;
	int e;

	table(r);
	name = strdup(now(r));
	if (!name)
		return -ENOMEM;
	r->i++;
	e = chain_of(r, name, &chain);
	if (e == 0)
		e = statement(r, &w);
	return e == 0 && w.n ? add_rule(r, chain, w.v, w.n, insert ? 0 : BR_FW_END) : e;
}

static int element_command(struct reading *r)
{
	struct br_nft_set *set;
	int e;

	table(r);
	e = set_named(r, now(r), &set);
	if (e < 0)
		return e;
	r->i++;
	return eat(r, "{") ? elements(r, set) : 0;
}

static int command(struct reading *r)
{
	bool insert = strcmp(now(r), "insert") == 0;

	if (eat(r, "flush") || eat(r, "delete") || eat(r, "destroy")) {
		r->prefix[0] = '\0';
		if (eat(r, "table"))
			table(r);
		else if (!eat(r, "ruleset"))
			return 0;
		br_fw_flush(r->fw, r->prefix);
		return 0;
	}
	if (!eat(r, "add") && !eat(r, "create"))
		eat(r, "insert");
	if (eat(r, "table")) {
		table(r);
		return eat(r, "{") ? table_block(r) : 0;
	}
	if (eat(r, "rule"))
		return rule_command(r, insert);
	if (eat(r, "element"))
		return element_command(r);
	if (strcmp(now(r), "chain") == 0 || strcmp(now(r), "set") == 0 || strcmp(now(r), "map") == 0) {
		const char *kind = now(r);

		r->i++;
		table(r);
		return object(r, kind);
	}
	return 0;
}

static int read_all(struct reading *r)
{
	int e = 0;

	for (r->i = 0; e == 0 && r->i < r->n;) {
		size_t from = r->i;
		br_cleanup(br_nft_words_free) struct br_nft_words rest = {0};

		skip_lines(r);
		if (r->i >= r->n)
			break;
		e = command(r);
		if (e == 0)
			e = statement(r, &rest);
		if (r->i == from || strcmp(now(r), "}") == 0)
			r->i++;
	}
	return e;
}

int br_nft_parse(const struct br_root *root, const char *path, const char *buf, size_t len, struct br_fw *fw)
{
	br_cleanup(br_nft_words_free) struct br_nft_words words = {0};
	br_cleanup(br_fw_free) struct br_fw unused = {0};
	struct reading r = {.fw = &unused};
	int e = br_nft_split(root, path, buf, len, fw, &words);

	r.v = words.v;
	r.n = words.n;
	/* Twice: a rule may name a set that stands behind it. */
	if (e == 0)
		e = read_all(&r);
	r.fw = fw;
	if (e == 0)
		e = read_all(&r);
	sets_free(&r.sets);
	return e;
}
