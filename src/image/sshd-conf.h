/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sshd_config as the sshd of one OpenSSH release reads it in `sshd -t`: what it refuses, with file and line, and
 * what it would be set to. Sources: sshd_config(5), and servconf.c, misc.c, match.c and addr.c of OpenSSH 6.6 to
 * 10.5, each release for itself; the patches of Debian, Red Hat and SUSE for keywords of their own.
 */
#ifndef BR_SSHD_CONF_H
#define BR_SSHD_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/root.h"
#include "image/system.h"

/* OpenSSH 9.2 is 902. */
#define BR_SSHD_OLDEST 606
#define BR_SSHD_NEWEST 1005

/* The gravest first. */
enum br_sshd_kind {
	BR_SSHD_REFUSED,    /* sshd does not start with it */
	BR_SSHD_UNSURE,     /* what sshd says of it cannot be told from the root */
	BR_SSHD_DEPRECATED, /* sshd warns and goes on without it */
	BR_SSHD_NAME,       /* a host name to listen on: it has to resolve when sshd starts */
};

struct br_sshd_problem {
	enum br_sshd_kind kind;
	char *what;    /* owned; one phrase */
	char *path;    /* owned */
	unsigned line; /* 0: about the whole */
};

/* What counts of a keyword: the first that is set outside of Match blocks. */
struct br_sshd_value {
	char *text; /* owned; NULL: not set */
	char *path; /* owned */
	unsigned line;
};

enum br_sshd_setting {
	BR_SSHD_NONE, /* not kept */
	BR_SSHD_PERMIT_ROOT,
	BR_SSHD_PASSWORD,
	BR_SSHD_PUBKEY,
	BR_SSHD_KBDINT,
	BR_SSHD_CHALLENGE, /* before 8.7 a setting of its own, which turns the other on */
	BR_SSHD_GSSAPI,
	BR_SSHD_GSSAPI_KEX,
	BR_SSHD_HOSTBASED,
	BR_SSHD_STRICT_MODES,
	BR_SSHD_ADDRESS_FAMILY,
	BR_SSHD_KEYS_COMMAND,
	BR_SSHD_KEYS_USER,
	BR_SSHD_PRINCIPALS_COMMAND,
	BR_SSHD_PRINCIPALS_USER,
	BR_SSHD_METHODS,
	BR_SSHD_CIPHERS,
	BR_SSHD_MACS,
	BR_SSHD_KEX,
	BR_SSHD_KEY_ALGORITHMS,
	BR_SSHD_HOSTBASED_ALGORITHMS,
	BR_SSHD_PUBKEY_ALGORITHMS,
	BR_SSHD_CA_ALGORITHMS,
	BR_SSHD_KEY_AGENT,
	BR_SSHD_VERSION_ADDENDUM,
	BR_SSHD_SETTINGS
};

struct br_sshd_conf {
	struct br_sshd_problem *problems; /* BR_SSHD_PROBLEMS_MAX, and what is graver than those */
	size_t n_problems, cap_problems;
	struct br_sshd_value set[BR_SSHD_SETTINGS];
	struct br_sshd_value *host_keys; /* HostKey lines; none: the release's own */
	size_t n_host_keys, cap_host_keys;
};

/* Whose sshd it is. Everything borrowed. */
struct br_sshd_ask {
	unsigned release;           /* 902 */
	const char *version;        /* "OpenSSH_9.2p1 Debian-2"; NULL: not known */
	enum br_family family;
	const struct br_root *root; /* for Include; NULL: there are no other files */
	const struct br_strv *users;    /* for ~user; NULL: any may exist */
	const struct br_strv *services; /* of /etc/services, TCP; NULL: any may exist */
	struct { const char *data; size_t len; } program; /* sshd itself, for keywords of patches; NULL: not read */
	unsigned *lookups;          /* how often program may still be looked through; br_sshd_conf_parse() sets it */
};

/* The file's text. -ENOMEM only: what is wrong with it is told by the problems. */
int br_sshd_conf_parse(const struct br_sshd_ask *ask, const char *path, const char *buf, size_t len,
                       struct br_sshd_conf *ret) br_must_check;
void br_sshd_conf_free(struct br_sshd_conf *c);
bool br_sshd_conf_refused(const struct br_sshd_conf *c);

#endif
