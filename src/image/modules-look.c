/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One driver: is it there, whole, found and allowed? */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "image/modindex.h"
#include "image/modinfo.h"
#include "image/modules-internal.h"

int br_driver_say(struct br_driver *d, enum br_driver_state state, char *what)
{
	if (!what)
		return -ENOMEM;
	d->state = state;
	free(d->what);
	d->what = what;
	return 1;
}

/* "kernel/drivers/block/virtio_blk.ko.xz" -> "virtio_blk" */
static void add_module(struct br_strv *chain, const char *path, size_t len)
{
	size_t from = len, n = 0;
	char *name;

	while (from && path[from - 1] != '/')
		from--;
	while (from + n < len && path[from + n] != '.')
		n++;
	br_strv_addn(chain, path + from, n);
	if (chain->oom)
		return;
	name = chain->v[chain->n - 1];
	for (; *name; name++)
		if (*name == '-')
			*name = '_';
}

static int check_file(const struct br_modtree *t, const char *path, size_t len, enum br_driver_state missing,
                      struct br_driver *d)
{
	br_autofree char *name = strndup(path, len), *full = NULL;
	int r = name ? br_modtree_file(t, name, &full) : -ENOMEM;

	if (r < 0 || br_modtree_has(t, full))
		return r;
	return br_driver_say(d, missing, BR_TAKE(full));
}

/*
 * The line of modules.dep: "FILE: DEP DEP ...", each before what it needs itself: they are loaded from the
 * last to the first. 0, 1 with a state, -errno.
 */
