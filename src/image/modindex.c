/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "image/modindex.h"

#define MAGIC   0xb007f457U
#define MAJOR   2
#define HEADER  12
#define PREFIX  0x80000000U
#define VALUES  0x40000000U
#define CHILDS  0x20000000U
#define OFFSET  0x0fffffffU
#define CHARMAX 127 /* libkmod reads first and last as signed characters */

const unsigned char br_modindex_empty[12] = {0xb0, 0x07, 0xf4, 0x57, 0, 2, 0, 1, 0, 0, 0, HEADER};

struct file {
	const unsigned char *p;
	size_t len;
	const char *why;
};

struct node {
	size_t offset, end;     /* end: behind its last byte */
	const char *prefix;     /* "" none */
	unsigned first, n;      /* children: n of them from first on */
	size_t children;        /* offset of their references */
	size_t values;          /* offset of the first value */
	uint32_t n_values;
};

static int bad(struct file *f, const char *why)
{
	f->why = why;
	return -EBADMSG;
}

static bool has(const struct file *f, size_t at, size_t n)
{
	return at <= f->len && n <= f->len - at;
}

/* Behind the NUL of the text at at; 0 when there is no NUL. */
static size_t text_end(const struct file *f, size_t at)
{
	const unsigned char *nul = at < f->len ? memchr(f->p + at, 0, f->len - at) : NULL;

	return nul ? (size_t)(nul - f->p) + 1 : 0;
}

static int read_children(struct file *f, struct node *n, size_t *at)
{
	unsigned first, last;

	if (!has(f, *at, 2))
		return bad(f, "a node beyond its end");
	first = f->p[*at];
	last = f->p[*at + 1];
	*at += 2;
	if (last > CHARMAX || first > last)
		return bad(f, "a node with impossible children");
	n->first = first;
	n->n = last - first + 1;
	n->children = *at;
	if (!has(f, *at, 4 * (size_t)n->n))
		return bad(f, "a node beyond its end");
	*at += 4 * (size_t)n->n;
	return 0;
}

static int read_values(struct file *f, struct node *n, size_t *at)
{
	if (!has(f, *at, 4))
		return bad(f, "a node beyond its end");
	n->n_values = br_be32(f->p + *at);
	n->values = *at += 4;
	for (uint32_t i = 0; i < n->n_values; i++) {
		if (!has(f, *at, 5) || !(*at = text_end(f, *at + 4)))
			return bad(f, "a value beyond its end");
	}
	return 0;
}

static int read_node(struct file *f, uint32_t ref, struct node *ret)
{
	struct node n = {.offset = ref & OFFSET, .prefix = ""};
	size_t at = n.offset;
	int r = 0;

	if (at < HEADER || at > f->len)
		return bad(f, "a node beyond its end");
	if (ref & PREFIX) {
		n.prefix = (const char *)f->p + at;
		at = text_end(f, at);
		if (!at)
			return bad(f, "a prefix beyond its end");
	}
	if (ref & CHILDS)
		r = read_children(f, &n, &at);
	if (!r && (ref & VALUES))
		r = read_values(f, &n, &at);
	if (r < 0)
		return r;
	n.end = at;
	*ret = n;
	return 0;
}

static uint32_t child(const struct file *f, const struct node *n, unsigned i)
{
	return br_be32(f->p + n->children + 4 * (size_t)i);
}

/* Walks the whole tree without recursion: parents wait in a chain as long as the tree is deep. */
struct waiting {
	struct node node;
	unsigned next; /* child to look at */
};

static int check_node(struct file *f, bool root, uint32_t ref, size_t *budget, struct node *ret)
{
	size_t size;
	int r = read_node(f, ref, ret);

	if (r < 0)
		return r;
	size = ret->end - ret->offset;
	/* One without a byte of its own says nothing, and could be referred to without end. */
	if (!root && !size)
		return bad(f, "an empty node");
	if (size > *budget)
		return bad(f, "nodes that overlap");
	*budget -= size;
	return 0;
}

static int walk(struct file *f, uint32_t root, br_modindex_value call, void *ctx)
{
	br_autofree struct waiting *w = calloc(BR_MODINDEX_DEPTH_MAX, sizeof(*w));
	size_t depth = 0, budget = f->len - HEADER;
	uint32_t ref = root;

	if (!w)
		return -ENOMEM;
	for (;;) {
		struct waiting *top = &w[depth];
		int r = check_node(f, !depth, ref, &budget, &top->node);

		if (r < 0)
			return r;
		top->next = 0;
		for (size_t at = top->node.values, i = 0; call && i < top->node.n_values; i++) {
			char *text = (char *)f->p + at + 4;

			at = text_end(f, at + 4);
			call(ctx, text);
		}
		for (depth++; depth; depth--) {
			top = &w[depth - 1];
			while (top->next < top->node.n && !(child(f, &top->node, top->next) & OFFSET))
				top->next++;
			if (top->next < top->node.n)
				break;
		}
		if (!depth)
			return 0;
		if (depth == BR_MODINDEX_DEPTH_MAX)
			return bad(f, "nodes that lie too deep");
		ref = child(f, &top->node, top->next++);
	}
}

static int check(struct file *f, br_modindex_value call, void *ctx)
{
	uint32_t root;

	if (f->len < HEADER)
		return bad(f, f->len ? "shorter than its header" : "empty");
	if (br_be32(f->p) != MAGIC)
		return bad(f, "not an index of depmod");
	if (br_be32(f->p + 4) >> 16 != MAJOR)
		return bad(f, "an index of another version");
	root = br_be32(f->p + 8);
	if (!(root & OFFSET))
		return 0;
	return walk(f, root, call, ctx);
}

int br_modindex_check(const void *buf, size_t len, const char **ret_why)
{
	struct file f = {.p = buf, .len = len};
	int r = check(&f, NULL, NULL);

	if (r == -EBADMSG)
		*ret_why = f.why;
	return r;
}

void br_modindex_values(void *buf, size_t len, br_modindex_value call, void *ctx)
{
	struct file f = {.p = buf, .len = len};

	if (check(&f, call, ctx) < 0)
		return;
}

const char *br_modindex_find(const void *buf, size_t len, const char *key)
{
	struct file f = {.p = buf, .len = len};
	uint32_t ref = br_be32(f.p + 8);
	struct node n;

	while ((ref & OFFSET) && read_node(&f, ref, &n) == 0) {
		size_t prefix = strlen(n.prefix);
		unsigned c;

		if (strncmp(key, n.prefix, prefix) != 0)
			return NULL;
		key += prefix;
		if (!*key)
			return n.n_values ? (const char *)f.p + n.values + 4 : NULL;
		c = (unsigned char)*key++;
		if (!n.n || c < n.first || c >= n.first + n.n)
			return NULL;
		ref = child(&f, &n, c - n.first);
	}
	return NULL;
}
