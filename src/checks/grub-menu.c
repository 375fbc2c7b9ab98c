/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "checks/grub.h"

/* The default entry's kernel is there all the same: the search's failure did no harm. */
static bool boots_on(const struct br_chain *c)
{
	return c->entry && c->kernel.path && c->kernel.err == 0;
}

/* Does it keep the menu from booting anything? */
static bool stops(const struct br_chain *c, const struct br_menu_note *n)
{
	switch (n->trouble) {
	case BR_MENU_SEARCH_NONE:
		return n->in_default && !boots_on(c);
	case BR_MENU_NO_CONFIG:
		/* What a loader carries in its own memory disk is not read; it counts where nothing else boots. */
		return n->in_default && !c->unknown && !boots_on(c) && !(n->what && br_starts(n->what, "(memdisk)"));
	case BR_MENU_NO_MODULE:
		return n->in_default && !c->unknown && !boots_on(c);
	case BR_MENU_VAR_EMPTY:
	case BR_MENU_PASSWORD:
	case BR_MENU_NO_TIMEOUT:
		return true;
	default:
		return false;
	}
}

/* A search in what GRUB carries itself leads nowhere: what it does not find behind that is no news. */
static bool astray(const struct br_chain *c)
{
	for (size_t i = 0; i < c->menu.n_notes; i++) {
		const struct br_menu_note *n = &c->menu.notes[i];

		if (n->trouble == BR_MENU_SEARCH_NONE && n->inside && stops(c, n))
			return true;
	}
	return false;
}

/* What writes anew the configuration that the note is about. */
static const char *search_fix(const struct br_image *img, const struct br_chain *c, const struct br_menu_note *n)
{
	if (n->inside)
		return c->loader.reinstall;
	if (n->dev < 0 || n->dev != c->loader.esp)
		return br_grub_mkconfig(img);
	return br_system_family(&img->system) == BR_FAMILY_DEBIAN && c->loader.reinstall
	               ? c->loader.reinstall
	               : "write the UUID of the file system of /boot into this file";
}

static void judge_search(const struct br_image *img, const struct br_chain *c, const struct br_menu_note *n,
                         struct br_result *res)
{
	bool harmless = !stops(c, n);
	const char *fix = search_fix(img, c, n), *what = n->what ? n->what : "?";

	if (n->inside && !harmless)
		br_find(res, "grub-prefix-missing", BR_SEV_FAILED, NULL, 0, fix,
		        "GRUB searches %s for its modules, and no file system of this disk has it: it stops at its "
		        "rescue prompt", what);
	else
		br_find(res, "grub-search-missing", harmless ? BR_SEV_WARNING : BR_SEV_FAILED, n->file, n->line, fix,
		        "search for %s: no file system of this disk has it%s", what,
		        harmless ? "; GRUB boots on from where it was" : "");
}

static void judge_note(const struct br_image *img, const struct br_chain *c, const struct br_menu_note *n,
                       struct br_result *res)
{
	const char *what = n->what ? n->what : "?";

