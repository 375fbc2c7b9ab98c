/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/dhcp.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"dhcp-found", BR_BASIS_BOOT, "by what the interface comes up"},
	{"dhcp-none", BR_BASIS_BOOT, "nothing brings an interface up by DHCP"},
	{"dhcp-static-only", BR_BASIS_BOOT, "the interface gets a fixed address, which is not the target's"},
	{"dhcp-ipv6-only", BR_BASIS_POLICY, "the interface gets an IPv6 address alone"},
	{"dhcp-not-started", BR_BASIS_BOOT, "the system that would ask for an address does not run"},
	{"dhcp-client-missing", BR_BASIS_BOOT, "the DHCP client that the configuration needs is not installed"},
	{"dhcp-mac-only", BR_BASIS_BOOT, "DHCP only for the network card of the source machine, by its address"},
	{"dhcp-name-wrong", BR_BASIS_BOOT, "DHCP only for an interface name that the target does not give"},
	{"dhcp-unmanaged", BR_BASIS_BOOT, "the system that would ask for an address is told to leave the interface alone"},
	{"dhcp-uncertain", BR_BASIS_POLICY, "DHCP only if the target's interface has one of the names that it may have"},
	{"dhcp-initramfs-only", BR_BASIS_POLICY, "the initramfs asks for an address, and nothing later does"},
	{"dhcp-mac-bound", BR_BASIS_POLICY, "a configuration for the source machine's network card by its address"},
	{"dhcp-persistent-names", BR_BASIS_POLICY, "udev rules that keep a name for the source machine's network card"},
	{"dhcp-file-refused", BR_BASIS_POLICY, "a file that its network system does not take"},
	{"dhcp-config-unread", BR_BASIS_POLICY, "network configuration that could not be read or understood"},
	{"dhcp-ifnames", BR_BASIS_POLICY, "net.ifnames=0 is not on the default command line"},
};

struct view {
	const struct br_image *img;
	const struct br_network *n;
	struct br_result *res;
	struct br_dhcp_card card;
	struct br_dhcp_outlook o[BR_NET_SYSTEMS];
	const char *renderer; /* cloud-init writes for it; NULL: it does not */
};

static const char *first_name(const struct view *v)
{
	return v->card.names.n ? v->card.names.v[0] : "eth0";
}

/* How the card is called there, for a message. */
static char *card_name(const struct view *v)
{
	return v->card.classic ? br_format("%s", first_name(v)) : br_format("one of %s ... %s", first_name(v),
	                                                                    v->card.names.v[v->card.names.n - 1]);
}

static enum br_severity severity(const struct view *v)
{
	return br_judge_severity(v->img, "Dhcp");
}

static void found(struct view *v, enum br_net_system s)
{
	const struct br_dhcp_outlook *o = &v->o[s];
	const struct br_net_profile *by = o->by[BR_NET_DHCP];

	if (by)
		br_find(v->res, "dhcp-found", BR_SEV_INFO, by->path, by->line, NULL, "DHCP by %s%s", br_net_system_name(s),
		        by->netplan ? ", through netplan" : "");
	else
		br_find(v->res, "dhcp-found", BR_SEV_INFO, NULL, 0, NULL, "DHCP by %s: %s", br_net_system_name(s),
		        o->implicit ? o->implicit : "");
}

static bool client_there(const struct view *v, enum br_net_system s)
{
	if (s == BR_NET_SCRIPTS)
		return v->n->dhclient;
	return s != BR_NET_IFUPDOWN || v->n->dhcp_client;
}

/* A system that runs, and gives the card an address by DHCP for certain. */
static bool judge_certain(struct view *v)
{
	for (size_t s = 0; s < BR_NET_SYSTEMS; s++)
		if (v->o[s].runs && br_dhcp_certain(&v->o[s], BR_NET_DHCP) && client_there(v, (enum br_net_system)s)) {
			found(v, (enum br_net_system)s);
			return true;
		}
	return false;
}

