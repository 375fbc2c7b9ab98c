/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modules folder of a kernel, in an initramfs or in a root. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/modindex.h"
#include "image/modinfo.h"
#include "image/modules-internal.h"

bool br_module_same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
	return *a == *b;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool br_module_is_file(const char *path, const char *name)
{
	static const char *const ends[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};
	const char *base = last_part(path), *dot = strstr(base, ".ko");
	size_t n = strlen(name);

	if (!dot || (size_t)(dot - base) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((base[i] == '-' ? '_' : base[i]) != (name[i] == '-' ? '_' : name[i]))
			return false;
	for (size_t i = 0; i < BR_ARRAY_SIZE(ends); i++)
		if (strcmp(dot, ends[i]) == 0)
			return true;
	return false;
}

/* modules.dep names files by where they lie below the folder; very old ones by their whole path. */
int br_modtree_file(const struct br_modtree *t, const char *path, char **ret)
{
	*ret = *path == '/' ? strdup(path + 1) : br_format("%s/%s", t->base, path);
	return *ret ? 0 : -ENOMEM;
}

bool br_modtree_has(const struct br_modtree *t, const char *path)
{
	br_autofree char *full = NULL;
	struct stat st;

	if (t->i)
		return br_initramfs_has(t->i, path) && !br_streq(t->i->cut, path);
	full = br_format("/%s", path);
	return full && br_root_stat(t->root, full, &st) == 0 && S_ISREG(st.st_mode);
}

int br_modtree_read(const struct br_modtree *t, const char *path, struct br_blob *ret)
{
	br_autofree char *full = NULL;
	const struct br_blob *b;

	if (!t->i) {
		full = br_format("/%s", path);
		return full ? br_root_read(t->root, full, BR_MODULE_MAX, ret) : -ENOMEM;
	}
	b = br_initramfs_file(t->i, path);
	if (!b)
		return -ENODATA;
	ret->data = malloc(b->len + 1);
	if (!ret->data)
		return -ENOMEM;
	memcpy(ret->data, b->data, b->len + 1);
	ret->len = b->len;
	return 0;
}

#define DEPTH_MAX 16

static int search_root(const struct br_modtree *t, const char *dir, const char *module, unsigned depth, char **ret)
{
	br_autostrv struct br_strv names = {0};
	br_autofree char *full = br_format("/%s", dir);
	int r = full ? br_root_list(t->root, full, &names) : -ENOMEM;

	if (r < 0 || depth > DEPTH_MAX)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < names.n && !*ret; i++) {
		br_autofree char *path = br_format("%s/%s", dir, names.v[i]);

		if (!path)
			return -ENOMEM;
		if (br_module_is_file(path, module))
			*ret = BR_TAKE(path);
		else if (!strchr(names.v[i], '.')) /* folders there have no dots, and links (build, source) no modules */
			r = search_root(t, path, module, depth + 1, ret);
		if (r < 0)
			return r;
	}
	return 0;
}

int br_modtree_search(const struct br_modtree *t, const char *module, char **ret)
{
	br_autofree char *kernel = br_format("%s/kernel", t->base);

	*ret = NULL;
	if (!kernel)
		return -ENOMEM;
	if (!t->i)
		return search_root(t, kernel, module, 0, ret);
	for (size_t i = 0; i < t->i->names.n; i++) {
		const char *name = t->i->names.v[i];

		if (!br_starts(name, t->base) || !br_module_is_file(name, module) || br_streq(name, t->i->cut))
			continue;
		*ret = strdup(name);
		return *ret ? 0 : -ENOMEM;
	}
	return 0;
}

/* modules.builtin: a path a line. It is text that the kernel's own build wrote; depmod makes .bin of it. */
static void add_builtins(struct br_modtree *t, const char *buf, size_t len)
{
	while (len) {
		const char *nl = memchr(buf, '\n', len), *name = buf, *dot;
		size_t n = nl ? (size_t)(nl - buf) : len;

		for (const char *s = buf; s < buf + n; s++)
			if (*s == '/')
				name = s + 1;
		dot = memchr(name, '.', (size_t)(buf + n - name));
		if (dot)
			br_strv_addn(&t->builtin, name, (size_t)(dot - name));
		buf += nl ? n + 1 : n;
		len -= nl ? n + 1 : n;
	}
}

/* Absent is no error: len stays 0. What is wrong with one that is there is told in t. */
static int load_index(struct br_modtree *t, const char *name, struct br_blob *ret)
{
	br_autofree char *path = br_format("%s/%s", t->base, name), *full = NULL;
	const char *why = NULL;
	char **say = &t->unread;
	int r = path ? 0 : -ENOMEM;

	if (!r && t->i) {
		if (!br_initramfs_has(t->i, path))
			return 0;
		r = br_modtree_read(t, path, ret);
	} else if (!r) {
		full = br_format("/%s", path);
		r = full ? br_root_read(t->root, full, BR_MODINDEX_MAX, ret) : -ENOMEM;
	}
	if (r == -ENOENT || r == -ENOMEM)
		return r == -ENOENT ? 0 : r;
	/* depmod leaves it empty for a kernel before 5.2, which has no modules.builtin.modinfo: nothing is lost. */
	if (!r && !ret->len && br_streq(name, br_index_names[BR_INDEX_BUILTIN_ALIAS]))
		return 0;
	if (!r && br_ends(name, ".bin") && (r = br_modindex_check(ret->data, ret->len, &why)) == -EBADMSG)
		say = &t->damaged;
	if (r < 0 && !*say)
		*say = br_format("%s: %s", path, why ? why : br_strerror(-r));
	return r < 0 && !*say ? -ENOMEM : 0;
}

