/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chains of rules: what becomes of the packet that runs through them. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/firewall-internal.h"

#define DEPTH_MAX 64
#define BIT(action) (1U << (action))

int br_passing_set(struct br_passing *p, enum br_passage ssh, const char *path, unsigned line, char *why)
{
	br_autofree char *copy = path ? strdup(path) : NULL, *owned = why;

	if (path && !copy)
		return -ENOMEM;
	free(p->path);
	free(p->why);
	*p = (struct br_passing){ssh, BR_TAKE(copy), line, BR_TAKE(owned)};
	return 0;
}

static void chain_free(struct br_fw_chain *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->rules[i].target);
	free(c->rules);
	free(c->name);
}

void br_fw_free(struct br_fw *fw)
{
	for (size_t i = 0; i < fw->n; i++)
		chain_free(&fw->chains[i]);
	free(fw->chains);
	br_strv_free(&fw->files);
	*fw = (struct br_fw){0};
}

void br_fw_flush(struct br_fw *fw, const char *prefix)
{
	size_t kept = 0;

	for (size_t i = 0; i < fw->n; i++) {
		if (br_starts(fw->chains[i].name, prefix))
			chain_free(&fw->chains[i]);
		else
			fw->chains[kept++] = fw->chains[i];
	}
	fw->n = kept;
}

static struct br_fw_chain *find(const struct br_fw *fw, const char *name)
{
	for (size_t i = 0; name && i < fw->n; i++)
		if (strcmp(fw->chains[i].name, name) == 0)
			return &fw->chains[i];
	return NULL;
}

int br_fw_chain(struct br_fw *fw, const char *name, size_t *ret)
{
	struct br_fw_chain *c = find(fw, name);
	char *copy;

	if (!c) {
		if (fw->n >= BR_FIREWALL_CHAINS_MAX)
			return -E2BIG;
		copy = strdup(name);
		if (!copy || br_grow(&fw->chains, &fw->cap, fw->n, sizeof(*fw->chains)) < 0) {
			free(copy);
			return -ENOMEM;
		}
		c = &fw->chains[fw->n++];
		*c = (struct br_fw_chain){.name = copy, .policy = BR_FW_ACCEPT};
	}
	*ret = (size_t)(c - fw->chains);
	return 0;
}

int br_fw_file(struct br_fw *fw, const char *path, size_t *ret)
{
	br_strv_add(&fw->files, path);
	*ret = fw->files.n - 1;
	return fw->files.oom ? -ENOMEM : 0;
}

int br_fw_add(struct br_fw *fw, size_t chain, size_t at, const struct br_fw_rule *rule)
{
	struct br_fw_chain *c = &fw->chains[chain];
	char *target = rule->target ? strdup(rule->target) : NULL;

	if (at > c->n)
		at = c->n;
	fw->n_moves += c->n - at;
	if (fw->n_rules >= BR_FIREWALL_RULES_MAX || fw->n_moves > BR_FIREWALL_MOVES_MAX) {
		free(target);
		return -E2BIG;
	}
	if ((rule->target && !target) || br_grow(&c->rules, &c->cap, c->n, sizeof(*c->rules)) < 0) {
		free(target);
		return -ENOMEM;
	}
	memmove(c->rules + at + 1, c->rules + at, (c->n - at) * sizeof(*c->rules));
	c->rules[at] = *rule;
	c->rules[at].target = target;
	c->n++;
	fw->n_rules++;
	return 0;
}

static unsigned walk(struct br_fw *fw, struct br_fw_chain *c, unsigned depth);

/* The ways a rule that matches can end: accepted, dropped, or on with the next one (CONTINUE) or back (RETURN). */
static unsigned ends(struct br_fw *fw, const struct br_fw_rule *r, unsigned depth)
{
	struct br_fw_chain *to;
	unsigned result;

	switch (r->action) {
	case BR_FW_JUMP:
	case BR_FW_GOTO:
		to = find(fw, r->target);
		if (!to)
			return BIT(BR_FW_CONTINUE);
		result = walk(fw, to, depth + 1);
		if (!(result & BIT(BR_FW_RETURN)))
			return result;
		result &= ~BIT(BR_FW_RETURN);
		return result | BIT(r->action == BR_FW_JUMP ? BR_FW_CONTINUE : BR_FW_RETURN);
	case BR_FW_EITHER:
		return BIT(BR_FW_ACCEPT) | BIT(BR_FW_DROP);
	default:
		return BIT(r->action);
	}
}

