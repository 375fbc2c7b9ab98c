/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a GRUB begins to read, by what it carries: its early configuration first if there is one, else grub.cfg
 * below its prefix. Source: GRUB's kern/main.c (grub_set_prefix_and_root; the module "normal" is loaded from
 * $prefix where it is not inside, and without it GRUB stays at "grub rescue>").
 */
#include <errno.h>
#include <string.h>

#include "image/grub-io.h"
#include "image/loader-internal.h"

/* The device and the path of "(device)/path"; a device without a disk is on the one GRUB was started from. */
static int take_prefix(struct br_loader *l, const char *prefix, const struct br_grub_from *from, char **ret_path)
{
	const char *close = prefix && prefix[0] == '(' ? strrchr(prefix, ')') : NULL;
	const char *path = close ? close + 1 : prefix ? prefix : "";
	br_autofree char *device = close ? strndup(prefix + 1, (size_t)(close - prefix - 1)) : strdup(from->device);
	br_autofree char *own = NULL;

	if (!device)
		return -ENOMEM;
	if (!device[0] || device[0] == ',')
		l->grub_root = br_format("%.*s%s", (int)strcspn(from->device, ","), from->device, device);
	else
		l->grub_root = BR_TAKE(device);
	own = strdup(*path ? path : from->path);
	if (!l->grub_root || !own)
		return -ENOMEM;
	l->prefix = br_format("(%s)%s", l->grub_root, own);
	l->cmdpath = br_format("(%s)%s", from->device, from->path);
	*ret_path = BR_TAKE(own);
	return l->prefix && l->cmdpath ? 0 : -ENOMEM;
}

static char *reinstall(const struct br_image *img, const struct br_grub_from *from)
{
	enum br_family family = br_system_family(&img->system);
	const char *grub = family == BR_FAMILY_SUSE || family == BR_FAMILY_REDHAT ? "grub2" : "grub";

	if (from->efi)
		return br_format("%s-install --target=%s --removable", grub, from->platform);
	return br_format("%s-install --target=%s %s", grub, from->platform, img->disks.blk[img->disks.root_disk].path);
}

static void astray(struct br_loader *l, const char *what)
{
	br_loader_problem(l, "grub-prefix-missing",
	                  br_format("GRUB looks for its modules in %s, and %s: it stops at its rescue prompt", l->prefix, what),
	                  l->reinstall ? strdup(l->reinstall) : NULL);
}

/* Kinds of devices that have their place on the disks; a memory disk or a network is none. */
static bool is_on_disk(const char *device)
{
	static const char *const kinds[] = {"hd", "lvm/", "lvmid/", "md/", "mduuid/", "cryptouuid/"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(kinds); i++)
		if (br_starts(device, kinds[i]))
			return true;
	return false;
}

/* 1: what is there is known, and good or told in l; 0: could not be told. */
static int look_below(struct br_image *img, struct br_loader *l, const char *path)
{
	struct br_grub_view view = {.img = img, .loader = l};
	struct br_grub_io io = br_grub_io_of(&view);
	const struct br_volume *v;
	br_autofree char *module = NULL;
	int r = br_grub_device(&img->disks, l->grub_root, &l->cfg_dev);

	if (r == -ENOENT)
		astray(l, "there is no such partition");
	if (r < 0)
		return r == -ENOENT ? 1 : r == -ENOMEM ? r : 0;
	v = br_grub_volume(img, l->cfg_dev);
	if (!v) {
		astray(l, "there is no file system that it reads");
		return 1;
	}
	if (v->root.fd < 0) {
		l->unknown = br_format("GRUB's configuration is in %s, which cannot be looked into: %s", l->prefix,
		                       v->why ? v->why : "not mounted");
		l->fix = v->fix ? strdup(v->fix) : NULL;
		return l->unknown ? 1 : -ENOMEM;
	}
	module = l->normal ? br_format("%s/%s", path, l->normal) : NULL;
	if (l->normal && !module)
		return -ENOMEM;
	if (module && io.test(io.ctx, l->cfg_dev, module, BR_GRUB_FILE) == 0) {
		br_autofree char *what = br_format("%s is not there", l->normal);

		astray(l, what ? what : "they are not there");
		return 1;
	}
	l->cfg_path = br_format("%s/grub.cfg", path);
	return l->cfg_path ? 1 : -ENOMEM;
}

/* Red Hat's GRUB tries grub.cfg beside itself ($fw_path) ahead of its prefix. */
static bool beside(struct br_image *img, struct br_loader *l, const struct br_grub_from *from)
{
	struct br_grub_view view = {.img = img, .loader = l};
	struct br_grub_io io = br_grub_io_of(&view);
	br_autofree char *path = br_format("%s/grub.cfg", from->path);

	if (br_system_family(&img->system) != BR_FAMILY_REDHAT || l->normal || !path || l->esp < 0 ||
	    io.test(io.ctx, l->esp, path, BR_GRUB_FILE) != 1)
		return false;
	l->cfg_dev = l->esp;
	l->cfg_path = BR_TAKE(path);
	return true;
}

int br_loader_grub(struct br_image *img, struct br_loader *l, const struct br_grub_mods *mods, const struct br_grub_from *from)
{
	br_autofree char *path = NULL;
	int r;

	free(l->reinstall);
	l->reinstall = reinstall(img, from);
	r = l->reinstall ? take_prefix(l, mods->prefix, from, &path) : -ENOMEM;
	if (r == 0 && !mods->normal && !(l->normal = br_format("%s/normal.mod", from->platform)))
		r = -ENOMEM;
	if (r < 0)
		return r;
	if (!mods->config && !is_on_disk(l->grub_root))
		return 0;
	if (!mods->config && from->efi && beside(img, l, from))
		return l->cfg_path ? 1 : -ENOMEM;
	if (!mods->config)
		return look_below(img, l, path);
	if (br_grub_device(&img->disks, l->grub_root, &l->cfg_dev) < 0)
		l->cfg_dev = -1;
	l->cfg_path = strdup(BR_EMBEDDED_CONFIG);
	l->embedded = strdup(mods->config);
	return l->cfg_path && l->embedded ? 1 : -ENOMEM;
}

void br_loader_forget(struct br_loader *l)
{
	free(l->prefix);
	free(l->grub_root);
	free(l->cmdpath);
	free(l->normal);
	l->prefix = l->grub_root = l->cmdpath = l->normal = NULL;
	l->cfg_dev = -1;
}

int br_loader_no_config(const struct br_loader *l, struct br_menu *ret)
{
	struct br_menu m = {.boots = -1, .fell_from = -1, .timeout = LONG_MIN};

	if (br_grow(&m.notes, &m.cap_notes, 0, sizeof(*m.notes)) < 0)
		return -ENOMEM;
	m.notes[m.n_notes++] = (struct br_menu_note){
		.trouble = BR_MENU_NO_CONFIG,
		.what = br_format("%s/grub.cfg", l->prefix ? l->prefix : ""),
		.dev = -1,
		.root_dev = -1,
		.in_default = true,
	};
	*ret = m;
	return m.notes[0].what ? 0 : -ENOMEM;
}

int br_loader_found(struct br_loader *l, const struct br_menu *m)
{
	for (size_t i = 0; l->embedded && i < m->files.n; i++) {
		const char *colon = strchr(m->files.v[i], ':');

		if (!colon || !br_ends(colon, "/grub.cfg"))
			continue;
		l->cfg_dev = atoi(m->files.v[i]);
		free(l->cfg_path);
		l->cfg_path = strdup(colon + 1);
		return l->cfg_path ? 0 : -ENOMEM;
	}
	return 0;
}
