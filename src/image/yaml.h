/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A YAML 1.1 file as a tree, for the files of cloud-init and netplan; libyaml does the reading. Only what PyYAML's
 * safe loader takes too: one document, scalar keys, no tags but those of text, list and mapping, no alias to what it
 * stands in. Bounded: BR_YAML_NODES_MAX, BR_YAML_DEPTH_MAX; an alias is a reference, never a copy.
 */
#ifndef BR_YAML_H
#define BR_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

enum br_yaml_kind {
	BR_YAML_SCALAR = 0,
	BR_YAML_LIST,
	BR_YAML_MAP,
	BR_YAML_ALIAS, /* inside only: the calls below give what it stands for */
};

struct br_yaml_node {
	enum br_yaml_kind kind;
	char *text;    /* owned; a scalar's; NULL: no scalar */
	bool plain;    /* a scalar without quotes: null, off, 1 mean what they say */
	unsigned line; /* from 1 */
	size_t key;    /* of a value in a mapping: its key's place; else 0 */
	size_t first, next; /* places of the first child and of the next one of the same parent; 0: none */
};

/* All-zero is a valid empty document. */
struct br_yaml {
	struct br_yaml_node *v; /* the top at place 0 */
	size_t n, cap;
};

/* 0; -ENOMEM; -EBADMSG: no such YAML; -E2BIG: past a cap. *ret_line: where, on the last two. */
int br_yaml_parse(const char *buf, size_t len, struct br_yaml *ret, unsigned *ret_line) br_must_check;
void br_yaml_free(struct br_yaml *y);

/* NULL: an empty document. */
const struct br_yaml_node *br_yaml_top(const struct br_yaml *y);
/* Values of a list or mapping in their order; NULL at the end, and for NULL and a scalar. */
const struct br_yaml_node *br_yaml_first(const struct br_yaml *y, const struct br_yaml_node *parent);
const struct br_yaml_node *br_yaml_next(const struct br_yaml *y, const struct br_yaml_node *child);
/* What an alias stands for; any other node itself. To be asked of what first and next give. */
const struct br_yaml_node *br_yaml_value(const struct br_yaml *y, const struct br_yaml_node *child);
/* The key of a mapping's value; NULL in a list. */
const char *br_yaml_key(const struct br_yaml *y, const struct br_yaml_node *child);
/* Of several with that key the last; else of those that "<<" merges in. NULL: none, or no mapping. */
const struct br_yaml_node *br_yaml_get(const struct br_yaml *y, const struct br_yaml_node *map, const char *key);
/* null, ~ or nothing at all; a NULL node too. */
bool br_yaml_null(const struct br_yaml_node *n);

#endif
