/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of menus into one row of entries, and the end of both. */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

static void free_entry(struct br_grub_entry *e)
{
	free(e->title);
	free(e->id);
	free(e->menu_path);
	free(e->index_path);
	free(e->users);
	free(e->source);
	free(e->kernel.path);
	free(e->chain.path);
	for (size_t i = 0; i < e->n_initrds; i++)
		free(e->initrds[i].path);
	free(e->initrds);
	free(e->cmdline);
}

void br_gs_menu_free(struct grub_menu *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++) {
		struct grub_item *it = m->v[i];

		br_gs_menu_free(it->sub);
		free_entry(&it->e);
		br_gs_args_free(&it->args);
		free(it->text);
		free(it->lines);
		free(it);
	}
	free(m->v);
	free(m);
}

static int flatten(struct grub_run *r, struct grub_menu *m, const char *titles, const char *indexes)
{
	struct br_grub_menu *out = r->out;

	for (size_t i = 0; i < m->n; i++) {
		struct grub_item *it = m->v[i];
		struct br_grub_entry *e = &it->e;
		size_t at = out->n;

		e->menu_path =
		    br_format("%s%s%s", titles ? titles : "", titles ? ">" : "", e->title);
		e->index_path = br_format("%s%s%zu", indexes ? indexes : "", indexes ? ">" : "", i);
		if (!e->menu_path || !e->index_path ||
		    br_grow(&out->entries, &out->cap, at, sizeof(*out->entries)) < 0)
			return -ENOMEM;
		out->entries[at] = *e;
		*e = (struct br_grub_entry){0};
		out->n++;
		if (it == r->boots)
			out->boots = (int)at;
		if (it == r->fell_from)
			out->fell_from = (int)at;
		if (it->sub) {
			/* The row may move as it grows; the strings do not. */
			int err = flatten(r, it->sub, out->entries[at].menu_path,
					  out->entries[at].index_path);

			if (err < 0)
				return err;
		}
	}
	return 0;
}

int br_gs_flatten(struct grub_run *r)
{
	return r->shown ? flatten(r, r->shown, NULL, NULL) : 0;
}

void br_grub_menu_free(struct br_grub_menu *m)
{
	for (size_t i = 0; i < m->n; i++)
		free_entry(&m->entries[i]);
	free(m->entries);
	for (size_t i = 0; i < m->n_notes; i++) {
		free(m->notes[i].what);
		free(m->notes[i].file);
	}
	free(m->notes);
	free(m->wanted);
	br_strv_free(&m->files);
	*m = (struct br_grub_menu){.boots = -1, .fell_from = -1};
}
