/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One unit file or drop-in, as far as it says what starts what. Format: systemd.syntax(7) and systemd.unit(5);
 * as systemd's conf-parser.c reads it: lines end in LF, CR or NUL, a "\" at the end joins the next line with a blank,
 * comments inside such a line are left out, an empty assignment in [Install] empties the list before it.
 */
#ifndef BR_UNITFILE_H
#define BR_UNITFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

enum br_unit_key {
	BR_UNIT_KEY_ALIAS, /* [Install] */
	BR_UNIT_KEY_WANTED_BY, /* RequiredBy= and UpheldBy= too */
	BR_UNIT_KEY_ALSO,
	BR_UNIT_KEY_DEFAULT_INSTANCE,
	BR_UNIT_KEY_WANTS,    /* [Unit] Wants=, Requires=, BindsTo=, Upholds=; [Service] Sockets= */
	BR_UNIT_KEY_SERVICE,  /* [Socket] Service= */
	BR_UNIT_KEY_ACCEPT,   /* [Socket] Accept= */
	BR_UNIT_KEY_DEFAULTS, /* [Unit] DefaultDependencies= */
};

/* One word of a list, specifiers (%i) as they are written. */
struct br_unit_word {
	enum br_unit_key key;
	char *word;     /* owned */
	char *path;     /* owned; the file it is in, as the caller named it */
	unsigned line;  /* from 1 */
	unsigned which; /* tells RequiredBy= from WantedBy= when one of them is emptied */
};

struct br_unit_file {
	struct br_unit_word *v;
	size_t n, cap;
};

/*
 * Adds what the file says. 0, -ENOMEM, or -EBADMSG: systemd would refuse the whole file (what was read before stays).
 * With dependencies alone: [Install] is left out.
 */
int br_unit_file_parse(const char *path, const char *buf, size_t len, bool dependencies, struct br_unit_file *f) br_must_check;
void br_unit_file_free(struct br_unit_file *f);

/* The last word of that key; NULL: none. */
const char *br_unit_file_last(const struct br_unit_file *f, enum br_unit_key key);
/* A boolean as systemd takes it. */
bool br_unit_true(const char *word, bool otherwise);

#endif
