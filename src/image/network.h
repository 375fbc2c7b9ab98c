/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the root's files say of its network: which interface gets which kind of address, and by whom.
 * Each file's word becomes a profile of the system that would act on it; whether that system starts, and whether
 * the target's network card fits the profile, is for the check to say. Sources: interfaces(5) of ifupdown 0.8,
 * netplan's YAML reference, systemd.network(5), systemd.link(5), nm-settings-keyfile(5), NetworkManager.conf(5),
 * nm-settings-ifcfg-rh(5), sysconfig.txt of initscripts, ifcfg(5) of wicked, cloud-init's network configuration.
 */
#ifndef BR_NETWORK_H
#define BR_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/root.h"

/* Who acts on a profile. */
enum br_net_system {
	BR_NET_IFUPDOWN,
	BR_NET_NETWORKD,
	BR_NET_NM,
	BR_NET_SCRIPTS, /* Red Hat's network-scripts */
	BR_NET_WICKED,
	BR_NET_DHCPCD,  /* dhcpcd as a service of its own: no files, every interface */
	BR_NET_CLOUD,   /* what cloud-init is told to write: its own network: section */
	BR_NET_SYSTEMS
};

enum br_net_how {
	BR_NET_NOTHING = 0, /* up without an address, or not at all */
	BR_NET_DHCP,        /* IPv4, with or without IPv6 */
	BR_NET_DHCP6,       /* IPv6 alone, by DHCP or by the router's word */
	BR_NET_STATIC,
};

/* Which interface. All that is set has to fit. */
struct br_net_match {
	struct br_strv names;   /* globs, any of them, and none of those behind "!"; none: any */
	struct br_strv drivers; /* the same */
	struct br_strv types;   /* the same, of networkd's types: a card is of "ether" */
	char *mac;   /* owned; bound to the source's card */
	char *odd;   /* owned; a condition that files cannot tell: "Path=pci-0000:02:00.0" */
	char *never; /* owned; why no Ethernet card of a virtual machine fits: "Kind=vlan" */
};

struct br_net_profile {
	enum br_net_system system;
	enum br_net_how how;
	char *path;      /* owned, from "/" */
	unsigned line;   /* where the address is said; 0: the file as a whole */
	char *order;     /* owned; networkd: the name by which files are sorted */
	int priority;    /* NetworkManager: the higher goes first */
	bool at_boot;    /* comes up by itself */
	bool hotplug;    /* ifupdown: by udev alone */
	bool cloud_init; /* a file that cloud-init writes anew on another machine */
	bool netplan;    /* by way of netplan */
	bool unmanaged;  /* tells its system to leave the interface alone */
	char *master;    /* owned; the bond or bridge it is put into: that one has the address */
	struct br_net_match match;
	char *unused;    /* owned; why the system does not take it; NULL */
};

/* A file that could not be understood, or that its system refuses. */
struct br_net_problem {
	char *path;    /* owned */
	unsigned line; /* 0: as a whole */
	char *what;    /* owned; one phrase */
	bool refused;  /* its system refuses it, certainly; else it was not understood here */
	bool whole;    /* with it all that system's files count for nothing (netplan) */
	bool netplan;
	enum br_net_system system;
};

/* NetworkManager.conf and what is merged into it. */
struct br_net_nm {
	struct br_strv unmanaged;       /* device specs, in order */
	struct br_strv no_auto_default; /* device specs; "*" all */
	struct br_strv device_unmanaged; /* match-device= of [device] sections with managed=0 */
	bool ifcfg, ifupdown;           /* plugins in effect */
	bool ifupdown_managed;          /* [ifupdown] managed=true */
	char *bad;                      /* owned; a file it refuses to start with; NULL */
	unsigned bad_line;
};

/* A udev rule that gives a card of that address a name. */
struct br_net_rule {
	char *path; /* owned */
	unsigned line;
	char *mac, *name; /* owned */
};

/* The name that a .link file gives. */
struct br_net_link {
	char *path, *order; /* owned */
	struct br_net_match match;
	char *name;    /* owned; Name=; NULL */
	bool keep;     /* NamePolicy= leaves the kernel's name */
	bool policy;   /* NamePolicy= gives a predictable one */
};

struct br_net_cloud {
	char *disabled;         /* owned; why cloud-init leaves the network alone: "network: {config: disabled}"; NULL */
	char *path;             /* owned; where that is written */
	unsigned line;
	bool own;               /* a network: section of the root's: that is what it writes */
	struct br_strv renderers; /* system_info: network: renderers; none: its own order */
};

struct br_network {
	struct br_net_profile *v;
	size_t n, cap;
	size_t *ordered; /* those of systemd-networkd in v, in the order in which it asks them */
	size_t n_ordered;
	struct br_net_problem *problems;
	size_t n_problems, cap_problems;
	struct br_net_nm nm;
	struct br_net_cloud cloud;
	struct br_net_rule *rules;
	size_t n_rules, cap_rules;
	struct br_net_link *links; /* in the order in which udev asks them */
	size_t n_links, cap_links;
	bool rules_generator;   /* udev writes rules for new cards: 75-persistent-net-generator.rules */
	bool link_files;        /* udev names by .link files: 80-net-setup-link.rules */
	bool name_slot;         /* udev 197 to 208 gave predictable names by a rule of its own */
	bool netplan_generator; /* netplan's generator is there */
	bool netplan_files;
	bool netplan_nm;        /* netplan's own default is NetworkManager */
	bool netplan_networkd;  /* netplan has something for networkd: its generator starts it */
	bool networking_off;    /* /etc/sysconfig/network: NETWORKING=no */
	bool system_programs[BR_NET_SYSTEMS]; /* the system's own program is there */
	bool dhcp_client;       /* dhclient, dhcpcd, udhcpc or pump */
	bool dhclient;          /* dhclient alone: what network-scripts call */
	bool busybox_udhcpc;    /* busybox brings udhcpc */
	bool ifquery, ifupdown_file, nmcli, nm_conf, network_functions, netplan_program; /* for cloud-init's choice */
	bool cloud_init;        /* the program */
	bool too_many;          /* a cap was hit */
};

/* -ENOMEM only: what cannot be read is among the problems. */
int br_network_read(const struct br_root *root, struct br_network *ret) br_must_check;
void br_network_free(struct br_network *n);

const char *br_net_system_name(enum br_net_system s); /* "systemd-networkd" */

/* The pure parsers: what a file says is added to n. path is the root's own. All: 0, -ENOMEM, or -EBADMSG (a problem is left). */
int br_net_keyfile_parse(struct br_network *n, const char *path, const char *buf, size_t len) br_must_check;
int br_net_ifcfg_parse(struct br_network *n, bool suse, const char *path, const char *buf, size_t len) br_must_check;
int br_net_rules_parse(struct br_network *n, const char *path, const char *buf, size_t len) br_must_check;

#endif
