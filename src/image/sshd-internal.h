/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files that read sshd_config. */
#ifndef BR_SSHD_INTERNAL_H
#define BR_SSHD_INTERNAL_H

#include "image/sshd-conf.h"

/* The arguments of a line: since 8.7 split as a shell would, before taken off one by one. */
struct br_sshd_words {
	char *rest;            /* what is left of the line as it was written; NULL: nothing */
	bool split;            /* argv holds the words */
	struct br_strv argv;
	size_t next;
};

/* The next word, NULL behind the last; in an old release "" where only blanks are left. */
char *br_sshd_next(struct br_sshd_words *w);
/* Does a loop over all words go on with this one? Old releases end at an empty one. */
bool br_sshd_goes_on(const struct br_sshd_words *w, const char *word);
bool br_sshd_more(const struct br_sshd_words *w);
void br_sshd_consume(struct br_sshd_words *w);

/* One word off *at, in place: ends at blanks (and at "=", if wanted), quotes removed. NULL: none, or an open quote. */
char *br_sshd_delim(char **at, bool equals);
/* -EINVAL: a quote stays open. A "#" that begins a word ends the line. */
int br_sshd_split(const char *s, struct br_strv *ret) br_must_check;

/* As strtonum(3). */
bool br_sshd_number(const char *s, long long min, long long max, long long *ret);
/* 0 to 65535; 1 for a service by its name; -1: no port. */
long long br_sshd_port(const struct br_sshd_ask *ask, const char *word);
/* "1h30m" */
bool br_sshd_time(const char *s, unsigned release);
/* "1.5G"; false: not such a number. */
bool br_sshd_scaled(const char *s, long long *ret);
/* Each element of an address list is an address, a network whose host bits are 0, or a pattern. */
bool br_sshd_addresses(const char *list);
enum br_sshd_address { BR_SSHD_IS_NAME, BR_SSHD_IS_INET, BR_SSHD_IS_INET6 };
enum br_sshd_address br_sshd_address(const char *s);
/* The part before ":" of *at, which then is what follows (NULL: nothing); NULL: neither. */
char *br_sshd_host(char **at);
/* Is string matched by one of the comma-separated patterns, or by none because of a "!"? */
bool br_sshd_decides(const char *string, const char *patterns);
/* As a Match criterion counts it: 1 matched, 0 not, -1 excluded. */
int br_sshd_pattern_list(const char *string, const char *patterns);

enum br_sshd_names {
	BR_SSHD_CIPHER,
	BR_SSHD_MAC,
	BR_SSHD_KEXALG,
	BR_SSHD_KEYTYPE,
	BR_SSHD_PLAIN_KEYTYPE,
	BR_SSHD_GSSKEX,
};
/* Names of algorithms, comma-separated. */
bool br_sshd_algorithms(enum br_sshd_names kind, const char *list, const struct br_sshd_ask *ask);
/* Is one of the names or patterns an algorithm? */
bool br_sshd_any_algorithm(enum br_sshd_names kind, const char *list, const struct br_sshd_ask *ask);
bool br_sshd_digest(const char *name, unsigned release);

