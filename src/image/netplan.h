/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Netplan's YAML (netplan's reference of version 2), merged over files as its generator does: by type, name and
 * key; scalars are replaced, lists grow. cloud-init's "network: {version: 2}" has the same form.
 */
#ifndef BR_NETPLAN_H
#define BR_NETPLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/yaml.h"

enum br_netplan_renderer {
	BR_NETPLAN_DEFAULT = 0,
	BR_NETPLAN_NETWORKD,
	BR_NETPLAN_NM,
	BR_NETPLAN_OVS,
};

struct br_netplan_dev {
	char *kind; /* owned; "ethernets", "bonds" ... */
	char *id;   /* owned */
	int dhcp4, dhcp6; /* -1: not said */
	bool address4;
	bool matched; /* match: is there; else the id is the name */
	bool off;     /* activation-mode: manual, off */
	enum br_netplan_renderer renderer;
	struct br_strv names, drivers; /* of match */
	char *mac;    /* owned; of match */
	struct br_strv ports; /* interfaces: by their ids */
	char *path;   /* owned; where the address was said last */
	unsigned line;
};

struct br_netplan {
	struct br_netplan_dev *v;
	size_t n, cap;
	enum br_netplan_renderer renderer;
	bool any; /* a network: mapping was there */
	char *odd_key;  /* owned; a key that is not known here, and that some release of netplan would refuse; NULL */
	char *odd_path; /* owned */
	unsigned odd_line;
	size_t steps; /* taken: an alias may make a small file endless */
};

/*
 * Adds a file's text, whole. 0, -ENOMEM, or -EBADMSG: netplan refuses it, and with it all its files
 * (*ret_line, *ret_why a constant).
 */
int br_netplan_parse(const char *path, const char *buf, size_t len, struct br_netplan *ret, unsigned *ret_line,
                     const char **ret_why) br_must_check;
/* The same for the value of "network:". */
int br_netplan_take(const char *path, const struct br_yaml *y, const struct br_yaml_node *network,
                    struct br_netplan *ret, unsigned *ret_line, const char **ret_why) br_must_check;
void br_netplan_free(struct br_netplan *n);

#endif
