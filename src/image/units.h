/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the root's init would start: the services of the root and their state, without running anything.
 *
 * For systemd the state is what `systemctl --root=DIR is-enabled NAME` prints; and, apart from that, whether the
 * boot really comes to the unit: from default.target along Wants=, Requires=, .wants and .requires folders, sockets
 * and what the sysv and cloud-init generators add. Where the first boot presets units anew (no machine-id, or
 * "uninitialized"), the preset's word counts for what starts. For sysv init and OpenRC: the links of the default
 * runlevel. Sources: systemd.unit(5), systemd.preset(5), systemctl(1), machine-id(5).
 */
#ifndef BR_UNITS_H
#define BR_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/root.h"

enum br_init {
	BR_INIT_UNKNOWN = 0, /* none that is known by name */
	BR_INIT_SYSTEMD,
	BR_INIT_SYSV,
	BR_INIT_OPENRC,
};

enum br_unit_state {
	BR_UNIT_ABSENT = 0, /* no such unit */
	BR_UNIT_DISABLED,
	BR_UNIT_STATIC,     /* nothing to enable: others pull it in, or nobody does */
	BR_UNIT_INDIRECT,   /* not enabled itself, but another of its Also= or an instance is */
	BR_UNIT_LINKED,
	BR_UNIT_ALIAS,
	BR_UNIT_ENABLED,
	BR_UNIT_MASKED,
	BR_UNIT_BAD,        /* there and not readable as a unit */
};

struct br_unit {
	char *name;     /* owned; "ssh.service"; of sysv and OpenRC "ssh.service" too, for the script ssh */
	enum br_unit_state state;
	bool starts;    /* the boot comes to it */
	bool preset;    /* it starts because the first boot presets it */
	bool by_socket; /* it starts when its socket is connected to */
	char *path;     /* owned; the fragment or the script, from "/"; NULL: none */
	char *alias_of; /* owned; BR_UNIT_ALIAS: the name of the unit behind it; NULL: none */
	char *by;       /* owned; the link, unit or preset file that makes it start or not; NULL: nothing says */
	unsigned by_line; /* 0: no line */
};

struct br_units {
	enum br_init init;
	bool first_boot;      /* the first boot presets units anew */
	struct br_unit *v;    /* sorted by name */
	size_t n, cap;
	char *default_target; /* owned; "multi-user.target"; NULL: none */
};

/* -ENOMEM, or -errno with *ret_why (owned) where the folders of units cannot be read. */
int br_units_read(const struct br_root *root, struct br_units *ret, char **ret_why) br_must_check;
void br_units_free(struct br_units *u);

/* With its suffix; aliases lead to the unit behind them. NULL: no such unit. */
const struct br_unit *br_unit_find(const struct br_units *u, const char *name);
/* Does the boot come to a unit of that name, or to its socket? */
bool br_unit_starts(const struct br_units *u, const char *name);
/* The generator of systemd that has that name and runs; *ret owned, NULL: none, or masked. 0 or -ENOMEM. */
int br_units_generator(const struct br_root *root, const char *name, char **ret) br_must_check;
/* "enabled" */
const char *br_unit_state_name(enum br_unit_state state);

#endif
