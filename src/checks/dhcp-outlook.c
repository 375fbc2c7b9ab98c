/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each network system of the root would do with the target's card, by its own order of precedence. */
#include <limits.h>
#include <string.h>

#include "checks/dhcp.h"

void br_dhcp_outlook_free(struct br_dhcp_outlook *o)
{
	free(o->stopped);
	free(o->why_not);
	*o = (struct br_dhcp_outlook){0};
}

bool br_dhcp_certain(const struct br_dhcp_outlook *o, enum br_net_how how)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(o->may); i++)
		if (o->may[i] != (i == how))
			return false;
	return true;
}

bool br_dhcp_taken(const struct br_network *n, const struct br_net_profile *p)
{
	return !p->unused && !(p->netplan && !n->netplan_generator);
}

static void may(struct br_dhcp_outlook *o, enum br_net_how how, const struct br_net_profile *by)
{
	if (!o->may[how])
		o->by[how] = by;
	o->may[how] = true;
}

/* What a profile comes to: a port of a bond or bridge has what that one has. */
static const struct br_net_profile *end_of(const struct br_network *n, const struct br_net_profile *p)
{
	for (unsigned depth = 0; p->master && depth < 8; depth++) {
		const struct br_net_profile *up = NULL;

		for (size_t i = 0; i < n->n && !up; i++)
			if (n->v[i].system == p->system && &n->v[i] != p && br_strv_has(&n->v[i].match.names, p->master))
				up = &n->v[i];
		if (!up)
			return NULL;
		p = up;
	}
	return p;
}

static void may_profile(const struct br_network *n, struct br_dhcp_outlook *o, const struct br_net_profile *p)
{
	const struct br_net_profile *end = end_of(n, p);

	if (!end || !p->at_boot || p->unmanaged)
		may(o, BR_NET_NOTHING, p);
	else
		may(o, end->how, end);
}

/* networkd takes the first file that fits, by name. */
static void look_networkd(const struct br_network *n, const struct br_dhcp_card *card, struct br_dhcp_outlook *o)
{
	enum br_fit fit = BR_FIT_NO;

	for (size_t i = 0; i < n->n_ordered && fit != BR_FIT_YES; i++) {
		const struct br_net_profile *p = &n->v[n->ordered[i]];

		if (!br_dhcp_taken(n, p))
			continue;
		fit = br_dhcp_fit(card, &p->match);
		if (fit != BR_FIT_NO)
			may_profile(n, o, p);
	}
	if (fit != BR_FIT_YES)
		may(o, BR_NET_NOTHING, NULL);
}

/* ifupdown, network-scripts, wicked: every profile that fits is brought up. */
static void look_all(const struct br_network *n, const struct br_dhcp_card *card, enum br_net_system system,
                     struct br_dhcp_outlook *o)
{
	bool sure = false;

	for (size_t i = 0; i < n->n; i++) {
		const struct br_net_profile *p = &n->v[i], *end = end_of(n, p);
		enum br_fit fit;

		if (p->system != system || !p->at_boot || !br_dhcp_taken(n, p) || !end || (o->by_udev && !p->hotplug))
			continue;
		fit = br_dhcp_fit(card, &p->match);
		if (fit == BR_FIT_YES && end->how == BR_NET_DHCP) {
			memset(o->may, 0, sizeof(o->may));
			may(o, BR_NET_DHCP, end);
			return;
		}
		if (fit == BR_FIT_NO || end->how == BR_NET_NOTHING)
			continue;
		may(o, end->how, end);
		sure |= fit == BR_FIT_YES;
	}
	if (!sure)
		may(o, BR_NET_NOTHING, NULL);
}

/* A device spec of NetworkManager's ("interface-name:eth*", "except:mac:..."). */
static enum br_fit fit_spec(const struct br_dhcp_card *card, const char *spec)
{
	struct br_net_match m = {0};
	enum br_fit fit = BR_FIT_MAYBE;
	char *word = NULL;

	if (strcmp(spec, "*") == 0)
		return BR_FIT_YES;
	if (br_starts(spec, "interface-name:=")) {
		word = strdup(spec + strlen("interface-name:="));
	} else if (br_starts(spec, "interface-name:")) {
		word = strdup(spec + strlen("interface-name:"));
	} else if (br_starts(spec, "type:")) {
		return strcmp(spec, "type:ethernet") == 0 ? BR_FIT_YES : BR_FIT_NO;
	} else if (br_starts(spec, "mac:") || strlen(spec) == strlen("00:00:00:00:00:00")) {
		return BR_FIT_NO;
	} else if (br_starts(spec, "driver:")) {
		br_strv_add(&m.drivers, spec + strlen("driver:"));
		fit = br_dhcp_fit(card, &m);
		br_strv_free(&m.drivers);
		return fit;
	} else if (!strchr(spec, ':')) {
		word = strdup(spec); /* as of old, a name */
	}
	if (word) {
		br_strv_add(&m.names, word);
		fit = br_dhcp_fit(card, &m);
		br_strv_free(&m.names);
		free(word);
	}
	return fit;
}