/* cloud-init looks for the card on the target, and writes its name and address; or what the root tells it to. */
static bool judge_cloud_init(struct view *v)
{
	if (!v->renderer)
		return false;
	if (v->n->cloud.own && !br_dhcp_certain(&v->o[BR_NET_CLOUD], BR_NET_DHCP))
		return false;
	br_find(v->res, "dhcp-found", BR_SEV_INFO, v->n->cloud.own ? v->n->cloud.path : NULL, v->n->cloud.line, NULL,
	        "DHCP by cloud-init, which writes the network's configuration on the target (renderer %s)", v->renderer);
	return true;
}

/* dracut with rd.neednet=1 and ip=dhcp: an address, as long as its lease lasts. */
static bool judge_initramfs(struct view *v)
{
	for (size_t i = 0; i < v->img->n_chains; i++) {
		const struct br_chain *c = &v->img->chains[i];
		br_autofree char *ip = NULL, *need = NULL, *fix = NULL;

		if (!c->offered || !c->entry || !c->cmdline)
			continue;
		ip = br_cmdline_get(c->cmdline, "ip");
		need = br_cmdline_get(c->cmdline, "rd.neednet");
		if (!br_streq(need, "1") || !ip || !(strcmp(ip, "dhcp") == 0 || br_ends(ip, ":dhcp")))
			continue;
		fix = br_dhcp_fix(v->img);
		br_find(v->res, "dhcp-initramfs-only", BR_SEV_WARNING, c->entry->source, c->entry->line, fix,
		        "ip=%s asks for an address in the initramfs, and nothing renews it later", ip);
		return true;
	}
	return false;
}

static bool judge_uncertain(struct view *v)
{
	for (size_t s = 0; s < BR_NET_SYSTEMS; s++) {
		const struct br_dhcp_outlook *o = &v->o[s];
		const struct br_net_profile *by = o->by[BR_NET_DHCP];
		br_autofree char *name = NULL, *fix = NULL;

		if (!o->may[BR_NET_DHCP] || !(o->runs || (s == BR_NET_CLOUD && v->renderer)) ||
		    !client_there(v, (enum br_net_system)s))
			continue;
		name = card_name(v);
		fix = br_dhcp_fix(v->img);
		br_find(v->res, "dhcp-uncertain", BR_SEV_WARNING, by ? by->path : NULL, by ? by->line : 0, fix,
		        "%s asks for an address only if the interface fits%s%s%s%s; on the target it will be %s",
		        br_net_system_name((enum br_net_system)s), by && by->match.names.n ? ": " : "",
		        by && by->match.names.n ? by->match.names.v[0] : "", by && by->match.odd ? ", " : "",
		        by && by->match.odd ? by->match.odd : "", name ? name : "another");
		return true;
	}
	return false;
}

/* Reads what is wrong with files: refused ones are warnings, what was not understood leaves the check unknown. */
static bool judge_problems(struct view *v, bool decided)
{
	bool unknown = false;

	for (size_t i = 0; i < v->n->n_problems; i++) {
		const struct br_net_problem *p = &v->n->problems[i];
		enum br_severity sev = p->refused || decided ? BR_SEV_WARNING : BR_SEV_UNKNOWN;

		br_find(v->res, p->refused ? "dhcp-file-refused" : "dhcp-config-unread", decided && !p->refused ? BR_SEV_INFO : sev,
		        p->path, p->line, p->refused ? "mend that line, or remove the file" : NULL, "%s", p->what);
		unknown |= !p->refused;
	}
	if (v->n->too_many) {
		br_find(v->res, "dhcp-config-unread", decided ? BR_SEV_INFO : BR_SEV_UNKNOWN, NULL, 0, NULL,
		        "more network configuration than is read");
		unknown = true;
	}
	return unknown;
}

