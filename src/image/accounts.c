/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/accounts.h"

const char *const br_account_paths[BR_DBS] = {"/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow"};

/* As shadow-utils reads it: blanks before it are no harm. */
static bool number(const char *text, uint32_t *ret)
{
	uint64_t n;

	text += strspn(text, " \t");
	if (br_parse_uint(text, strlen(text), 10, 0, UINT32_MAX, &n) < 0)
		return false;
	*ret = (uint32_t)n;
	return true;
}

/* A day or a number of days; none where it is empty. */
static bool days(const char *text)
{
	uint64_t n;

	text += strspn(text, " \t");
	return !*text || br_parse_uint(text, strlen(text), 10, 0, INT64_MAX, &n) == 0;
}

static bool is_good(enum br_account_db db, struct br_account *a, size_t fields)
{
	switch (db) {
	case BR_DB_PASSWD:
		return fields == 7 && number(a->field[2], &a->id) && number(a->field[3], &a->gid);
	case BR_DB_SHADOW:
		/* Five: as the file was before passwords could expire. */
		if (fields != 9 && fields != 5)
			return false;
		for (size_t i = 2; i < fields; i++)
			if (!days(a->field[i]))
				return false;
		return true;
	case BR_DB_GROUP:
		/* The C library takes what lies behind a fifth colon for members: the group is there. */
		a->numbered = fields >= 3 && number(a->field[2], &a->id);
		return a->numbered && fields <= 4;
	default:
		return fields == 4;
	}
}

static int take_line(enum br_account_db db, struct br_account_file *f, const char *line, size_t len, unsigned number_)
{
	struct br_account *a;
	size_t fields = 0;
	char *at;

	if (br_grow(&f->v, &f->cap, f->n, sizeof(*f->v)) < 0)
		return -ENOMEM;
	a = &f->v[f->n];
	*a = (struct br_account){.line = number_, .text = strndup(line, len)};
	a->copy = a->text ? strdup(a->text) : NULL;
	f->n++;
	if (!a->copy)
		return -ENOMEM;
	a->nis = db != BR_DB_GSHADOW && (a->text[0] == '+' || a->text[0] == '-');
	for (at = a->copy; at; fields++) {
		char *colon = strchr(at, ':');

		if (colon)
			*colon = '\0';
		if (fields < BR_ACCOUNT_FIELDS)
			a->field[a->n++] = at;
		at = colon ? colon + 1 : NULL;
	}
	a->good = !a->nis && is_good(db, a, fields);
	a->numbered &= a->field[0][0] != '#';
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct br_account *x = *(const struct br_account *const *)a, *y = *(const struct br_account *const *)b;
	int r = strcmp(x->field[0], y->field[0]);

	return r ? r : x->line < y->line ? -1 : x->line > y->line;
}

static int make_index(struct br_account_file *f)
{
	if (!f->n)
		return 0;
	f->by_name = calloc(f->n, sizeof(struct br_account *));
	if (!f->by_name)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].good)
			f->by_name[f->n_names++] = &f->v[i];
	qsort(f->by_name, f->n_names, sizeof(struct br_account *), by_name);
	for (size_t i = 1; i < f->n_names; i++)
		if (strcmp(f->by_name[i - 1]->field[0], f->by_name[i]->field[0]) == 0)
			f->by_name[i - 1]->twice = f->by_name[i]->twice = true;
	return 0;
}

int br_accounts_parse(enum br_account_db db, const char *buf, size_t len, struct br_account_file *ret)
{
	br_cleanup(br_account_file_free) struct br_account_file f = {0};
	unsigned line = 0;
	int r = 0;

	for (const char *at = buf, *end = buf + len; r == 0 && at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (++line > BR_ACCOUNTS_MAX) {
			f.too_many = true;
			break;
		}
		r = take_line(db, &f, at, (size_t)((stop ? stop : end) - at), line);
		at = stop ? stop + 1 : end;
	}
	if (r == 0)
		r = make_index(&f);
	if (r < 0)
		return r;
	*ret = f;
	f = (struct br_account_file){0};
	return 0;
}

