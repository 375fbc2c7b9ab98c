/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The root's users and groups: /etc/passwd, shadow, group and gshadow (passwd(5), shadow(5), group(5), gshadow(5)), what
 * pwck(8) and grpck(8) of shadow-utils complain about in them, and whether root's shell and home are there.
 */
#ifndef BR_ACCOUNTS_H
#define BR_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/program.h"
#include "image/root.h"

enum br_account_db {
	BR_DB_PASSWD,
	BR_DB_SHADOW,
	BR_DB_GROUP,
	BR_DB_GSHADOW,
	BR_DBS
};

#define BR_ACCOUNT_FIELDS 9

struct br_account {
	unsigned line;
	bool twice; /* another good line has its name */
	bool nis;   /* "+..." or "-...": not for us to judge */
	bool numbered; /* of a group: good enough for the C library */
	bool good;  /* as many fields as it has to have, numbers where they belong */
	char *text; /* owned; the line, and field[] point into its copy */
	char *copy; /* owned */
	const char *field[BR_ACCOUNT_FIELDS]; /* n of them */
	size_t n;
	uint32_t id, gid; /* of a good passwd line: uid and gid; of a group: id */
};

struct br_account_file {
	int err; /* 0 read; ENOENT: there is none; other positive errno */
	struct br_account *v;
	size_t n, cap;
	struct br_account **by_name; /* owned; the good ones, n_names of them, sorted by name and line */
	size_t n_names;
	bool too_many;
};

enum br_flaw_kind {
	BR_FLAW_LINE,      /* a line that nothing can be made of */
	BR_FLAW_DUPLICATE, /* a name that another line has, too */
	BR_FLAW_NAME,      /* a name that no tool takes */
	BR_FLAW_ID,        /* 4294967295, which stands for "none" */
	BR_FLAW_GROUP,     /* the user's group is not there */
	BR_FLAW_HOME,      /* the user's home is not there */
	BR_FLAW_SHELL,     /* the user's shell is not there */
	BR_FLAW_NO_SHADOW, /* there is a shadow file, and no line in it */
	BR_FLAW_NO_MAIN,   /* a line of a shadow file for nobody */
	BR_FLAW_NOT_X,     /* a password beside the one in the shadow file */
	BR_FLAW_MEMBER,    /* a member or administrator who is no user */
};

struct br_account_flaw {
	enum br_flaw_kind kind;
	enum br_account_db db;
	unsigned line;
	char *name;  /* owned; of the user or group; the whole line where it is none */
	char *other; /* owned; the group's number, the path or the member; NULL */
	bool person; /* of a user: one with a number as people have them (1000 to 59999), or root */
};

struct br_accounts {
	struct br_account_file file[BR_DBS];
	struct br_account_flaw *flaws;
	size_t n_flaws, cap_flaws;
	bool more_flaws;
	const struct br_account *root; /* of passwd: the first good line with that name; NULL: none */
	const struct br_account *bad_root; /* a line that begins with the name and is no good; NULL: none */
	char *elsewhere;         /* owned; what of nsswitch.conf knows users too ("sss"); NULL: the files alone */
	struct br_program shell; /* root's, or what an empty field stands for */
	const char *shell_path;
	int home_err;            /* 0: a folder; ENOTDIR: something else; other positive errno */
};

struct br_fstab;

extern const char *const br_account_paths[BR_DBS];

/* The lines of one file; -EFBIG never: past BR_ACCOUNTS_MAX lines too_many is set. */
int br_accounts_parse(enum br_account_db db, const char *buf, size_t len, struct br_account_file *ret) br_must_check;
/* The first good line with that name; NULL none. */
const struct br_account *br_account_find(const struct br_account_file *f, const char *name);
/* The first group line with that number that the C library takes; NULL none. */
const struct br_account *br_account_group(const struct br_accounts *a, uint32_t gid);

/* 0 or -ENOMEM. fstab: what is mounted over a home or shell that is not there. machine: EM_* or 0. */
int br_accounts_read(const struct br_root *root, const struct br_fstab *fstab, unsigned machine,
                     struct br_accounts *ret) br_must_check;
/* accounts-flaws.c: fills flaws; the files are read. */
int br_accounts_flaws(const struct br_root *root, const struct br_fstab *fstab, struct br_accounts *a) br_must_check;
void br_account_file_free(struct br_account_file *f);
void br_accounts_free(struct br_accounts *a);

#endif