static const struct br_net_profile *dhcp_profile(const struct view *v, bool (*fits)(const struct view *, const struct br_net_profile *))
{
	for (size_t i = 0; i < v->n->n; i++)
		if (v->n->v[i].how == BR_NET_DHCP && v->n->v[i].system != BR_NET_CLOUD && fits(v, &v->n->v[i]))
			return &v->n->v[i];
	return NULL;
}

static bool not_taken(const struct view *v, const struct br_net_profile *p)
{
	return !br_dhcp_taken(v->n, p) && br_dhcp_fit(&v->card, &p->match) != BR_FIT_NO;
}

static bool left_alone(const struct view *v, const struct br_net_profile *p)
{
	return p->unmanaged && p->system == BR_NET_NETWORKD && v->o[BR_NET_NETWORKD].runs && br_dhcp_taken(v->n, p) &&
	       br_dhcp_fit(&v->card, &p->match) != BR_FIT_NO;
}

static bool by_mac(const struct view *v, const struct br_net_profile *p)
{
	return p->match.mac && p->at_boot && br_dhcp_taken(v->n, p) && br_dhcp_fit_but_mac(&v->card, &p->match) != BR_FIT_NO;
}

static bool by_name(const struct view *v, const struct br_net_profile *p)
{
	return !p->match.never && p->at_boot && br_dhcp_taken(v->n, p) && !v->o[p->system].why_not &&
	       br_dhcp_fit(&v->card, &p->match) == BR_FIT_NO;
}

/* The system runs, and lacks what it asks by. */
static bool explain_client(struct view *v)
{
	for (size_t s = 0; s < BR_NET_SYSTEMS; s++) {
		const struct br_dhcp_outlook *o = &v->o[s];
		const struct br_net_profile *by = o->by[BR_NET_DHCP];

		if (!o->may[BR_NET_DHCP] || !o->runs || client_there(v, (enum br_net_system)s))
			continue;
		br_find(v->res, "dhcp-client-missing", severity(v), by ? by->path : NULL, by ? by->line : 0,
		        br_dhcp_fix_client(v->img), "%s needs a DHCP client for it, and none is installed",
		        br_net_system_name((enum br_net_system)s));
		return true;
	}
	return false;
}

/* The system would do it, but does not run; one that is installed is the more likely one to be meant. */
static bool explain_system(struct view *v)
{
	for (unsigned absent = 0; absent < 2; absent++)
		for (size_t s = 0; s < BR_NET_SYSTEMS; s++) {
			const struct br_dhcp_outlook *o = &v->o[s];
			const struct br_net_profile *by = o->by[BR_NET_DHCP];
			br_autofree char *fix = NULL;

			if (!o->may[BR_NET_DHCP] || !by || !o->stopped || v->n->system_programs[s] == (absent == 1))
				continue;
			fix = br_dhcp_fix_start(v->img, (enum br_net_system)s);
			br_find(v->res, "dhcp-not-started", severity(v), by->path, by->line, fix,
			        "%s would ask for an address, and %s", br_net_system_name((enum br_net_system)s), o->stopped);
			return true;
		}
	return false;
}

static const char *take_fix(const struct br_net_profile *p)
{
	return p->system == BR_NET_NM ? "chown root: and chmod 600 that file" : "give it a [Match] section: Name=e*";
}

