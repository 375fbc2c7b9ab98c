/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of menus into one row of entries, and the end of both. */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

void br_gs_menu_free(struct grub_menu *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++) {
		struct grub_item *it = m->v[i];

		br_gs_menu_free(it->sub);
		br_boot_entry_free(&it->e);
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
	struct br_menu *out = r->out;

	for (size_t i = 0; i < m->n; i++) {
		struct grub_item *it = m->v[i];
		struct br_boot_entry *e = &it->e;
		size_t at = out->n;

		e->menu_path =
		    br_format("%s%s%s", titles ? titles : "", titles ? ">" : "", e->title);
		e->index_path = br_format("%s%s%zu", indexes ? indexes : "", indexes ? ">" : "", i);
		if (!e->menu_path || !e->index_path ||
		    br_grow(&out->entries, &out->cap, at, sizeof(*out->entries)) < 0)
			return -ENOMEM;
		out->entries[at] = *e;
		*e = (struct br_boot_entry){0};
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