/* A list of specs: any that fits, unless one behind "except:" does. */
static enum br_fit fit_specs(const struct br_dhcp_card *card, const struct br_strv *specs, const char **ret_spec)
{
	enum br_fit best = BR_FIT_NO, except = BR_FIT_NO;
	bool only_excepts = specs->n > 0;

	for (size_t i = 0; i < specs->n; i++) {
		bool is_except = br_starts(specs->v[i], "except:");
		enum br_fit fit = fit_spec(card, specs->v[i] + (is_except ? strlen("except:") : 0));

		only_excepts &= is_except;
		if (is_except && fit > except)
			except = fit;
		if (!is_except && fit > best) {
			best = fit;
			*ret_spec = specs->v[i];
		}
	}
	if (only_excepts) {
		best = BR_FIT_YES;
		*ret_spec = specs->v[0];
	}
	if (except == BR_FIT_YES)
		return BR_FIT_NO;
	return except == BR_FIT_MAYBE && best == BR_FIT_YES ? BR_FIT_MAYBE : best;
}

/* What keeps NetworkManager from the card. */
static enum br_fit nm_unmanaged(const struct br_network *n, const struct br_dhcp_card *card, char **ret_why,
                                const struct br_net_profile **ret_by)
{
	const char *spec = "";
	enum br_fit worst = fit_specs(card, &n->nm.unmanaged, &spec), fit;

	if (worst != BR_FIT_NO)
		*ret_why = br_format("unmanaged-devices= names it: %s", spec);
	fit = fit_specs(card, &n->nm.device_unmanaged, &spec);
	if (fit > worst) {
		free(*ret_why);
		*ret_why = br_format("managed=0 is set for it: %s", spec);
		worst = fit;
	}
	for (size_t i = 0; i < n->n; i++) {
		const struct br_net_profile *p = &n->v[i];
		bool out = (p->system == BR_NET_IFUPDOWN && n->nm.ifupdown && !n->nm.ifupdown_managed) ||
		           (p->system == BR_NET_NM && p->unmanaged);

		fit = out ? br_dhcp_fit(card, &p->match) : BR_FIT_NO;
		if (fit > worst) {
			free(*ret_why);
			*ret_why = br_format("%s keeps it from the interface", p->path);
			*ret_by = p;
			worst = fit;
		}
	}
	return worst;
}

/* NetworkManager's wired connection of its own making, unless a profile fits or it is told not to. */
static void look_nm_implicit(const struct br_network *n, const struct br_dhcp_card *card, struct br_dhcp_outlook *o)
{
	const char *spec = "";
	enum br_fit off = fit_specs(card, &n->nm.no_auto_default, &spec);

	for (size_t i = 0; i < n->n; i++) {
		const struct br_net_profile *p = &n->v[i];
		enum br_fit fit = p->system == BR_NET_NM && br_dhcp_taken(n, p) ? br_dhcp_fit(card, &p->match) : BR_FIT_NO;

		if (fit > off)
			off = fit;
	}
	if (off != BR_FIT_NO)
		may(o, BR_NET_NOTHING, NULL);
	if (off == BR_FIT_YES)
		return;
	if (!o->may[BR_NET_DHCP])
		o->implicit = "its implicit wired connection";
	may(o, BR_NET_DHCP, NULL);
}

static void look_nm(const struct br_network *n, const struct br_dhcp_card *card, struct br_dhcp_outlook *o)
{
	enum br_fit out = nm_unmanaged(n, card, &o->why_not, &o->kept_by);
	int best = INT_MIN;

	if (out != BR_FIT_NO)
		may(o, BR_NET_NOTHING, NULL);
	if (out == BR_FIT_YES)
		return;
	for (size_t i = 0; i < n->n; i++)
		if (n->v[i].system == BR_NET_NM && n->v[i].at_boot && br_dhcp_taken(n, &n->v[i]) && n->v[i].priority > best &&
		    br_dhcp_fit(card, &n->v[i].match) == BR_FIT_YES)
			best = n->v[i].priority;
	for (size_t i = 0; i < n->n; i++) {
		const struct br_net_profile *p = &n->v[i];

		if (p->system == BR_NET_NM && p->at_boot && br_dhcp_taken(n, p) && p->priority >= best &&
		    br_dhcp_fit(card, &p->match) != BR_FIT_NO)
			may_profile(n, o, p);
	}
	if (best == INT_MIN)
		look_nm_implicit(n, card, o);
}

