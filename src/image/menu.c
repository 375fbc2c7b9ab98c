/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/menu.h"

void br_boot_entry_free(struct br_boot_entry *e)
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
	*e = (struct br_boot_entry){0};
}

void br_menu_free(struct br_menu *m)
{
	for (size_t i = 0; i < m->n; i++)
		br_boot_entry_free(&m->entries[i]);
	free(m->entries);
	for (size_t i = 0; i < m->n_notes; i++) {
		free(m->notes[i].what);
		free(m->notes[i].file);
	}
	free(m->notes);
	free(m->wanted);
	br_strv_free(&m->files);
	*m = (struct br_menu){.boots = -1, .fell_from = -1};
}
