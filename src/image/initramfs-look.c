/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an initramfs that was read holds: look-ups, and who made it. */
#include <errno.h>
#include <string.h>

#include "image/initramfs-internal.h"

/* A walk along a path: where it is, and what is left to go. */
struct walk {
	char *at; /* BR_PATH_MAX + 1 bytes */
	size_t len;
	char todo[BR_PATH_MAX + 1];
	unsigned links;
};

static void walk_up(struct walk *w)
{
	while (w->len && w->at[--w->len] != '/')
		;
	w->at[w->len] = '\0';
}

static int walk_down(struct walk *w, const char *name, size_t n)
{
	if (w->len + 1 + n > BR_PATH_MAX)
		return -ENAMETOOLONG;
	if (w->len)
		w->at[w->len++] = '/';
	memcpy(w->at + w->len, name, n);
	w->at[w->len += n] = '\0';
	return 0;
}

/* From a link, on to its target and then to rest, which lies in todo. */
static int walk_link(struct walk *w, const char *target, const char *rest)
{
	size_t n = strlen(target), m = strlen(rest);

	if (++w->links > BR_SYMLINKS_MAX)
		return -ELOOP;
	if (n + 1 + m > BR_PATH_MAX)
		return -ENAMETOOLONG;
	walk_up(w);
	if (*target == '/')
		w->at[w->len = 0] = '\0';
	memmove(w->todo + n + 1, rest, m + 1);
	memcpy(w->todo, target, n);
	w->todo[n] = '/';
	return 0;
}

static int walk_part(struct walk *w, const char *name, size_t n)
{
	if (n == 1 && *name == '.')
		return 0;
	if (n == 2 && memcmp(name, "..", 2) == 0) {
		walk_up(w);
		return 0;
	}
	return walk_down(w, name, n);
}

