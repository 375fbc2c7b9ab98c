/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/yaml.h"

/* Mappings looked into for one key: "<<" in a mapping that "<<" brought in, and so on, each a list perhaps. */
#define MERGES_MAX 64

void br_yaml_free(struct br_yaml *y)
{
	for (size_t i = 0; i < y->n; i++)
		free(y->v[i].text);
	free(y->v);
	*y = (struct br_yaml){0};
}

/* A list or mapping that is still open. */
struct level {
	size_t at, last, key;
	bool has_key;
};

struct anchor {
	char *name;
	size_t at;
	bool open; /* its node has not ended yet */
};

struct builder {
	struct br_yaml *y;
	struct level levels[BR_YAML_DEPTH_MAX];
	size_t depth;
	struct anchor *anchors;
	size_t n_anchors, cap_anchors;
};

static void builder_free(struct builder *b)
{
	for (size_t i = 0; i < b->n_anchors; i++)
		free(b->anchors[i].name);
	free(b->anchors);
}

/* The last anchor of a name counts. Their number is bounded: finding one is a walk. */
static int set_anchor(struct builder *b, const yaml_char_t *name, size_t at, bool open)
{
	char *copy;

	if (!name)
		return 0;
	if (b->n_anchors >= BR_YAML_ANCHORS_MAX)
		return -E2BIG;
	if (br_grow(&b->anchors, &b->cap_anchors, b->n_anchors, sizeof(*b->anchors)) < 0)
		return -ENOMEM;
	copy = strdup((const char *)name);
	if (!copy)
		return -ENOMEM;
	b->anchors[b->n_anchors++] = (struct anchor){copy, at, open};
	return 0;
}

static const struct anchor *find_anchor(const struct builder *b, const yaml_char_t *name)
{
	for (size_t i = b->n_anchors; i--;)
		if (strcmp(b->anchors[i].name, (const char *)name) == 0)
			return &b->anchors[i];
	return NULL;
}

/* Hangs a new node where the document has come to. */
static int add(struct builder *b, struct br_yaml_node *n, size_t *ret_at)
{
	struct level *l = b->depth ? &b->levels[b->depth - 1] : NULL;
	struct br_yaml *y = b->y;

	if (y->n >= BR_YAML_NODES_MAX)
		return -E2BIG;
	if (br_grow(&y->v, &y->cap, y->n, sizeof(*y->v)) < 0)
		return -ENOMEM;
	*ret_at = y->n;
	y->v[y->n] = *n;
	y->n++;
	n->text = NULL;
	if (!l)
		return 0;
	if (y->v[l->at].kind == BR_YAML_MAP && !l->has_key) {
		/* A key that is a list or a mapping is none for PyYAML either. */
		l->key = *ret_at;
		l->has_key = true;
		return y->v[*ret_at].kind == BR_YAML_SCALAR ? 0 : -EBADMSG;
	}
	if (l->has_key) {
		/* What is wrong with a value is told at its key. */
		y->v[*ret_at].key = l->key;
		y->v[*ret_at].line = y->v[l->key].line;
		l->has_key = false;
	}
	if (l->last)
		y->v[l->last].next = *ret_at;
	else
		y->v[l->at].first = *ret_at;
	l->last = *ret_at;
	return 0;
}

/* Tags make other types; those that say what stands there anyway are taken. */
static bool tag_is(const yaml_char_t *tag, const char *plain)
{
	return !tag || strcmp((const char *)tag, "!") == 0 || strcmp((const char *)tag, plain) == 0;
}

static int add_scalar(struct builder *b, const yaml_event_t *e, unsigned line)
{
	const char *value = (const char *)e->data.scalar.value;
	struct br_yaml_node n = {.kind = BR_YAML_SCALAR, .line = line};
	size_t at;
	int r;

	if (!tag_is(e->data.scalar.tag, YAML_STR_TAG) || strlen(value) != e->data.scalar.length)
		return -EBADMSG;
	n.plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !e->data.scalar.tag;
	n.text = strdup(value);
	if (!n.text)
		return -ENOMEM;
	r = add(b, &n, &at);
	free(n.text);
	return r < 0 ? r : set_anchor(b, e->data.scalar.anchor, at, false);
}

static int open_level(struct builder *b, enum br_yaml_kind kind, const yaml_char_t *anchor, unsigned line)
{
	struct br_yaml_node n = {.kind = kind, .line = line};
	size_t at;
	int r;

	if (b->depth >= BR_YAML_DEPTH_MAX)
		return -E2BIG;
	r = add(b, &n, &at);
	if (r < 0)
		return r;
	b->levels[b->depth++] = (struct level){.at = at};
	return set_anchor(b, anchor, at, true);
}

static void close_level(struct builder *b)
{
	size_t at = b->levels[--b->depth].at;

	for (size_t i = 0; i < b->n_anchors; i++)
		if (b->anchors[i].at == at)
			b->anchors[i].open = false;
}

