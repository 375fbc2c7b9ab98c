/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A machine for GRUB made of a folder. Its file "map" has a line for each device,
 *     hd0,gpt2 FOLDER UUID LABEL        ("-" for none; FOLDER "?" for a device that cannot be read)
 * and a line "+ hd0,gpt2 /path" for each file whose content does not matter. Other files lie in
 * FOLDER. The line "? UUID-OR-LABEL-OR-FILE" is a search that cannot be answered.
 */
#ifndef BR_TEST_GRUB_DIR_H
#define BR_TEST_GRUB_DIR_H

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/str.h"
#include "image/grub.h"

struct dir_dev {
	char *name, *folder, *uuid, *label;
};

struct dir_machine {
	char *top;
	struct dir_dev dev[16];
	int n;
	struct br_strv plain; /* "0:/path" */
	struct br_strv unknown;
	struct br_grub_io io;
};

static int dir_find(const struct dir_machine *m, const char *name)
{
	for (int i = 0; i < m->n; i++)
		if (strcmp(m->dev[i].name, name) == 0)
			return i;
	return -ENOENT;
}

static int dir_test(void *ctx, int dev, const char *path, enum br_grub_file what)
{
	struct dir_machine *m = ctx;
	br_autofree char *full = NULL, *plain = br_format("%d:%s", dev, path);
	struct stat st;

	if (strcmp(m->dev[dev].folder, "?") == 0)
		return -ENODATA;
	if (br_strv_has(&m->plain, plain))
		return what != BR_GRUB_DIR;
	full = br_format("%s/%s%s", m->top, m->dev[dev].folder, path);
	if (stat(full, &st) < 0)
		return 0;
	switch (what) {
	case BR_GRUB_FILE:
		return !S_ISDIR(st.st_mode);
	case BR_GRUB_DIR:
		return S_ISDIR(st.st_mode);
	case BR_GRUB_NONEMPTY:
		return st.st_size > 0;
	default:
		return 1;
	}
}

static int dir_search(void *ctx, enum br_grub_by by, const char *value, int *ret_dev)
{
	struct dir_machine *m = ctx;

	if (br_strv_has(&m->unknown, value))
		return -ENODATA;
	for (int i = 0; i < m->n; i++) {
		bool is = by == BR_GRUB_BY_UUID    ? strcasecmp(m->dev[i].uuid, value) == 0
			  : by == BR_GRUB_BY_LABEL ? strcmp(m->dev[i].label, value) == 0
						   : dir_test(m, i, value, BR_GRUB_FILE) > 0;

		if (is) {
			*ret_dev = i;
			return 0;
		}
	}
	return -ENOENT;
}

static int dir_device(void *ctx, const char *name, int *ret_dev)
{
	int i = dir_find(ctx, name);

	if (i < 0)
		return i;
	*ret_dev = i;
	return 0;
}

static int dir_name(void *ctx, int dev, char **ret)
{
	struct dir_machine *m = ctx;

	*ret = strdup(m->dev[dev].name);
	return *ret ? 0 : -ENOMEM;
}

static int dir_slurp(const char *path, char **ret, size_t *ret_len)
{
	br_autofclose FILE *f = fopen(path, "re");
	struct br_str s = {0};
	char buf[4096];
	size_t n;

	if (!f)
		return -ENOENT;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		br_str_add(&s, buf, n);
	br_str_puts(&s, "");
	*ret_len = s.len;
	*ret = br_str_take(&s);
	return *ret ? 0 : -ENOMEM;
}

static int dir_read(void *ctx, int dev, const char *path, char **ret, size_t *ret_len)
{
	struct dir_machine *m = ctx;
	br_autofree char *full = br_format("%s/%s%s", m->top, m->dev[dev].folder, path);
	struct stat st;

	if (strcmp(m->dev[dev].folder, "?") == 0)
		return -ENODATA;
	if (stat(full, &st) < 0 || S_ISDIR(st.st_mode))
		return -ENOENT;
	return dir_slurp(full, ret, ret_len);
}

static int dir_list(void *ctx, int dev, const char *path, struct br_strv *ret)
{
	struct dir_machine *m = ctx;
	br_autofree char *full = br_format("%s/%s%s", m->top, m->dev[dev].folder, path);
	br_autoclosedir DIR *d = opendir(full);
	struct dirent *e;

	if (strcmp(m->dev[dev].folder, "?") == 0)
		return -ENODATA;
	if (!d)
		return -ENOENT;
	while ((e = readdir(d)))
		br_strv_add(ret, e->d_name);
	br_strv_sort(ret);
	return 0;
}

static int dir_uuid(void *ctx, int dev, char **ret)
{
	struct dir_machine *m = ctx;

	*ret = strdup(m->dev[dev].uuid);
	return *ret ? 0 : -ENOMEM;
}

