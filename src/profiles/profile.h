/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a target cloud wants, as data: profiles/NAME.profile (JSON; lines that begin with // are comments),
 * embedded at build; --profile FILE reads another one. Every key is known to keys.h. A value is a text or a
 * list of words. Sections are "profile" (the top level) and the ids of checks.
 */
#ifndef BR_PROFILE_H
#define BR_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"

struct br_profile_value {
	char *section, *key, *value; /* owned */
};

struct br_profile {
	char *name;  /* owned */
	char *title; /* owned */
	char sha256[65];
	struct br_profile_value *values;
	size_t n, cap;
};

/* By built-in name, or a file when the argument holds a "/". -ENOENT; -EINVAL: *ret_why (owned) says. */
int br_profile_load(const char *name_or_file, struct br_profile *ret, char **ret_why) br_must_check;
int br_profile_parse(const char *name, const char *buf, size_t len, struct br_profile *ret,
                     char **ret_why) br_must_check;
void br_profile_free(struct br_profile *p);

/* The value, NULL when the profile does not say. */
const char *br_profile_get(const struct br_profile *p, const char *section, const char *key);
/* "Nvme", "severity" = skip: the profile does not want the check. */
bool br_profile_wants(const struct br_profile *p, const char *check);
/* Is word in the blank-separated list of that key? */
bool br_profile_lists(const struct br_profile *p, const char *section, const char *key, const char *word);

struct br_builtin_profile {
	const char *name;
	const char *text;
};
extern const struct br_builtin_profile br_builtin_profiles[];
extern const size_t br_n_builtin_profiles;

#endif
