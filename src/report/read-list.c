/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "report/read-list.h"

struct cutter {
	const char *at, *end;
	struct br_piece *pieces; /* owned */
	size_t n, cap, max;
};

static void skip_blanks(struct cutter *c)
{
	while (c->at < c->end && memchr(" \t\r\n", *c->at, 4))
		c->at++;
}

/* Past a string whose quote was just read. */
static void skip_string(struct cutter *c)
{
	while (c->at < c->end && *c->at != '"')
		c->at += *c->at == '\\' && c->at + 1 < c->end ? 2 : 1;
	if (c->at < c->end)
		c->at++;
}

/* To the comma or bracket that ends the item: brackets are counted, not matched; the item's own reader does that. */
static void skip_item(struct cutter *c)
{
	size_t depth = 0;

	while (c->at < c->end) {
		char b = *c->at;

		if (!depth && (b == ',' || b == ']'))
			return;
		c->at++;
		if (b == '"')
			skip_string(c);
		else if (b == '[' || b == '{')
			depth++;
		else if ((b == ']' || b == '}') && depth)
			depth--;
	}
}

static int take_item(struct cutter *c)
{
	const char *from = c->at;

	if (c->n == c->max)
		return -E2BIG;
	if (br_grow(&c->pieces, &c->cap, c->n, sizeof(*c->pieces)) < 0)
		return -ENOMEM;
	skip_item(c);
	c->pieces[c->n++] = (struct br_piece){.at = from, .len = (size_t)(c->at - from)};
	return c->at < c->end ? 0 : -EINVAL;
}

static int cut(struct cutter *c)
{
	c->at++;
	skip_blanks(c);
	if (c->at < c->end && *c->at == ']') {
		c->at++;
	} else {
		char b;

		do {
			int r = take_item(c);

			if (r < 0)
				return r;
			b = *c->at++;
			skip_blanks(c);
		} while (b == ',');
	}
	skip_blanks(c);
	return c->at == c->end ? 0 : -EINVAL;
}

int br_json_pieces(const char *buf, size_t len, size_t max, struct br_piece **ret, size_t *ret_n)
{
	struct cutter c = {.at = buf, .end = buf + len, .max = max};
	int r;

	skip_blanks(&c);
	if (c.at < c.end && *c.at == '[') {
		r = cut(&c);
	} else {
		r = br_grow(&c.pieces, &c.cap, 0, sizeof(*c.pieces));
		if (r >= 0)
			c.pieces[c.n++] = (struct br_piece){.at = buf, .len = len};
	}
	if (r < 0) {
		free(c.pieces);
		return r;
	}
	*ret = c.pieces;
	*ret_n = c.n;
	return 0;
}
