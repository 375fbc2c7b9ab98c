/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A word taken apart into literal text and variables. */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

struct splitter {
	struct grub_arena *arena;
	struct grub_part **end;
	struct br_str text; /* collected for the part at hand */
	int err;
};

static void emit(struct splitter *w, enum grub_part_kind kind, const char *s, size_t len)
{
	struct grub_part *part = br_gs_alloc(w->arena, sizeof(*part));

	if (part)
		part->s = br_gs_alloc_str(w->arena, s, len);
	if (!part || !part->s) {
		w->err = -ENOMEM;
		return;
	}
	part->kind = kind;
	*w->end = part;
	w->end = &part->next;
}

static void flush(struct splitter *w, enum grub_part_kind kind, bool even_empty)
{
	if (w->text.oom)
		w->err = -ENOMEM;
	else if (w->text.len || even_empty)
		emit(w, kind, w->text.len ? w->text.s : "", w->text.len);
	w->text.len = 0;
}

/* A variable at s; the part in front of it has been flushed. */
static const char *variable(struct splitter *w, const char *s, const char *end,
			    enum grub_part_kind kind)
{
	const char *name;
	size_t len, n = br_gs_lex_var(s, end, &name, &len);

	if (!n) {
		w->err = -EINVAL;
		return end;
	}
	emit(w, kind, name, len);
	return s + n;
}

/* Behind the closing quote. Inside "..." a backslash only quotes $ \ " and a newline. */
static const char *double_quoted(struct splitter *w, const char *s, const char *end)
{
	/* Even "" makes an argument; "$empty" does too. */
	flush(w, PART_STRING, true);
	while (s < end && *s != '"' && !w->err) {
		if (*s == '$') {
			flush(w, PART_STRING, false);
			s = variable(w, s, end, PART_QUOTED_VAR);
			continue;
		}
		if (*s == '\\' && s + 1 < end && strchr("$\\\"\n", s[1])) {
			if (s[1] != '\n')
				br_str_putc(&w->text, s[1]);
			s += 2;
			continue;
		}
		br_str_putc(&w->text, *s++);
	}
	flush(w, PART_STRING, false);
	return s < end ? s + 1 : end;
}

/* $"...": text to be translated; its variables are put in when it runs. */
static const char *translated(struct splitter *w, const char *s, const char *end)
{
	while (s < end && *s != '"') {
		if (*s == '\\' && s + 1 < end && strchr("\\\"\n", s[1])) {
			if (s[1] == '\\')
				br_str_putc(&w->text, '\\');
			if (s[1] != '\n')
				br_str_putc(&w->text, s[1]);
			s += 2;
			continue;
		}
		br_str_putc(&w->text, *s++);
	}
	flush(w, PART_GETTEXT, true);
	return s < end ? s + 1 : end;
}

static const char *single_quoted(struct splitter *w, const char *s, const char *end)
{
	const char *close = memchr(s, '\'', (size_t)(end - s));

	if (!close)
		close = end;
	emit(w, PART_STRING, s, (size_t)(close - s));
	return close < end ? close + 1 : end;
}

int br_gs_word_parts(struct grub_arena *a, const char *s, size_t len, struct grub_part **ret)
{
	struct grub_part *first = NULL;
	struct splitter w = {.arena = a, .end = &first};
	const char *end = s + len;

	while (s < end && !w.err) {
		if (*s == '\\' && s + 1 < end) {
			if (s[1] != '\n')
				br_str_add(&w.text, s, 2);
			s += 2;
			continue;
		}
		if (*s != '"' && *s != '\'' && *s != '$') {
			br_str_putc(&w.text, *s++);
			continue;
		}
		flush(&w, PART_TEXT, false);
		if (*s == '"')
			s = double_quoted(&w, s + 1, end);
		else if (*s == '\'')
			s = single_quoted(&w, s + 1, end);
		else if (s + 1 < end && s[1] == '"')
			s = translated(&w, s + 2, end);
		else
			s = variable(&w, s, end, PART_VAR);
	}
	if (!w.err)
		flush(&w, PART_TEXT, false);
	br_str_free(&w.text);
	if (!w.err)
		*ret = first;
	return w.err;
}
