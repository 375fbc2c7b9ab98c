/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what the rules of a root do with port 22: "iptables open", "nftables dropped" ...; a line a firewall. */
#include <stdio.h>
#include <stdlib.h>

#include "image/firewall.h"

static void show(const char *name, const struct br_passing *p)
{
	static const char *const words[] = {"none", "open", "dropped", "partly", "unknown"};

	printf("%s %s %s:%u %s\n", name, words[p->ssh], p->path ? p->path : "-", p->line, p->why ? p->why : "");
}

int main(int argc, char **argv)
{
	br_cleanup(br_firewalls_free) struct br_firewalls f = {0};
	struct br_root root;
	int r;

	if (argc != 2 || br_root_open(&root, argv[1]) < 0)
		return 64;
	r = br_firewalls_read(&root, &f);
	br_root_close(&root);
	if (r < 0)
		return 70;
	show("iptables", &f.iptables);
	show("nftables", &f.nftables);
	show("ufw", &f.ufw);
	show("firewalld", &f.firewalld);
	show("susefirewall", &f.susefirewall);
	return 0;
}