enum br_sshd_arg {
	BR_ARG_FLAG,
	BR_ARG_INT,
	BR_ARG_TIME,
	BR_ARG_PATH,       /* "none", or a path that may begin with ~ or ~user */
	BR_ARG_WORD,       /* anything that is not empty */
	BR_ARG_IGNORE,     /* whatever follows is not looked at */
	BR_ARG_DEPRECATED, /* the same, and sshd says so */
	BR_ARG_PORT,
	BR_ARG_LISTEN,
	BR_ARG_HOSTKEY,
	BR_ARG_FAMILY,
	BR_ARG_ROOT,
	BR_ARG_RHOSTS,
	BR_ARG_COMPRESSION,
	BR_ARG_GATEWAY,
	BR_ARG_TCPFWD,
	BR_ARG_PRIVSEP,
	BR_ARG_PROTOCOL,
	BR_ARG_KEYTYPES,
	BR_ARG_CA_KEYTYPES,
	BR_ARG_CIPHERS,
	BR_ARG_MACS,
	BR_ARG_KEX,
	BR_ARG_PUBKEY_OPTIONS,
	BR_ARG_USER_ENVIRONMENT,
	BR_ARG_REKEY,
	BR_ARG_FACILITY,
	BR_ARG_LEVEL,
	BR_ARG_LOG_VERBOSE,
	BR_ARG_USERS,
	BR_ARG_GROUPS,
	BR_ARG_SUBSYSTEM,
	BR_ARG_STARTUPS,
	BR_ARG_NET_BLOCK,
	BR_ARG_SOURCE_STARTUPS,
	BR_ARG_ADDRESSES,
	BR_ARG_PENALTIES,
	BR_ARG_PATHS,
	BR_ARG_REVOKED,
	BR_ARG_ENVIRONMENT,
	BR_ARG_SET_ENVIRONMENT,
	BR_ARG_TUNNEL,
	BR_ARG_INCLUDE,
	BR_ARG_MATCH,
	BR_ARG_PERMIT_OPEN,
	BR_ARG_PERMIT_LISTEN,
	BR_ARG_FORCE_COMMAND,
	BR_ARG_COMMAND,
	BR_ARG_IPQOS,
	BR_ARG_VERSION,
	BR_ARG_METHODS,
	BR_ARG_MASK,
	BR_ARG_DIGEST,
	BR_ARG_RDOMAIN,
	BR_ARG_CHANNEL,
	BR_ARG_UNUSED,
	BR_ARG_GSSKEX,
};

struct br_sshd_keyword {
	const char *name;
	unsigned since, until; /* releases, both included */
	enum br_sshd_arg arg;
	bool match;            /* allowed in a Match block */
	enum br_sshd_setting keep;
	unsigned families;     /* bits 1 << enum br_family of those whose patch has it; 0: OpenSSH's own */
};

/* NULL: not one of that release's. *other: a row of another release or distribution with that name, or NULL. */
const struct br_sshd_keyword *br_sshd_keyword(const char *name, const struct br_sshd_ask *ask,
                                              const struct br_sshd_keyword **other);

/* Does sshd itself hold that word, in lower case, as a text of its own? */
bool br_sshd_in_program(const struct br_sshd_ask *ask, const char *word);

/* Everything that reading one configuration needs to remember. */
struct br_sshd_state {
	const struct br_sshd_ask *ask;
	struct br_sshd_conf *conf;
	bool active;        /* outside of Match blocks, as far as can be told without a connection */
	bool oom;
	bool too_deep;      /* has been refused: no need to look further */
	unsigned parses;    /* files read, each Include anew */
	unsigned ports, subsystems;
	struct br_strv subsystem_names;
	struct br_strv auth_methods;
	struct listen {
		char *host, *path;
		unsigned line;
	} *listens;
	size_t n_listens, cap_listens;
	/* The line that is being read. */
	const char *path;
	unsigned line, depth;
	const char *keyword;
	const struct br_sshd_keyword *row;
	struct br_sshd_words words;
	bool never;         /* in an Include inside of a Match block: nothing matches */
};

void br_sshd_problem(struct br_sshd_state *st, enum br_sshd_kind kind, const char *fmt, ...) br_printf(3, 4);
/* Keeps it, if it is the first and counts. */
void br_sshd_keep(struct br_sshd_state *st, enum br_sshd_setting which, const char *text);
/* Has the argument that may not be empty; NULL: has been refused. */
char *br_sshd_need(struct br_sshd_state *st);
void br_sshd_check_path(struct br_sshd_state *st, const char *path);

/* Is each of the comma-separated methods one that sshd knows? */
bool br_sshd_methods_known(const struct br_sshd_ask *ask, const char *list);

/* The arguments of a line by st->row: sshd-args.c, and what it leaves to sshd-lists.c. */
void br_sshd_args(struct br_sshd_state *st);
void br_sshd_list_args(struct br_sshd_state *st);
void br_sshd_match(struct br_sshd_state *st);
void br_sshd_include(struct br_sshd_state *st);
void br_sshd_text(struct br_sshd_state *st, const char *path, const char *buf, size_t len);
/* What only the whole shows: a command without its user, methods that are all off, addresses. */
void br_sshd_finish(struct br_sshd_state *st);

/* Paths of a root that a glob(7) pattern matches, sorted; only what is there. -E2BIG past BR_SSHD_GLOB_MAX. */
int br_sshd_glob(const struct br_root *root, const char *pattern, struct br_strv *ret) br_must_check;

#endif