static inline int dir_open(struct dir_machine *m, const char *top)
{
	br_autofree char *map = br_format("%s/map", top), *text = NULL;
	br_autostrv struct br_strv lines = {0};
	size_t len;

	memset(m, 0, sizeof(*m));
	m->io = (struct br_grub_io){m,        dir_search, dir_device, dir_name,
				    dir_read, dir_test,   dir_list,   dir_uuid};
	m->top = strdup(top);
	if (dir_slurp(map, &text, &len) < 0)
		return -ENOENT;
	br_strv_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		br_autostrv struct br_strv w = {0};

		br_strv_split(&w, lines.v[i], " \t");
		if (w.n == 3 && strcmp(w.v[0], "+") == 0) {
			br_autofree char *plain = br_format("%d:%s", dir_find(m, w.v[1]), w.v[2]);

			br_strv_add(&m->plain, plain);
		} else if (w.n == 2 && strcmp(w.v[0], "?") == 0) {
			br_strv_add(&m->unknown, w.v[1]);
		} else if (w.n == 4 && m->n < 16) {
			m->dev[m->n++] = (struct dir_dev){strdup(w.v[0]), strdup(w.v[1]),
							  strdup(w.v[2]), strdup(w.v[3])};
		}
	}
	return 0;
}

static inline void dir_close(struct dir_machine *m)
{
	for (int i = 0; i < m->n; i++) {
		free(m->dev[i].name);
		free(m->dev[i].folder);
		free(m->dev[i].uuid);
		free(m->dev[i].label);
	}
	free(m->top);
	br_strv_free(&m->plain);
	br_strv_free(&m->unknown);
}

/* ---- a menu as text, for comparing ---- */

static inline const char *grub_trouble_name(enum br_menu_trouble t)
{
	static const char *const names[] = {
	    "no-config", "syntax",   "search-none", "search-unknown", "default-stale", "env-bad",
	    "var-empty", "password", "no-timeout",  "unsupported",    "limit"};

	return (size_t)t < sizeof(names) / sizeof(*names) ? names[t] : "?";
}

static inline void grub_show_place(const struct dir_machine *m, const struct br_place *p,
				   const char *what, struct br_str *out)
{
	if (p->path)
		br_str_printf(out, "  %s (%s)%s\n", what, p->dev >= 0 ? m->dev[p->dev].name : "",
			      p->path);
}

static inline void grub_show_entry(const struct dir_machine *m, const struct br_boot_entry *e,
				   struct br_str *out)
{
	grub_show_place(m, &e->kernel, "linux", out);
	for (size_t i = 0; i < e->n_initrds; i++)
		grub_show_place(m, &e->initrds[i], "initrd", out);
	grub_show_place(m, &e->chain, "chain", out);
	if (e->cmdline)
		br_str_printf(out, "  args %s\n", e->cmdline);
}

static inline void grub_show(const struct dir_machine *m, const struct br_menu *g,
			     struct br_str *out)
{
	const struct br_boot_entry *b = g->boots >= 0 ? &g->entries[g->boots] : NULL;

	br_str_printf(out, "boots %s %s%s\n", b ? b->index_path : "nothing", b ? b->menu_path : "",
		      g->undetermined ? " (undetermined)" : "");
	if (b)
		grub_show_entry(m, b, out);
	if (g->fell_from >= 0)
		br_str_printf(out, "fell-from %s\n", g->entries[g->fell_from].index_path);
	br_str_printf(out, "wanted %s\n", g->wanted ? g->wanted : "-");
	if (g->timeout == LONG_MIN)
		br_str_puts(out, "timeout unset\n");
	else
		br_str_printf(out, "timeout %ld\n", g->timeout);
	for (size_t i = 0; i < g->n_notes; i++) {
		const struct br_menu_note *n = &g->notes[i];

		br_str_printf(out, "note %s %s %s:%u%s%s%s\n", grub_trouble_name(n->trouble),
			      n->what ? n->what : "-", n->file ? n->file : "-", n->line,
			      n->in_default ? " default" : "", n->root_kept ? " kept " : "",
			      n->root_kept ? m->dev[n->root_dev].name : "");
	}
	for (size_t i = 0; i < g->n; i++) {
		const struct br_boot_entry *e = &g->entries[i];

		br_str_printf(out, "%s %s%s%s%s%s %s:%u\n", e->index_path,
			      e->submenu ? "submenu " : "", e->title, e->id ? " #" : "",
			      e->id ? e->id : "", e->unrestricted ? " free" : "",
			      e->source ? e->source : "-", e->line);
		if ((int)i != g->boots)
			grub_show_entry(m, e, out);
	}
}

#endif
