/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What checks of services look at besides the units: which programs of agents and guest tools are there (their names
 * are the profile's and the checks'), and what the firewalls of the root will let in.
 */
#ifndef BR_SERVICES_H
#define BR_SERVICES_H

#include <stdbool.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/firewall.h"
#include "image/root.h"
#include "profiles/profile.h"

struct br_services {
	struct br_strv there; /* of the paths that were asked for, those that are there */
	struct br_firewalls firewalls;
};

/* -ENOMEM. */
int br_services_read(const struct br_root *root, const struct br_profile *profile, struct br_services *ret) br_must_check;
void br_services_free(struct br_services *s);
/* The first of the blank-separated paths that is there; NULL: none. A path that was never asked for is not. */
const char *br_services_there(const struct br_services *s, const char *paths);

/* Guest tools of a hypervisor. Lists are blank-separated. */
struct br_guest_tool {
	const char *platform; /* as profiles name it: "vmware" */
	const char *title;
	const char *units, *paths;
};
extern const struct br_guest_tool br_guest_tools[];
extern const size_t br_n_guest_tools;

#endif