static bool explain_profile(struct view *v)
{
	const struct br_net_profile *p = dhcp_profile(v, not_taken);
	br_autofree char *name = card_name(v), *fix = br_dhcp_fix(v->img);

	if (p) {
		br_find(v->res, "dhcp-not-started", severity(v), p->path, p->line,
		        p->unused ? take_fix(p) : "apt-get install netplan.io", "it asks for an address, and is not used: %s",
		        p->unused ? p->unused : "netplan is not installed");
		return true;
	}
	p = dhcp_profile(v, left_alone);
	if (p) {
		br_find(v->res, "dhcp-unmanaged", severity(v), p->path, p->line, "take Unmanaged= out of its [Link] section",
		        "it asks for an address, and tells systemd-networkd to leave the interface alone");
		return true;
	}
	p = dhcp_profile(v, by_mac);
	if (p) {
		br_find(v->res, "dhcp-mac-only", severity(v), p->path, p->line, fix,
		        "DHCP only for the card with the address %s: the target's has another", p->match.mac);
		return true;
	}
	p = dhcp_profile(v, by_name);
	if (p && p->match.names.n) {
		br_find(v->res, "dhcp-name-wrong", severity(v), p->path, p->line, fix,
		        "DHCP only for %s; on the target the interface will be %s", p->match.names.v[0], name ? name : "another");
		return true;
	}
	return false;
}

static void explain_nothing(struct view *v)
{
	br_autofree char *fix = br_dhcp_fix(v->img);
	static const struct {
		enum br_net_how how;
		const char *code, *what;
	} rows[] = {
		{BR_NET_STATIC, "dhcp-static-only", "a fixed address, which is not the target's"},
		{BR_NET_DHCP6, "dhcp-ipv6-only", "an IPv6 address alone"},
	};

	for (size_t r = 0; r < BR_ARRAY_SIZE(rows); r++)
		for (size_t s = 0; s < BR_NET_SYSTEMS; s++) {
			const struct br_net_profile *by = v->o[s].by[rows[r].how];

			if (!v->o[s].may[rows[r].how] || !by || !(v->o[s].runs || s == BR_NET_CLOUD))
				continue;
			br_find(v->res, rows[r].code, severity(v), by->path, by->line, fix, "%s gives the interface %s",
			        br_net_system_name((enum br_net_system)s), rows[r].what);
			return;
		}
	if (v->o[BR_NET_NM].runs && v->o[BR_NET_NM].why_not) {
		free(fix);
		fix = br_dhcp_fix_managed(v->o[BR_NET_NM].kept_by, v->o[BR_NET_NM].why_not);
		br_find(v->res, "dhcp-unmanaged", severity(v), NULL, 0, fix, "NetworkManager leaves the interface alone: %s",
		        v->o[BR_NET_NM].why_not);
	} else {
		br_find(v->res, "dhcp-none", severity(v), v->n->cloud.disabled ? v->n->cloud.path : NULL,
		        v->n->cloud.disabled ? v->n->cloud.line : 0, fix, "nothing asks for an address by DHCP%s",
		        v->n->cloud.disabled ? ", and cloud-init is told to leave the network alone" : "");
	}
}

static void judge_leftovers(struct view *v, bool told)
{
	for (size_t i = 0; i < v->n->n; i++) {
		const struct br_net_profile *p = &v->n->v[i];
		bool rewritten = p->cloud_init && v->renderer;

		if (!p->match.mac || p->match.never || p->how == BR_NET_NOTHING || p->system == BR_NET_CLOUD || told ||
		    (i && br_streq(v->n->v[i - 1].path, p->path)))
			continue;
		br_find(v->res, "dhcp-mac-bound", rewritten ? BR_SEV_INFO : BR_SEV_WARNING, p->path, p->line,
		        rewritten ? NULL : "take the address of the card out of it, or remove the file",
		        "made for the card with the address %s%s", p->match.mac,
		        rewritten ? "; cloud-init writes it anew" : ": nothing on the target fits it");
	}
	for (size_t i = 0; i < v->n->n_rules; i++)
		br_find(v->res, "dhcp-persistent-names", BR_SEV_WARNING, v->n->rules[i].path, v->n->rules[i].line,
		        "remove that line", "keeps the name %s for the card with the address %s", v->n->rules[i].name,
		        v->n->rules[i].mac);
	for (size_t i = 0; i < v->n->n; i++)
		if (v->n->v[i].unused && v->n->v[i].system == BR_NET_NM && v->n->v[i].how == BR_NET_DHCP && !told)
			br_find(v->res, "dhcp-file-refused", BR_SEV_WARNING, v->n->v[i].path, 0, "chown root: and chmod 600 that file",
			        "%s", v->n->v[i].unused);
}