int br_link_resolve(br_link_look look, const void *ctx, const char *path, bool follow, char *ret)
{
	struct walk w = {.at = ret};
	const char *p = w.todo;

	if (strlen(path) > BR_PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(w.todo, path);
	*ret = '\0';
	while (*(p += strspn(p, "/"))) {
		size_t n = strcspn(p, "/");
		const char *rest = p + n, *target;
		bool last = !rest[strspn(rest, "/")];
		int r = walk_part(&w, p, n);

		p = rest;
		target = r || (last && !follow) ? NULL : look(ctx, ret);
		if (target) {
			r = walk_link(&w, target, rest);
			p = w.todo;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int by_link(const void *a, const void *b)
{
	return strcmp(((const struct br_link *)a)->path, ((const struct br_link *)b)->path);
}

static int by_kept(const void *a, const void *b)
{
	return strcmp(((const struct br_kept *)a)->path, ((const struct br_kept *)b)->path);
}

static int by_name(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

static const char *link_target(const void *ctx, const char *path)
{
	const struct br_initramfs *i = ctx;
	const struct br_link key = {.path = (char *)path};
	const struct br_link *l =
		i->n_links ? bsearch(&key, i->links, i->n_links, sizeof(key), by_link) : NULL;

	return l ? l->target : NULL;
}

static const struct br_kept *find_kept(const struct br_initramfs *i, const char *path)
{
	char final[BR_PATH_MAX + 1];
	const struct br_kept key = {.path = final};

	if (!i->n_kept || br_link_resolve(link_target, i, path, true, final) < 0)
		return NULL;
	return bsearch(&key, i->kept, i->n_kept, sizeof(key), by_kept);
}

const struct br_blob *br_initramfs_file(const struct br_initramfs *i, const char *path)
{
	const struct br_kept *k = find_kept(i, path);

	return k ? &k->data : NULL;
}

bool br_initramfs_has(const struct br_initramfs *i, const char *path)
{
	char final[BR_PATH_MAX + 1];

	if (!i->names.n || br_link_resolve(link_target, i, path, true, final) < 0)
		return false;
	return bsearch(final, i->names.v, i->names.n, sizeof(*i->names.v), by_name);
}

/* The last part of path when it lies in dir itself and ends in suffix, else NULL. */
static const char *name_in(const char *path, const char *dir, const char *suffix)
{
	size_t n = strlen(dir);

	if (strncmp(path, dir, n) != 0 || path[n] != '/' || strchr(path + n + 1, '/') || !br_ends(path, suffix))
		return NULL;
	return path + n + 1;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* k NULL: a link to nothing that was kept, as people mask a file with /dev/null. */
static int add_named(struct br_kept_list *l, struct br_strv *seen, const char *name, const struct br_kept *k)
{
	size_t at = l->n;

	if (br_strv_has(seen, name))
		return 0; /* a folder before this one has it */
	br_strv_add(seen, name);
	if (!k)
		return 0;
	if (br_grow(&l->v, &l->cap, l->n, sizeof(*l->v)) < 0)
		return -ENOMEM;
	for (; at && strcmp(last_part(l->v[at - 1]->path), name) > 0; at--)
		l->v[at] = l->v[at - 1];
	l->v[at] = k;
	l->n++;
	return 0;
}

static int list_folder(const struct br_initramfs *i, const char *dir, const char *suffix, struct br_strv *seen,
                       struct br_kept_list *ret)
{
	int r = 0;

	for (size_t j = 0; !r && j < i->n_kept; j++) {
		const char *name = name_in(i->kept[j].path, dir, suffix);

		if (name)
			r = add_named(ret, seen, name, &i->kept[j]);
	}
	for (size_t j = 0; !r && j < i->n_links; j++) {
		const char *name = name_in(i->links[j].path, dir, suffix);

		if (name)
			r = add_named(ret, seen, name, find_kept(i, i->links[j].path));
	}
	return r;
}

int br_initramfs_list(const struct br_initramfs *i, const char *const *dirs, const char *suffix,
                      struct br_kept_list *ret)
{
	br_autostrv struct br_strv seen = {0};
	char dir[BR_PATH_MAX + 1];
	int r = 0;

	for (; !r && *dirs; dirs++)
		if (br_link_resolve(link_target, i, *dirs, true, dir) == 0)
			r = list_folder(i, dir, suffix, &seen, ret);
	return seen.oom ? -ENOMEM : r;
}

/* [usr/]lib/modules/RELEASE/... is in it with an index or a module: RELEASE is one. */
static void add_release(struct br_initramfs *i, const char *path)
{
	const char *release = br_starts(path, "usr/") ? path + 4 : path, *below, *name = last_part(path);
	size_t n;

	if (!br_starts(release, "lib/modules/"))
		return;
	release += strlen("lib/modules/");
	below = strchr(release, '/');
	if (!below || !(br_starts(name, "modules.") || strstr(name, ".ko")))
		return;
	n = (size_t)(below - release);
	for (size_t j = 0; j < i->releases.n; j++)
		if (strlen(i->releases.v[j]) == n && memcmp(i->releases.v[j], release, n) == 0)
			return;
	br_strv_addn(&i->releases, release, n);
}

static const char *find_maker(const struct br_initramfs *i)
{
	static const struct {
		const char *path, *maker;
	} marks[] = {
		{"usr/lib/dracut", "dracut"},
		{"lib/dracut", "dracut"},
		{"conf/arch.conf", "initramfs-tools"},
		{"conf/initramfs.conf", "initramfs-tools"},
		{"etc/booster.init.yaml", "booster"},
		{"buildconfig", "mkinitcpio"},
	};

	for (size_t j = 0; j < BR_ARRAY_SIZE(marks); j++)
		if (br_initramfs_has(i, marks[j].path))
			return marks[j].maker;
	return NULL;
}

/* Of the running one alone: elsewhere initramfs-inner.c looked into it, and told what it could not see. */
static int find_squash(struct br_initramfs *i)
{
	static const char *const images[] = {"squash-root.img", "squashfs-root.img", "erofs-root.img"};

	for (size_t j = 0; j < BR_ARRAY_SIZE(images) && !i->n_segments && !i->squash; j++)
		if (br_initramfs_has(i, images[j]) && !(i->squash = strdup(images[j])))
			return -ENOMEM;
	return 0;
}

/* dracut leaves a file of its version's name; mkinitcpio writes its own into one. */
static int find_version(struct br_initramfs *i)
{
	static const char *const folders[] = {"usr/lib/dracut/dracut-", "lib/dracut/dracut-"};
	const struct br_blob *b = br_streq(i->made_by, "mkinitcpio") ? br_initramfs_file(i, "VERSION") : NULL;
	const char *said = b ? b->data : NULL;

	for (size_t n = 0; n < i->names.n && br_streq(i->made_by, "dracut") && !said; n++)
		for (size_t f = 0; f < BR_ARRAY_SIZE(folders) && !said; f++)
			if (br_starts(i->names.v[n], folders[f]) &&
			    strchr("0123456789", i->names.v[n][strlen(folders[f])]))
				said = i->names.v[n] + strlen(folders[f]);
	if (!said || !*said)
		return 0;
	i->made_with = strndup(said, strcspn(said, "\n"));
	return i->made_with ? 0 : -ENOMEM;
}

/* booster has no folder of a release: its own configuration names the kernel. */
static void add_booster_release(struct br_initramfs *i)
{
	const struct br_blob *b = br_streq(i->made_by, "booster") ? br_initramfs_file(i, "etc/booster.init.yaml") : NULL;
	const char *line = b ? b->data : NULL, *value;

	while (line && !br_starts(line, "kernel: ")) {
		line = strchr(line, '\n');
		line += line != NULL;
	}
	value = line ? line + strlen("kernel: ") : "";
	if (value[strspn(value, "\"' ")] && !i->releases.n) {
		value += strspn(value, "\"' ");
		br_strv_addn(&i->releases, value, strcspn(value, "\"' \r\n"));
	}
}

int br_initramfs_settle(struct br_initramfs *i, struct br_tree *t, struct br_keep *k)
{
	int r = br_keep_trailer(k);

	if (!r)
		r = br_tree_finish(t, i);
	if (r < 0)
		return r;
	i->kept = BR_TAKE(k->kept);
	i->n_kept = k->n;
	i->cap_kept = k->cap;
	k->n = k->cap = 0;
	br_strv_sort(&i->names);
	if (i->n_links)
		qsort(i->links, i->n_links, sizeof(*i->links), by_link);
	if (i->n_kept)
		qsort(i->kept, i->n_kept, sizeof(*i->kept), by_kept);
	for (size_t j = 0; j < i->names.n; j++)
		add_release(i, i->names.v[j]);
	i->made_by = find_maker(i);
	add_booster_release(i);
	r = find_version(i);
	if (!r)
		r = find_squash(i);
	if (r < 0)
		return r;
	if (!i->unread && t->full)
		i->unread = br_format("more than %d entries, or their names more than %llu bytes",
		                      BR_INITRAMFS_ENTRIES_MAX, BR_INITRAMFS_NAMES_MAX);
	else if (!i->unread)
		i->unread = BR_TAKE(k->limit);
	return i->names.oom || i->releases.oom || ((t->full || k->limit) && !i->unread) ? -ENOMEM : 0;
}

void br_initramfs_free(struct br_initramfs *i)
{
	for (size_t j = 0; j < i->n_links; j++) {
		free(i->links[j].path);
		free(i->links[j].target);
	}
	for (size_t j = 0; j < i->n_kept; j++) {
		free(i->kept[j].path);
		br_blob_free(&i->kept[j].data);
	}
	free(i->segments);
	free(i->links);
	free(i->kept);
	free(i->parts);
	free(i->defect);
	free(i->unread);
	free(i->cut);
	free(i->orphan);
	free(i->made_with);
	free(i->squash);
	free(i->squash_why);
	br_strv_free(&i->names);
	br_strv_free(&i->releases);
	*i = (struct br_initramfs){0};
}
