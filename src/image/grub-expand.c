/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words into arguments: variables put in and split, quoting taken away, file name patterns filled.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "image/grub-internal.h"

struct builder {
	struct grub_run *r;
	struct grub_args *out;
	struct br_str cur, pattern; /* pattern: cur with quoted * ? \ behind backslashes */
	bool open;                  /* there is an argument, perhaps an empty one */
	bool magic;
	size_t total;
	bool failed;
};

bool br_gs_args_add(struct grub_run *r, struct grub_args *a, const char *s, size_t len)
{
	if (br_grow(&a->v, &a->cap, a->n + 1, sizeof(*a->v)) < 0) {
		br_gs_oom(r);
		return false;
	}
	a->v[a->n] = strndup(s, len);
	if (!a->v[a->n]) {
		br_gs_oom(r);
		return false;
	}
	a->v[++a->n] = NULL;
	return true;
}

void br_gs_args_free(struct grub_args *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->v[i]);
	free(a->v);
	free(a->glued_empty);
	*a = (struct grub_args){0};
}

static void append(struct builder *b, const char *s, size_t len, bool quoted)
{
	b->open = true;
	b->total += len;
	if (b->total > BR_GRUB_WORD_MAX) {
		if (!b->failed)
			br_gs_note(b->r, BR_MENU_LIMIT, "expansion");
		b->r->halt = HALT_LIMIT;
		b->failed = true;
		return;
	}
	br_str_add(&b->cur, s, len);
	if (!b->r->glob)
		return;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '*' || s[i] == '?')
			b->magic |= !quoted;
		if (s[i] == '\\' || (quoted && (s[i] == '*' || s[i] == '?')))
			br_str_putc(&b->pattern, '\\');
		br_str_putc(&b->pattern, s[i]);
	}
}

/* The argument at hand is complete. An empty place is no argument and is used again. */
static void next(struct builder *b)
{
	br_autostrv struct br_strv found = {0};

	if (!b->open)
		return;
	b->total++;
	if (b->cur.oom || b->pattern.oom) {
		br_gs_oom(b->r);
		b->failed = true;
	} else if (b->magic && br_gs_glob(b->r, b->pattern.s, &found)) {
		for (size_t i = 0; i < found.n && !b->failed; i++)
			b->failed = !br_gs_args_add(b->r, b->out, found.v[i], strlen(found.v[i]));
	} else if (!br_gs_args_add(b->r, b->out, b->cur.len ? b->cur.s : "", b->cur.len)) {
		b->failed = true;
	}
	b->cur.len = b->pattern.len = 0;
	b->open = b->magic = false;
}

static bool is_blank(char c)
{
	return isspace((unsigned char)c);
}

/* Unquoted: split at white space, which at the front and back separates nothing. */
static void append_split(struct builder *b, const char *s)
{
	while (is_blank(*s))
		s++;
	while (*s) {
		const char *from = s;

		while (*s && !is_blank(*s))
			s++;
		append(b, from, (size_t)(s - from), false);
		while (is_blank(*s))
			s++;
		if (*s)
			next(b);
	}
}

static void append_value(struct builder *b, const char *value, bool quoted)
{
	if (quoted)
		append(b, value, strlen(value), true);
	else
		append_split(b, value);
}

/* $@ and $*: the arguments of the function or menu entry that runs. false: there are none. */
static bool append_params(struct builder *b, bool quoted, bool as_one)
{
	const struct grub_scope *sc = b->r->scope;

	for (size_t i = sc->shifted; i < sc->args->n && !b->failed; i++) {
		if (i > sc->shifted) {
			if (as_one && quoted)
				append(b, " ", 1, true);
			else
				next(b);
		}
		append_value(b, sc->args->v[i], quoted);
	}
	return sc->args->n > sc->shifted;
}

