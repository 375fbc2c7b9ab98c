/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The installed kernels: gathered from folders and menu, each held against its initramfs and its modules. */
#include <errno.h>
#include <string.h>

#include "image/image.h"
#include "image/kernelfile.h"
#include "image/kernels-internal.h"
#include "image/volume.h"

char *br_path_below(const char *dir, const char *name)
{
	return br_format("%s/%s", strcmp(dir, "/") == 0 ? "" : dir, name);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash != path ? strndup(path, (size_t)(slash - path)) : strdup("/");
}

/* The same folder by two ways is one. */
static int add_place(struct br_kernel_gather *g, const struct br_root *root, const char *dir, const char *shown)
{
	struct br_kernel_place *p = &g->places[g->n_places];
	struct stat st;

	if (g->n_places == BR_KERNEL_PLACES_MAX || br_root_stat(root, dir, &st) < 0)
		return 0;
	for (size_t i = 0; i < g->n_places; i++)
		if (g->places[i].st.st_dev == st.st_dev && g->places[i].st.st_ino == st.st_ino)
			return 0;
	*p = (struct br_kernel_place){.root = root, .dir = strdup(dir), .shown = strdup(shown), .st = st};
	g->n_places++;
	return p->dir && p->shown ? 0 : -ENOMEM;
}

static int add_chains_place(struct br_kernel_gather *g, const struct br_chain *c)
{
	const struct br_volume *v = c->kernel.path && c->kernel.blk >= 0 ? br_volume(g->img, c->kernel.blk) : NULL;
	br_autofree char *own = NULL, *dir = NULL, *shown = NULL;
	int r = v && c->kernel.shown ? br_volume_locate(g->img, v, c->kernel.path, &own) : -ENOENT;

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	dir = folder_of(own);
	shown = folder_of(c->kernel.shown);
	return dir && shown ? add_place(g, &v->root, dir, shown) : -ENOMEM;
}

/* The root's /boot, or why what boots from there cannot be seen. */
static int add_boot(struct br_kernel_gather *g)
{
	const struct br_fstab_entry *e = br_fstab_target(&g->img->fstab, "/boot");
	const struct br_volume *v = NULL;
	struct br_found f = {.blk = -1};

	if (!e || br_is_mount_point(&g->img->root, "/boot"))
		return add_place(g, &g->img->root, "/boot", "/boot");
	br_disks_find(&g->img->disks, &e->spec, &f);
	if (f.match == BR_MATCH_FOUND)
		v = br_volume(g->img, f.blk);
	if (v && v->root.fd >= 0)
		return add_place(g, &v->root, "/", "/boot");
	g->ret->unread = br_format("/boot is a file system of its own (%s), which is not mounted", e->source);
	g->ret->fix = v && v->fix ? strdup(v->fix) : br_format("mount -o ro %s %s/boot", e->source, g->img->ask.root);
	return g->ret->unread && g->ret->fix ? 0 : -ENOMEM;
}

static int find_places(struct br_kernel_gather *g)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->img->n_chains; i++)
		if (g->img->chains[i].offered && g->n_places + 1 < BR_KERNEL_PLACES_MAX)
			r = add_chains_place(g, &g->img->chains[i]);
	return r < 0 ? r : add_boot(g);
}

static struct br_installed *find_installed(struct br_kernels *k, const struct stat *st)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->k[i].dev == st->st_dev && k->k[i].ino == st->st_ino)
			return &k->k[i];
	return NULL;
}

