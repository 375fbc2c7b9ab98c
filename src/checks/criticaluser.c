/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "checks/criticaluser.h"

static const struct br_code codes[] = {
	{"root-absent", BR_BASIS_POLICY, "/etc/passwd has no user root"},
	{"root-not-zero", BR_BASIS_POLICY, "the user root has another number than 0"},
	{"root-line-malformed", BR_BASIS_POLICY, "root's line cannot be read: to the system there is no root"},
	{"root-shell-missing", BR_BASIS_POLICY, "root's shell is not there"},
	{"root-shell-broken", BR_BASIS_POLICY, "root's shell is there and cannot be executed"},
	{"root-shell-nologin", BR_BASIS_POLICY, "root's shell lets nobody in, and the profile wants root to log in"},
	{"root-home-missing", BR_BASIS_POLICY, "root's home is not there, or is no folder"},
	{"root-locked", BR_BASIS_POLICY, "root's password is locked, and the profile wants root to log in"},
	{"root-password-empty", BR_BASIS_POLICY, "root logs in without a password"},
	{"second-uid-zero", BR_BASIS_POLICY, "another user has root's number and rights"},
	BR_ACCOUNT_FLAW_CODES,
	{"accounts-elsewhere", BR_BASIS_POLICY, "users come from other sources too"},
	{"accounts-not-read", BR_BASIS_POLICY, "a file of users or groups could not be read"},
};

static enum br_severity severity(const struct br_image *img)
{
	return br_judge_severity(img, "CriticalUser");
}

static bool wants_login(const struct br_image *img)
{
	return br_streq(br_profile_get(img->profile, "CriticalUser", "root_login"), "yes");
}

static const char *passwd_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "vipw, and make the line root:x:0:0:root:/root:/bin/bash; /etc/passwd- and /var/backups have old copies";
	default:
		return "vipw, and make the line root:x:0:0:root:/root:/bin/bash; /etc/passwd- is the copy before the last change";
	}
}

static void judge_absence(const struct br_image *img, struct br_result *res)
{
	const struct br_accounts *a = &img->accounts;

	if (a->bad_root)
		br_find(res, "root-line-malformed", severity(img), "/etc/passwd", a->bad_root->line, passwd_fix(img),
		        "root's line has not seven fields with two numbers: nobody can log in as root, and sshd, cron and cloud-init "
		        "find no such user");
	else if (a->elsewhere)
		br_find(res, "accounts-not-read", BR_SEV_UNKNOWN, "/etc/passwd", 0, NULL,
		        "there is no root in it, and nsswitch.conf names %s, which may have one", a->elsewhere);
	else
		br_find(res, "root-absent", severity(img), "/etc/passwd", 0, passwd_fix(img),
		        "%s: nobody can log in as root, and sshd, cron and cloud-init find no such user",
		        a->file[BR_DB_PASSWD].err ? "there is no such file" : "there is no user root");
}

static void judge_shell(const struct br_image *img, struct br_result *res)
{
	static const char *const closed[] = {"/nologin", "/false", "/true"};
	const struct br_accounts *a = &img->accounts;
	unsigned line = a->root->line;
	const char *fix = "usermod -s /bin/bash root (or another shell of /etc/shells)";

	if (a->shell.state == BR_PROGRAM_UNREAD)
		br_find(res, "accounts-not-read", BR_SEV_UNKNOWN, a->shell_path, 0, NULL, "root's shell: %s",
		        br_strerror(a->shell.err));
	else if (a->shell.state == BR_PROGRAM_MISSING)
		br_find(res, "root-shell-missing", severity(img), "/etc/passwd", line, fix,
		        "root's shell %s is not there: root can log in nowhere", a->shell_path);
	else if (a->shell.state != BR_PROGRAM_RUNS)
		br_find(res, "root-shell-broken", severity(img), "/etc/passwd", line, fix,
		        "root's shell %s %s%s%s%s: root can log in nowhere", a->shell_path, a->shell.which ? "needs " : "",
		        a->shell.which ? a->shell.which : "", a->shell.which ? ", which " : "",
		        br_program_state_text(a->shell.state));
	if (!wants_login(img))
		return;
	for (size_t i = 0; i < BR_ARRAY_SIZE(closed); i++)
		if (br_ends(a->shell_path, closed[i]))
			br_find(res, "root-shell-nologin", BR_SEV_WARNING, "/etc/passwd", line, fix,
			        "root's shell is %s: who logs in as root is turned away", a->shell_path);
}