static int add_alias(struct builder *b, const yaml_char_t *name, unsigned line)
{
	const struct anchor *a = find_anchor(b, name);
	struct br_yaml_node n = {.kind = BR_YAML_ALIAS, .line = line};
	size_t at;

	if (!a || a->open)
		return -EBADMSG;
	n.first = a->at;
	return add(b, &n, &at);
}

static int take(struct builder *b, const yaml_event_t *e, unsigned line)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return add_scalar(b, e, line);
	case YAML_ALIAS_EVENT:
		return add_alias(b, e->data.alias.anchor, line);
	case YAML_SEQUENCE_START_EVENT:
		if (!tag_is(e->data.sequence_start.tag, YAML_SEQ_TAG))
			return -EBADMSG;
		return open_level(b, BR_YAML_LIST, e->data.sequence_start.anchor, line);
	case YAML_MAPPING_START_EVENT:
		if (!tag_is(e->data.mapping_start.tag, YAML_MAP_TAG))
			return -EBADMSG;
		return open_level(b, BR_YAML_MAP, e->data.mapping_start.anchor, line);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_level(b);
		return 0;
	case YAML_DOCUMENT_START_EVENT:
		return b->y->n ? -EBADMSG : 0; /* a second document */
	default:
		return 0;
	}
}

static int run(yaml_parser_t *parser, struct builder *b, unsigned *ret_line)
{
	bool end = false;

	while (!end) {
		yaml_event_t e;
		int r;

		if (!yaml_parser_parse(parser, &e)) {
			*ret_line = (unsigned)parser->problem_mark.line + 1;
			return parser->error == YAML_MEMORY_ERROR ? -ENOMEM : -EBADMSG;
		}
		*ret_line = (unsigned)e.start_mark.line + 1;
		r = take(b, &e, *ret_line);
		end = e.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
		if (r < 0)
			return r;
	}
	*ret_line = 0;
	return 0;
}

int br_yaml_parse(const char *buf, size_t len, struct br_yaml *ret, unsigned *ret_line)
{
	br_cleanup(br_yaml_free) struct br_yaml y = {0};
	br_cleanup(builder_free) struct builder b = {.y = &y};
	yaml_parser_t parser;
	int r;

	*ret_line = 0;
	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_input_string(&parser, (const unsigned char *)buf, len);
	r = run(&parser, &b, ret_line);
	yaml_parser_delete(&parser);
	if (r < 0)
		return r;
	*ret = y;
	y = (struct br_yaml){0};
	return 0;
}

const struct br_yaml_node *br_yaml_top(const struct br_yaml *y)
{
	return y->n ? &y->v[0] : NULL;
}

const struct br_yaml_node *br_yaml_value(const struct br_yaml *y, const struct br_yaml_node *child)
{
	/* An alias to an alias cannot be written: an anchor belongs to a node. */
	return child && child->kind == BR_YAML_ALIAS ? &y->v[child->first] : child;
}

const struct br_yaml_node *br_yaml_first(const struct br_yaml *y, const struct br_yaml_node *parent)
{
	parent = br_yaml_value(y, parent);
	return parent && parent->kind != BR_YAML_SCALAR && parent->first ? &y->v[parent->first] : NULL;
}

const struct br_yaml_node *br_yaml_next(const struct br_yaml *y, const struct br_yaml_node *child)
{
	return child->next ? &y->v[child->next] : NULL;
}

const char *br_yaml_key(const struct br_yaml *y, const struct br_yaml_node *child)
{
	return child->key ? y->v[child->key].text : NULL;
}

static const struct br_yaml_node *own(const struct br_yaml *y, const struct br_yaml_node *map, const char *key)
{
	const struct br_yaml_node *found = NULL;

	for (const struct br_yaml_node *n = br_yaml_first(y, map); n; n = br_yaml_next(y, n))
		if (br_streq(br_yaml_key(y, n), key))
			found = n;
	return found;
}

/* left: mappings that may still be looked into. */
static const struct br_yaml_node *get(const struct br_yaml *y, const struct br_yaml_node *map, const char *key,
                                      unsigned *left)
{
	const struct br_yaml_node *found, *more;

	map = br_yaml_value(y, map);
	if (!map || map->kind != BR_YAML_MAP || !*left)
		return NULL;
	--*left;
	found = own(y, map, key);
	more = found ? NULL : br_yaml_value(y, own(y, map, "<<"));
	if (!more)
		return found;
	if (more->kind == BR_YAML_MAP)
		return get(y, more, key, left);
	/* Of a list of mappings the first has the say. */
	for (const struct br_yaml_node *n = br_yaml_first(y, more); n && !found && *left; n = br_yaml_next(y, n))
		found = get(y, n, key, left);
	return found;
}

const struct br_yaml_node *br_yaml_get(const struct br_yaml *y, const struct br_yaml_node *map, const char *key)
{
	unsigned left = MERGES_MAX;

	return br_yaml_value(y, get(y, map, key, &left));
}

bool br_yaml_null(const struct br_yaml_node *n)
{
	return !n || (n->kind == BR_YAML_SCALAR && n->plain &&
	              (!n->text[0] || strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0 ||
	               strcmp(n->text, "Null") == 0 || strcmp(n->text, "NULL") == 0));
}
