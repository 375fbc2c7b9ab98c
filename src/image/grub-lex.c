/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB script: lines into chunks, chunks into tokens. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

/* One line of src and a newline onto l->buf. 0: there is none. */
static int fetch_line(struct grub_lex *l)
{
	struct grub_src *s = l->src;
	size_t at = l->buf.len;

	while (s->pos < s->len) {
		const char *from = s->text + s->pos;
		const char *nl = memchr(from, '\n', s->len - s->pos);
		size_t len = nl ? (size_t)(nl - from) : s->len - s->pos;
		size_t index = s->line_no++;
		const char *nul = memchr(from, '\0', len);

		s->pos += len + (nl ? 1 : 0);
		/* The rest of a line behind a NUL byte does not reach GRUB's parser. */
		if (nul)
			len = (size_t)(nul - from);
		for (size_t i = 0; i < len; i++)
			if (!s->is_file || from[i] != '\r')
				br_str_putc(&l->buf, from[i]);
		if (l->buf.oom)
			return -ENOMEM;
		if (s->is_file && l->buf.len > at && l->buf.s[at] == '#') {
			l->buf.len = at;
			continue;
		}
		br_str_putc(&l->buf, '\n');
		if (br_grow(&l->marks, &l->cap_marks, l->n_marks, sizeof(*l->marks)) < 0)
			l->buf.oom = true;
		if (l->buf.oom)
			return -ENOMEM;
		l->marks[l->n_marks].offset = at;
		if (s->lines)
			l->marks[l->n_marks].line = index < s->n_lines ? s->lines[index] : 0;
		else
			l->marks[l->n_marks].line = s->first ? s->first + (unsigned)index : 0;
		l->n_marks++;
		return 1;
	}
	return 0;
}

int br_gs_lex_init(struct grub_lex *l, struct grub_src *src)
{
	*l = (struct grub_lex){.src = src};
	return fetch_line(l);
}

void br_gs_lex_done(struct grub_lex *l)
{
	br_str_free(&l->buf);
	free(l->marks);
	*l = (struct grub_lex){0};
}

static bool is_name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

size_t br_gs_lex_var(const char *s, const char *end, const char **ret_name, size_t *ret_len)
{
	bool brace = s + 1 < end && s[1] == '{';
	const char *name = s + 1 + (brace ? 1 : 0), *p = name;

	if (p >= end)
		return 0;
	if (is_name_start(*p))
		while (p < end && is_name(*p))
			p++;
	else if (isdigit((unsigned char)*p))
		while (p < end && isdigit((unsigned char)*p))
			p++;
	else if (*p && strchr("?#*@", *p))
		p++;
	if (p == name || (brace && (p >= end || *p != '}')))
		return 0;
	*ret_name = name;
	*ret_len = (size_t)(p - name);
	return (size_t)(p - s) + (brace ? 1 : 0);
}

#define NO_END ((size_t)-1)

/* Behind the closing quote of the string whose content starts at p; NO_END: the text ends before
 * it. */
static size_t skip_string(struct grub_lex *l, size_t p, char quote)
{
	for (;;) {
		while (p < l->buf.len && l->buf.s[p] != quote)
			p += quote == '"' && l->buf.s[p] == '\\' ? 2 : 1;
		if (p < l->buf.len)
			return p + 1;
		if (fetch_line(l) <= 0)
			return NO_END;
	}
}

/* The end of the word at p; p where none starts; NO_END when the text ends inside it. */
static size_t skip_word(struct grub_lex *l, size_t p)
{
	for (;;) {
		const char *name, *s = l->buf.s;
		size_t len;

		switch (s[p]) {
		case '\0':
		case '{':
		case '}':
		case '|':
		case '&':
		case ';':
		case '<':
		case '>':
		case ' ':
		case '\t':
		case '\n':
			return p;
		case '\\':
			/* A backslash at the end of a line joins the next one, whatever is open. */
			if (p + 2 >= l->buf.len && fetch_line(l) <= 0)
				return NO_END;
			p += 2;
			break;
		case '\'':
		case '"':
			p = skip_string(l, p + 1, s[p]);
			if (p == NO_END)
				return NO_END;
			break;
		case '$':
			if (s[p + 1] == '"') {
				p = skip_string(l, p + 2, '"');
				if (p == NO_END)
					return NO_END;
				break;
			}
			len = br_gs_lex_var(s + p, s + l->buf.len, &name, &len);
			if (!len)
				return p;
			p += len;
			break;
		default:
			p++;
		}
	}
}

static enum grub_token classify(const char *s, size_t len)
{
	static const char *const reserved[] = {"case", "do",     "done", "elif",     "else",
					       "esac", "fi",     "for",  "function", "if",
					       "in",   "select", "then", "until",    "while"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(reserved); i++)
		if (strlen(reserved[i]) == len && memcmp(s, reserved[i], len) == 0)
			return (enum grub_token)(TOK_CASE + i);
	if (len == 2 && (memcmp(s, "[[", 2) == 0 || memcmp(s, "]]", 2) == 0))
		return TOK_OTHER;
	if (!is_name_start(*s))
		return TOK_WORD;
	for (size_t i = 1; i < len; i++)
		if (!is_name(s[i]))
			return TOK_WORD;
	return TOK_NAME;
}

static enum grub_token symbol(struct grub_lex *l)
{
	const char *s = l->buf.s + l->start;
	bool twice = s[0] == s[1];

	l->end = l->start + 1;
	switch (*s) {
	case '\n':
		return TOK_NEWLINE;
	case '{':
		return TOK_LBRACE;
	case '}':
		return TOK_RBRACE;
	case ';':
		if (!twice)
			return TOK_SEMI;
		break;
	case '|':
	case '&':
	case '<':
	case '>':
		break;
	default:
		return TOK_BAD; /* a lone $ */
	}
	return TOK_OTHER;
}

enum grub_token br_gs_lex_next(struct grub_lex *l)
{
	size_t mark, end;

	for (;;) {
		while (l->pos < l->buf.len && (l->buf.s[l->pos] == ' ' || l->buf.s[l->pos] == '\t'))
			l->pos++;
		if (l->pos < l->buf.len && l->buf.s[l->pos] == '#')
			while (l->buf.s[l->pos] != '\n')
				l->pos++;
		if (l->pos < l->buf.len)
			break;
		l->line = l->marks[l->n_marks - 1].line;
		if (!l->refs)
			return TOK_EOF;
		if (fetch_line(l) <= 0)
			return TOK_BAD;
	}
	l->start = l->pos;
	for (mark = l->n_marks - 1; l->marks[mark].offset > l->start;)
		mark--;
	l->line = l->marks[mark].line;
	end = skip_word(l, l->start);
	if (end == NO_END)
		return TOK_BAD;
	if (end == l->start) {
		enum grub_token t = symbol(l);

		l->pos = l->end;
		return t;
	}
	l->end = l->pos = end;
	return classify(l->buf.s + l->start, end - l->start);
}
