/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/agent.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"firewall-enabled", BR_BASIS_POLICY, "a firewall starts at boot"},
	{"firewall-drops-ssh", BR_BASIS_BOOT, "the rules that it loads drop what comes to port 22"},
	{"firewall-limits-ssh", BR_BASIS_POLICY, "port 22 is open to some senders or on some interfaces alone"},
	{"firewall-unread", BR_BASIS_POLICY, "what its rules do with port 22 could not be followed"},
	{"firewall-no-rules", BR_BASIS_POLICY, "it starts, and no saved rules were found"},
	{"firewall-init-unknown", BR_BASIS_POLICY, "whether a firewall starts could not be told"},
};

#define PASSING(f) (offsetof(struct br_firewalls, f) + 1)

/* Each firewall, its services and its rules; 0: they are not followed. */
static const struct {
	const char *name, *units;
	size_t rules;
} firewalls[] = {
	{"firewalld", "firewalld.service", PASSING(firewalld)},
	{"ufw", "ufw.service", PASSING(ufw)},
	{"nftables", "nftables.service", PASSING(nftables)},
	{"iptables", "netfilter-persistent.service iptables-persistent.service iptables.service", PASSING(iptables)},
	{"SuSEfirewall2", "SuSEfirewall2.service SuSEfirewall2_setup.service", PASSING(susefirewall)},
	{"Shorewall", "shorewall.service", 0},
};

/* What lets port 22 in, to be typed. */
static char *open_fix(size_t which, const struct br_passing *p)
{
	static const char *const fixes[] = {
		NULL,
		"ufw allow ssh",
		"put the rule \"tcp dport 22 accept\" before it",
		"put the rule \"-A INPUT -p tcp --dport 22 -j ACCEPT\" before it",
		"add ssh to FW_SERVICES_EXT_TCP in /etc/sysconfig/SuSEfirewall2",
		"add the rule \"SSH(ACCEPT) net fw\" to /etc/shorewall/rules",
	};

	const char *zone = which == 0 && p->path ? strrchr(p->path, '/') + 1 : "public.xml";

	return which ? br_format("%s", fixes[which]) : br_format("firewall-offline-cmd --zone=%.*s --add-service=ssh",
	                                                         (int)strcspn(zone, "."), zone);
}

static void judge_rules(size_t which, const struct br_passing *p, struct br_result *res)
{
	const char *name = firewalls[which].name;
	br_autofree char *fix = p ? open_fix(which, p) : NULL;

	switch (p ? p->ssh : BR_PASSAGE_UNKNOWN) {
	case BR_PASSAGE_OPEN:
		break;
	case BR_PASSAGE_DROPPED:
		br_find(res, "firewall-drops-ssh", BR_SEV_WARNING, p->path, p->line, fix,
		        "%s drops what comes to TCP port 22%s%s: nobody gets in by SSH", name, p->why ? "; " : "", p->why ? p->why : "");
		break;
	case BR_PASSAGE_PARTLY:
		br_find(res, "firewall-limits-ssh", BR_SEV_WARNING, p->path, p->line, fix,
		        "%s lets TCP port 22 in from some senders or interfaces alone: those of the old network", name);
		break;
	case BR_PASSAGE_NO_RULES:
		br_find(res, "firewall-no-rules", BR_SEV_INFO, NULL, 0, NULL, "%s starts, and there are no saved rules%s%s", name,
		        p->why ? ": " : "", p->why ? p->why : "");
		break;
	default:
		br_find(res, "firewall-unread", BR_SEV_UNKNOWN, p ? p->path : NULL, 0, NULL,
		        "whether %s lets TCP port 22 in could not be told: %s", name, p && p->why ? p->why : "its rules are not followed");
	}
}

static void judge(const struct br_image *img, size_t which, struct br_result *res)
{
	const struct br_firewalls *f = &img->services.firewalls;
	const struct br_unit *u = br_best_unit(&img->units, firewalls[which].units);
	const char *at = firewalls[which].rules ? (const char *)f + firewalls[which].rules - 1 : NULL;
	bool unwanted = br_streq(br_profile_get(img->profile, "Firewall", "wanted"), "forbidden");
	br_autofree char *fix = NULL;

	if (!u || !br_unit_is_on(u))
		return;
	if (strcmp(firewalls[which].name, "ufw") == 0 && !f->ufw_enabled)
		return;
	fix = br_fix_disable(img, u);
	br_find(res, "firewall-enabled", unwanted ? br_judge_severity(img, "Firewall") : BR_SEV_INFO, u->by ? u->by : u->path,
	        u->by_line, unwanted ? fix : NULL, "%s starts (%s)%s", firewalls[which].name, u->name,
	        unwanted ? "; the target has a firewall of its own, outside the machine" : "");
	judge_rules(which, (const struct br_passing *)(const void *)at, res);
}

static void run(const struct br_image *img, struct br_result *res)
{
	if (img->units.init == BR_INIT_UNKNOWN)
		br_find(res, "firewall-init-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL,
		        "whether a firewall starts could not be told: no init that is known by name");
	for (size_t i = 0; i < BR_ARRAY_SIZE(firewalls); i++)
		judge(img, i, res);
	br_conclude(res);
}

const struct br_check br_check_firewall = {
	.id = "Firewall",
	.level = BR_LEVEL_WARNING,
	.title = "no firewall of the old network keeps SSH out",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_UNITS | BR_NEED_SERVICES,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "Whether firewalld, ufw, nftables, iptables, SuSEfirewall2 or Shorewall starts, and the rules that it will "
		 "load: the default zone and its services, ufw's rules and default policy, nftables.conf with what it includes, "
		 "files of iptables-save, /etc/sysconfig/SuSEfirewall2. A first packet to TCP port 22 from an unknown IPv4 address "
		 "on an unknown interface is run through them.",
	.fails = "Never. It warns when the rules drop that packet, when it depends on sender or interface whether they do, and, "
		 "where the profile asks for it, of every firewall that starts. Rules that cannot be followed are told.",
	.why = "Rules of the old network know its addresses and interfaces. On the target nobody gets in by SSH, and the cloud's own "
	       "firewall, which is open, shows no reason.",
	.mend = "Let port 22 in, or disable the firewall as the fix says: the target filters outside the machine.",
	.run = run,
};