static void judge_ifnames(struct view *v)
{
	const char *wanted = br_profile_get(v->img->profile, "Dhcp", "ifnames");
	br_autofree char *fix = NULL;

	if (!wanted || br_streq(wanted, "no") || v->card.classic || v->img->chains_fact.state != BR_FACT_READ)
		return;
	fix = br_fix_parameter(v->img, "net.ifnames=0");
	br_find(v->res, "dhcp-ifnames", br_streq(wanted, "warning") ? BR_SEV_WARNING : BR_SEV_INFO, NULL, 0, fix,
	        "the target's vendor asks for net.ifnames=0, so that the interface is called eth0");
}

static void judge(struct view *v)
{
	bool good = judge_certain(v) || judge_cloud_init(v), told = false;
	bool unread = judge_problems(v, good);

	if (!good && !unread && !judge_uncertain(v) && !judge_initramfs(v)) {
		told = explain_client(v) || explain_system(v) || explain_profile(v);
		if (!told)
			explain_nothing(v);
	}
	judge_leftovers(v, told);
	judge_ifnames(v);
}

static void run(const struct br_image *img, struct br_result *res)
{
	struct view v = {.img = img, .n = &img->network, .res = res};

	if (img->units.init == BR_INIT_UNKNOWN) {
		br_find(res, "dhcp-config-unread", BR_SEV_UNKNOWN, NULL, 0, NULL,
		        "which init starts the network could not be told");
		br_conclude(res);
		return;
	}
	br_dhcp_card(img, &v.card);
	for (size_t s = 0; s < BR_NET_SYSTEMS; s++)
		br_dhcp_outlook(img, &v.card, (enum br_net_system)s, &v.o[s]);
	if (!br_dhcp_cloud_init(img, v.o, &v.renderer))
		v.renderer = NULL;
	judge(&v);
	for (size_t s = 0; s < BR_NET_SYSTEMS; s++)
		br_dhcp_outlook_free(&v.o[s]);
	br_dhcp_card_free(&v.card);
	br_conclude(res);
}

const struct br_check br_check_dhcp = {
	.id = "Dhcp",
	.level = BR_LEVEL_HIGH,
	.title = "an interface comes up by DHCP",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_NETWORK | BR_NEED_UNITS | BR_NEED_CLOUDINIT,
	.wants = BR_NEED_CHAINS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "/etc/network/interfaces and what it includes; netplan's files; systemd's .network and .link files with "
		 "their drop-ins; NetworkManager.conf, conf.d and connection files; the ifcfg files of Red Hat and SUSE; "
		 "cloud-init's network section and renderers; udev rules that name interfaces; which of these systems the init "
		 "starts and has its programs; and ip=, rd.neednet= and net.ifnames= of the default entry's command line. The "
		 "target's interface is eth0 with net.ifnames=0 or without udev's predictable names, else one of the names that "
		 "the profile lists.",
	.fails = "When, on the target, nothing that runs would ask for an IPv4 address by DHCP for the first Ethernet card: no "
		 "configuration, a fixed address alone, a system that has it and does not start, a DHCP client that is not "
		 "installed, an interface name that the target does not give, or the address of the source's card. Where it "
		 "depends on a name that the target may give, it warns; so it does for what is left over of the source's card.",
	.why = "A cloud gives the machine its address by DHCP. Without a lease the machine runs, and nobody reaches it.",
	.mend = "Configure DHCP for every card (a match of \"e*\", or no interface name in a NetworkManager connection), or "
		"install and enable cloud-init, which does so on the target; take out addresses of network cards.",
	.run = run,
};
