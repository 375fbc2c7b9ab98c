/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of checks, made from checks/list.h. */
#include <string.h>
#include <strings.h>

#include "check.h"

#define CHECK(name) extern const struct br_check br_check_##name;
#include "checks/list.h"
#undef CHECK

#define CHECK(name) &br_check_##name,
const struct br_check *const br_checks[] = {
#include "checks/list.h"
};
#undef CHECK

const size_t br_n_checks = BR_ARRAY_SIZE(br_checks);

const struct br_check *br_check_by_id(const char *id)
{
	for (size_t i = 0; i < br_n_checks; i++)
		if (strcasecmp(br_checks[i]->id, id) == 0)
			return br_checks[i];
	return NULL;
}

/* The runner's own codes: the check's id in lower case, "-", and what happened. */
static bool is_runners(const struct br_check *check, const char *code)
{
	static const char *const happened[] = {"mount-missing", "journal-stale", "not-read",    "not-concluded",
	                                       "out-of-time",   "crashed",       "not-wanted", "excluded"};
	size_t n = strlen(check->id);

	if (strncasecmp(code, check->id, n) != 0 || code[n] != '-' || code[strcspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
		return false;
	for (size_t i = 0; i < BR_ARRAY_SIZE(happened); i++)
		if (strcmp(code + n + 1, happened[i]) == 0)
			return true;
	return false;
}

const struct br_check *br_check_of_code(const char *code)
{
	for (size_t i = 0; i < br_n_checks; i++) {
		const struct br_check *c = br_checks[i];

		for (size_t k = 0; k < c->n_codes; k++)
			if (strcmp(c->codes[k].name, code) == 0)
				return c;
		if (is_runners(c, code))
			return c;
	}
	return NULL;
}
