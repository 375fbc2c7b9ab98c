/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options of commands, by the rules of GRUB's own option parser. */
#include <string.h>

#include "image/grub-internal.h"

struct scan {
	const struct grub_opt *opts;
	size_t n_opts;
	bool dash_ok;
	size_t n, i;
	char **v;
	struct grub_opt_value *ret;
};

static size_t find_letter(const struct scan *s, char c)
{
	for (size_t k = 0; k < s->n_opts; k++)
		if (s->opts[k].letter && s->opts[k].letter == c)
			return k;
	return s->n_opts;
}

static size_t find_name(const struct scan *s, const char *name, size_t len)
{
	for (size_t k = 0; k < s->n_opts; k++)
		if (strlen(s->opts[k].name) == len && memcmp(s->opts[k].name, name, len) == 0)
			return k;
	return s->n_opts;
}

static bool store(struct scan *s, size_t k, const char *arg)
{
	struct grub_opt_value *val = &s->ret[k];

	if (s->opts[k].kind == OPT_FLAG ? arg != NULL : !arg && s->opts[k].kind == OPT_VALUE)
		return false;
	val->set = true;
	val->arg = arg;
	if (arg)
		br_strv_add(&val->all, arg);
	return !val->all.oom;
}

/* "-fu": 1 taken, 0 a plain word, -1 wrong. */
static int letters(struct scan *s)
{
	const char *p = s->v[s->i] + 1;
	const char *arg = NULL;
	size_t k;

	if (s->dash_ok)
		for (const char *q = p; *q; q++)
			if (find_letter(s, *q) == s->n_opts)
				return 0;
	for (; p[1]; p++) {
		k = find_letter(s, *p);
		if (k == s->n_opts || !store(s, k, NULL))
			return -1;
	}
	k = find_letter(s, *p);
	if (k == s->n_opts)
		return -1;
	if (s->opts[k].kind != OPT_FLAG && s->i + 1 < s->n) {
		const char *next = s->v[s->i + 1];

		if (s->opts[k].kind == OPT_VALUE || *next != '-' || !next[1]) {
			arg = next;
			s->i++;
		}
	}
	return store(s, k, arg) ? 1 : -1;
}

/* "--name", "--name=value", "--name value". */
static int long_option(struct scan *s)
{
	const char *word = s->v[s->i] + 2, *eq = strchr(word, '=');
	size_t k = find_name(s, word, eq ? (size_t)(eq - word) : strlen(word));
	const char *arg = eq ? eq + 1 : NULL;

	if (k == s->n_opts)
		return s->dash_ok ? 0 : -1;
	if (!arg && s->opts[k].kind != OPT_FLAG && s->i + 1 < s->n && s->v[s->i + 1][0] != '-')
		arg = s->v[++s->i];
	return store(s, k, arg) ? 1 : -1;
}

bool br_gs_options(const struct grub_opt *opts, size_t n_opts, bool dash_ok, size_t n, char **v,
		   struct grub_opt_value *ret, char **rest, size_t *ret_rest)
{
	struct scan s = {
	    .opts = opts, .n_opts = n_opts, .dash_ok = dash_ok, .n = n, .v = v, .ret = ret};
	size_t n_rest = 0;

	for (s.i = 1; s.i < n; s.i++) {
		char *word = v[s.i];
		int taken = 0;

		if (strcmp(word, "--") == 0) {
			while (++s.i < n)
				rest[n_rest++] = v[s.i];
			break;
		}
		if (word[0] == '-' && word[1] == '-')
			taken = long_option(&s);
		else if (word[0] == '-' && word[1])
			taken = letters(&s);
		if (taken < 0)
			return false;
		if (!taken)
			rest[n_rest++] = word;
	}
	*ret_rest = n_rest;
	return true;
}

void br_gs_options_free(struct grub_opt_value *val, size_t n)
{
	for (size_t k = 0; k < n; k++)
		br_strv_free(&val[k].all);
}
