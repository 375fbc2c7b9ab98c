/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of checks, made from checks/list.h. */
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
