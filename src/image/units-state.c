/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `systemctl is-enabled` says of a unit: systemd's install.c, unit_file_lookup_state() (releases 247 to 257). */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/units-internal.h"

#define FOLDER_ETC 1 /* /etc/systemd/system, where `systemctl enable` works */
#define HOPS_MAX 64

/* Where a name leads. */
struct lead {
	char *name; /* owned; behind the aliases */
	char *path; /* owned; the fragment, or what masks */
	enum br_unit_state state; /* BR_UNIT_ENABLED stands for a file that can be read */
};

static void lead_free(struct lead *l)
{
	free(l->name);
	free(l->path);
}

static const struct br_unit_entry *entry_in(const struct br_unit_scan *scan, const char *name, int folder)
{
	const struct br_unit_entry *e = br_scan_entry(scan, name), *end = scan->entries + scan->n_entries;

	for (; e && e < end && strcmp(e->name, name) == 0; e++)
		if ((int)e->folder == folder)
			return e;
	return NULL;
}

static const struct br_unit_entry *search(const struct br_unit_scan *scan, const char *name)
{
	const struct br_unit_entry *e = br_scan_entry(scan, name);
	br_autofree char *tmpl = e ? NULL : br_unit_template(name);

	return tmpl ? br_scan_entry(scan, tmpl) : e;
}

/* May a link of that name lead to a unit of this one? */
static bool may_alias(const char *from, const char *to)
{
	if (!br_unit_name_valid(to) || strcmp(br_unit_suffix(from), br_unit_suffix(to)) != 0)
		return false;
	if (br_unit_is_template(from))
		return br_unit_is_template(to);
	if (br_unit_is_instance(from))
		return br_unit_is_template(to) || br_unit_is_instance(to);
	return !br_unit_is_template(to) && !br_unit_is_instance(to);
}

/* A link that leaves the folders of units: the file behind it is the unit. */
static int follow_out(const struct br_unit_scan *scan, const char *target, struct lead *l)
{
	struct stat st;

	l->path = strdup(target);
	l->state = br_root_stat(scan->root, target, &st) == 0 && S_ISREG(st.st_mode) ? BR_UNIT_ENABLED : BR_UNIT_BAD;
	return l->path ? 0 : -ENOMEM;
}

/* One link of the way, from the entry e; *ret the next entry, NULL where the way ends. */
static int follow(const struct br_unit_scan *scan, const struct br_unit_entry *e, struct lead *l,
                  const struct br_unit_entry **ret)
{
	const char *base = strrchr(e->target, '/') + 1;
	int folder = br_scan_folder_of(scan, e->target);
	br_autofree char *next = NULL;

	*ret = NULL;
	if (folder < 0)
		return follow_out(scan, e->target, l);
	l->state = BR_UNIT_BAD;
	if (!may_alias(e->name, base))
		return 0;
	next = br_unit_is_instance(l->name) && br_unit_is_template(base) ? br_unit_instantiate(base, l->name) : strdup(base);
	if (!next)
		return -ENOMEM;
	if (strcmp(next, l->name) == 0) {
		*ret = entry_in(scan, base, folder);
		/* A link to itself: the boot takes the next folder's unit. */
		if (*ret == e)
			*ret = e + 1 < scan->entries + scan->n_entries && strcmp(e[1].name, e->name) == 0 ? e + 1 : NULL;
		return 0;
	}
	*ret = search(scan, next);
	if (*ret) {
		free(l->name);
		l->name = BR_TAKE(next);
	}
	return 0;
}