const struct br_account *br_account_find(const struct br_account_file *f, const char *name)
{
	size_t low = 0, high = f->n_names;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(f->by_name[mid]->field[0], name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < f->n_names && strcmp(f->by_name[low]->field[0], name) == 0 ? f->by_name[low] : NULL;
}

const struct br_account *br_account_group(const struct br_accounts *a, uint32_t gid)
{
	const struct br_account_file *f = &a->file[BR_DB_GROUP];

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].numbered && f->v[i].id == gid)
			return &f->v[i];
	return NULL;
}

static int read_file(const struct br_root *root, enum br_account_db db, struct br_account_file *f)
{
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, br_account_paths[db], BR_CONFIG_MAX, &b);

	if (r == 0)
		r = br_accounts_parse(db, b.data, b.len, f);
	if (r == -ENOMEM)
		return r;
	f->err = -r;
	return 0;
}

/* Which other sources of users nsswitch.conf(5) names: what is not in the files may be there. */
static int read_elsewhere(const struct br_root *root, char **ret)
{
	static const char *const places[] = {"/etc/nsswitch.conf", "/usr/etc/nsswitch.conf"};
	static const char *const files[] = {"files", "compat", "systemd", "db"};
	br_autoblob struct br_blob b = {0};
	br_autostrv struct br_strv words = {0};
	const char *line;

	for (size_t i = 0; !b.data && i < BR_ARRAY_SIZE(places); i++)
		if (br_root_read(root, places[i], BR_CONFIG_MAX, &b) == -ENOMEM)
			return -ENOMEM;
	for (line = b.data; line && !br_starts(line, "passwd:"); line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		;
	if (line) {
		br_autofree char *text = strndup(line + strlen("passwd:"), strcspn(line + strlen("passwd:"), "\n#"));

		if (!text)
			return -ENOMEM;
		br_strv_split(&words, text, " \t");
	}
	for (size_t w = 0; w < words.n; w++) {
		bool known = words.v[w][0] == '[';

		for (size_t i = 0; i < BR_ARRAY_SIZE(files); i++)
			known |= strcmp(words.v[w], files[i]) == 0;
		if (known)
			continue;
		*ret = strdup(words.v[w]);
		return *ret ? 0 : -ENOMEM;
	}
	return words.oom ? -ENOMEM : 0;
}

static int look_at_root(const struct br_root *root, unsigned machine, struct br_accounts *a)
{
	struct br_programs programs = {.root = root, .machine = machine};
	const struct br_account_file *f = &a->file[BR_DB_PASSWD];
	struct stat st;
	int r;

	a->root = br_account_find(f, "root");
	for (size_t i = 0; i < f->n && !a->bad_root; i++)
		if (!f->v[i].good && f->v[i].n && strcmp(f->v[i].field[0], "root") == 0)
			a->bad_root = &f->v[i];
	if (!a->root)
		return 0;
	a->shell_path = a->root->field[6][0] ? a->root->field[6] : "/bin/sh";
	r = br_root_stat(root, a->root->field[5][0] ? a->root->field[5] : "/", &st);
	a->home_err = r < 0 ? -r : S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
	r = br_program_look(&programs, a->shell_path, true, &a->shell);
	br_programs_free(&programs);
	return r;
}

int br_accounts_read(const struct br_root *root, const struct br_fstab *fstab, unsigned machine, struct br_accounts *ret)
{
	br_cleanup(br_accounts_free) struct br_accounts a = {0};
	int r = 0;

	for (enum br_account_db db = 0; r == 0 && db < BR_DBS; db++)
		r = read_file(root, db, &a.file[db]);
	if (r == 0)
		r = read_elsewhere(root, &a.elsewhere);
	if (r == 0)
		r = look_at_root(root, machine, &a);
	if (r == 0)
		r = br_accounts_flaws(root, fstab, &a);
	if (r < 0)
		return r;
	*ret = a;
	a = (struct br_accounts){0};
	return 0;
}

void br_account_file_free(struct br_account_file *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].text);
		free(f->v[i].copy);
	}
	free(f->v);
	free(f->by_name);
	*f = (struct br_account_file){0};
}

void br_accounts_free(struct br_accounts *a)
{
	for (size_t i = 0; i < BR_DBS; i++)
		br_account_file_free(&a->file[i]);
	for (size_t i = 0; i < a->n_flaws; i++) {
		free(a->flaws[i].name);
		free(a->flaws[i].other);
	}
	free(a->flaws);
	free(a->elsewhere);
	br_program_free(&a->shell);
	*a = (struct br_accounts){0};
}