/* false: nothing came of it. */
static bool append_var(struct builder *b, const char *name, bool quoted)
{
	const struct grub_scope *sc = b->r->scope;
	const char *value;
	size_t have;

	if (!isdigit((unsigned char)*name) && !strchr("#*@", *name)) {
		value = br_gs_get(b->r, name);
		if (!value || !*value)
			return false;
		append_value(b, value, quoted);
		return true;
	}
	if (!sc)
		return false;
	have = sc->args->n - sc->shifted;
	if (*name == '#') {
		char text[24];

		snprintf(text, sizeof(text), "%zu", have);
		append_value(b, text, quoted);
		return true;
	}
	if (*name == '*' || *name == '@')
		return append_params(b, quoted, *name == '*');
	{
		unsigned long k = br_gs_number(name, NULL, NULL);

		if (!k || k > have)
			return false;
		append_value(b, sc->args->v[sc->shifted + k - 1], quoted);
		return true;
	}
}

static bool is_hex(char c)
{
	return isxdigit((unsigned char)c);
}

/* A backslash quotes the next character. Fedora's GRUB leaves \xHH alone, for the kernel's command
 * line. */
static void append_text(struct builder *b, const char *s)
{
	while (*s) {
		const char *from = s;

		while (*s && *s != '\\')
			s++;
		if (s > from)
			append(b, from, (size_t)(s - from), false);
		if (*s != '\\')
			return;
		if (b->r->fedora && s[1] == 'x' && is_hex(s[2]) && is_hex(s[3])) {
			append(b, s, 4, true);
			s += 4;
		} else if (s[1]) {
			append(b, s + 1, 1, true);
			s += 2;
		} else {
			s++;
		}
	}
}

/* $"text": there is no catalogue here, so the text itself, with its variables put in. */
static void append_gettext(struct builder *b, const char *s)
{
	append(b, "", 0, true);
	while (*s && !b->failed) {
		const char *name;
		size_t len, n;

		if (*s == '\\' && s[1]) {
			if (s[1] != '$' && s[1] != '\\')
				append(b, s, 1, true);
			append(b, s + 1, 1, true);
			s += 2;
			continue;
		}
		n = *s == '$' ? br_gs_lex_var(s, s + strlen(s), &name, &len) : 0;
		if (n) {
			br_autofree char *copy = strndup(name, len);

			if (copy)
				append_var(b, copy, true);
			s += n;
			continue;
		}
		append(b, s++, 1, true);
	}
}

static void append_word(struct builder *b, const struct grub_word *w)
{
	const char *empty = NULL;
	bool text = false;

	for (const struct grub_part *p = w->parts; p && !b->failed; p = p->next) {
		switch (p->kind) {
		case PART_TEXT:
			append_text(b, p->s);
			text = true;
			break;
		case PART_STRING:
			append(b, p->s, strlen(p->s), true);
			text |= *p->s != '\0';
			break;
		case PART_VAR:
		case PART_QUOTED_VAR:
			if (!append_var(b, p->s, p->kind == PART_QUOTED_VAR))
				empty = p->s;
			break;
		case PART_GETTEXT:
			append_gettext(b, p->s);
			text = true;
			break;
		}
	}
	/* Such a word still says something, and something else than was meant. */
	if (empty && text && !b->out->glued_empty && b->cur.s && br_starts(b->cur.s, "root=")) {
		b->out->glued_empty = strdup(empty);
		if (!b->out->glued_empty)
			br_gs_oom(b->r);
	}
}

bool br_gs_expand(struct grub_run *r, const struct grub_word *words, struct grub_args *ret)
{
	struct builder b = {.r = r, .out = ret};

	for (const struct grub_word *w = words; w && !b.failed; w = w->next) {
		next(&b);
		append_word(&b, w);
	}
	next(&b);
	br_str_free(&b.cur);
	br_str_free(&b.pattern);
	return !b.failed && br_gs_charge(r, 1 + b.total / GRUB_BYTES_PER_STEP);
}
