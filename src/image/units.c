/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "image/units-internal.h"

const char *br_unit_state_name(enum br_unit_state state)
{
	static const char *const names[] = {
		[BR_UNIT_ABSENT] = "not-found", [BR_UNIT_DISABLED] = "disabled", [BR_UNIT_STATIC] = "static",
		[BR_UNIT_INDIRECT] = "indirect", [BR_UNIT_LINKED] = "linked",     [BR_UNIT_ALIAS] = "alias",
		[BR_UNIT_ENABLED] = "enabled",   [BR_UNIT_MASKED] = "masked",     [BR_UNIT_BAD] = "bad",
	};

	return names[state];
}

static const struct br_unit *find_one(const struct br_units *u, const char *name)
{
	size_t low = 0, high = u->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(u->v[mid].name, name);

		if (c == 0)
			return &u->v[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct br_unit *br_unit_find(const struct br_units *u, const char *name)
{
	const struct br_unit *one = find_one(u, name);

	return one && one->alias_of ? find_one(u, one->alias_of) : one;
}

bool br_unit_starts(const struct br_units *u, const char *name)
{
	const struct br_unit *one = br_unit_find(u, name);

	return one && (one->starts || one->by_socket);
}

void br_units_free(struct br_units *u)
{
	for (size_t i = 0; i < u->n; i++) {
		free(u->v[i].name);
		free(u->v[i].path);
		free(u->v[i].alias_of);
		free(u->v[i].by);
	}
	free(u->v);
	free(u->default_target);
	*u = (struct br_units){0};
}

static bool any(const struct br_root *root, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (br_root_exists(root, paths[i]))
			return true;
	return false;
}

static enum br_init init_of(const struct br_root *root)
{
	static const char *const systemd[] = {"/usr/lib/systemd/systemd", "/lib/systemd/systemd"};
	static const char *const openrc[] = {"/sbin/openrc", "/usr/sbin/openrc", "/usr/bin/openrc", "/bin/openrc"};
	static const char *const sysv[] = {"/etc/inittab", "/etc/rc.d/rc.sysinit", "/etc/init.d/rc", "/etc/rcS.d"};
	br_autofree char *link = NULL;
	int r = br_root_readlink(root, "/sbin/init", &link);
	bool linked = r == 0 && br_ends(link, "systemd");

	/* An init of its own: systemd is installed beside it, and not what boots. Without one the harness has taken it out. */
	if (any(root, systemd, BR_ARRAY_SIZE(systemd)) && (linked || r != -EINVAL || !any(root, sysv, BR_ARRAY_SIZE(sysv))))
		return BR_INIT_SYSTEMD;
	if (any(root, openrc, BR_ARRAY_SIZE(openrc)) && br_root_exists(root, "/etc/runlevels"))
		return BR_INIT_OPENRC;
	return any(root, sysv, BR_ARRAY_SIZE(sysv)) ? BR_INIT_SYSV : BR_INIT_UNKNOWN;
}

/* machine-id(5): no file, or that word; an empty one is for containers and read-only roots, and presets nothing. */
static bool is_first_boot(const struct br_root *root)
{
	br_autoblob struct br_blob blob = {0};
	int r = br_root_read(root, "/etc/machine-id", 4096, &blob);

	return r == -ENOENT || (r == 0 && (strcmp(blob.data, "uninitialized\n") == 0 || strcmp(blob.data, "uninitialized") == 0));
}

/* Every name that a folder has, or a link asks for. */
static int load_all(struct br_unit_scan *scan)
{
	struct br_unit_node *node;
	int r = 0;

	for (size_t i = 0; r == 0 && i < scan->n_entries; i++)
		r = br_scan_node(scan, scan->entries[i].name, &node);
	for (size_t i = 0; r == 0 && i < scan->n_deps; i++)
		r = br_scan_node(scan, scan->deps[i].to, &node);
	return r;
}

static int hand_over(struct br_unit_scan *scan, struct br_units *u)
{
	u->v = calloc(scan->n_nodes + 1, sizeof(*u->v));
	if (!u->v)
		return -ENOMEM;
	u->cap = scan->n_nodes + 1;
	for (size_t i = 0; i < scan->n_nodes; i++) {
		if (scan->nodes[i]->unit.state == BR_UNIT_ABSENT)
			continue;
		u->v[u->n++] = scan->nodes[i]->unit;
		scan->nodes[i]->unit = (struct br_unit){0};
	}
	return 0;
}

/* An alias starts where the unit behind it does. */
static void copy_to_aliases(struct br_units *u)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct br_unit *behind = u->v[i].alias_of ? find_one(u, u->v[i].alias_of) : NULL;

		if (!behind)
			continue;
		u->v[i].starts = behind->starts;
		u->v[i].preset = behind->preset;
		u->v[i].by_socket = behind->by_socket;
	}
}

static int read_systemd(struct br_unit_scan *scan, struct br_units *u)
{
	struct br_unit_node *first;
	int r = br_scan_folders(scan);

	if (r == 0)
		r = load_all(scan);
	if (r == 0)
		r = br_scan_generators(scan);
	if (r == 0 && u->first_boot)
		r = br_scan_presets(scan);
	if (r == 0)
		r = br_scan_start(scan, "default.target", false);
	if (r == 0 && u->first_boot)
		r = br_scan_start(scan, "default.target", true);
	if (r == 0)
		r = br_scan_node(scan, "default.target", &first);
	if (r < 0)
		return r;
	if (first->unit.state != BR_UNIT_ABSENT && first->unit.state != BR_UNIT_MASKED) {
		u->default_target = strdup(first->unit.alias_of ? first->unit.alias_of : first->unit.name);
		if (!u->default_target)
			return -ENOMEM;
	}
	r = hand_over(scan, u);
	copy_to_aliases(u);
	return r;
}

int br_units_read(const struct br_root *root, struct br_units *ret, char **ret_why)
{
	br_cleanup(br_units_free) struct br_units u = {.init = init_of(root)};
	br_cleanup(br_scan_free) struct br_unit_scan scan = {.root = root};
	int r = 0;

	if (u.init == BR_INIT_SYSTEMD) {
		u.first_boot = is_first_boot(root);
		r = read_systemd(&scan, &u);
	} else if (u.init != BR_INIT_UNKNOWN) {
		r = br_units_sysv(root, u.init, &u);
	}
	if (r < 0) {
		*ret_why = r == -ENOMEM ? NULL : scan.why ? BR_TAKE(scan.why) : r == -E2BIG ? br_format("more services than are looked at") : NULL;
		return r;
	}
	*ret = u;
	u = (struct br_units){0};
	return 0;
}
