/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /etc/network/interfaces and what it includes. Format: interfaces(5) of ifupdown 0.8, and what ifupdown2 and
 * ifupdown-ng add to it: lines are joined by a "\" at their end, a comment is a line of its own.
 */
#ifndef BR_INTERFACES_H
#define BR_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"

/* auto NAME, allow-hotplug NAME: name may be "/glob", and "NAME=STANZA". */
struct br_ifauto {
	char *name; /* owned */
	bool hotplug;
};

struct br_iface {
	char *name;     /* owned */
	char *family;   /* owned; "inet"; "" where it is not said */
	char *method;   /* owned; "dhcp"; "" */
	char *inherits; /* owned; NULL */
	char *path;     /* owned */
	unsigned line;
	struct br_strv ports; /* bridge_ports, bond-slaves: what it is made of */
	char *master;   /* owned; bond-master; NULL */
	bool vlan;      /* vlan-raw-device */
	bool mac;       /* hwaddress ether: set, not matched; kept for completeness */
};

/* source or source-directory, in the order of the file. */
struct br_ifsource {
	char *pattern; /* owned */
	unsigned line;
	bool folder;
};

struct br_interfaces {
	struct br_ifauto *autos;
	size_t n_autos, cap_autos;
	struct br_iface *ifaces;
	size_t n, cap;
	struct br_ifsource *sources;
	size_t n_sources, cap_sources;
	struct br_strv mappings; /* names or "/glob" whose stanza a script chooses */
	bool too_many;
	bool loose; /* set by the caller: ifupdown2 or ifupdown-ng, which take a stanza without family and method */
};

/*
 * Adds what the text says. 0, -ENOMEM, or -EBADMSG: ifup would refuse the file there (*ret_line; what was read
 * before stays).
 */
int br_interfaces_parse(const char *path, const char *buf, size_t len, struct br_interfaces *ret,
                        unsigned *ret_line) br_must_check;
void br_interfaces_free(struct br_interfaces *i);

#endif
