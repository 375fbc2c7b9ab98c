/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/criticaluser.h"

#define FLAWS_SHOWN 40

static const char *editor(enum br_account_db db)
{
	static const char *const editors[BR_DBS] = {"vipw", "vipw -s", "vigr", "vigr -s"};

	return editors[db];
}

static bool of_users(const struct br_account_flaw *f)
{
	return f->db == BR_DB_PASSWD || f->db == BR_DB_SHADOW;
}

static char *fix_for(const struct br_account_flaw *f)
{
	switch (f->kind) {
	case BR_FLAW_GROUP:
		return br_format("usermod -g GROUP %s (or groupadd -g %s %s)", f->name, f->other, f->name);
	case BR_FLAW_HOME:
		return br_format("mkhomedir_helper %s (or usermod -d FOLDER %s)", f->name, f->name);
	case BR_FLAW_SHELL:
		return br_format("usermod -s /bin/bash %s", f->name);
	case BR_FLAW_NO_SHADOW:
		return strdup(of_users(f) ? "pwconv" : "grpconv");
	case BR_FLAW_NO_MAIN:
		return strdup(of_users(f) ? "pwconv removes it" : "grpconv removes it");
	case BR_FLAW_NOT_X:
		return strdup(of_users(f) ? "pwconv" : "grpconv");
	case BR_FLAW_MEMBER:
		return br_format("gpasswd -d %s %s", f->other, f->name);
	default:
		return br_format("%s, and correct or remove line %u", editor(f->db), f->line);
	}
}

/* System users' homes and shells are as their packages made them, and many never are; other sources have more users. */
static enum br_severity weight(const struct br_image *img, const struct br_account_flaw *f)
{
	switch (f->kind) {
	case BR_FLAW_HOME:
	case BR_FLAW_SHELL:
		return f->person ? BR_SEV_WARNING : BR_SEV_INFO;
	case BR_FLAW_GROUP:
	case BR_FLAW_MEMBER:
		return img->accounts.elsewhere ? BR_SEV_INFO : BR_SEV_WARNING;
	default:
		return BR_SEV_WARNING;
	}
}

static void leave(const struct br_image *img, const struct br_account_flaw *f, struct br_result *res)
{
	enum br_severity sev = weight(img, f);
	br_autofree char *fix = sev == BR_SEV_INFO ? NULL : fix_for(f);
	const char *path = br_account_paths[f->db], *who = of_users(f) ? "user" : "group";

	switch (f->kind) {
	case BR_FLAW_LINE:
		br_find(res, "account-line-malformed", sev, path, f->line, fix, "not a line of this file: '%.60s'", f->name);
		break;
	case BR_FLAW_DUPLICATE:
		br_find(res, "account-duplicate", sev, path, f->line, fix, "the %s %s stands here and on another line", who, f->name);
		break;
	case BR_FLAW_NAME:
		br_find(res, "account-name-odd", sev, path, f->line, fix, "'%s' is no name for a %s", f->name, who);
		break;
	case BR_FLAW_ID:
		br_find(res, "account-number", sev, path, f->line, fix, "the %s %s has the number %s, which stands for none", who,
		        f->name, f->other);
		break;
	case BR_FLAW_GROUP:
		br_find(res, "account-group-missing", sev, path, f->line, fix, "the user %s is in group %s, which is not there",
		        f->name, f->other);
		break;
	case BR_FLAW_HOME:
		br_find(res, "account-home-missing", sev, path, f->line, fix, "the home of %s, %s, is not there", f->name,
		        f->other);
		break;
	case BR_FLAW_SHELL:
		br_find(res, "account-shell-missing", sev, path, f->line, fix, "the shell of %s, %s, is not there", f->name,
		        f->other);
		break;
	case BR_FLAW_NO_SHADOW:
		br_find(res, "account-shadow-missing", sev, path, f->line, fix, "the %s %s has no line in %s", who, f->name,
		        br_account_paths[f->db + 1]);
		break;
	case BR_FLAW_NO_MAIN:
		br_find(res, "account-shadow-left", sev, path, f->line, fix, "there is no %s %s", who, f->name);
		break;
	case BR_FLAW_NOT_X:
		br_find(res, "account-not-shadowed", sev, path, f->line, fix,
		        "the %s %s has a password field of its own here, and a line in %s", who, f->name,
		        br_account_paths[f->db + 1]);
		break;
	case BR_FLAW_MEMBER:
		br_find(res, "account-member-missing", sev, path, f->line, fix, "the group %s has the member %s, who is no user",
		        f->name, f->other);
		break;
	}
}

/* root's own shell and home are judged as root's. */
static bool is_roots(const struct br_account_flaw *f)
{
	return br_streq(f->name, "root") && f->db == BR_DB_PASSWD && (f->kind == BR_FLAW_HOME || f->kind == BR_FLAW_SHELL);
}

/* Where the shadow file is not there at all, or the main one, that is said once by others. */
void br_judge_account_flaws(const struct br_image *img, struct br_result *res)
{
	const struct br_accounts *a = &img->accounts;
	const struct br_account *bad = a->root ? NULL : a->bad_root;
	size_t infos = 0, shown = 0;

	for (size_t i = 0; i < a->n_flaws; i++) {
		const struct br_account_flaw *f = &a->flaws[i];

		if (is_roots(f) || (bad && f->db == BR_DB_PASSWD && f->line == bad->line && f->kind == BR_FLAW_LINE))
			continue;
		/* Distributions make users whose homes only their packages bring: one line for all of them. */
		if (weight(img, f) == BR_SEV_INFO)
			infos++;
		else if (shown++ < FLAWS_SHOWN)
			leave(img, f, res);
	}
	if (a->more_flaws || shown > FLAWS_SHOWN)
		br_find(res, "accounts-more", BR_SEV_WARNING, NULL, 0, "pwck -r; grpck -r",
		        "more is wrong than is shown here: pwck and grpck show all of it");
	else if (infos)
		br_find(res, "accounts-more", BR_SEV_INFO, NULL, 0, NULL,
		        "%zu homes and shells of system users are not there", infos);
}
