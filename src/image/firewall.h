/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the saved rules of a root's firewalls do with the first packet of a connection from elsewhere to TCP port 22:
 * IPv4, state new, SYN, not from lo. Nothing of the sender is known but that; rules that ask for more (an address,
 * an interface) leave both ways open. Formats: iptables-save(8), nft(8), ufw-framework(8), firewalld.zone(5),
 * firewalld.richlanguage(5), /etc/sysconfig/SuSEfirewall2's own comments.
 */
#ifndef BR_FIREWALL_H
#define BR_FIREWALL_H

#include <stdbool.h>

#include "base/macro.h"
#include "image/root.h"

enum br_passage {
	BR_PASSAGE_NO_RULES = 0, /* no such file */
	BR_PASSAGE_OPEN,
	BR_PASSAGE_DROPPED,
	BR_PASSAGE_PARTLY,  /* it depends on the sender or the interface */
	BR_PASSAGE_UNKNOWN, /* could not be read or followed: why says */
};

struct br_passing {
	enum br_passage ssh;
	char *path;    /* owned; where the rule is that decides, or makes it depend; NULL: no file */
	unsigned line; /* 0: the file as a whole */
	char *why;     /* owned; one phrase, or NULL */
};

struct br_firewalls {
	bool ufw_enabled; /* ENABLED=yes in ufw.conf: without it its service does nothing */
	struct br_passing ufw, nftables, iptables, firewalld, susefirewall;
};

/* -ENOMEM; what cannot be read is told by each. */
int br_firewalls_read(const struct br_root *root, struct br_firewalls *ret) br_must_check;
void br_firewalls_free(struct br_firewalls *f);

#endif
