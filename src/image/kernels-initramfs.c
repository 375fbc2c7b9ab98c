/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initramfs of an installed kernel: by the entry that loads both, else by its name. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/kernels-internal.h"

/* The chain that the driver checks read of an entry; NULL: none was. */
static const struct br_chain *chain_of(const struct br_image *img, const struct br_installed *k)
{
	for (size_t i = 0; i < img->n_others; i++)
		if (k->entry && img->others[i].entry && br_streq(img->others[i].kernel.shown, k->path))
			return &img->others[i];
	return NULL;
}

static int say(struct br_installed *k, enum br_installed_initramfs state, const char *why)
{
	k->initramfs_state = state;
	k->why = why ? strdup(why) : NULL;
	return why && !k->why ? -ENOMEM : 0;
}

static int judge_content(struct br_installed *k, const struct br_initramfs *i)
{
	if (i->defect)
		return say(k, BR_INSTALLED_BROKEN, i->defect);
	if (i->unread)
		return say(k, BR_INSTALLED_UNREAD, i->unread);
	if (i->releases.n && k->release && !br_strv_has(&i->releases, k->release))
		return say(k, BR_INSTALLED_OTHER, i->releases.v[0]);
	return say(k, BR_INSTALLED_SOUND, NULL);
}

/* Read already, for the driver checks. */
static int take_chains(struct br_installed *k, const struct br_chain *c)
{
	for (size_t i = 0; i < c->n_initrds; i++) {
		const struct br_chain_file *f = &c->initrds[i];

		free(k->initramfs);
		k->initramfs = f->shown ? strdup(f->shown) : NULL;
		if (f->err == -ENOENT)
			return say(k, BR_INSTALLED_GONE, NULL);
		if (f->err < 0)
			return say(k, BR_INSTALLED_UNREAD, br_strerror(-f->err));
		if (f->size == 0)
			return say(k, BR_INSTALLED_EMPTY, NULL);
	}
	return c->initramfs_read ? judge_content(k, &c->initramfs) : say(k, BR_INSTALLED_THERE, NULL);
}

static int read_initramfs(struct br_kernel_gather *g, struct br_installed *k, const struct br_root *root, const char *path)
{
	br_autoinitramfs struct br_initramfs i = {0};
	br_autoclose int fd = -1;
	struct stat st;
	int r = br_root_file(root, path, &fd);

	if (r == 0 && fstat(fd, &st) == 0 && st.st_size == 0)
		return say(k, BR_INSTALLED_EMPTY, NULL);
	if (r == 0 && g->read >= BR_OTHER_KERNELS_MAX) {
		g->ret->more++;
		return say(k, BR_INSTALLED_THERE, NULL);
	}
	if (r == 0) {
		g->read++;
		r = br_initramfs_read_fd(fd, false, &i);
	}
	if (r < 0)
		return r == -ENOMEM ? r : say(k, BR_INSTALLED_UNREAD, br_strerror(-r));
	return judge_content(k, &i);
}

/* No entry tells: the initramfs that has its name, beside it. */
static int find_by_name(struct br_kernel_gather *g, struct br_installed *k)
{
	for (size_t p = 0; k->key && p < g->n_places; p++)
		for (size_t n = 0; br_initramfs_names[n]; n++) {
			const char *format = br_initramfs_names[n];
			size_t head = strcspn(format, "%");
			br_autofree char *name = br_format("%.*s%s%s", (int)head, format, k->key, format + head + 2);
			br_autofree char *path = name ? br_path_below(g->places[p].dir, name) : NULL;

			if (!path)
				return -ENOMEM;
			if (!br_root_exists(g->places[p].root, path))
				continue;
			k->initramfs = br_path_below(g->places[p].shown, name);
			return k->initramfs ? read_initramfs(g, k, g->places[p].root, path) : -ENOMEM;
		}
	return 0;
}

/* Kernels that are booted without one on purpose: root= is what the kernel itself resolves. */
static bool goes_without(const struct br_kernel_gather *g, const struct br_installed *k)
{
	const char *cmdline = k->entry ? k->entry->cmdline : NULL;
	br_autofree char *root = cmdline ? br_cmdline_get(cmdline, "root") : NULL;

	if (k->entry)
		return !k->entry->n_initrds && root && (br_starts(root, "PARTUUID=") || br_starts(root, "/dev/"));
	for (size_t i = 0; i < g->img->n_chains; i++)
		if (g->img->chains[i].offered && g->img->chains[i].entry && g->img->chains[i].n_initrds)
			return false;
	return g->img->n_chains && g->img->chains[0].entry;
}

int br_installed_initramfs(struct br_kernel_gather *g, struct br_installed *k)
{
	const struct br_chain *c = chain_of(g->img, k);
	int r;

	if (c)
		return take_chains(k, c);
	r = find_by_name(g, k);
	if (r == 0 && k->initramfs_state == BR_INSTALLED_NONE && goes_without(g, k))
		k->initramfs_state = BR_INSTALLED_UNUSED;
	return r;
}
