/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which label of a syslinux configuration starts when nobody presses a key. */
#include <string.h>

#include "image/syslinux.h"

/* The label that is a text's first word; *ret_args what stands behind it. -1 none. */
static int find(const struct br_syslinux *s, const char *text, const char **ret_args)
{
	br_autofree char *word = br_syslinux_word(text, ret_args);

	for (size_t i = 0; word && i < s->n; i++)
		if (strcmp(s->labels[i].name, word) == 0)
			return (int)i;
	return -1;
}

bool br_syslinux_is_program(const char *kernel)
{
	static const char *const ends[] = {".c32", ".img", ".bss", ".bin", ".bs", ".0"};
	br_autofree char *word = br_syslinux_word(kernel, NULL);

	for (size_t i = 0; word && i < BR_ARRAY_SIZE(ends); i++)
		if (br_ends(word, ends[i]))
			return true;
	return false;
}

/* menu.c32 and vesamenu.c32 read the same configuration; *ret_name the file's name. */
static bool is_menu(const char *command, const char **ret_args, char ret_name[64])
{
	br_autofree char *word = br_syslinux_word(command, ret_args);
	const char *slash = word ? strrchr(word, '/') : NULL, *name = slash ? slash + 1 : word;

	if (!name || (strcmp(name, "menu.c32") != 0 && strcmp(name, "vesamenu.c32") != 0) || strlen(word) > 63)
		return false;
	strcpy(ret_name, word);
	return true;
}

static void undetermined(struct br_syslinux_choice *c, const char *why)
{
	c->verdict = BR_SYSLINUX_UNDETERMINED;
	c->why = why;
}

static void take(const struct br_syslinux *s, struct br_syslinux_choice *c, int label, const char *args)
{
	c->verdict = BR_SYSLINUX_STARTS;
	c->label = label;
	c->args = args;
	if (s->labels[label].password && c->menu)
		undetermined(c, "a label that asks for a password");
}

/*
 * The line that the menu's cursor stands on. Where the first line is a disabled one and none is marked, the cursor steps over
 * it, which ends the countdown as a key does.
 */
static int menu_entry(const struct br_syslinux *s, bool *ret_stepped)
{
	int first = -1, marked = -1;
	bool disabled_first = false;

	for (size_t i = 0; i < s->n; i++) {
		const struct br_syslinux_label *l = &s->labels[i];

		disabled_first |= l->disabled && !l->hidden && !l->menu && first < 0;
		if (l->hidden || l->menu || l->disabled)
			continue;
		if (first < 0)
			first = (int)i;
		if (l->menu_default)
			marked = (int)i;
	}
	*ret_stepped = marked < 0 && disabled_first;
	return marked >= 0 ? marked : first;
}

static void choose_in_menu(const struct br_syslinux *s, struct br_syslinux_choice *c)
{
	const char *args = "";
	bool stepped = false;
	int i = s->wanted ? find(s, s->wanted, &args) : -1;

	if (s->saves) {
		undetermined(c, "MENU SAVE, the choice of an earlier boot");
		return;
	}
	c->waits = !s->timeout && !s->total;
	c->stale = s->wanted && i < 0 && s->ui;
	if (!c->waits && s->ontimeout) {
		i = find(s, s->ontimeout, &args);
		if (i >= 0)
			take(s, c, i, args);
		else
			undetermined(c, "ONTIMEOUT, which is no label");
		return;
	}
	if (i < 0 || s->labels[i].hidden) {
		if (s->submenu_first) {
			undetermined(c, "a submenu that stands first");
			return;
		}
		i = menu_entry(s, &stepped);
		c->stepped = stepped && !s->total;
		c->waits |= c->stepped;
	}
	if (i >= 0)
		take(s, c, i, "");
}

/* What a command at the prompt would start. */
static void choose_command(const struct br_syslinux *s, const char *command, struct br_syslinux_choice *c)
{
	const char *args;
	int i = find(s, command, &args);

	if (i >= 0) {
		take(s, c, i, args);
	} else if (is_menu(command, &args, c->module)) {
		c->menu = true;
		if (*args)
			undetermined(c, "a menu with a configuration of its own");
		else
			choose_in_menu(s, c);
	} else if (br_syslinux_is_program(command)) {
		undetermined(c, "a program of syslinux's");
	} else if (s->implicit && *command) {
		c->verdict = BR_SYSLINUX_IMPLICIT;
		c->args = command;
	}
}

void br_syslinux_choose(const struct br_syslinux *s, struct br_syslinux_choice *ret)
{
	const char *command = s->ui ? s->ui : s->wanted;

	*ret = (struct br_syslinux_choice){.verdict = BR_SYSLINUX_NOTHING, .label = -1, .args = ""};
	if (s->too_many) {
		undetermined(ret, "more labels or files than are read");
		return;
	}
	if (!command)
		return;
	/* UI goes before the prompt; DEFAULT waits behind it. */
	if (!s->ui && s->prompt && !s->noescape) {
		bool waits = !s->timeout && !s->total;

		choose_command(s, !waits && s->ontimeout ? s->ontimeout : command, ret);
		ret->waits |= waits;
		return;
	}
	choose_command(s, command, ret);
}
