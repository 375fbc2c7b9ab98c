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
		return c->loader.kind == BR_LOADER_SYSLINUX || (n->in_default && !c->unknown && !boots_on(c));
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

/* What writes the first configuration file anew: on Debian's ESP that is grub-install's stub. */
static const char *config_fix(const struct br_image *img, const struct br_chain *c)
{
	bool first = c->menu.files.n <= (c->loader.embedded ? 1 : 0);

	return first && c->firmware == BR_FW_UEFI && br_system_family(&img->system) == BR_FAMILY_DEBIAN && c->loader.reinstall
	               ? c->loader.reinstall
	               : br_grub_mkconfig(img);
}

static void judge_note(const struct br_image *img, const struct br_chain *c, const struct br_menu_note *n,
                       struct br_result *res)
{
	const char *what = n->what ? n->what : "?", *loader = br_grub_loader_name(c);
	br_autofree char *remake = br_grub_remake(img, c), *timeout = br_grub_setting(img, c, BR_GRUB_SET_TIMEOUT);
	br_autofree char *preset = br_grub_setting(img, c, BR_GRUB_SET_DEFAULT);

	switch (n->trouble) {
	case BR_MENU_SEARCH_NONE:
		judge_search(img, c, n, res);
		break;
	case BR_MENU_DEFAULT_STALE:
		br_find(res, "grub-default-stale", BR_SEV_WARNING, n->file, n->line, preset,
		        "the default entry \"%s\" is not in the menu; %s boots \"%s\"", what, loader,
		        c->entry ? c->entry->title : "another");
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
		        br_streq(n->what, BR_MENU_FIRST_DISABLED) ? "add MENU DEFAULT to the label that is to boot" : timeout,
		        "%s: the menu waits for a key for ever",
		        c->loader.kind == BR_LOADER_GRUB || !n->what ? "timeout=-1" : what);
		break;
	case BR_MENU_SYNTAX:
		br_find(res, "grub-syntax", BR_SEV_WARNING, n->file, n->line, br_grub_mkconfig(img),
		        "GRUB refuses this and goes on behind it: %s", what);
		break;
	case BR_MENU_NO_CONFIG:
		if (stops(c, n) && !astray(c))
			br_find(res, "grub-config-missing", BR_SEV_FAILED, n->file, n->line,
			        c->loader.kind == BR_LOADER_GRUB ? config_fix(img, c) : remake, "%s is told to read %s, which is not there", loader, what);
		break;
	case BR_MENU_NO_TRIES:
		br_find(res, "boot-tries-exhausted", BR_SEV_WARNING, n->file, 0,
		        "take the boot counter (+0...) out of the file's name", "\"%s\" has no boot tries left; %s", what,
		        n->in_default ? "it boots all the same, for no entry has any" : "systemd-boot puts it last");
		break;
	case BR_MENU_FS_UNREADABLE:
		br_find(res, "xbootldr-unreadable", c->entry ? BR_SEV_WARNING : BR_SEV_FAILED, NULL, 0,
		        "make the extended boot loader partition FAT, or put a driver into /EFI/systemd/drivers of the ESP",
		        "the firmware does not read the extended boot loader partition %s", what);
		break;
	case BR_MENU_NO_MODULE:
		if (c->loader.kind == BR_LOADER_SYSLINUX)
			br_find(res, "syslinux-module-missing", BR_SEV_FAILED, n->file, 0,
			        "copy syslinux's modules/bios/*.c32 to the folder of ldlinux.sys",
			        "syslinux needs %s, which is not in %s", what,
			        c->loader.modules && *c->loader.modules ? c->loader.modules : "/");
		else if (stops(c, n) && !astray(c))
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
		br_autofree char *remake = br_grub_remake(img, c);

		br_find(res, "grub-entry-kernel-missing", BR_SEV_WARNING, tab + 1, 0, remake,
		        "the entry \"%.*s\" names this kernel, which is not there%s", (int)(tab - line), line,
		        c->loader.kind == BR_LOADER_SYSTEMD_BOOT ? ": systemd-boot leaves it out" : "");
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

static void judge_none(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *remake = br_grub_remake(img, c);
	const char *why = "no entry boots by itself";

	if (c->loader.kind == BR_LOADER_SYSTEMD_BOOT)
		why = "no entry boots: systemd-boot finds none that it could start in /loader/entries and /EFI/Linux";
	else if (c->loader.kind == BR_LOADER_SYSLINUX)
		why = "no label boots by itself: syslinux stops at its prompt";
	br_find(res, "grub-no-default", BR_SEV_FAILED, c->loader.cfg_shown, 0, remake, "%s", why);
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
	else if (!failed)
		judge_none(img, c, res);
	return false;
}
