/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the loader to the menu and its default entry, as the chain shows them. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "image/grub-io.h"
#include "image/image.h"
#include "image/kernelfile.h"
#include "image/loader-internal.h"
#include "image/volume.h"

/* GRUB on the platform's processor as it names itself ($grub_cpu). */
static const char *grub_cpu(const struct br_image *img, enum br_firmware fw)
{
	if (fw == BR_FW_BIOS || br_streq(img->system.arch, "i686"))
		return "i386";
	return br_streq(img->system.arch, "aarch64") ? "arm64" : "x86_64";
}

static void note_unknown(struct br_chain *c)
{
	for (size_t i = 0; i < c->menu.n_notes && !c->unknown; i++) {
		const struct br_menu_note *n = &c->menu.notes[i];

		if (n->trouble == BR_MENU_UNSUPPORTED || n->trouble == BR_MENU_SEARCH_UNKNOWN ||
		    n->trouble == BR_MENU_LIMIT)
			c->unknown = br_format("%s:%u: %s could not be evaluated", n->file ? n->file : "grub.cfg",
			                       n->line, n->what ? n->what : "a command");
	}
	if (!c->unknown)
		c->unknown = br_format("which entry boots by default could not be told");
}

/* GRUB's path on a device as the root's own path; NULL where the root has none (embedded, not mounted). */
static char *shown_path(struct br_image *img, int dev, const char *path)
{
	const struct br_volume *v = path && path[0] == '/' && dev >= 0 ? br_volume(img, dev) : NULL;

	return v && v->mount ? br_volume_shown(v, path) : NULL;
}

/* People know the root's paths: what was noted is told by them. */
static void show_paths(struct br_image *img, struct br_menu *m)
{
	for (size_t i = 0; i < m->n_notes; i++) {
		char *path = shown_path(img, m->notes[i].dev, m->notes[i].file);

		m->notes[i].inside = br_streq(m->notes[i].file, BR_EMBEDDED_CONFIG);
		free(m->notes[i].file);
		m->notes[i].file = path;
		m->notes[i].line = path ? m->notes[i].line : 0;
	}
	for (size_t i = 0; i < m->n; i++) {
		char *path = shown_path(img, m->entries[i].source_dev, m->entries[i].source);

		free(m->entries[i].source);
		m->entries[i].source = path;
		m->entries[i].line = path ? m->entries[i].line : 0;
	}
}

static int read_grub(struct br_image *img, struct br_chain *c)
{
	struct br_grub_view view = {.img = img, .loader = &c->loader};
	struct br_grub_io io = br_grub_io_of(&view);
	struct br_grub_start start = {
		.path = c->loader.cfg_path,
		.dev = c->loader.cfg_dev,
		.root = c->loader.cfg_dev < 0 ? c->loader.grub_root : NULL,
		.prefix = c->loader.prefix,
		.cmdpath = c->loader.cmdpath,
		.normal = c->loader.normal,
		.platform = c->firmware == BR_FW_UEFI ? "efi" : "pc",
		.cpu = grub_cpu(img, c->firmware),
		.booting = img->ask.context == BR_PREBOOT,
	};
	int r = br_grub_boot(&io, &start, &c->menu);

	if (r == -ENOENT)
		return br_loader_no_config(&c->loader, &c->menu);
	if (r == -ENODATA) {
		c->unknown = br_format("%s cannot be read", start.path);
		return c->unknown ? 0 : -ENOMEM;
	}
	return r < 0 ? r : br_loader_found(&c->loader, &c->menu);
}

/* A default entry that hands over to another loader: a unified kernel image is a kernel all the same. */
static int follow(struct br_image *img, struct br_chain *c, struct br_boot_entry *e)
{
	const char *other;
	int r;

	if (e->kernel.path || !e->chain.path)
		return 0;
	r = br_uki_adopt(img, e, &other);
	if (r == -ENOMEM)
		return r;
	if (!e->kernel.path)
		c->unknown = br_format("the default entry \"%s\" starts %s (%s), which is not followed", e->title,
		                       e->chain.path, r < 0 ? br_strerror(-r) : other);
	return e->kernel.path || c->unknown ? 0 : -ENOMEM;
}

int br_chain_menu(struct br_image *img, struct br_chain *c)
{
	struct br_loader *l = &c->loader;
	int r = 0;

	switch (l->kind) {
	case BR_LOADER_SYSTEMD_BOOT:
		r = br_sdboot_menu(img, l, &c->menu);
		break;
	case BR_LOADER_UKI:
		r = br_uki_menu(img, l, &c->menu);
		break;
	case BR_LOADER_SYSLINUX:
		r = br_syslinux_menu(img, l, &c->menu);
		break;
	case BR_LOADER_GRUB:
	case BR_LOADER_OTHER:
		r = read_grub(img, c);
		break;
	}
	if (r < 0)
		return r;
	l->cfg_shown = shown_path(img, l->cfg_dev, l->cfg_path);
	if (c->menu.boots >= 0 && !c->menu.undetermined)
		r = follow(img, c, &c->menu.entries[c->menu.boots]);
	show_paths(img, &c->menu);
	if (r < 0 || c->unknown)
		return r;
	if (c->menu.undetermined)
		note_unknown(c);
	else if (c->menu.boots >= 0)
		c->entry = &c->menu.entries[c->menu.boots];
	return 0;
}
