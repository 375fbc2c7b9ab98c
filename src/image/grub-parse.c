/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB script: tokens into commands. The grammar is GRUB's own and stricter than a shell's: no
 * empty lists, one delimiter between commands, functions at the outermost level only.
 */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

struct parser {
	struct grub_lex lex;
	struct grub_chunk *chunk;
	enum grub_token token;
	/* Whether token holds the next one. It is only fetched when it decides something: with
	 * nothing open the one behind the last newline would be the end, with something open it
	 * lies on the next line. */
	bool peeked;
	unsigned depth;
	int err;
};

static struct grub_cmd *list(struct parser *p, bool *ret_delimited);

static enum grub_token peek(struct parser *p)
{
	if (!p->peeked) {
		p->token = br_gs_lex_next(&p->lex);
		p->peeked = true;
		if (p->lex.buf.oom && !p->err)
			p->err = -ENOMEM;
	}
	return p->token;
}

static void eat(struct parser *p)
{
	p->peeked = false;
}

static void *fail(struct parser *p)
{
	if (!p->err)
		p->err = -EINVAL;
	return NULL;
}

static void *alloc(struct parser *p, size_t size)
{
	void *m = br_gs_alloc(&p->chunk->arena, size);

	if (!m) {
		p->chunk->limit = true;
		fail(p);
	}
	return m;
}

static bool expect(struct parser *p, enum grub_token t)
{
	if (p->err || peek(p) != t) {
		fail(p);
		return false;
	}
	eat(p);
	return true;
}

static void newlines(struct parser *p)
{
	while (!p->err && peek(p) == TOK_NEWLINE)
		eat(p);
}

static struct grub_word *word(struct parser *p)
{
	struct grub_word *w = alloc(p, sizeof(*w));
	int err;

	if (!w)
		return NULL;
	err = br_gs_word_parts(&p->chunk->arena, p->lex.buf.s + p->lex.start,
			       p->lex.end - p->lex.start, &w->parts);
	if (err < 0) {
		if (err == -ENOMEM)
			p->chunk->limit = true;
		return fail(p);
	}
	eat(p);
	return w;
}

static struct grub_word *arguments(struct parser *p)
{
	struct grub_word *first = NULL, **end = &first;

	while (!p->err && peek(p) >= TOK_CASE) {
		*end = word(p);
		if (!*end)
			return NULL;
		end = &(*end)->next;
	}
	return first;
}

/* The text between the braces and, beside it, where its lines came from. */
static bool keep_text(struct parser *p, struct grub_block *b, size_t from, size_t to)
{
	const struct grub_mark *m = p->lex.marks;
	size_t first = 0, last;

	b->len = to - from;
	b->text = br_gs_alloc_str(&p->chunk->arena, p->lex.buf.s + from, b->len);
	while (first + 1 < p->lex.n_marks && m[first + 1].offset <= from)
		first++;
	for (last = first; last + 1 < p->lex.n_marks && m[last + 1].offset <= to;)
		last++;
	b->n_lines = last - first + 1;
	b->lines = alloc(p, b->n_lines * sizeof(*b->lines));
	if (!b->text || !b->lines) {
		p->chunk->limit = true;
		fail(p);
		return false;
	}
	for (size_t i = 0; i < b->n_lines; i++)
		b->lines[i] = m[first + i].line;
	return true;
}

static struct grub_block *block(struct parser *p)
{
	struct grub_block *b = alloc(p, sizeof(*b));
	size_t from = p->lex.end;
	bool delimited;

	if (!b)
		return NULL;
	eat(p);
	p->lex.refs++;
	list(p, &delimited);
	if (p->err || peek(p) != TOK_RBRACE)
		return fail(p);
	if (!keep_text(p, b, from, p->lex.start))
		return NULL;
	eat(p);
	p->lex.refs--;
	return b;
}

static void simple(struct parser *p, struct grub_cmd *c)
{
	c->kind = CMD_SIMPLE;
	c->words = arguments(p);
	if (!p->err && peek(p) == TOK_LBRACE)
		c->block = block(p);
}

/* A list with a delimiter behind it, as everything but a menu entry's block wants it. */
static struct grub_cmd *delimited_list(struct parser *p)
{
	bool delimited = false;
	struct grub_cmd *first = p->err ? NULL : list(p, &delimited);

	if (!p->err && !delimited)
		fail(p);
	return first;
}

/* Behind `if`, up to `fi`, which is left. */
static void conditional(struct parser *p, struct grub_cmd *c)
{
	for (;;) {
		c->kind = CMD_IF;
		c->cond = delimited_list(p);
		if (!expect(p, TOK_THEN))
			return;
		c->body = delimited_list(p);
		if (p->err || peek(p) != TOK_ELIF)
			break;
		c->other = alloc(p, sizeof(*c->other));
		if (!c->other)
			return;
		c = c->other;
		c->line = p->lex.line;
		eat(p);
	}
	if (!p->err && peek(p) == TOK_ELSE) {
		eat(p);
		c->other = delimited_list(p);
	}
}

static void body(struct parser *p, struct grub_cmd *c)
{
	if (!expect(p, TOK_DO))
		return;
	c->body = delimited_list(p);
	if (expect(p, TOK_DONE))
		p->lex.refs--;
}

