/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "image/bls.h"
#include "image/grub-internal.h"

void br_gs_oom(struct grub_run *r)
{
	r->halt = HALT_MEMORY;
}

void br_gs_note(struct grub_run *r, enum br_menu_trouble t, const char *what)
{
	struct br_menu *out = r->out;
	struct br_menu_note *n;

	if (t == BR_MENU_LIMIT && r->in_default)
		out->undetermined = true;
	for (size_t i = 0; i < out->n_notes; i++) {
		n = &out->notes[i];
		if (n->trouble == t && n->line == r->line && n->dev == r->dev &&
		    br_streq(n->what, what) && br_streq(n->file, r->file)) {
			n->in_default |= r->in_default;
			return;
		}
	}
	if (out->n_notes >= BR_GRUB_ENTRIES_MAX)
		return;
	if (br_grow(&out->notes, &out->cap_notes, out->n_notes, sizeof(*n)) < 0) {
		br_gs_oom(r);
		return;
	}
	n = &out->notes[out->n_notes];
	*n = (struct br_menu_note){.trouble = t,
				   .dev = r->dev,
				   .line = r->line,
				   .in_default = r->in_default,
				   .root_dev = -1,
				   .what = what ? strdup(what) : NULL,
				   .file = r->file ? strdup(r->file) : NULL};
	out->n_notes++;
	if ((what && !n->what) || (r->file && !n->file))
		br_gs_oom(r);
}

bool br_gs_charge(struct grub_run *r, size_t steps)
{
	if (r->halt != RUN_ON)
		return false;
	if (steps > BR_GRUB_STEPS_MAX - r->steps) {
		r->steps = BR_GRUB_STEPS_MAX;
		br_gs_note(r, BR_MENU_LIMIT, "steps");
		r->halt = HALT_LIMIT;
		return false;
	}
	r->steps += (unsigned)steps;
	return true;
}

void br_gs_read_file(struct grub_run *r, int dev, const char *path)
{
	br_autofree char *name = br_format("%d:%s", dev, path);

	if (!name) {
		br_gs_oom(r);
		return;
	}
	if (!br_strv_has(&r->out->files, name))
		br_strv_add(&r->out->files, name);
	if (r->out->files.oom)
		br_gs_oom(r);
}

static void set_exported(struct grub_run *r, const char *name, const char *value)
{
	br_gs_set(r, name, value);
	br_gs_export(r, name);
}

/* The variables that GRUB's core sets before it reads anything. */
static void set_first(struct grub_run *r, const char *root)
{
	static const char *const features[] = {
	    "feature_chainloader_bpb",      "feature_ntldr",
	    "feature_platform_search_hint", "feature_default_font_path",
	    "feature_all_video_module",     "feature_menuentry_id",
	    "feature_menuentry_options",    "feature_200_final",
	    "feature_nativedisk_cmd",       "feature_timeout_style",
	};
	const struct br_grub_start *s = r->start;
	bool efi = strcmp(s->platform, "efi") == 0;
	const char *slash = strrchr(s->path, '/');
	int len = slash ? (int)(slash - s->path) : 0;
	br_autofree char *folder = br_format("(%s)%.*s", root, len, s->path);
	br_autofree char *disk = br_format("(%.*s)", (int)strcspn(root, ","), root);

	if (!folder || !disk) {
		br_gs_oom(r);
		return;
	}
	set_exported(r, "root", root);
	set_exported(r, "prefix", s->prefix ? s->prefix : folder);
	set_exported(r, "cmdpath", s->cmdpath ? s->cmdpath : efi ? folder : disk);
	set_exported(r, "pager", "");
	set_exported(r, "color_normal", "light-gray/black");
	set_exported(r, "color_highlight", "black/light-gray");
	for (size_t i = 0; i < BR_ARRAY_SIZE(features); i++)
		set_exported(r, features[i], "y");
	set_exported(r, "grub_platform", s->platform);
	/* GRUB for BIOS is a 32-bit program on every processor. */
	set_exported(r, "grub_cpu", efi ? s->cpu : "i386");
}

static void run_first(struct grub_run *r, const char *root, const char *text, size_t len)
{
	br_autofree char *spec = br_format("(%s)%s", root, r->start->path);

	if (!spec) {
		br_gs_oom(r);
		return;
	}
	br_gs_read_file(r, r->start->dev, r->start->path);
	set_first(r, root);
	br_gs_run_config(r, spec, r->start->dev, r->start->path, text, len);
	if (r->halt == RUN_ON && r->menu->n)
		br_gs_end_in_menu(r, r->menu);
}

static void run_free(struct grub_run *r)
{
	while (r->env)
		br_gs_pop(r);
	br_gs_menu_free(r->shown);
	br_gs_loader_free(&r->loader);
	for (size_t i = 0; i < r->n_functions; i++)
		free(r->functions[i].file);
	free(r->functions);
	for (size_t i = 0; i < r->n_kept; i++) {
		br_gs_chunk_free(r->kept[i]);
		free(r->kept[i]);
	}
	free(r->kept);
	for (size_t i = 0; i < r->n_bls; i++) {
		br_bls_free(r->bls[i]);
		free(r->bls[i]);
	}
	free(r->bls);
}

static int run(struct grub_run *r)
{
	br_autofree char *text = NULL, *root = NULL;
	const struct br_grub_start *s = r->start;
	struct grub_menu *menu;
	size_t len;
	int err;

	err = r->io->read(r->io->ctx, s->dev, s->path, &text, &len);
	if (err < 0)
		return err;
	if (len > BR_GRUBCFG_MAX)
		return -EFBIG;
	if (s->root)
		root = strdup(s->root);
	else
		err = r->io->device_name(r->io->ctx, s->dev, &root);
	if (err < 0 || !root)
		return err < 0 ? err : -ENOMEM;
	br_gs_push(r, false);
	r->menu = menu = br_gs_menu_new(r);
	if (r->halt == RUN_ON)
		run_first(r, root, text, len);
	err = r->halt == HALT_MEMORY ? -ENOMEM : br_gs_flatten(r);
	if (menu && !menu->kept)
		br_gs_menu_free(menu);
	return err;
}

int br_grub_boot(const struct br_grub_io *io, const struct br_grub_start *start,
		 struct br_menu *ret)
{
	struct br_menu out = {.boots = -1, .fell_from = -1, .timeout = LONG_MIN};
	struct grub_run r = {.io = io,
			     .start = start,
			     .out = &out,
			     .in_default = true,
			     .dev = -1,
			     .status = "0",
			     .loader.kernel.dev = -1,
			     .loader.chain.dev = -1};
	int err = run(&r);

	run_free(&r);
	if (err < 0) {
		br_menu_free(&out);
		return err;
	}
	*ret = out;
	return 0;
}