static int check_line(const struct br_modtree *t, const char *line, struct br_driver *d)
{
	size_t file = strcspn(line, ":"), at = strlen(line);
	int r = check_file(t, line, file, BR_DRIVER_NO_FILE, d);

	while (at > file + 1) {
		size_t end = at;

		while (end > file + 1 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
			end--;
		at = end;
		while (at > file + 1 && line[at - 1] != ' ' && line[at - 1] != '\t')
			at--;
		if (at == end)
			break;
		add_module(&d->chain, line + at, end - at);
		if (!r)
			r = check_file(t, line + at, end - at, BR_DRIVER_NO_DEP, d);
	}
	add_module(&d->chain, line, file);
	return d->chain.oom ? -ENOMEM : r;
}

/* Entries "module\treason\tkind"; the reason alone, owned. */
static char *reason_of(const char *entry, size_t module)
{
	const char *reason = entry + module + (entry[module] == '\t');

	return strndup(reason, strcspn(reason, "\t"));
}

static bool forbids(const char *entry, const char *kind, const char *module)
{
	size_t n = strcspn(entry, "\t");
	const char *k = strchr(entry + n + (entry[n] == '\t'), '\t');
	br_autofree char *name = strndup(entry, n);

	return name && br_module_same(name, module) && strcmp(k ? k + 1 : "", kind) == 0;
}

static int check_list(const struct br_strv *list, const char *kind, const char *module, struct br_driver *d)
{
	for (size_t i = 0; list && i < list->n; i++)
		if (forbids(list->v[i], kind, module))
			return br_driver_say(d, BR_DRIVER_BLACKLISTED, reason_of(list->v[i], strcspn(list->v[i], "\t")));
	return 0;
}

static bool listed(const struct br_strv *l, const char *module)
{
	for (size_t i = 0; l && i < l->n; i++)
		if (br_module_same(l->v[i], module))
			return true;
	return false;
}

/* Is it loaded by name; with against: even against a blacklist? */
static bool is_forced(const struct br_strv *l, const char *module, bool against)
{
	for (size_t i = 0; l && i < l->n; i++) {
		size_t n = strcspn(l->v[i], "\t");
		br_autofree char *name = strndup(l->v[i], n);

		if (name && br_module_same(name, module) && !(against && l->v[i][n]))
			return true;
	}
	return false;
}

/* What keeps any of the chain out, and what keeps udev from loading the driver itself. */
static int check_allowed(const struct br_modtree *t, const struct br_driver_ask *ask, struct br_driver *d)
{
	const struct br_strv *lists[] = {ask->blacklist, &t->blacklist};
	int r = 0;

	for (size_t l = 0; l < BR_ARRAY_SIZE(lists); l++) {
		for (size_t i = 0; !r && i < d->chain.n; i++) {
			r = check_list(lists[l], "install", d->chain.v[i], d);
			if (!r)
				r = check_list(lists[l], "kernel", d->chain.v[i], d);
		}
		if (!r && !is_forced(ask->forced, ask->name, true))
			r = check_list(lists[l], "", ask->name, d);
	}
	return r;
}

/* modprobe.d's own aliases come before the index's: one that fits and names something else keeps the driver out. */
static int check_aliases(const struct br_strv *list, const struct br_driver_ask *ask, struct br_driver *d)
{
	for (size_t i = 0; list && i < list->n; i++) {
		const char *entry = list->v[i], *kind;
		size_t n = strcspn(entry, "\t");
		br_autofree char *pattern = NULL;

		kind = strchr(entry + n + (entry[n] == '\t'), '\t');
		if (!kind || !br_starts(kind, "\talias\t"))
			continue;
		pattern = strndup(entry, n);
		if (!pattern)
			return -ENOMEM;
		if (fnmatch(pattern, ask->alias, 0) == 0)
			return br_module_same(kind + strlen("\talias\t"), ask->name) ?
			               0 : br_driver_say(d, BR_DRIVER_BLACKLISTED, reason_of(entry, n));
	}
	return 0;
}

static int check_reached(const struct br_modtree *t, const struct br_driver_ask *ask, struct br_driver *d)
{
	int r;

	if (!ask->alias || is_forced(ask->forced, ask->name, false))
		return 0;
	r = check_aliases(ask->blacklist, ask, d);
	if (!r)
		r = check_aliases(&t->blacklist, ask, d);
	if (r)
		return r;
	r = br_kmod_leads(t->ctx, ask->alias, ask->name);
	return r ? (r < 0 ? r : 0) : br_driver_say(d, BR_DRIVER_NO_ALIAS, strdup(ask->alias));
}

const char *br_modtree_line(const struct br_modtree *t, const char *module)
{
	br_autostr struct br_str name = {0};

	br_str_puts(&name, module);
	for (size_t i = 0; i < name.len; i++)
		if (name.s[i] == '-')
			name.s[i] = '_';
	return t->dep.len && !name.oom ? br_modindex_find(t->dep.data, t->dep.len, name.s) : NULL;
}

/* udev's and modprobe's own reader of the index; busybox has another, which is content with the text. */
static bool has_kmod(const struct br_modtree *t)
{
	return !t->i || br_initramfs_has(t->i, "usr/bin/kmod") || br_initramfs_has(t->i, "bin/kmod") ||
	       br_initramfs_has(t->i, "usr/lib/systemd/systemd-udevd");
}

/* The file is there, and no line of modules.dep.bin leads to it. */
static int look_unindexed(const struct br_modtree *t, char *file, struct br_driver *d)
{
	br_autofree char *path = file, *text = NULL;

	if (t->dep.len)
		return br_driver_say(d, BR_DRIVER_NOT_INDEXED, BR_TAKE(path));
	text = br_format("%s/modules.dep", t->base);
	if (!text)
		return -ENOMEM;
	if (!has_kmod(t) && br_modtree_has(t, text))
		return br_driver_say(d, BR_DRIVER_UNKNOWN, br_format("%s.bin is not there, and whether the modprobe "
		                                           "there needs it is not known", text));
	return br_driver_say(d, BR_DRIVER_NOT_INDEXED, br_format("%s (there is no %s.bin)", path, text));
}

/* Without a line in modules.dep: built in, not indexed, or not there. */
static int look_unlisted(const struct br_modtree *t, const struct br_driver_ask *ask, struct br_driver *d)
{
	char *file;
	int r = listed(&t->builtin, ask->name);

	if (!r && t->damaged)
		return br_driver_say(d, BR_DRIVER_BAD_INDEX, strdup(t->damaged));
	if (!r && t->unread)
		return br_driver_say(d, BR_DRIVER_UNKNOWN, strdup(t->unread));
	if (!r)
		r = br_kmod_knows(t->ctx, ask->name);
	if (r < 0)
		return r;
	if (r > 0) {
		d->state = BR_DRIVER_BUILTIN;
		return 1;
	}
	r = br_modtree_search(t, ask->name, &file);
	if (r < 0)
		return r;
	d->state = BR_DRIVER_ABSENT;
	return file ? look_unindexed(t, file, d) : 1;
}

int br_driver_look(const struct br_modtree *t, const struct br_driver_ask *ask, struct br_driver *ret)
{
	br_autodriver struct br_driver d = {0};
	/* What the kernel's own build lists as built in is, whatever an index holds besides. */
	const char *line = listed(&t->builtin, ask->name) ? NULL : br_modtree_line(t, ask->name);
	int r = line ? check_line(t, line, &d) : look_unlisted(t, ask, &d);

	if (!r)
		r = br_driver_build(t, ask, line, &d);
	if (!r)
		r = check_allowed(t, ask, &d);
	if (!r)
		r = check_reached(t, ask, &d);
	/* Last: what is surely wrong is said before what may be. */
	if (!r)
		r = br_driver_signed(t, ask, line, &d);
	if (r < 0)
		return r;
	if (!r)
		d.state = BR_DRIVER_PRESENT;
	*ret = d;
	d = (struct br_driver){0};
	return 0;
}

const char *br_driver_state_name(enum br_driver_state s)
{
	static const char *const names[] = {
		[BR_DRIVER_UNKNOWN] = "unknown",
		[BR_DRIVER_BUILTIN] = "built-in",
		[BR_DRIVER_PRESENT] = "present",
		[BR_DRIVER_ABSENT] = "absent",
		[BR_DRIVER_NO_FILE] = "file-missing",
		[BR_DRIVER_NO_DEP] = "dependency-missing",
		[BR_DRIVER_NOT_INDEXED] = "not-indexed",
		[BR_DRIVER_NO_ALIAS] = "alias-missing",
		[BR_DRIVER_BLACKLISTED] = "blacklisted",
		[BR_DRIVER_WRONG_BUILD] = "wrong-build",
		[BR_DRIVER_BAD_INDEX] = "index-damaged",
	};

	return names[s];
}

void br_driver_free(struct br_driver *d)
{
	free(d->what);
	br_strv_free(&d->chain);
	*d = (struct br_driver){0};
}

/* "io_timeout:uint" -> "uint" */
static int take_type(const char *value, size_t skip, char **ret)
{
	*ret = strdup(value + skip);
	return *ret ? 0 : -ENOMEM;
}

static int parmtype_of_file(const struct br_modtree *t, const char *line, const char *value, char **ret)
{
	br_autofree char *name = strndup(line, strcspn(line, ":")), *full = NULL;
	br_autoblob struct br_blob packed = {0}, plain = {0};
	struct br_modinfo m;
	const char *found;
	int r = name ? br_modtree_file(t, name, &full) : -ENOMEM;

	if (!r)
		r = br_modtree_read(t, full, &packed);
	if (!r)
		r = br_module_unpack(&packed, &plain);
	if (!r)
		r = br_modinfo_parse(plain.data, plain.len, &m);
	if (r < 0)
		return r == -ENOMEM ? r : -ENODATA;
	found = br_modinfo_get(plain.data + m.at, m.len, "parmtype", value);
	return found ? take_type(found, strlen(value), ret) : -ENOENT;
}

int br_module_parmtype(const struct br_modtree *t, const char *module, const char *parameter, char **ret)
{
	br_autofree char *value = br_format("%s:", parameter), *key = br_format("%s.parmtype", module);
	const char *line, *found;

	if (!value || !key)
		return -ENOMEM;
	line = br_modtree_line(t, module);
	if (line)
		return parmtype_of_file(t, line, value, ret);
	if (!t->modinfo.len)
		return listed(&t->builtin, module) ? -ENODATA : -ENOENT;
	found = br_modinfo_get(t->modinfo.data, t->modinfo.len, key, value);
	return found ? take_type(found, strlen(value), ret) : -ENOENT;
}
