/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What runner, supervisor and readers of reports do with results, beside the checks' own part in check.h. */
#ifndef BR_RESULT_H
#define BR_RESULT_H

#include "check.h"

/* A new, zeroed finding at the end; NULL (and res->oom) when memory ran out. */
struct br_finding *br_result_add(struct br_result *res);

/* A finding of the runner's own about a check: its code is the check's id and suffix, its basis policy. */
void br_find_runner(struct br_result *res, const char *suffix, enum br_severity sev, const char *fmt, ...)
	br_printf(4, 5);

/* The enum's value, or -EINVAL. */
int br_status_parse(const char *name);
int br_severity_parse(const char *name);
int br_basis_parse(const char *name);

#endif
