/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the boot comes to: from the default target along everything that pulls in. A unit that requires a masked or
 * absent one starts all the same when something merely wants it: its job is in systemd's transaction by then.
 */
#include <errno.h>
#include <string.h>

#include "image/units-internal.h"

struct walk {
	struct br_unit_scan *scan;
	struct br_unit_node **queue;
	size_t n, cap;
	bool presets;
};

/* The unit that an alias would lead to, had the first boot made the links that the presets ask for. */
static const struct br_unit_dep *preset_alias(const struct walk *w, const char *name)
{
	for (size_t i = 0; w->presets && i < w->scan->n_deps; i++)
		if (w->scan->deps[i].kind == 'a' && strcmp(w->scan->deps[i].from, name) == 0)
			return &w->scan->deps[i];
	return NULL;
}

static int reach(struct walk *w, const char *name, const char *by, unsigned line)
{
	const struct br_unit_dep *alias;
	struct br_unit_node *node;
	int r = br_unit_name_valid(name) ? br_scan_node(w->scan, name, &node) : 1;

	if (r != 0)
		return r < 0 ? r : 0;
	if (node->unit.state == BR_UNIT_ABSENT) {
		alias = preset_alias(w, name);
		if (!alias)
			return 0;
		r = br_scan_node(w->scan, alias->to, &node);
	} else if (node->unit.alias_of) {
		r = br_scan_node(w->scan, node->unit.alias_of, &node);
	}
	if (r < 0)
		return r;
	if (node->reached || node->unit.state == BR_UNIT_ABSENT || node->unit.state == BR_UNIT_MASKED ||
	    node->unit.state == BR_UNIT_BAD || br_unit_is_template(node->unit.name))
		return 0;
	node->reached = true;
	if (!node->unit.starts) {
		char *copy = by ? strdup(by) : NULL;

		if (by && !copy)
			return -ENOMEM;
		free(node->unit.by);
		node->unit.by = copy;
		node->unit.by_line = line;
		node->unit.starts = true;
		node->unit.preset = w->presets;
	}
	if (br_grow(&w->queue, &w->cap, w->n, sizeof(struct br_unit_node *)) < 0)
		return -ENOMEM;
	w->queue[w->n++] = node;
	return 0;
}

/* The first of those that may be from name; deps are sorted by it. */
static size_t first_from(const struct br_unit_scan *scan, const char *name)
{
	size_t low = 0, high = scan->n_deps;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(scan->deps[mid].from, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int reach_wanted(struct walk *w, const char *name)
{
	const struct br_unit_dep *deps = w->scan->deps;
	int r = 0;

	for (size_t i = first_from(w->scan, name); r == 0 && i < w->scan->n_deps && strcmp(deps[i].from, name) == 0; i++) {
		bool again = i && deps[i].kind == deps[i - 1].kind && strcmp(deps[i].to, deps[i - 1].to) == 0 &&
		             strcmp(deps[i].from, deps[i - 1].from) == 0 && !deps[i].preset;

		/* The same name in a lesser folder: the first one's word counts, be it a mask. */
		if (again || deps[i].masked || deps[i].kind == 'a' || (deps[i].preset && !w->presets))
			continue;
		r = reach(w, deps[i].to, deps[i].path, (unsigned)deps[i].line);
	}
	return r;
}

static int reach_words(struct walk *w, const struct br_unit_node *node)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < node->file.n; i++) {
		const struct br_unit_word *word = &node->file.v[i];
		br_autofree char *name = NULL;

		if (word->key != BR_UNIT_KEY_WANTS)
			continue;
		name = br_unit_expand(node->unit.name, word->word);
		r = name ? reach(w, name, word->path, word->line) : -ENOMEM;
	}
	return r;
}