static bool starts(const struct br_image *img, enum br_net_system system)
{
	static const char *const units[] = {
		[BR_NET_IFUPDOWN] = "networking.service",  [BR_NET_NETWORKD] = "systemd-networkd.service",
		[BR_NET_NM] = "NetworkManager.service",    [BR_NET_SCRIPTS] = "network.service",
		[BR_NET_WICKED] = "wicked.service",        [BR_NET_DHCPCD] = "dhcpcd.service",
		[BR_NET_CLOUD] = "cloud-init.service",
	};

	/* Arch's way: an instance for each card. */
	for (size_t i = 0; system == BR_NET_DHCPCD && i < img->units.n; i++)
		if (br_starts(img->units.v[i].name, "dhcpcd@") && img->units.v[i].starts)
			return true;
	return br_unit_starts(&img->units, units[system]);
}

/* netplan's generator starts networkd by itself where it has something for it. */
static bool netplan_starts(const struct br_image *img)
{
	const struct br_network *n = &img->network;
	const struct br_unit *u = br_unit_find(&img->units, "systemd-networkd.service");

	return n->netplan_networkd && n->netplan_generator && u && u->state != BR_UNIT_MASKED && u->state != BR_UNIT_BAD;
}

/* udev has ifup bring the card up, whether ifupdown's own service starts or not. */
static bool hotplugged(const struct br_network *n, const struct br_dhcp_card *card)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->v[i].system == BR_NET_IFUPDOWN && n->v[i].hotplug && br_dhcp_fit(card, &n->v[i].match) != BR_FIT_NO)
			return true;
	return false;
}

static void look_running(const struct br_image *img, const struct br_dhcp_card *card, enum br_net_system system,
                         struct br_dhcp_outlook *o)
{
	const struct br_network *n = &img->network;
	const char *name = br_net_system_name(system);

	if (system == BR_NET_CLOUD) {
		o->runs = false;
		return;
	}
	if (!n->system_programs[system])
		o->stopped = br_format("%s is not installed", name);
	else if (system == BR_NET_SCRIPTS && n->networking_off)
		o->stopped = br_format("/etc/sysconfig/network says NETWORKING=no");
	else if (system == BR_NET_NM && n->nm.bad)
		o->stopped = br_format("%s refuses to start for line %u of %s", name, n->nm.bad_line, n->nm.bad);
	else if (!starts(img, system) && system == BR_NET_IFUPDOWN && hotplugged(n, card))
		o->by_udev = true;
	else if (!starts(img, system) && !(system == BR_NET_NETWORKD && netplan_starts(img)))
		o->stopped = br_format("its service does not start");
	o->runs = !o->stopped;
}

/* A service for all cards, or one for each. */
static void look_dhcpcd(const struct br_image *img, const struct br_dhcp_card *card, struct br_dhcp_outlook *o)
{
	br_autofree char *instance = br_format("dhcpcd@%s.service", card->names.v[0]);

	if (!br_unit_starts(&img->units, "dhcpcd.service") && !(instance && br_unit_starts(&img->units, instance))) {
		may(o, BR_NET_NOTHING, NULL);
		return;
	}
	o->implicit = "dhcpcd's service";
	may(o, BR_NET_DHCP, NULL);
}

static void look(const struct br_image *img, const struct br_dhcp_card *card, enum br_net_system system,
                 struct br_dhcp_outlook *o)
{
	const struct br_network *n = &img->network;

	if (system == BR_NET_NETWORKD) {
		look_networkd(n, card, o);
	} else if (system == BR_NET_NM) {
		look_nm(n, card, o);
	} else if (system == BR_NET_DHCPCD) {
		look_dhcpcd(img, card, o);
	} else {
		look_all(n, card, system, o);
	}
}

static void add(struct br_dhcp_outlook *to, struct br_dhcp_outlook *one)
{
	for (size_t how = 0; how < BR_ARRAY_SIZE(one->may); how++)
		if (one->may[how])
			may(to, (enum br_net_how)how, one->by[how]);
	if (!to->implicit)
		to->implicit = one->implicit;
	if (!to->why_not) {
		to->why_not = BR_TAKE(one->why_not);
		to->kept_by = one->kept_by;
	}
	br_dhcp_outlook_free(one);
}

/* Name by name: two profiles may share out between them all the names that are possible. */
void br_dhcp_outlook(const struct br_image *img, const struct br_dhcp_card *card, enum br_net_system system,
                     struct br_dhcp_outlook *ret)
{
	*ret = (struct br_dhcp_outlook){0};
	look_running(img, card, system, ret);
	for (size_t i = 0; i < card->names.n; i++) {
		struct br_dhcp_card named = {.names = {.v = &card->names.v[i], .n = 1}, .drivers = card->drivers};
		struct br_dhcp_outlook one = {.by_udev = ret->by_udev};

		look(img, &named, system, &one);
		add(ret, &one);
	}
}