static void judge_password(const struct br_image *img, struct br_result *res)
{
	const struct br_accounts *a = &img->accounts;
	const struct br_account_file *shadow = &a->file[BR_DB_SHADOW];
	bool shadowed = strcmp(a->root->field[1], "x") == 0;
	const struct br_account *s = shadowed && !shadow->err ? br_account_find(shadow, "root") : NULL;
	const char *word = s ? s->field[1] : shadowed ? NULL : a->root->field[1];
	const char *path = s ? "/etc/shadow" : "/etc/passwd";
	unsigned line = s ? s->line : a->root->line;

	if (!word)
		return;
	if (!*word)
		br_find(res, "root-password-empty", BR_SEV_WARNING, path, line, "passwd root (or passwd -l root)",
		        "root's password is empty: anybody at a console is root");
	else if ((*word == '!' || *word == '*') && wants_login(img))
		br_find(res, "root-locked", BR_SEV_WARNING, path, line, "passwd root",
		        "root's password is locked: before cloud-init sets one, nobody logs in at the console");
}

static void judge_root(const struct br_image *img, struct br_result *res)
{
	const struct br_accounts *a = &img->accounts;
	const char *home = a->root->field[5];
	br_autofree char *fix = br_format("mkdir -p -m 700 %s && chown root:root %s", home, home);

	if (a->root->id != 0)
		br_find(res, "root-not-zero", severity(img), "/etc/passwd", a->root->line, passwd_fix(img),
		        "root has the number %lu: it is an ordinary user, and what asks for root by name fails",
		        (unsigned long)a->root->id);
	judge_shell(img, res);
	if (a->home_err == ENOENT || a->home_err == ENOTDIR || a->home_err == ELOOP)
		br_find(res, "root-home-missing", severity(img), "/etc/passwd", a->root->line,
		        a->home_err == ENOENT ? fix : "usermod -d /root root (and mkdir -m 700 /root, where it is not there)",
		        "root's home %s is %s: keys and logins have no place", home, a->home_err == ENOENT ? "not there" : "no folder");
	else if (a->home_err)
		br_find(res, "accounts-not-read", BR_SEV_UNKNOWN, home, 0, NULL, "root's home: %s",
		        br_strerror(a->home_err));
	judge_password(img, res);
}

static void judge_zeros(const struct br_accounts *a, struct br_result *res)
{
	const struct br_account_file *f = &a->file[BR_DB_PASSWD];

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].good && f->v[i].id == 0 && strcmp(f->v[i].field[0], "root") != 0)
			br_find(res, "second-uid-zero", BR_SEV_WARNING, "/etc/passwd", f->v[i].line,
			        "usermod -o -u NUMBER NAME gives it one of its own; userdel NAME removes it",
			        "%s has the number 0: it is root by another name", f->v[i].field[0]);
}

/* Shadow files may be absent, and often are in what is built from nothing; passwd may not. */
static bool is_lost(const struct br_accounts *a, enum br_account_db db)
{
	return a->file[db].err && a->file[db].err != ENOENT;
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_accounts *a = &img->accounts;

	for (enum br_account_db db = 0; db < BR_DBS; db++)
		if (is_lost(a, db) || a->file[db].too_many)
			br_find(res, "accounts-not-read", BR_SEV_UNKNOWN, br_account_paths[db], 0, NULL, "%s",
			        a->file[db].too_many ? "it has more lines than are looked at" : br_strerror(a->file[db].err));
	if (a->root)
		judge_root(img, res);
	else if (!is_lost(a, BR_DB_PASSWD))
		judge_absence(img, res);
	judge_zeros(a, res);
	br_judge_account_flaws(img, res);
	if (a->elsewhere)
		br_find(res, "accounts-elsewhere", BR_SEV_INFO, "/etc/nsswitch.conf", 0, NULL,
		        "users come from %s too: who is in no file may be there", a->elsewhere);
	br_conclude(res);
}

const struct br_check br_check_criticaluser = {
	.id = "CriticalUser",
	.level = BR_LEVEL_HIGH,
	.title = "root is there and can log in; users and groups are in order",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_ACCOUNTS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "/etc/passwd, /etc/shadow, /etc/group and /etc/gshadow line by line, as pwck -r and grpck -r do; root's shell "
		 "(with loader and libraries) and home inside the root; the sources of users in nsswitch.conf.",
	.fails = "When there is no root, its number is not 0, its line cannot be read, or its shell or home is not there or of "
		 "no use. A warning: another user with the number 0, lines that cannot be read, names that stand twice, groups "
		 "and users that refer to what is not there, an empty password, and a locked one where the profile wants root to "
		 "log in (root_login). Homes and shells of system users are as the distribution left them: an info.",
	.why = "The machine comes up without a root, but nobody can mend it: no login, no sudo, no sshd for root, and the "
	       "password that the cloud wants to set has no user. A malformed line hides the ones that tools rewrite after it.",
	.mend = "vipw, vipw -s, vigr and vigr -s edit the files under their locks; pwck and grpck offer to mend them; usermod -s "
		"sets the shell.",
	.run = run,
};