/* The service behind a socket: the one it names, else of its own name; a template's where each connection has one. */
static int mark_service(struct walk *w, const struct br_unit_node *socket)
{
	const char *named = br_unit_file_last(&socket->file, BR_UNIT_KEY_SERVICE), *name = socket->unit.name;
	bool accept = br_unit_true(br_unit_file_last(&socket->file, BR_UNIT_KEY_ACCEPT), false);
	br_autofree char *service = named ? br_unit_expand(name, named) :
	                                    br_format("%.*s%s.service", (int)(br_unit_suffix(name) - name), name, accept ? "@" : "");
	struct br_unit_node *node;
	int r;

	if (!service)
		return -ENOMEM;
	if (!br_unit_name_valid(service))
		return 0;
	r = br_scan_node(w->scan, service, &node);
	if (r == 0 && node->unit.alias_of)
		r = br_scan_node(w->scan, node->unit.alias_of, &node);
	if (r < 0 || node->unit.state == BR_UNIT_MASKED || node->unit.state == BR_UNIT_ABSENT)
		return r;
	node->unit.by_socket = true;
	if (!node->unit.starts) {
		free(node->unit.by);
		node->unit.by = strdup(socket->unit.path ? socket->unit.path : name);
		if (!node->unit.by)
			return -ENOMEM;
	}
	return 0;
}

static int visit(struct walk *w, const struct br_unit_node *node)
{
	static const char *const wait_for_system[] = {".service", ".socket", ".timer", ".path"};
	const char *name = node->unit.name, *suffix = br_unit_suffix(name);
	br_autofree char *tmpl = br_unit_template(name);
	bool defaults = br_unit_true(br_unit_file_last(&node->file, BR_UNIT_KEY_DEFAULTS), true);
	int r = reach_words(w, node);

	if (r == 0)
		r = reach_wanted(w, name);
	if (r == 0 && tmpl)
		r = reach_wanted(w, tmpl);
	for (size_t i = 0; r == 0 && defaults && i < BR_ARRAY_SIZE(wait_for_system); i++)
		if (strcmp(suffix, wait_for_system[i]) == 0)
			r = reach(w, "sysinit.target", node->unit.path, 0);
	if (r == 0 && strcmp(suffix, ".socket") == 0)
		r = mark_service(w, node);
	return r;
}

static int by_from(const void *a, const void *b)
{
	const struct br_unit_dep *x = a, *y = b;
	int c = strcmp(x->from, y->from);

	if (c == 0)
		c = x->kind - y->kind;
	if (c == 0)
		c = strcmp(x->to, y->to);
	if (c == 0)
		c = (int)x->preset - (int)y->preset;
	return c ? c : (int)x->folder - (int)y->folder;
}

/* What an alias wants, the unit behind it wants. */
static int behind_aliases(struct br_unit_scan *scan)
{
	for (size_t i = 0; i < scan->n_deps; i++) {
		struct br_unit_node *node;
		char *copy;
		int r;

		if (!br_unit_name_valid(scan->deps[i].from) || scan->deps[i].kind == 'a')
			continue;
		r = br_scan_node(scan, scan->deps[i].from, &node);
		if (r < 0)
			return r;
		if (!node->unit.alias_of)
			continue;
		copy = strdup(node->unit.alias_of);
		if (!copy)
			return -ENOMEM;
		free(scan->deps[i].from);
		scan->deps[i].from = copy;
	}
	if (scan->n_deps)
		qsort(scan->deps, scan->n_deps, sizeof(*scan->deps), by_from);
	return 0;
}

int br_scan_start(struct br_unit_scan *scan, const char *first, bool presets)
{
	struct walk w = {.scan = scan, .presets = presets};
	int r = behind_aliases(scan);

	for (size_t i = 0; i < scan->n_nodes; i++)
		scan->nodes[i]->reached = false;
	if (r == 0)
		r = reach(&w, first, NULL, 0);
	for (size_t i = 0; r == 0 && i < w.n; i++)
		r = visit(&w, w.queue[i]);
	free(w.queue);
	return r;
}