static void note(struct br_fw *fw, const struct br_fw_rule *r, unsigned result)
{
	if (result == BIT(BR_FW_DROP) && r->match == BR_FW_YES && r->action == BR_FW_DROP && !fw->dropped) {
		fw->dropped = true;
		fw->drop_file = r->file;
		fw->drop_line = r->line;
	}
	if (r->match == BR_FW_MAYBE || r->action == BR_FW_EITHER) {
		if (result != BIT(BR_FW_CONTINUE) && !fw->unsure) {
			fw->unsure = true;
			fw->maybe_file = r->file;
			fw->maybe_line = r->line;
		}
	}
}

/* One packet, one answer for each chain: it is worked out once. A chain that leads to itself is no ruleset. */
static unsigned walk(struct br_fw *fw, struct br_fw_chain *c, unsigned depth)
{
	unsigned out = 0;

	if (c->state == BR_FW_DONE)
		return c->result;
	if (c->state == BR_FW_BUSY || depth > DEPTH_MAX)
		return BIT(BR_FW_ACCEPT) | BIT(BR_FW_DROP);
	c->state = BR_FW_BUSY;
	for (size_t i = 0; i < c->n; i++) {
		const struct br_fw_rule *r = &c->rules[i];
		unsigned e;

		if (r->match == BR_FW_NO)
			continue;
		e = ends(fw, r, depth);
		note(fw, r, e);
		out |= e & ~BIT(BR_FW_CONTINUE);
		if (r->match == BR_FW_YES && !(e & BIT(BR_FW_CONTINUE))) {
			c->state = BR_FW_DONE;
			c->result = out;
			return out;
		}
	}
	c->state = BR_FW_DONE;
	c->result = out | BIT(BR_FW_RETURN);
	return c->result;
}

static int by_priority(const void *a, const void *b)
{
	const struct br_fw_chain *x = a, *y = b;

	return x->priority < y->priority ? -1 : x->priority > y->priority;
}

/* The end of a chain that packets come to is its policy. */
static unsigned base_result(struct br_fw *fw, struct br_fw_chain *c)
{
	unsigned e = walk(fw, c, 0);

	if (e & BIT(BR_FW_RETURN)) {
		e = (e & ~BIT(BR_FW_RETURN)) | BIT(c->policy);
		if (c->policy == BR_FW_DROP && !fw->dropped) {
			fw->dropped = true;
			fw->drop_file = c->policy_file;
			fw->drop_line = c->policy_line;
		}
	}
	return c->unsure && (e & BIT(BR_FW_DROP)) ? e | BIT(BR_FW_ACCEPT) : e;
}

int br_fw_judge(struct br_fw *fw, struct br_passing *ret)
{
	bool partly = false;

	if (fw->n)
		qsort(fw->chains, fw->n, sizeof(*fw->chains), by_priority);
	for (size_t i = 0; i < fw->n; i++) {
		unsigned e;

		if (!fw->chains[i].base)
			continue;
		fw->dropped = false;
		e = base_result(fw, &fw->chains[i]);
		if (e == BIT(BR_FW_DROP))
			return br_passing_set(ret, BR_PASSAGE_DROPPED, fw->files.n ? fw->files.v[fw->drop_file] : NULL,
			                      fw->dropped ? fw->drop_line : 0, NULL);
		partly |= (e & BIT(BR_FW_DROP)) != 0;
	}
	return br_passing_set(ret, partly ? BR_PASSAGE_PARTLY : BR_PASSAGE_OPEN,
	                      fw->files.n ? fw->files.v[partly && fw->unsure ? fw->maybe_file : 0] : NULL,
	                      partly && fw->unsure ? fw->maybe_line : 0, NULL);
}

enum br_fw_match br_fw_port(const char *word, char separator)
{
	const char *between = strchr(word, separator);
	size_t n = between ? (size_t)(between - word) : strlen(word);
	uint64_t low, high = 65535;

	if (strcmp(word, "ssh") == 0)
		return BR_FW_YES;
	if (n == 0 && between)
		low = 0;
	else if (br_parse_uint(word, n, 10, 0, 65535, &low) < 0)
		return BR_FW_NO; /* another service's name */
	if (!between)
		return low == 22 ? BR_FW_YES : BR_FW_NO;
	if (between[1] && br_parse_uint(between + 1, strlen(between + 1), 10, 0, 65535, &high) < 0)
		return BR_FW_MAYBE;
	return low <= 22 && 22 <= high ? BR_FW_YES : BR_FW_NO;
}

enum br_fw_match br_fw_address(const char *word)
{
	if (strcmp(word, "0.0.0.0/0") == 0 || strcmp(word, "0/0") == 0 || strcmp(word, "any") == 0 ||
	    strcmp(word, "anywhere") == 0)
		return BR_FW_YES;
	return br_starts(word, "127.") || strchr(word, ':') ? BR_FW_NO : BR_FW_MAYBE;
}
