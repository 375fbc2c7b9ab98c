/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/limits.h"
#include "image/netplan.h"

static void dev_free(struct br_netplan_dev *d)
{
	free(d->kind);
	free(d->id);
	free(d->mac);
	free(d->path);
	br_strv_free(&d->names);
	br_strv_free(&d->drivers);
	br_strv_free(&d->ports);
}

void br_netplan_free(struct br_netplan *n)
{
	for (size_t i = 0; i < n->n; i++)
		dev_free(&n->v[i]);
	free(n->v);
	free(n->odd_key);
	free(n->odd_path);
	*n = (struct br_netplan){0};
}

struct reader {
	const char *path;
	const struct br_yaml *y;
	struct br_netplan *to;
	unsigned *line;
	const char **why;
	enum br_netplan_renderer of_kind; /* "renderer:" among the interfaces of a kind stands for those after it */
};

static const char *text_of(const struct br_yaml_node *node)
{
	return node && node->kind == BR_YAML_SCALAR && !br_yaml_null(node) ? node->text : NULL;
}

static int refuse(struct reader *r, const struct br_yaml_node *node, const char *why)
{
	*r->line = node ? node->line : 0;
	*r->why = why;
	return -EBADMSG;
}

static int set(char **to, const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

static int take_bool(struct reader *r, const struct br_yaml_node *node, int *to)
{
	static const char *const yes[] = {"true", "on", "yes", "y"}, *const no[] = {"false", "off", "no", "n"};
	const char *s = text_of(node);

	if (br_yaml_null(node)) {
		*to = -1;
		return 0;
	}
	for (size_t i = 0; s && i < BR_ARRAY_SIZE(yes); i++)
		if (strcasecmp(s, yes[i]) == 0 || strcasecmp(s, no[i]) == 0) {
			*to = strcasecmp(s, yes[i]) == 0;
			return 0;
		}
	return refuse(r, node, "no boolean");
}

static int take_renderer(struct reader *r, const struct br_yaml_node *node, enum br_netplan_renderer *to)
{
	const char *s = text_of(node);

	if (br_streq(s, "networkd"))
		*to = BR_NETPLAN_NETWORKD;
	else if (br_streq(s, "NetworkManager"))
		*to = BR_NETPLAN_NM;
	else if (br_streq(s, "openvswitch"))
		*to = BR_NETPLAN_OVS;
	else
		return refuse(r, node, "no renderer of that name");
	return 0;
}

/* A scalar or a list of them, added. */
static int take_list(struct reader *r, const struct br_yaml_node *node, struct br_strv *to, bool blanks)
{
	const char *s = text_of(node);

	if (br_yaml_null(node))
		return 0;
	if (s && blanks)
		br_strv_split(to, s, " \t");
	if (node->kind == BR_YAML_LIST) {
		for (const struct br_yaml_node *i = br_yaml_first(r->y, node); i; i = br_yaml_next(r->y, i)) {
			s = text_of(br_yaml_value(r->y, i));
			if (!s)
				return refuse(r, node, "a list that holds other things than words");
			if (!br_strv_has(to, s))
				br_strv_add(to, s);
			if (++r->to->steps > BR_NET_STEPS_MAX)
				return refuse(r, node, "more than can be read");
		}
	} else if (!s || !blanks) {
		return refuse(r, node, "no list");
	}
	return to->oom ? -ENOMEM : 0;
}

static int take_match(struct reader *r, const struct br_yaml_node *node, struct br_netplan_dev *dev)
{
	const struct br_yaml_node *v;
	int e = 0;

	if (!br_yaml_null(node) && node->kind != BR_YAML_MAP)
		return refuse(r, node, "match: no mapping");
	dev->matched = true;
	v = br_yaml_get(r->y, node, "name");
	if (v) {
		br_strv_free(&dev->names);
		if (text_of(v))
			br_strv_add(&dev->names, text_of(v));
	}
	v = br_yaml_get(r->y, node, "macaddress");
	if (text_of(v))
		e = set(&dev->mac, text_of(v));
	v = br_yaml_get(r->y, node, "driver");
	if (e == 0 && v) {
		br_strv_free(&dev->drivers);
		e = take_list(r, v, &dev->drivers, true);
	}
	return dev->names.oom ? -ENOMEM : e;
}

/* Addresses are words, or mappings of one key. */
static int take_addresses(struct reader *r, const struct br_yaml_node *node, struct br_netplan_dev *dev)
{
	if (br_yaml_null(node))
		return 0;
	if (node->kind != BR_YAML_LIST)
		return refuse(r, node, "addresses: no list");
	for (const struct br_yaml_node *i = br_yaml_first(r->y, node); i; i = br_yaml_next(r->y, i)) {
		const struct br_yaml_node *item = br_yaml_value(r->y, i);
		const struct br_yaml_node *only = item && item->kind == BR_YAML_MAP ? br_yaml_first(r->y, item) : NULL;
		const char *s = only ? br_yaml_key(r->y, only) : text_of(item);

		if (!s || !strchr(s, '/'))
			return refuse(r, item ? item : node, "an address without its prefix length");
		dev->address4 |= strchr(s, ':') == NULL;
		if (++r->to->steps > BR_NET_STEPS_MAX)
			return refuse(r, node, "more than can be read");
	}
	return 0;
}

/* The other keys of an interface, of any kind; netplan up to 1.1. */
static bool is_known(const char *key)
{
	static const char *const keys[] = {
		"accept-ra", "access-points", "addresses", "arp-ip-targets", "auth", "bridge", "critical", "dhcp-identifier",
		"dhcp4-overrides", "dhcp6-overrides", "dhcp4-domain", "delay-virtual-functions-rebind", "embedded-switch-mode",
		"emit-lldp", "gateway4", "gateway6", "generic-receive-offload", "generic-segmentation-offload", "id",
		"ignore-carrier", "infiniband-mode", "ipv6-address-generation", "ipv6-address-token", "ipv6-mtu", "ipv6-privacy",
		"key", "keys", "large-receive-offload", "link", "link-local", "local", "macaddress", "mark", "mode", "mtu",
		"nameservers", "neigh-suppress", "networkmanager", "openvswitch", "optional", "optional-addresses", "parameters",
		"peer", "peers", "port", "receive-checksum-offload", "regulatory-domain", "remote", "routes", "routing-policy",
		"set-name", "table", "tcp-segmentation-offload", "tcp6-segmentation-offload", "transmit-checksum-offload", "ttl",
		"type", "virtual-function-count", "wakeonlan", "wakeonwlan", "apn", "auto-config", "device-id", "network-id",
		"number", "password", "pin", "sim-id", "sim-operator-id", "username", "interfaces", "mac-learning", "passthrough",
		"ra-overrides",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static int note_odd(struct reader *r, const char *key, const struct br_yaml_node *node)
{
	if (r->to->odd_key)
		return 0;
	if (set(&r->to->odd_key, key) < 0 || set(&r->to->odd_path, r->path) < 0)
		return -ENOMEM;
	r->to->odd_line = node ? node->line : 0;
	return 0;
}

static int take_key(struct reader *r, const char *key, const struct br_yaml_node *v, struct br_netplan_dev *dev)
{
	int e = 0;

	if (strcmp(key, "dhcp4") == 0)
		e = take_bool(r, v, &dev->dhcp4);
	else if (strcmp(key, "dhcp6") == 0)
		return take_bool(r, v, &dev->dhcp6);
	else if (strcmp(key, "addresses") == 0)
		e = take_addresses(r, v, dev);
	else if (strcmp(key, "match") == 0)
		return take_match(r, v, dev);
	else if (strcmp(key, "renderer") == 0)
		return take_renderer(r, v, &dev->renderer);
	else if (strcmp(key, "interfaces") == 0)
		return take_list(r, v, &dev->ports, false);
	else if (strcmp(key, "activation-mode") == 0)
		dev->off = br_streq(text_of(v), "manual") || br_streq(text_of(v), "off");
	else
		return is_known(key) ? 0 : note_odd(r, key, v);
	if (e == 0 && (strcmp(key, "dhcp4") == 0 || dev->dhcp4 != 1)) {
		dev->line = v->line;
		e = set(&dev->path, r->path);
	}
	return e;
}

static struct br_netplan_dev *dev_of(struct reader *r, const char *kind, const char *id)
{
	struct br_netplan *to = r->to;
	struct br_netplan_dev *dev;

	for (size_t i = 0; i < to->n; i++)
		if (strcmp(to->v[i].kind, kind) == 0 && strcmp(to->v[i].id, id) == 0)
			return &to->v[i];
	if (br_grow(&to->v, &to->cap, to->n, sizeof(*to->v)) < 0)
		return NULL;
	dev = &to->v[to->n++];
	*dev = (struct br_netplan_dev){.dhcp4 = -1, .dhcp6 = -1, .kind = strdup(kind), .id = strdup(id), .path = strdup(r->path)};
	return dev->kind && dev->id && dev->path ? dev : NULL;
}

static int take_dev(struct reader *r, const char *kind, const char *id, const struct br_yaml_node *node)
{
	struct br_netplan_dev *dev;

	if (r->to->n >= BR_NET_PROFILES_MAX)
		return refuse(r, node, "more than can be read");
	/* Older releases refuse an interface that says nothing, newer ones do not: it says nothing in any case. */
	if (!br_yaml_null(node) && node->kind != BR_YAML_MAP)
		return refuse(r, node, "no mapping below the interface");
	dev = dev_of(r, kind, id);
	if (!dev)
		return -ENOMEM;
	if (!dev->line)
		dev->line = node ? node->line : 0;
	if (r->of_kind)
		dev->renderer = r->of_kind;
	if (br_yaml_null(node))
		return 0;
	for (const struct br_yaml_node *c = br_yaml_first(r->y, node); c; c = br_yaml_next(r->y, c)) {
		const char *key = br_yaml_key(r->y, c);
		int e = key ? take_key(r, key, br_yaml_value(r->y, c), dev) : 0;

		if (e < 0)
			return e;
		if (++r->to->steps > BR_NET_STEPS_MAX)
			return refuse(r, node, "more than can be read");
	}
	return 0;
}

static int take_kind(struct reader *r, const char *kind, const struct br_yaml_node *node)
{
	r->of_kind = BR_NETPLAN_DEFAULT;
	if (br_yaml_null(node))
		return 0;
	if (node->kind != BR_YAML_MAP)
		return refuse(r, node, "no mapping of interfaces");
	for (const struct br_yaml_node *c = br_yaml_first(r->y, node); c; c = br_yaml_next(r->y, c)) {
		const char *id = br_yaml_key(r->y, c);
		int e;

		if (!id)
			return refuse(r, node, "an interface without a name");
		if (strcmp(id, "renderer") == 0)
			e = take_renderer(r, br_yaml_value(r->y, c), &r->of_kind);
		else
			e = take_dev(r, kind, id, br_yaml_value(r->y, c));
		if (e < 0)
			return e;
	}
	return 0;
}

static int take_network(struct reader *r, const struct br_yaml_node *network)
{
	static const char *const kinds[] = {"ethernets", "bonds", "bridges", "vlans", "wifis", "modems", "tunnels", "vrfs",
	                                    "dummy-devices", "nm-devices"};
	const struct br_yaml_node *v;
	int e = 0;

	if (br_yaml_null(network))
		return 0;
	if (network->kind != BR_YAML_MAP)
		return refuse(r, network, "network: no mapping");
	r->to->any = true;
	v = br_yaml_get(r->y, network, "version");
	if (v && !br_streq(text_of(v), "2"))
		return refuse(r, v, "no version of that number");
	v = br_yaml_get(r->y, network, "renderer");
	if (v)
		e = take_renderer(r, v, &r->to->renderer);
	for (size_t i = 0; e == 0 && i < BR_ARRAY_SIZE(kinds); i++) {
		v = br_yaml_get(r->y, network, kinds[i]);
		if (v)
			e = take_kind(r, kinds[i], v);
	}
	return e;
}

int br_netplan_take(const char *path, const struct br_yaml *y, const struct br_yaml_node *network,
                    struct br_netplan *ret, unsigned *ret_line, const char **ret_why)
{
	struct reader r = {.path = path, .y = y, .to = ret, .line = ret_line, .why = ret_why};

	return take_network(&r, network);
}

int br_netplan_parse(const char *path, const char *buf, size_t len, struct br_netplan *ret, unsigned *ret_line,
                     const char **ret_why)
{
	br_cleanup(br_yaml_free) struct br_yaml y = {0};
	struct reader r = {.path = path, .y = &y, .to = ret, .line = ret_line, .why = ret_why};
	int e = br_yaml_parse(buf, len, &y, ret_line);
	const struct br_yaml_node *top;

	*ret_why = e == -E2BIG ? "more than can be read" : "no YAML";
	if (e < 0)
		return e == -ENOMEM ? e : -EBADMSG;
	top = br_yaml_top(&y);
	if (br_yaml_null(top))
		return 0;
	if (top->kind != BR_YAML_MAP)
		return refuse(&r, top, "no mapping");
	for (const struct br_yaml_node *c = br_yaml_first(&y, top); c; c = br_yaml_next(&y, c))
		if (!br_streq(br_yaml_key(&y, c), "network"))
			return refuse(&r, c, "another key than network:");
	return take_network(&r, br_yaml_get(&y, top, "network"));
}
