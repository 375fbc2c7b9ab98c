/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folders of units: which names they hold, and what wants what by a link. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/units-internal.h"

/* systemd's own order (path-lookup.c), without /run: nothing of it is there when the machine starts. */
const char *const br_unit_folders[BR_UNIT_FOLDERS] = {
	"/etc/systemd/system.control", "/etc/systemd/system",     "/etc/systemd/system.attached",
	"/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
};

static void entry_free(struct br_unit_entry *e)
{
	free(e->name);
	free(e->target);
	free(e->dest);
}

static void dep_free(struct br_unit_dep *d)
{
	free(d->from);
	free(d->to);
	free(d->path);
}

void br_scan_free(struct br_unit_scan *scan)
{
	for (size_t i = 0; i < scan->n_entries; i++)
		entry_free(&scan->entries[i]);
	for (size_t i = 0; i < scan->n_deps; i++)
		dep_free(&scan->deps[i]);
	for (size_t i = 0; i < scan->n_nodes; i++) {
		br_unit_file_free(&scan->nodes[i]->file);
		free(scan->nodes[i]->unit.name);
		free(scan->nodes[i]->unit.path);
		free(scan->nodes[i]->unit.alias_of);
		free(scan->nodes[i]->unit.by);
		free(scan->nodes[i]);
	}
	free(scan->entries);
	free(scan->deps);
	free(scan->nodes);
	free(scan->why);
	br_strv_free(&scan->dropins);
	*scan = (struct br_unit_scan){0};
}

int br_scan_add_dep(struct br_unit_scan *scan, struct br_unit_dep dep)
{
	int r = -ENOMEM;

	if (dep.from && dep.to && dep.path) {
		r = scan->n_deps < BR_UNIT_LINKS_MAX ? br_grow(&scan->deps, &scan->cap_deps, scan->n_deps, sizeof(*scan->deps)) :
		                                      -E2BIG;
		if (r == 0)
			scan->deps[scan->n_deps++] = dep;
	}
	if (r < 0)
		dep_free(&dep);
	return r;
}

/* An absolute path without ".", ".." and empty parts, of what a link in that folder says. */
static char *tidy(const char *folder, const char *target)
{
	br_autofree char *whole = target[0] == '/' ? strdup(target) : br_format("%s/%s", folder, target);
	br_autostrv struct br_strv parts = {0}, kept = {0};
	struct br_str out = {0};

	if (!whole)
		return NULL;
	br_strv_split(&parts, whole, "/");
	for (size_t i = 0; i < parts.n; i++) {
		if (strcmp(parts.v[i], ".") == 0)
			continue;
		if (strcmp(parts.v[i], "..") != 0)
			br_strv_add(&kept, parts.v[i]);
		else if (kept.n)
			free(kept.v[--kept.n]);
	}
	if (parts.oom || kept.oom)
		return NULL;
	if (!kept.n)
		return strdup("/");
	for (size_t i = 0; i < kept.n; i++)
		br_str_printf(&out, "/%s", kept.v[i]);
	return br_str_take(&out);
}

static bool masks(const struct stat *st)
{
	return (S_ISREG(st->st_mode) && st->st_size == 0) || S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
}

/* As systemd: an empty file, a device, or a link that ends at one; /dev is empty in a root that does not run. */
static bool link_masks(const struct br_root *root, const char *path, const char *target)
{
	br_autofree char *next = NULL;
	struct stat st;

	if (strcmp(target, "/dev/null") == 0)
		return true;
	if (br_root_stat(root, path, &st) == 0)
		return masks(&st);
	return br_root_readlink(root, target, &next) == 0 && br_ends(next, "/dev/null");
}

static int look(const struct br_root *root, const char *folder, const char *name, struct br_unit_entry *ret)
{
	br_autofree char *path = br_format("%s/%s", folder, name), *text = NULL;
	struct stat st;
	int r;

	if (!path)
		return -ENOMEM;
	r = br_root_lstat(root, path, &st);
	if (r < 0)
		return r;
	if (S_ISLNK(st.st_mode)) {
		r = br_root_readlink(root, path, &text);
		if (r < 0)
			return r;
		ret->target = tidy(folder, text);
		ret->dest = strdup(strrchr(text, '/') ? strrchr(text, '/') + 1 : text);
		if (!ret->target || !ret->dest)
			return -ENOMEM;
	}
	if (S_ISDIR(st.st_mode))
		ret->kind = BR_ENTRY_ODD;
	else if ((ret->target ? link_masks(root, path, ret->target) : masks(&st)))
		ret->kind = BR_ENTRY_MASK;
	else
		ret->kind = S_ISLNK(st.st_mode) ? BR_ENTRY_LINK : S_ISREG(st.st_mode) ? BR_ENTRY_FILE : BR_ENTRY_ODD;
	return 0;
}