static void loop(struct parser *p, struct grub_cmd *c, enum grub_cmd_kind kind)
{
	c->kind = kind;
	eat(p);
	p->lex.refs++;
	c->cond = delimited_list(p);
	body(p, c);
}

static void for_loop(struct parser *p, struct grub_cmd *c)
{
	c->kind = CMD_FOR;
	eat(p);
	if (peek(p) != TOK_NAME) {
		fail(p);
		return;
	}
	c->var = br_gs_alloc_str(&p->chunk->arena, p->lex.buf.s + p->lex.start,
				 p->lex.end - p->lex.start);
	if (!c->var)
		p->chunk->limit = true;
	if (!c->var || !expect(p, TOK_NAME)) {
		fail(p);
		return;
	}
	p->lex.refs++;
	if (!expect(p, TOK_IN))
		return;
	c->words = arguments(p);
	if (p->err || (peek(p) != TOK_SEMI && peek(p) != TOK_NEWLINE)) {
		fail(p);
		return;
	}
	eat(p);
	newlines(p);
	body(p, c);
}

static void compound(struct parser *p, struct grub_cmd *c)
{
	switch (peek(p)) {
	case TOK_NAME:
	case TOK_WORD:
		simple(p, c);
		break;
	case TOK_IF:
		eat(p);
		p->lex.refs++;
		conditional(p, c);
		if (expect(p, TOK_FI))
			p->lex.refs--;
		break;
	case TOK_FOR:
		for_loop(p, c);
		break;
	case TOK_WHILE:
		loop(p, c, CMD_WHILE);
		break;
	case TOK_UNTIL:
		loop(p, c, CMD_UNTIL);
		break;
	default:
		fail(p);
	}
}

static struct grub_cmd *command(struct parser *p)
{
	struct grub_cmd *c;

	if (p->depth >= BR_GRUB_DEPTH_MAX) {
		p->chunk->limit = true;
		return fail(p);
	}
	peek(p);
	c = alloc(p, sizeof(*c));
	if (!c)
		return NULL;
	c->line = p->lex.line;
	p->depth++;
	compound(p, c);
	p->depth--;
	return p->err ? NULL : c;
}

static bool starts_command(enum grub_token t)
{
	return t == TOK_NAME || t == TOK_WORD || t == TOK_IF || t == TOK_FOR || t == TOK_WHILE ||
	       t == TOK_UNTIL;
}

/* Commands with a ; or newline and any further newlines between them; perhaps behind the last one,
 * too. */
static struct grub_cmd *list(struct parser *p, bool *ret_delimited)
{
	struct grub_cmd *first = NULL, **end = &first;

	*ret_delimited = false;
	newlines(p);
	for (;;) {
		*end = p->err ? NULL : command(p);
		if (!*end)
			return NULL;
		end = &(*end)->next;
		if (peek(p) != TOK_SEMI && peek(p) != TOK_NEWLINE)
			return first;
		eat(p);
		newlines(p);
		if (p->err || !starts_command(peek(p))) {
			*ret_delimited = true;
			return first;
		}
	}
}

static void function(struct parser *p)
{
	struct grub_chunk *c = p->chunk;
	struct grub_function *f;
	char *name;

	eat(p);
	if (peek(p) != TOK_NAME) {
		fail(p);
		return;
	}
	name = br_gs_alloc_str(&c->arena, p->lex.buf.s + p->lex.start, p->lex.end - p->lex.start);
	if (!name || br_grow(&c->functions, &c->cap_functions, c->n_functions, sizeof(*f)) < 0) {
		c->limit = true;
		fail(p);
		return;
	}
	eat(p);
	p->lex.refs++;
	newlines(p);
	if (!expect(p, TOK_LBRACE))
		return;
	f = &c->functions[c->n_functions];
	*f = (struct grub_function){.name = name, .body = delimited_list(p)};
	if (!expect(p, TOK_RBRACE))
		return;
	c->n_functions++;
	p->lex.refs--;
}

static void script(struct parser *p)
{
	struct grub_cmd **end = &p->chunk->cmds;

	newlines(p);
	while (!p->err && peek(p) != TOK_EOF) {
		if (peek(p) == TOK_FUNCTION) {
			function(p);
		} else {
			*end = command(p);
			if (*end)
				end = &(*end)->next;
		}
		if (p->err || (peek(p) != TOK_SEMI && peek(p) != TOK_NEWLINE)) {
			fail(p);
			return;
		}
		eat(p);
		newlines(p);
	}
}

int br_gs_parse(struct grub_src *src, size_t *live, struct grub_chunk *ret)
{
	struct parser p = {.chunk = ret};
	int r;

	*ret = (struct grub_chunk){.arena.live = live};
	r = br_gs_lex_init(&p.lex, src);
	if (r > 0) {
		script(&p);
		r = p.err ? p.err : 1;
		ret->error_line = p.lex.line;
		ret->last_line = p.lex.marks[p.lex.n_marks - 1].line;
		if (r < 0)
			ret->cmds = NULL;
	}
	br_gs_lex_done(&p.lex);
	return r;
}
