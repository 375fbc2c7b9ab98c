/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the checks of agents share: services that a profile wants, or does not. */
#ifndef BR_AGENT_H
#define BR_AGENT_H

#include "check.h"
#include "image/image.h"

struct br_agent_rule {
	const char *section; /* of the profile: name, units, paths, started_by, wanted, fix... */
	/* Codes; one that the check has not is NULL. */
	const char *missing, *disabled, *unwanted, *unknown;
};

/* Judges the profile's agent: installed, and enabled. */
void br_judge_agent(const struct br_image *img, const struct br_agent_rule *rule, struct br_result *res);

/* The one of those units (blank-separated) that says most: it starts, is enabled, is there. NULL: none is there. */
const struct br_unit *br_best_unit(const struct br_units *u, const char *names);
bool br_unit_is_on(const struct br_unit *u);
/* What makes init start it or not any more; owned, NULL when memory ran out. */
char *br_fix_enable(const struct br_image *img, const struct br_unit *u);
char *br_fix_disable(const struct br_image *img, const struct br_unit *u);

#endif
