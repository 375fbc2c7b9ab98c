/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/menu.h"

struct br_boot_entry *br_menu_add(struct br_menu *m)
{
	struct br_boot_entry *e;

	if (br_grow(&m->entries, &m->cap, m->n, sizeof(*m->entries)) < 0)
		return NULL;
	e = &m->entries[m->n++];
	*e = (struct br_boot_entry){.source_dev = -1, .kernel.dev = -1, .chain.dev = -1};
	return e;
}

struct br_menu_note *br_menu_note_add(struct br_menu *m, enum br_menu_trouble trouble, const char *what,
                                      const struct br_place *at)
{
	struct br_menu_note *n;

	if (br_grow(&m->notes, &m->cap_notes, m->n_notes, sizeof(*m->notes)) < 0)
		return NULL;
	n = &m->notes[m->n_notes++];
	*n = (struct br_menu_note){.trouble = trouble, .dev = at ? at->dev : -1, .root_dev = -1, .in_default = true};
	n->what = what ? strdup(what) : NULL;
	n->file = at && at->path ? strdup(at->path) : NULL;
	return (what && !n->what) || (at && at->path && !n->file) ? NULL : n;
}

void br_menu_read_file(struct br_menu *m, int dev, const char *path)
{
	br_autofree char *text = br_format("%d:%s", dev, path);

	if (text)
		br_strv_add(&m->files, text);
	else
		m->files.oom = true;
}

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
	free(e->defect);
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
