/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of the language itself: parameters, loops, eval; counting and patterns. */
#include <errno.h>
#include <limits.h>
#include <regex.h>
#include <string.h>

#include "image/grub-internal.h"

/* The number in v[1], 1 without it. */
static bool count_arg(size_t n, char **v, unsigned long *ret)
{
	const char *end;
	bool ok;

	*ret = 1;
	if (n == 1)
		return true;
	*ret = br_gs_number(v[1], &end, &ok);
	return n == 2 && ok && !*end;
}

int br_gs_cmd_setparams(struct grub_run *r, size_t n, char **v)
{
	struct grub_args a = {0};

	if (!r->scope)
		return GRUB_INVALID;
	for (size_t i = 1; i < n; i++)
		if (!br_gs_args_add(r, &a, v[i], strlen(v[i]))) {
			br_gs_args_free(&a);
			return GRUB_ERROR;
		}
	br_gs_args_free(&r->scope->own);
	r->scope->own = a;
	r->scope->args = &r->scope->own;
	r->scope->shifted = 0;
	return GRUB_OK;
}

int br_gs_cmd_shift(struct grub_run *r, size_t n, char **v)
{
	unsigned long k;

	if (!r->scope)
		return GRUB_OK;
	if (!count_arg(n, v, &k) || k > r->scope->args->n - r->scope->shifted)
		return GRUB_ERROR;
	r->scope->shifted += k;
	return GRUB_OK;
}

int br_gs_cmd_return(struct grub_run *r, size_t n, char **v)
{
	unsigned long k;

	if (!r->scope || n > 2)
		return GRUB_ERROR;
	k = br_gs_number(n == 2 ? v[1] : r->status, NULL, NULL);
	r->returning = true;
	return k > INT_MAX ? GRUB_ERROR : (int)k;
}

int br_gs_cmd_break(struct grub_run *r, size_t n, char **v)
{
	unsigned long k;

	if (!count_arg(n, v, &k) || !k)
		return GRUB_ERROR;
	r->is_continue = *v[0] == 'c';
	r->breaks = k < r->loops ? k : r->loops;
	return GRUB_OK;
}

int br_gs_cmd_eval(struct grub_run *r, size_t n, char **v)
{
	br_autostr struct br_str text = {0};
	br_autofree char *file = r->file ? strdup(r->file) : NULL;
	struct grub_src src;

	for (size_t i = 1; i < n; i++)
		br_str_printf(&text, "%s%s", i > 1 ? " " : "", v[i]);
	br_str_puts(&text, "");
	if (text.oom || (r->file && !file)) {
		br_gs_oom(r);
		return GRUB_ERROR;
	}
	src = (struct grub_src){.text = text.s, .len = text.len, .lines = &r->line, .n_lines = 1};
	return br_gs_run_text(r, &src, file, r->dev);
}

int br_gs_cmd_increment(struct grub_run *r, size_t n, char **v)
{
	const char *old = n == 2 ? br_gs_get(r, v[1]) : NULL;
	br_autofree char *text = NULL;
	long value;
	bool minus, ok;

	if (!old)
		return GRUB_ERROR;
	minus = *old == '-';
	value = (int)br_gs_number(old + (minus ? 1 : 0), NULL, &ok);
	if (!ok)
		return GRUB_ERROR;
	value = (minus ? -value : value) + (*v[0] == 'i' ? 1 : -1);
	text = br_format("%ld", value);
	if (text)
		br_gs_set(r, v[1], text);
	else
		br_gs_oom(r);
	return GRUB_OK;
}

#define GROUPS_MAX 10

static void set_group(struct grub_run *r, const char *spec, const char *s, const regmatch_t *m,
		      size_t n_groups)
{
	const char *colon = strchr(spec, ':');
	unsigned long k = colon ? br_gs_number(spec, NULL, NULL) : 1;
	const char *name = colon ? colon + 1 : spec;
	br_autofree char *text = NULL;

	if (k >= n_groups || m[k].rm_so < 0) {
		br_gs_unset(r, name);
		return;
	}
	text = strndup(s + m[k].rm_so, (size_t)(m[k].rm_eo - m[k].rm_so));
	if (text)
		br_gs_set(r, name, text);
	else
		br_gs_oom(r);
}

/* {1,255} within {1,255} is a cheap way to ask for gigabytes, and \1 one to ask for years. */
static bool dangerous(const char *pattern)
{
	for (const char *p = pattern; *p; p++)
		if (*p == '{' || (*p == '\\' && p[1] >= '0' && p[1] <= '9'))
			return true;
	return false;
}

static int match(struct grub_run *r, const struct grub_opt_value *set, const char *pattern,
		 const char *s)
{
	regmatch_t m[GROUPS_MAX];
	regex_t re;
	int ret;

	/* The C library's matcher may take time that grows with the product of both. */
	if (strlen(pattern) > 256 || strlen(s) > 4096 || !br_gs_charge(r, strlen(s))) {
		br_gs_note(r, BR_MENU_LIMIT, "regexp");
		return GRUB_FALSE;
	}
	if (dangerous(pattern)) {
		br_gs_note(r, BR_MENU_UNSUPPORTED, "regexp with a count or a back reference");
		return GRUB_FALSE;
	}
	if (regcomp(&re, pattern, REG_EXTENDED) != 0)
		return GRUB_FALSE;
	ret = regexec(&re, s, GROUPS_MAX, m, 0);
	if (ret == 0)
		for (size_t i = 0; i < set->all.n; i++)
			set_group(r, set->all.v[i], s, m,
				  re.re_nsub + 1 < GROUPS_MAX ? re.re_nsub + 1 : GROUPS_MAX);
	regfree(&re);
	return ret == 0 ? GRUB_OK : GRUB_FALSE;
}

int br_gs_cmd_regexp(struct grub_run *r, size_t n, char **v)
{
	static const struct grub_opt opts[] = {{"set", 's', OPT_VALUE}};
	struct grub_opt_value val[1] = {0};
	br_autofree char **rest = calloc(n, sizeof(*rest));
	size_t n_rest;
	int ret = GRUB_ERROR;

	r->glob = true;
	if (!rest)
		br_gs_oom(r);
	else if (br_gs_options(opts, 1, false, n, v, val, rest, &n_rest) && n_rest == 2)
		ret = match(r, &val[0], rest[0], rest[1]);
	br_gs_options_free(val, 1);
	return ret;
}