	switch (n->trouble) {
	case BR_MENU_SEARCH_NONE:
		judge_search(img, c, n, res);
		break;
	case BR_MENU_DEFAULT_STALE:
		br_find(res, "grub-default-stale", BR_SEV_WARNING, n->file, n->line, br_grub_mkconfig(img),
		        "the default entry \"%s\" is not in the menu; GRUB boots the first one", what);
		break;
	case BR_MENU_ENV_BAD:
		br_find(res, "grubenv-broken", BR_SEV_WARNING, n->file, n->line, "grub-editenv create",
		        "GRUB ignores it: %s", what);
		break;
	case BR_MENU_VAR_EMPTY:
		br_find(res, "grub-variable-empty", BR_SEV_FAILED, n->file, n->line, br_grub_mkconfig(img),
		        "the default entry needs $%s, and neither grubenv nor grub.cfg sets it", what);
		break;
	case BR_MENU_PASSWORD:
		br_find(res, "grub-password", BR_SEV_FAILED, n->file, n->line,
		        "add --unrestricted to the default entry's menuentry line",
		        "a user name and password are asked for before \"%s\" boots", what);
		break;
	case BR_MENU_NO_TIMEOUT:
		br_find(res, "grub-waits-for-key", BR_SEV_FAILED, n->file, n->line,
		        "set GRUB_TIMEOUT=5 in /etc/default/grub and write grub.cfg anew",
		        "timeout=-1: the menu waits for a key for ever");
		break;
	case BR_MENU_SYNTAX:
		br_find(res, "grub-syntax", BR_SEV_WARNING, n->file, n->line, br_grub_mkconfig(img),
		        "GRUB refuses this and goes on behind it: %s", what);
		break;
	case BR_MENU_NO_CONFIG:
		if (stops(c, n) && !astray(c))
			br_find(res, "grub-config-missing", BR_SEV_FAILED, n->file, n->line, br_grub_mkconfig(img),
			        "GRUB is told to read %s, which is not there", what);
		break;
	case BR_MENU_NO_MODULE:
		if (stops(c, n) && !astray(c))
			br_find(res, "grub-prefix-missing", BR_SEV_FAILED, NULL, 0, c->loader.reinstall,
			        "GRUB needs %s, which is not there: it stops at its rescue prompt", what);
		break;
	case BR_MENU_SEARCH_UNKNOWN:
	case BR_MENU_UNSUPPORTED:
	case BR_MENU_LIMIT:
		break; /* they count where they leave the entry open: see below */
	}
}

static void judge_gone(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	for (size_t i = 0; i < c->gone.n; i++) {
		const char *line = c->gone.v[i], *tab = strchr(line, '\t');

		br_find(res, "grub-entry-kernel-missing", BR_SEV_WARNING, tab + 1, 0, br_grub_mkconfig(img),
		        "the entry \"%.*s\" names this kernel, which is not there", (int)(tab - line), line);
	}
}

static void judge_features(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_grubfs *g = &c->grubfs;

	if (g->odd)
		br_find(res, "grub-fs-unreadable", BR_SEV_WARNING, NULL, 0,
		        "make the file system of /boot without these features, or install a newer GRUB",
		        "%s (%s) has features that GRUB %s does not read as released: %s", img->disks.blk[g->blk].name,
		        img->disks.blk[g->blk].type, g->version ? g->version : "of any version", g->names);
}

/* Nothing but a memory disk was asked for a configuration. */
static bool only_memdisk(const struct br_menu *m)
{
	bool memdisk = false;

	for (size_t i = 0; i < m->n_notes; i++)
		memdisk |= m->notes[i].trouble == BR_MENU_NO_CONFIG && m->notes[i].what &&
		           br_starts(m->notes[i].what, "(memdisk)");
	return memdisk && m->files.n <= 1;
}

bool br_grub_judge_menu(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	bool failed = false;

	for (size_t i = 0; i < c->menu.n_notes; i++) {
		judge_note(img, c, &c->menu.notes[i], res);
		failed |= stops(c, &c->menu.notes[i]);
	}
	judge_gone(img, c, res);
	judge_features(img, c, res);
	if (c->entry)
		return true;
	if (c->unknown)
		br_find(res, "grub-unknown", BR_SEV_UNKNOWN, NULL, 0, c->loader.fix, "%s", c->unknown);
	else if (!c->menu.n && !failed && only_memdisk(&c->menu))
		br_find(res, "grub-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL,
		        "the configuration in the loader's own memory disk is not read");
	else if (!failed && !c->menu.n && !c->menu.files.n)
		br_find(res, "grub-config-missing", BR_SEV_FAILED, c->loader.cfg_shown, 0, br_grub_mkconfig(img),
		        "GRUB starts with %s, which is not there", c->loader.cfg_path);
	else if (!failed)
		br_find(res, "grub-no-default", BR_SEV_FAILED, c->loader.cfg_shown, 0, br_grub_mkconfig(img),
		        "no entry boots by itself");
	return false;
}