static void free_indexes(struct br_blob (*b)[BR_INDEXES])
{
	for (enum br_index i = 0; i < BR_INDEXES; i++)
		br_blob_free(&(*b)[i]);
}

static int load(struct br_modtree *t)
{
	br_cleanup(free_indexes) struct br_blob b[BR_INDEXES] = {{0}};
	br_autoblob struct br_blob text = {0};
	int r = load_index(t, "modules.builtin", &text);

	if (!r)
		r = load_index(t, "modules.builtin.modinfo", &t->modinfo);
	for (enum br_index i = 0; !r && i < BR_INDEX_SYMBOLS; i++)
		r = load_index(t, br_index_names[i], &b[i]);
	if (r < 0)
		return r;
	add_builtins(t, text.data, text.len);
	if (t->builtin.oom)
		return -ENOMEM;
	if (t->damaged || t->unread)
		return 0;
	r = br_kmod_open(b, &t->ctx);
	if (r < 0 && r != -ENOMEM)
		t->unread = br_format("libkmod did not take the indexes: %s", br_strerror(-r));
	t->dep = b[BR_INDEX_DEP];
	b[BR_INDEX_DEP] = (struct br_blob){0};
	return r < 0 && !t->unread ? -ENOMEM : 0;
}

static void free_tree(struct br_modtree **t)
{
	br_modtree_free(*t);
}

void br_modtree_free(struct br_modtree *t)
{
	if (!t)
		return;
	kmod_unref(t->ctx);
	br_blob_free(&t->dep);
	br_blob_free(&t->modinfo);
	br_strv_free(&t->builtin);
	br_strv_free(&t->blacklist);
	free(t->damaged);
	free(t->unread);
	free(t->release);
	free(t->base);
	free(t);
}

/* "6.1.0-1-amd64, 6.1.0-2-amd64" */
static char *join(const struct br_strv *l)
{
	struct br_str b = {0};

	for (size_t i = 0; i < l->n; i++)
		br_str_printf(&b, "%s%s", i ? ", " : "", l->v[i]);
	return br_str_take(&b);
}

static int no_release(const struct br_initramfs *i, const char *release, char **ret_why)
{
	br_autofree char *others = join(&i->releases);

	if (!i->releases.n)
		*ret_why = strdup("no kernel modules in it");
	else if (others)
		*ret_why = br_format("no modules of %s in it, but of %s", release, others);
	return others ? -ENOENT : -ENOMEM;
}

static bool plain_name(const char *release)
{
	return *release && !strchr(release, '/') && strcmp(release, ".") != 0 && strcmp(release, "..") != 0;
}

int br_modtree_initramfs(const struct br_initramfs *i, const char *release, struct br_modtree **ret,
                         char **ret_why)
{
	br_cleanup(free_tree) struct br_modtree *t = calloc(1, sizeof(*t));
	int r;

	if (!plain_name(release) || !br_strv_has(&i->releases, release))
		return no_release(i, release, ret_why);
	if (!t)
		return -ENOMEM;
	t->i = i;
	t->release = strdup(release);
	/* lib is a link to usr/lib where that is the one that is there. */
	t->base = br_format("usr/lib/modules/%s", release);
	if (t->base && !br_initramfs_has(i, t->base)) {
		free(t->base);
		t->base = br_format("lib/modules/%s", release);
	}
	/* booster's modules lie side by side. */
	if (t->base && br_streq(i->made_by, "booster") && !br_initramfs_has(i, t->base)) {
		free(t->base);
		t->base = strdup("usr/lib/modules");
	}
	if (!t->release || !t->base)
		return -ENOMEM;
	r = load(t);
	if (r < 0)
		return r;
	*ret = BR_TAKE(t);
	return 0;
}

int br_modtree_root(const struct br_root *root, const char *release, struct br_modtree **ret, char **ret_why)
{
	br_cleanup(free_tree) struct br_modtree *t = calloc(1, sizeof(*t));
	br_autofree char *dir = br_format("/lib/modules/%s", release);
	int r;

	if (!t || !dir)
		return -ENOMEM;
	if (!plain_name(release) || !br_root_exists(root, dir)) {
		*ret_why = br_format("no %s", dir);
		return -ENOENT;
	}
	t->root = root;
	t->release = strdup(release);
	t->base = strdup(dir + 1);
	if (!t->release || !t->base)
		return -ENOMEM;
	r = load(t);
	if (!r)
		r = br_root_blacklist(root, &t->blacklist);
	if (r < 0)
		return r;
	*ret = BR_TAKE(t);
	return 0;
}
