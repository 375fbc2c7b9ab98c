/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What pwck -r and grpck -r complain about, in the order of the lines. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/accounts.h"
#include "image/fstab.h"
#include "image/volume.h"

struct hunt {
	const struct br_root *root;
	const struct br_fstab *fstab;
	struct br_accounts *a;
	enum br_account_db db;
};

static bool is_person(const struct br_account *a)
{
	return (a->id >= 1000 && a->id < 60000) || strcmp(a->field[0], "root") == 0;
}

static int note(struct hunt *h, enum br_flaw_kind kind, const struct br_account *of, const char *other)
{
	struct br_accounts *a = h->a;
	struct br_account_flaw *f;

	if (a->n_flaws == BR_FLAWS_MAX) {
		a->more_flaws = true;
		return 0;
	}
	if (br_grow(&a->flaws, &a->cap_flaws, a->n_flaws, sizeof(*a->flaws)) < 0)
		return -ENOMEM;
	f = &a->flaws[a->n_flaws];
	*f = (struct br_account_flaw){
		.kind = kind,
		.db = h->db,
		.line = of->line,
		.name = strdup(kind == BR_FLAW_LINE ? of->text : of->field[0]),
		.other = other ? strdup(other) : NULL,
		.person = h->db == BR_DB_PASSWD && of->good && is_person(of),
	};
	a->n_flaws++;
	return f->name && (f->other || !other) ? 0 : -ENOMEM;
}

/* What every release of shadow-utils refuses; each distribution refuses more. */
static bool name_is_odd(const char *name)
{
	return !*name || strchr("-+~", *name) || strpbrk(name, ",/ \t\r\f\v") || strlen(name) > BR_ACCOUNT_NAME_MAX;
}

/* Is it there, or on a file system that is not mounted here? */
static bool is_there(const struct hunt *h, const char *path)
{
	return path[0] == '/' && (br_root_exists(h->root, path) || br_hidden_by(h->root, h->fstab, path));
}

static int judge_user(struct hunt *h, const struct br_account *u)
{
	const struct br_account_file *shadow = &h->a->file[BR_DB_SHADOW];
	char gid[16];
	int r = 0;

	if (u->id == UINT32_MAX)
		r = note(h, BR_FLAW_ID, u, u->field[2]);
	if (r == 0 && !br_account_group(h->a, u->gid)) {
		snprintf(gid, sizeof(gid), "%lu", (unsigned long)u->gid);
		r = note(h, BR_FLAW_GROUP, u, gid);
	}
	if (r == 0 && u->field[5][0] && !is_there(h, u->field[5]))
		r = note(h, BR_FLAW_HOME, u, u->field[5]);
	if (r == 0 && u->field[6][0] && !is_there(h, u->field[6]))
		r = note(h, BR_FLAW_SHELL, u, u->field[6]);
	if (r < 0 || shadow->err)
		return r;
	if (!br_account_find(shadow, u->field[0]))
		return note(h, BR_FLAW_NO_SHADOW, u, NULL);
	return strcmp(u->field[1], "x") != 0 ? note(h, BR_FLAW_NOT_X, u, NULL) : 0;
}

/* A list of users, by commas. */
static int judge_members(struct hunt *h, const struct br_account *g, const char *list)
{
	br_autostrv struct br_strv names = {0};
	int r = 0;

	br_strv_split(&names, list, ",");
	for (size_t i = 0; r == 0 && i < names.n && i < BR_ACCOUNTS_MAX; i++)
		if (!br_account_find(&h->a->file[BR_DB_PASSWD], names.v[i]))
			r = note(h, BR_FLAW_MEMBER, g, names.v[i]);
	return names.oom ? -ENOMEM : r;
}

static int judge_group(struct hunt *h, const struct br_account *g)
{
	const struct br_account_file *shadow = &h->a->file[BR_DB_GSHADOW];
	int r = 0;

	if (g->id == UINT32_MAX)
		r = note(h, BR_FLAW_ID, g, g->field[2]);
	if (r == 0 && g->n > 3)
		r = judge_members(h, g, g->field[3]);
	if (r < 0 || shadow->err)
		return r;
	if (!br_account_find(shadow, g->field[0]))
		return note(h, BR_FLAW_NO_SHADOW, g, NULL);
	return strcmp(g->field[1], "x") != 0 ? note(h, BR_FLAW_NOT_X, g, NULL) : 0;
}

static int judge_shadow(struct hunt *h, const struct br_account *s, enum br_account_db main)
{
	int r = 0;

	if (!br_account_find(&h->a->file[main], s->field[0]))
		r = note(h, BR_FLAW_NO_MAIN, s, NULL);
	for (size_t i = 2; main == BR_DB_GROUP && r == 0 && i < 4; i++)
		r = judge_members(h, s, s->field[i]);
	return r;
}

static int judge_line(struct hunt *h, const struct br_account *a)
{
	bool main = h->db == BR_DB_PASSWD || h->db == BR_DB_GROUP;
	int r = 0;

	if (a->nis)
		return 0;
	if (!a->good)
		return note(h, BR_FLAW_LINE, a, NULL);
	if (a->twice)
		r = note(h, BR_FLAW_DUPLICATE, a, NULL);
	if (r == 0 && main && name_is_odd(a->field[0]))
		r = note(h, BR_FLAW_NAME, a, NULL);
	if (r < 0)
		return r;
	switch (h->db) {
	case BR_DB_PASSWD:
		return judge_user(h, a);
	case BR_DB_GROUP:
		return judge_group(h, a);
	case BR_DB_SHADOW:
		return judge_shadow(h, a, BR_DB_PASSWD);
	default:
		return judge_shadow(h, a, BR_DB_GROUP);
	}
}

int br_accounts_flaws(const struct br_root *root, const struct br_fstab *fstab, struct br_accounts *a)
{
	struct hunt h = {.root = root, .fstab = fstab, .a = a};

	for (h.db = 0; h.db < BR_DBS; h.db++) {
		const struct br_account_file *f = &a->file[h.db];

		for (size_t i = 0; i < f->n && !a->more_flaws; i++) {
			int r = judge_line(&h, &f->v[i]);

			if (r < 0)
				return r;
		}
	}
	return 0;
}
