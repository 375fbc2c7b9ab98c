/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which entry of one menu $default names: a number, a title, an id; "a>b" names b in the submenu a.
 */
#include <string.h>

#include "image/grub-internal.h"

/* Whether name is what spec begins with, up to a > or its end; a doubled > stands for one. */
static bool names(const char *spec, const char *name)
{
	for (;; spec++, name++) {
		if (spec[0] == '>' && spec[1] != '>')
			return *name == '\0';
		if (spec[0] == '>')
			spec++;
		if (*spec != *name)
			return false;
		if (!*spec)
			return true;
	}
}

static const char *id_of(const struct grub_item *it)
{
	return it->e.id ? it->e.id : it->e.title;
}

/*
 * Fedora's GRUB: an id first, for those of boot loader entries begin with digits; then a title; a
 * number only when nothing follows it. An id is compared with the first word alone, and a match is
 * no match when more words follow.
 */
static int fedora_default(const struct grub_menu *m, const char *spec)
{
	size_t first_word = strcspn(spec, " \t\n\v\f\r");
	const char *end;
	unsigned long n;
	bool ok;

	for (size_t i = 0; i < m->n; i++) {
		const char *id = id_of(m->v[i]);

		if (spec[first_word] && strlen(id) == first_word && first_word > 1 &&
		    memcmp(id, spec, first_word) == 0)
			return -1;
		if (*id && strcspn(spec, ">") <= first_word && names(spec, id))
			return spec[first_word] ? -1 : (int)i;
	}
	for (size_t i = 0; i < m->n; i++)
		if (*m->v[i]->e.title && names(spec, m->v[i]->e.title))
			return (int)i;
	n = br_gs_number(spec, &end, &ok);
	return ok && !*end ? (int)n : -1;
}

/* Everybody else's: what begins with a digit is a number, whatever follows. */
static int plain_default(const struct grub_menu *m, const char *spec)
{
	const char *end;
	bool ok;
	unsigned long n = br_gs_number(spec, &end, &ok);

	if (ok)
		return (int)n;
	for (size_t i = 0; i < m->n; i++)
		if (names(spec, m->v[i]->e.title) || names(spec, id_of(m->v[i])))
			return (int)i;
	return -1;
}

int br_gs_default(struct grub_run *r, const struct grub_menu *m, const char *spec)
{
	return r->fedora ? fedora_default(m, spec) : plain_default(m, spec);
}
