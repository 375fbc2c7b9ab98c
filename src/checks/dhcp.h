/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of Dhcp its files share. The question is what the first network card of the target gets: by which name it
 * is known there, which profile of each network system fits it, and whether that system runs at all.
 */
#ifndef BR_CHECK_DHCP_H
#define BR_CHECK_DHCP_H

#include "check.h"
#include "image/image.h"

enum br_fit {
	BR_FIT_NO,
	BR_FIT_MAYBE, /* some of the names, drivers or conditions that are possible there */
	BR_FIT_YES,
};

/* The card as the target shows it. */
struct br_dhcp_card {
	struct br_strv names;   /* every one that is possible */
	struct br_strv drivers; /* the same; none: unknown */
	bool classic;           /* eth0 for certain */
};

/* What a system makes of the card. */
struct br_dhcp_outlook {
	bool runs;
	bool by_udev; /* ifupdown: its service does not start, and udev brings up what is marked for it */
	bool may[BR_NET_STATIC + 1]; /* by br_net_how: what it may come to; one alone: that is certain */
	const struct br_net_profile *by[BR_NET_STATIC + 1]; /* NULL: by what the system does without a profile */
	const char *implicit; /* DHCP without a profile: how that is called */
	char *stopped;        /* owned; why it does not run; NULL */
	char *why_not;        /* owned; why it leaves the card alone ("unmanaged-devices=..."); NULL */
	const struct br_net_profile *kept_by; /* the profile that why_not speaks of; NULL */
};

void br_dhcp_card(const struct br_image *img, struct br_dhcp_card *ret);
void br_dhcp_card_free(struct br_dhcp_card *card);
enum br_fit br_dhcp_fit(const struct br_dhcp_card *card, const struct br_net_match *m);
/* The same without the words on addresses: would it fit, were it not for the source's? */
enum br_fit br_dhcp_fit_but_mac(const struct br_dhcp_card *card, const struct br_net_match *m);

void br_dhcp_outlook(const struct br_image *img, const struct br_dhcp_card *card, enum br_net_system system,
                     struct br_dhcp_outlook *ret);
void br_dhcp_outlook_free(struct br_dhcp_outlook *o);
bool br_dhcp_certain(const struct br_dhcp_outlook *o, enum br_net_how how);
/* A profile that its system takes at all. */
bool br_dhcp_taken(const struct br_network *n, const struct br_net_profile *p);

/* Does cloud-init write the network anew on the target, for a system that runs? */
bool br_dhcp_cloud_init(const struct br_image *img, const struct br_dhcp_outlook *outlooks, const char **ret_renderer);

/* Commands to type. Owned; NULL when memory ran out. */
char *br_dhcp_fix(const struct br_image *img);
/* What gives the card to NetworkManager again; by: the profile that keeps it from it, or NULL. */
char *br_dhcp_fix_managed(const struct br_net_profile *by, const char *why);
char *br_dhcp_fix_start(const struct br_image *img, enum br_net_system system);
const char *br_dhcp_fix_client(const struct br_image *img);

#endif
