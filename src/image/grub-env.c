/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's variables and the contexts they live in. */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "image/grub-internal.h"

static struct grub_var *find(const struct grub_env *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcmp(e->vars[i].name, name) == 0)
			return &e->vars[i];
	return NULL;
}

/* The variable as seen from the innermost context; GRUB copies what is exported when it opens one.
 */
static const struct grub_var *visible(const struct grub_run *r, const char *name)
{
	const struct grub_env *inner = NULL;

	for (const struct grub_env *e = r->env; e; inner = e, e = e->up) {
		const struct grub_var *v = find(e, name);

		if (!v)
			continue;
		/* Fedora's GRUB copies everything. */
		return !inner || v->exported || inner->sees_all || r->fedora ? v : NULL;
	}
	return NULL;
}

const char *br_gs_get(struct grub_run *r, const char *name)
{
	const struct grub_var *v;

	if (strcmp(name, "?") == 0)
		return r->status;
	v = visible(r, name);
	return v ? v->value : NULL;
}

static struct grub_var *own(struct grub_run *r, const char *name)
{
	struct grub_env *e = r->env;
	const struct grub_var *seen = visible(r, name);
	struct grub_var *v = find(e, name);

	if (v)
		return v;
	if (r->n_vars >= BR_GRUB_VARS_MAX) {
		br_gs_note(r, BR_MENU_LIMIT, "variables");
		r->halt = HALT_LIMIT;
		return NULL;
	}
	if (br_grow(&e->vars, &e->cap, e->n, sizeof(*v)) < 0) {
		br_gs_oom(r);
		return NULL;
	}
	v = &e->vars[e->n];
	*v = (struct grub_var){.name = strdup(name), .exported = seen != NULL};
	if (!v->name) {
		br_gs_oom(r);
		return NULL;
	}
	e->n++;
	r->n_vars++;
	return v;
}

static void put(struct grub_run *r, const char *name, char *value)
{
	struct grub_var *v = own(r, name);

	if (!v) {
		free(value);
		return;
	}
	free(v->value);
	v->value = value;
}

void br_gs_set(struct grub_run *r, const char *name, const char *value)
{
	size_t len = strlen(value);
	char *copy;

	if (!br_gs_charge(r, 1 + len / GRUB_BYTES_PER_STEP))
		return;
	/* set root=(hd0,gpt1) is understood, too. */
	if (strcmp(name, "root") == 0 && len >= 2 && *value == '(' && value[len - 1] == ')') {
		value++;
		len -= 2;
	}
	copy = strndup(value, len);
	if (!copy) {
		br_gs_oom(r);
		return;
	}
	put(r, name, copy);
}

void br_gs_unset(struct grub_run *r, const char *name)
{
	static const char *const stay[] = {"root", "prefix", "pager", "color_normal",
					   "color_highlight"};

	if (!visible(r, name))
		return;
	/* Variables that GRUB watches can be emptied only. */
	for (size_t i = 0; i < BR_ARRAY_SIZE(stay); i++)
		if (strcmp(name, stay[i]) == 0) {
			br_gs_set(r, name, "");
			return;
		}
	put(r, name, NULL);
}

void br_gs_export(struct grub_run *r, const char *name)
{
	const char *value = br_gs_get(r, name);
	struct grub_var *v;

	if (!find(r->env, name) || !value)
		br_gs_set(r, name, value ? value : "");
	v = find(r->env, name);
	if (v)
		v->exported = true;
}

void br_gs_push(struct grub_run *r, bool sees_all)
{
	struct grub_env *e = calloc(1, sizeof(*e));

	if (!e) {
		br_gs_oom(r);
		return;
	}
	e->up = r->env;
	e->sees_all = sees_all;
	r->env = e;
}

void br_gs_pop(struct grub_run *r)
{
	struct grub_env *e = r->env;

	r->env = e->up;
	for (size_t i = 0; i < e->n; i++) {
		free(e->vars[i].name);
		free(e->vars[i].value);
	}
	r->n_vars -= (unsigned)e->n;
	free(e->vars);
	free(e);
}

static int digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isalpha((unsigned char)c) ? (c | 0x20) - 'a' + 10 : INT_MAX;
}

/*
 * A number as GRUB reads one: 0x.., 0.. in base 8, else decimal; what follows is the caller's.
 * ret_ok false where there is no digit, or it does not fit.
 */
unsigned long br_gs_number(const char *s, const char **ret_end, bool *ret_ok)
{
	unsigned long n = 0;
	int base = 10;
	bool digits = false, fits = true;

	while (isspace((unsigned char)*s))
		s++;
	if (*s == '0') {
		base = 8;
		if (s[1] == 'x') {
			base = 16;
			s += 2;
		}
	}
	for (; digit(*s) < base; s++) {
		digits = true;
		if (__builtin_mul_overflow(n, (unsigned long)base, &n) ||
		    __builtin_add_overflow(n, (unsigned long)digit(*s), &n)) {
			fits = false;
			n = ULONG_MAX;
			break;
		}
	}
	if (ret_end)
		*ret_end = s;
	if (ret_ok)
		*ret_ok = digits && fits;
	return n;
}