static int unread(struct br_unit_scan *scan, const char *path, int r)
{
	free(scan->why);
	scan->why = br_format("%s: %s", path, r == -E2BIG ? "more entries than are looked at" : br_strerror(-r));
	return r;
}

static int add_wanted(struct br_unit_scan *scan, unsigned folder, const char *name, const char *suffix)
{
	br_autofree char *path = br_format("%s/%s", br_unit_folders[folder], name);
	br_autostrv struct br_strv names = {0};
	struct stat st;
	bool plain;
	int r;

	if (!path)
		return -ENOMEM;
	plain = br_root_lstat(scan->root, path, &st) == 0 && S_ISDIR(st.st_mode);
	r = br_root_list(scan->root, path, &names);
	if (r == -ENOTDIR || r == -ENOENT)
		return 0;
	if (r < 0)
		return unread(scan, path, r);
	for (size_t i = 0; i < names.n; i++) {
		br_cleanup(entry_free) struct br_unit_entry e = {0};

		if (!br_unit_name_valid(names.v[i]))
			continue;
		r = look(scan->root, path, names.v[i], &e);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			continue;
		r = br_scan_add_dep(scan, (struct br_unit_dep){
			.from = strndup(name, (size_t)(suffix - name)), .to = strdup(names.v[i]),
			.path = br_format("%s/%s", path, names.v[i]), .folder = folder, .kind = suffix[1],
			.masked = e.kind == BR_ENTRY_MASK, .link = e.target != NULL, .plain = plain});
		if (r < 0)
			return unread(scan, path, r);
	}
	return 0;
}

static int add_name(struct br_unit_scan *scan, unsigned folder, const char *name)
{
	br_cleanup(entry_free) struct br_unit_entry e = {.folder = folder};
	const char *dot = strrchr(name, '.');
	int r;

	if (!dot || dot == name)
		return 0;
	if (strcmp(dot, ".wants") == 0 || strcmp(dot, ".requires") == 0 || strcmp(dot, ".upholds") == 0)
		return add_wanted(scan, folder, name, dot);
	if (strcmp(dot, ".d") == 0) {
		br_autofree char *path = br_format("%s/%s", br_unit_folders[folder], name);

		if (path)
			br_strv_add(&scan->dropins, path);
		return !path || scan->dropins.oom ? -ENOMEM : 0;
	}
	if (!br_unit_name_valid(name))
		return 0;
	r = look(scan->root, br_unit_folders[folder], name, &e);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	e.name = strdup(name);
	if (!e.name || br_grow(&scan->entries, &scan->cap_entries, scan->n_entries, sizeof(*scan->entries)) < 0)
		return -ENOMEM;
	scan->entries[scan->n_entries++] = e;
	e = (struct br_unit_entry){0};
	return 0;
}

static bool same_folder(const struct br_root *root, const char *a, const char *b)
{
	struct stat x, y;

	return br_root_stat(root, a, &x) == 0 && br_root_stat(root, b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

int br_scan_folder_of(const struct br_unit_scan *scan, const char *path)
{
	br_autofree char *parent = strndup(path, (size_t)(strrchr(path, '/') ? strrchr(path, '/') - path : 0));

	for (int i = 0; parent && i < BR_UNIT_FOLDERS; i++)
		if (strcmp(br_unit_folders[i], parent) == 0)
			return i;
	for (int i = 0; parent && i < BR_UNIT_FOLDERS; i++)
		if (same_folder(scan->root, br_unit_folders[i], parent))
			return i;
	return -1;
}

static int by_name(const void *a, const void *b)
{
	const struct br_unit_entry *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : (int)x->folder - (int)y->folder;
}

const struct br_unit_entry *br_scan_entry(const struct br_unit_scan *scan, const char *name)
{
	size_t low = 0, high = scan->n_entries;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(scan->entries[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < scan->n_entries && strcmp(scan->entries[low].name, name) == 0 ? &scan->entries[low] : NULL;
}

int br_scan_folders(struct br_unit_scan *scan)
{
	for (unsigned i = 0; i < BR_UNIT_FOLDERS; i++) {
		br_autostrv struct br_strv names = {0};
		int r;

		if (i == BR_UNIT_FOLDERS - 1 && same_folder(scan->root, br_unit_folders[i - 1], br_unit_folders[i]))
			break;
		r = br_root_list(scan->root, br_unit_folders[i], &names);
		if (r == -ENOENT || r == -ENOTDIR)
			continue;
		if (r < 0)
			return unread(scan, br_unit_folders[i], r);
		for (size_t j = 0; j < names.n; j++) {
			r = add_name(scan, i, names.v[j]);
			if (r < 0)
				return scan->why ? r : unread(scan, br_unit_folders[i], r);
		}
	}
	if (scan->n_entries > BR_UNITS_MAX)
		return unread(scan, "units", -E2BIG);
	if (scan->n_entries)
		qsort(scan->entries, scan->n_entries, sizeof(*scan->entries), by_name);
	return 0;
}
