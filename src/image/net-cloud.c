/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What cloud-init's own files say of the network: "network:", and the renderers of system_info. */
#include <errno.h>

#include "base/limits.h"
#include "image/net-internal.h"
#include "image/netplan.h"

static const char *text_of(const struct br_yaml_node *node)
{
	return node && node->kind == BR_YAML_SCALAR && !br_yaml_null(node) ? node->text : NULL;
}

/* "network: {network: {...}}" is taken for what is inside. */
static const struct br_yaml_node *inner(const struct br_yaml *y, const struct br_yaml_node *network)
{
	const struct br_yaml_node *in = br_yaml_get(y, network, "network");

	return in ? in : network;
}

static enum br_net_how how_of(const char *type)
{
	if (br_streq(type, "dhcp") || br_streq(type, "dhcp4"))
		return BR_NET_DHCP;
	if (br_streq(type, "static"))
		return BR_NET_STATIC;
	return br_streq(type, "dhcp6") || (type && br_starts(type, "ipv6_")) ? BR_NET_DHCP6 : BR_NET_NOTHING;
}

/* Of a card's subnets what serves best. */
static enum br_net_how best_of(const struct br_yaml *y, const struct br_yaml_node *subnets)
{
	static const int rank[] = {[BR_NET_NOTHING] = 0, [BR_NET_DHCP6] = 1, [BR_NET_STATIC] = 2, [BR_NET_DHCP] = 3};
	enum br_net_how best = BR_NET_NOTHING;

	if (!subnets || subnets->kind != BR_YAML_LIST)
		return best;
	for (const struct br_yaml_node *i = br_yaml_first(y, subnets); i; i = br_yaml_next(y, i)) {
		enum br_net_how how = how_of(text_of(br_yaml_get(y, br_yaml_value(y, i), "type")));

		if (rank[how] > rank[best])
			best = how;
	}
	return best;
}

/* A card of version 1. Where its address is given the name is made to fit, else it has to be there. */
static int add_card(struct br_network *n, const char *path, const struct br_yaml *y, const struct br_yaml_node *card)
{
	const char *name = text_of(br_yaml_get(y, card, "name"));
	const char *mac = text_of(br_yaml_get(y, card, "mac_address"));
	struct br_net_profile *p;

	if (!br_streq(text_of(br_yaml_get(y, card, "type")), "physical"))
		return 0;
	p = br_net_add(n, BR_NET_CLOUD, path, card->line);
	if (!p)
		return n->too_many ? 0 : -ENOMEM;
	p->at_boot = true;
	p->how = best_of(y, br_yaml_get(y, card, "subnets"));
	if (mac)
		return br_net_set(&p->match.mac, mac);
	if (name)
		br_strv_add(&p->match.names, name);
	return p->match.names.oom ? -ENOMEM : 0;
}

static void drop_cloud(struct br_network *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n->n; i++) {
		if (n->v[i].system == BR_NET_CLOUD)
			br_net_profile_free(&n->v[i]);
		else
			n->v[kept++] = n->v[i];
	}
	n->n = kept;
}

static int take_config(struct br_network *n, const char *path, const struct br_yaml *y, const struct br_yaml_node *network)
{
	br_cleanup(br_netplan_free) struct br_netplan np = {0};
	const struct br_yaml_node *list = br_yaml_get(y, network, "config");
	unsigned line;
	const char *why;
	int r = 0;

	drop_cloud(n);
	if (!n->cloud.own)
		return 0;
	if (br_streq(text_of(br_yaml_get(y, network, "version")), "2")) {
		r = br_netplan_take(path, y, network, &np, &line, &why);
		if (r == 0)
			r = br_net_netplan_add(n, &np, true);
		return r == -EBADMSG ? br_net_problem(n, BR_NET_CLOUD, path, line, br_format("%s", why), false) : r;
	}
	if (!list || list->kind != BR_YAML_LIST)
		return 0;
	for (const struct br_yaml_node *i = br_yaml_first(y, list); r == 0 && i; i = br_yaml_next(y, i))
		r = add_card(n, path, y, br_yaml_value(y, i));
	return r;
}

static int take_network(struct br_network *n, const char *path, const struct br_yaml *y, const struct br_yaml_node *network)
{
	const char *config;

	if (!network)
		return 0;
	network = inner(y, network);
	config = text_of(br_yaml_get(y, network, "config"));
	free(n->cloud.disabled);
	n->cloud.disabled = NULL;
	n->cloud.own = br_yaml_get(y, network, "version") != NULL;
	n->cloud.line = network->line;
	if (br_net_set(&n->cloud.path, path) < 0)
		return -ENOMEM;
	if (br_streq(config, "disabled") && br_net_set(&n->cloud.disabled, "network: {config: disabled}") < 0)
		return -ENOMEM;
	return take_config(n, path, y, network);
}

static int take_renderers(struct br_network *n, const struct br_yaml *y)
{
	const struct br_yaml_node *info = br_yaml_get(y, br_yaml_top(y), "system_info");
	const struct br_yaml_node *list = br_yaml_get(y, br_yaml_get(y, info, "network"), "renderers");

	if (!list || list->kind != BR_YAML_LIST)
		return 0;
	br_strv_free(&n->cloud.renderers);
	for (const struct br_yaml_node *i = br_yaml_first(y, list); i; i = br_yaml_next(y, i)) {
		const char *s = text_of(br_yaml_value(y, i));

		if (s && n->cloud.renderers.n < 32)
			br_strv_add(&n->cloud.renderers, s);
	}
	return n->cloud.renderers.oom ? -ENOMEM : 0;
}

static int read_file(const struct br_root *root, struct br_network *n, const char *path)
{
	br_cleanup(br_yaml_free) struct br_yaml y = {0};
	br_autoblob struct br_blob blob = {0};
	unsigned line = 0;
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r < 0)
		return br_net_unread(n, BR_NET_SYSTEMS, path, r);
	r = br_yaml_parse(blob.data, blob.len, &y, &line);
	/* cloud-init passes over a file that is no YAML, with a warning in its log. */
	if (r == -EBADMSG || r == -E2BIG)
		return 0;
	if (r == 0)
		r = take_network(n, path, &y, br_yaml_get(&y, br_yaml_top(&y), "network"));
	return r < 0 ? r : take_renderers(n, &y);
}

int br_net_cloud_read(const struct br_root *root, struct br_network *n)
{
	static const char *const folders[] = {"/etc/cloud/cloud.cfg.d"};
	static const char upgraded[] = "/var/lib/cloud/data/upgraded-network";
	br_autostrv struct br_strv paths = {0};
	int r;

	if (!n->cloud_init)
		return 0;
	r = br_net_files(root, folders, 1, ".cfg", &paths);
	if (r == 0)
		r = read_file(root, n, "/etc/cloud/cloud.cfg");
	for (size_t i = 0; r == 0 && i < paths.n; i++)
		r = read_file(root, n, paths.v[i]);
	if (r == 0 && !n->cloud.disabled && br_root_exists(root, upgraded)) {
		n->cloud.line = 0;
		if (br_net_set(&n->cloud.disabled, "the file says that an older image was upgraded") < 0)
			return -ENOMEM;
		r = br_net_set(&n->cloud.path, upgraded);
	}
	return r;
}