static int lead_to(const struct br_unit_scan *scan, const char *name, struct lead *l)
{
	const struct br_unit_entry *e = search(scan, name);

	l->name = strdup(name);
	if (!l->name)
		return -ENOMEM;
	for (unsigned hops = 0; e && hops < HOPS_MAX; hops++) {
		int r;

		if (e->kind != BR_ENTRY_LINK) {
			l->path = br_format("%s/%s", br_unit_folders[e->folder], e->name);
			l->state = e->kind == BR_ENTRY_FILE ? BR_UNIT_ENABLED :
			           e->kind == BR_ENTRY_MASK ? BR_UNIT_MASKED : BR_UNIT_BAD;
			return l->path ? 0 : -ENOMEM;
		}
		r = follow(scan, e, l, &e);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Is it one of the names that `systemctl enable` would make? */
static bool is_known(const struct br_unit_node *node, const char *link)
{
	const char *name = node->unit.name, *instance;
	br_autofree char *whole = NULL;

	if (strcmp(link, name) == 0)
		return true;
	for (size_t i = 0; i < node->file.n; i++) {
		br_autofree char *alias = NULL;

		if (node->file.v[i].key != BR_UNIT_KEY_ALIAS)
			continue;
		alias = br_unit_expand(name, node->file.v[i].word);
		if (alias && strcmp(alias, link) == 0)
			return true;
	}
	instance = br_unit_is_template(name) ? br_unit_file_last(&node->file, BR_UNIT_KEY_DEFAULT_INSTANCE) : NULL;
	if (!instance)
		return false;
	whole = br_format("%.*s%s%s", (int)(strchr(name, '@') + 1 - name), name, instance, br_unit_suffix(name));
	return whole && strcmp(whole, link) == 0;
}

static bool wanted(const struct br_unit_scan *scan, const struct br_unit_node *node, unsigned folder, bool known,
                   const char **ret_path)
{
	const char *name = node->unit.name;
	bool tmpl = br_unit_is_template(name);

	for (size_t i = 0; i < scan->n_deps; i++) {
		const struct br_unit_dep *d = &scan->deps[i];
		bool found;

		if (d->folder != folder || !d->link || !d->plain || d->preset || d->kind == 'u')
			continue;
		found = strcmp(d->to, name) == 0 || (tmpl && br_unit_is_of(d->to, name));
		if (found && (!known || is_known(node, d->to))) {
			*ret_path = d->path;
			return true;
		}
	}
	return false;
}

/* A link beside the units that is, or leads to, this one; its own name leading to itself is told by *ret_same. */
static bool linked(const struct br_unit_scan *scan, const struct br_unit_node *node, unsigned folder, bool known,
                   bool below, bool *ret_same)
{
	for (size_t i = 0; i < scan->n_entries; i++) {
		const struct br_unit_entry *e = &scan->entries[i];
		bool name, dest;

		if (e->folder != folder || !e->dest)
			continue;
		dest = strcmp(e->dest, node->unit.name) == 0;
		name = !below && strcmp(e->name, node->unit.name) == 0;
		if (name && dest)
			*ret_same = true;
		else if ((name || dest) && (!known || is_known(node, e->name)))
			return true;
	}
	return false;
}

/* BR_UNIT_ABSENT: no link says anything. */
static enum br_unit_state by_links(const struct br_unit_scan *scan, struct br_unit_node *node, bool known)
{
	bool at_all = false, same_config = false, below = false;
	int own = br_scan_folder_of(scan, node->unit.path);

	for (unsigned i = 0; i < BR_UNIT_FOLDERS; i++) {
		const char *path = NULL;
		bool same = false;

		if (wanted(scan, node, i, known, &path) || linked(scan, node, i, known, below, &same)) {
			if (i == FOLDER_ETC) {
				free(node->unit.by);
				node->unit.by = path ? strdup(path) : NULL;
				return BR_UNIT_ENABLED;
			}
			at_all = true;
		} else if (same && i == FOLDER_ETC) {
			same_config = true;
		}
		below |= own == (int)i;
	}
	if (at_all && br_unit_is_instance(node->unit.name))
		return BR_UNIT_STATIC;
	return same_config ? BR_UNIT_LINKED : BR_UNIT_ABSENT;
}

static bool has(const struct br_unit_file *f, enum br_unit_key key)
{
	return br_unit_file_last(f, key) != NULL;
}

static enum br_unit_state state_of(const struct br_unit_scan *scan, struct br_unit_node *node)
{
	enum br_unit_state s = by_links(scan, node, true);

	node->installs = has(&node->file, BR_UNIT_KEY_ALIAS) || has(&node->file, BR_UNIT_KEY_WANTED_BY);
	if (s != BR_UNIT_ABSENT)
		return s;
	if (by_links(scan, node, false) != BR_UNIT_ABSENT)
		return BR_UNIT_INDIRECT;
	if (node->installs)
		return BR_UNIT_DISABLED;
	return has(&node->file, BR_UNIT_KEY_ALSO) ? BR_UNIT_INDIRECT : BR_UNIT_STATIC;
}

static int load(struct br_unit_scan *scan, struct br_unit_node *node)
{
	br_cleanup(lead_free) struct lead l = {0};
	struct br_unit_node *real;
	int r = lead_to(scan, node->unit.name, &l);

	if (r < 0)
		return r;
	node->unit.state = l.state;
	node->unit.path = BR_TAKE(l.path);
	if (l.state == BR_UNIT_MASKED) {
		node->unit.by = strdup(node->unit.path);
		return node->unit.by ? 0 : -ENOMEM;
	}
	if (l.state != BR_UNIT_ENABLED)
		return 0;
	if (strcmp(l.name, node->unit.name) != 0) {
		node->unit.alias_of = BR_TAKE(l.name);
		r = br_scan_node(scan, node->unit.alias_of, &real);
		if (r == 0)
			node->unit.state = br_unit_is_instance(real->unit.name) || real->unit.state == BR_UNIT_BAD ? real->unit.state :
			                                                                                             BR_UNIT_ALIAS;
		return r;
	}
	r = br_scan_text(scan, node->unit.name, node->unit.path, &node->file);
	if (r == -EBADMSG)
		node->unit.state = BR_UNIT_BAD;
	else if (r == 0)
		node->unit.state = state_of(scan, node);
	/* A link from outside under another name is an alias to systemctl. */
	if (r == 0 && !br_unit_is_instance(l.name) && !br_unit_is_template(l.name) &&
	    strcmp(strrchr(node->unit.path, '/') + 1, l.name) != 0)
		node->unit.state = BR_UNIT_ALIAS;
	return r == -EBADMSG ? 0 : r;
}

int br_scan_node(struct br_unit_scan *scan, const char *name, struct br_unit_node **ret)
{
	size_t low = 0, high = scan->n_nodes;
	struct br_unit_node *node;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(scan->nodes[mid]->unit.name, name);

		if (c == 0) {
			*ret = scan->nodes[mid];
			return 0;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (scan->n_nodes >= BR_UNITS_MAX) {
		free(scan->why);
		scan->why = br_format("units: more of them than are looked at");
		return -E2BIG;
	}
	node = calloc(1, sizeof(*node));
	if (!node || br_grow(&scan->nodes, &scan->cap_nodes, scan->n_nodes, sizeof(*scan->nodes)) < 0) {
		free(node);
		return -ENOMEM;
	}
	memmove(scan->nodes + low + 1, scan->nodes + low, (scan->n_nodes - low) * sizeof(struct br_unit_node *));
	scan->nodes[low] = node;
	scan->n_nodes++;
	node->unit.name = strdup(name);
	*ret = node;
	return node->unit.name ? load(scan, node) : -ENOMEM;
}