/* A kernel file once, whatever its names. 1 when it is new, 0, -errno. */
static int add_kernel(struct br_kernel_gather *g, const struct br_root *root, const char *path, const char *shown, char *key)
{
	br_autofree char *own_key = key;
	struct br_kernels *l = g->ret;
	struct br_installed *k;
	struct stat st;
	br_autoclose int fd = -1;
	int r;

	if (br_root_stat(root, path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	k = find_installed(l, &st);
	if (k) {
		if (!k->key)
			k->key = BR_TAKE(own_key);
		return 0;
	}
	r = br_grow(&l->k, &l->cap, l->n, sizeof(*l->k));
	if (r < 0)
		return r;
	k = &l->k[l->n];
	*k = (struct br_installed){.path = strdup(shown), .dev = st.st_dev, .ino = st.st_ino};
	l->n++;
	if (!k->path)
		return -ENOMEM;
	k->key = BR_TAKE(own_key);
	k->rescue = k->key && br_starts(k->key, "0-rescue-");
	r = br_root_file(root, path, &fd);
	if (r == 0)
		r = br_kernel_look(fd, &k->state, &k->release);
	return r == -ENOMEM ? r : 1;
}

static int gather_folder(struct br_kernel_gather *g, const struct br_kernel_place *p)
{
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(p->root, p->dir, &names);

	if (r < 0) {
		if (r != -ENOMEM && !g->ret->unread)
			g->ret->unread = br_format("%s: %s", p->shown, br_strerror(-r));
		return r == -ENOMEM || !g->ret->unread ? -ENOMEM : 0;
	}
	for (size_t i = 0; i < names.n; i++) {
		char *key = br_kernel_key(names.v[i]);
		br_autofree char *path = br_path_below(p->dir, names.v[i]), *shown = br_path_below(p->shown, names.v[i]);

		if (!key)
			continue;
		r = path && shown ? add_kernel(g, p->root, path, shown, key) : (free(key), -ENOMEM);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The kernel that an entry loads: its file, added where no folder showed it. */
static int note_entry(struct br_kernel_gather *g, const struct br_boot_entry *e, bool is_default)
{
	const struct br_volume *v = e->kernel.path && e->kernel.dev >= 0 ? br_volume(g->img, e->kernel.dev) : NULL;
	br_autofree char *own = NULL, *shown = NULL;
	struct br_installed *k;
	struct stat st;
	int r = v ? br_volume_locate(g->img, v, e->kernel.path, &own) : -ENOENT;

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	shown = br_volume_shown(v, e->kernel.path);
	if (!shown)
		return -ENOMEM;
	r = add_kernel(g, &v->root, own, shown, NULL);
	if (r < 0 || br_root_stat(&v->root, own, &st) < 0)
		return r < 0 ? r : 0;
	k = find_installed(g->ret, &st);
	if (!k)
		return 0;
	k->is_default |= is_default;
	if (!k->entry)
		k->entry = e;
	return 0;
}

static int gather_entries(struct br_kernel_gather *g)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->img->n_chains; i++) {
		const struct br_chain *c = &g->img->chains[i];

		if (!c->offered)
			continue;
		if (c->entry)
			r = note_entry(g, c->entry, true);
		for (size_t m = 0; r == 0 && m < c->menu.n; m++)
			r = note_entry(g, &c->menu.entries[m], &c->menu.entries[m] == c->entry);
	}
	return r;
}

static int find_modules(const struct br_image *img, struct br_installed *k)
{
	br_autofree char *path = k->release ? br_format("/lib/modules/%s/modules.dep", k->release) : NULL;
	struct stat st;
	int r;

	if (!k->release)
		return 0;
	if (!path)
		return -ENOMEM;
	r = br_root_stat(&img->root, path, &st);
	k->modules = r == 0;
	k->modules_unread = r < 0 && r != -ENOENT && r != -ENOTDIR;
	return 0;
}

static bool has_kernel(const struct br_kernels *l, const char *key)
{
	for (size_t i = 0; i < l->n; i++)
		if (br_streq(l->k[i].key, key) || br_streq(l->k[i].release, key))
			return true;
	return false;
}

/* Files that an entry loads are some kernel's, whatever they are called. */
static bool is_loaded(const struct br_image *img, const char *shown)
{
	for (size_t i = 0; i < img->n_chains; i++)
		for (size_t m = 0; m < img->chains[i].menu.n; m++) {
			const struct br_boot_entry *e = &img->chains[i].menu.entries[m];

			for (size_t n = 0; n < e->n_initrds; n++)
				if (e->initrds[n].path && br_streq(strrchr(e->initrds[n].path, '/'), strrchr(shown, '/')))
					return true;
		}
	return false;
}

static int find_orphans(struct br_kernel_gather *g, const struct br_kernel_place *p)
{
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(p->root, p->dir, &names);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *key = br_initramfs_key(names.v[i]), *path = br_path_below(p->dir, names.v[i]);
		br_autofree char *shown = br_path_below(p->shown, names.v[i]);
		struct stat st;

		if (!path || !shown)
			return -ENOMEM;
		if (!key || has_kernel(g->ret, key) || is_loaded(g->img, shown) ||
		    br_root_lstat(p->root, path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		br_strv_add(&g->ret->orphans, shown);
	}
	return g->ret->orphans.oom ? -ENOMEM : 0;
}

static int gather(struct br_kernel_gather *g)
{
	int r = find_places(g);

	for (size_t i = 0; r == 0 && i < g->n_places; i++)
		r = gather_folder(g, &g->places[i]);
	if (r == 0)
		r = gather_entries(g);
	for (size_t i = 0; r == 0 && i < g->ret->n; i++) {
		if (g->ret->k[i].is_default)
			continue;
		r = br_installed_initramfs(g, &g->ret->k[i]);
		if (r == 0)
			r = find_modules(g->img, &g->ret->k[i]);
	}
	for (size_t i = 0; r == 0 && i < g->n_places; i++)
		r = find_orphans(g, &g->places[i]);
	return r;
}

int br_kernels_read(struct br_image *img, struct br_kernels *ret)
{
	struct br_kernel_gather g = {.img = img, .ret = ret, .read = img->n_others};
	int r = gather(&g);

	for (size_t i = 0; i < g.n_places; i++) {
		free(g.places[i].dir);
		free(g.places[i].shown);
	}
	return r;
}

void br_kernels_free(struct br_kernels *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->k[i].path);
		free(l->k[i].key);
		free(l->k[i].release);
		free(l->k[i].initramfs);
		free(l->k[i].why);
	}
	free(l->k);
	br_strv_free(&l->orphans);
	free(l->unread);
	free(l->fix);
	*l = (struct br_kernels){0};
}
