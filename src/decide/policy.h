/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an importer asks of a report: decide/default.policy says what each key means. A policy file is laid over
 * that one, key by key.
 */
#ifndef BR_POLICY_H
#define BR_POLICY_H

#include <stdbool.h>
#include <time.h>

#include "base/str.h"
#include "check.h"

/* Ordered: the greatest of all reasons decides. */
enum br_outcome {
	BR_NOTE = 0, /* of no weight */
	BR_LEAVES_OPEN,
	BR_REJECTS,
};

struct br_waiver {
	char *code, *reason; /* owned */
	char *until;         /* owned; the last day it holds */
	time_t end;          /* from when on it does not */
};

struct br_policy {
	char *name; /* owned; "default", or the file */
	char sha256[65];
	struct br_strv profiles, contexts, refused_tools, must_be_ok, must_be_known, warnings_matter, keys;
	char *oldest_tool; /* owned */
	unsigned oldest_days;
	enum br_outcome unknown, stale;
	bool signature_required, report_alone;
	struct br_waiver *waivers; /* owned */
	size_t n_waivers, cap_waivers;
};

extern const char br_default_policy[]; /* the text of default.policy */

/* buf laid over the default. 0; -ENOMEM; -EINVAL: *ret_why (owned) is "line N: what is wrong". */
int br_policy_parse(const char *name, const char *buf, size_t len, struct br_policy *ret, char **ret_why) br_must_check;
void br_policy_free(struct br_policy *p);

/* Is the check in a list of ids, "high" and "all"? */
bool br_policy_covers(const struct br_strv *list, const struct br_check *check);
/* The waiver for that code, NULL none; whether it still holds is by its end. */
const struct br_waiver *br_policy_waiver(const struct br_policy *p, const char *code);

#endif
