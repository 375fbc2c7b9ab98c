/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * network ROOT [DRIVER NAME...]: what the readers of the network say of a root.
 *   "profile SYSTEM HOW BOOT NAMES" a profile, "problem PATH LINE WHAT", "nm KEY VALUE";
 *   and for a card of each name "card NAME SYSTEM HOW PATH" for every outcome that is possible.
 */
#include <stdio.h>
#include <stdlib.h>

#include "checks/dhcp.h"

static const char *how_name(enum br_net_how how)
{
	static const char *const names[] = {
		[BR_NET_NOTHING] = "nothing", [BR_NET_DHCP] = "dhcp", [BR_NET_DHCP6] = "dhcp6", [BR_NET_STATIC] = "static"};

	return names[how];
}

static void list(const char *key, const struct br_strv *l)
{
	printf("nm %s ", key);
	for (size_t i = 0; i < l->n; i++)
		printf("%s%s", i ? "," : "", l->v[i]);
	printf("\n");
}

static void show(const struct br_network *n)
{
	for (size_t i = 0; i < n->n; i++) {
		const struct br_net_profile *p = &n->v[i];

		printf("profile %s %s %s", br_net_system_name(p->system), how_name(p->how), p->at_boot ? "boot" : "-");
		for (size_t j = 0; j < p->match.names.n; j++)
			printf(" %s", p->match.names.v[j]);
		printf("\n");
	}
	for (size_t i = 0; i < n->n_problems; i++)
		printf("problem %s %u %s: %s\n", n->problems[i].path, n->problems[i].line,
		       n->problems[i].refused ? "refused" : "unread", n->problems[i].what);
	list("no-auto-default", &n->nm.no_auto_default);
	list("unmanaged-devices", &n->nm.unmanaged);
	printf("nm bad %s\n", n->nm.bad ? n->nm.bad : "");
}

static void look(const struct br_image *img, const char *driver, const char *name)
{
	static const enum br_net_system systems[] = {BR_NET_NETWORKD, BR_NET_NM};
	struct br_dhcp_card card = {0};

	br_strv_add(&card.names, name);
	br_strv_add(&card.drivers, driver);
	for (size_t i = 0; i < BR_ARRAY_SIZE(systems); i++) {
		struct br_dhcp_outlook o;

		br_dhcp_outlook(img, &card, systems[i], &o);
		for (size_t h = 0; h <= BR_NET_STATIC; h++)
			if (o.may[h])
				printf("card %s %s %s %s\n", name, br_net_system_name(systems[i]), how_name((enum br_net_how)h),
				       o.by[h] ? o.by[h]->path : "-");
		br_dhcp_outlook_free(&o);
	}
	br_dhcp_card_free(&card);
}

int main(int argc, char **argv)
{
	struct br_image img = {0};

	if (argc < 2 || br_root_open(&img.root, argv[1]) < 0)
		return 64;
	if (br_network_read(&img.root, &img.network) < 0)
		return 70;
	show(&img.network);
	for (int i = 3; i < argc; i++)
		look(&img, argv[2], argv[i]);
	br_network_free(&img.network);
	br_root_close(&img.root);
	return 0;
}
