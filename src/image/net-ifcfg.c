/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ifcfg-* files: Red Hat's network-scripts and NetworkManager's reader of them, and SUSE's wicked. */
#include <ctype.h>
#include <errno.h>

#include "base/limits.h"
#include "image/net-internal.h"

/* The right-hand side of an assignment as a shell takes it. */
static char *shell_value(const char *s)
{
	br_autostr struct br_str out = {0};
	char quote = 0;

	br_str_puts(&out, "");
	for (; *s; s++) {
		if (!quote && strchr(" \t;#", *s))
			break;
		if (*s == '\\' && quote != '\'' && s[1])
			br_str_putc(&out, *++s);
		else if (quote ? *s == quote : *s == '"' || *s == '\'')
			quote = quote ? 0 : *s;
		else
			br_str_putc(&out, *s);
	}
	return br_str_take(&out);
}

static bool is_name(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '_')
			return false;
	return n > 0;
}

static int take_line(struct br_ini *ini, char *line, unsigned number)
{
	struct br_ini_item *item;
	char *equals, *s = line + strspn(line, " \t");

	if (br_starts(s, "export "))
		s += strlen("export ");
	equals = strchr(s, '=');
	line[strcspn(line, "\r")] = '\0';
	if (!equals || !is_name(s, (size_t)(equals - s)) || ini->n >= BR_NET_ITEMS_MAX)
		return 0;
	if (br_grow(&ini->v, &ini->cap, ini->n, sizeof(*ini->v)) < 0)
		return -ENOMEM;
	item = &ini->v[ini->n++];
	*item = (struct br_ini_item){strdup(""), strndup(s, (size_t)(equals - s)), shell_value(equals + 1), number};
	return item->section && item->key && item->value ? 0 : -ENOMEM;
}

static int parse(const char *buf, size_t len, struct br_ini *ini)
{
	unsigned number = 0;

	if (memchr(buf, '\0', len))
		return -EBADMSG;
	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, stop ? (size_t)(stop - at) : (size_t)(end - at));

		if (!line || take_line(ini, line, ++number) < 0)
			return -ENOMEM;
		at = stop ? stop + 1 : end;
	}
	return 0;
}

static const char *get(const struct br_ini *ini, const char *key, unsigned *line)
{
	const char *v = br_ini_get(ini, "", key, line);

	return v && *v ? v : NULL;
}

/* What kind of interface, where it is not a plain card. */
static const char *other_kind(const struct br_ini *ini, bool suse)
{
	static const char *const suse_keys[] = {"ETHERDEVICE", "BONDING_MASTER", "BRIDGE", "TUNNEL", "WIRELESS_ESSID"};
	const char *type = get(ini, "TYPE", NULL), *vlan = get(ini, "VLAN", NULL);

	for (size_t i = 0; suse && i < BR_ARRAY_SIZE(suse_keys); i++) {
		const char *v = get(ini, suse_keys[i], NULL);

		if (v && br_net_bool(v) != 0)
			return suse_keys[i];
	}
	if (!suse && type && strcasecmp(type, "Ethernet") != 0)
		return type;
	if (!suse && vlan && br_net_bool(vlan) == 1)
		return "VLAN";
	return !suse && get(ini, "BONDING_OPTS", NULL) ? "Bond" : NULL;
}

static const char *master_of(const struct br_ini *ini, bool suse)
{
	static const char *const keys[] = {"MASTER", "BRIDGE", "TEAM_MASTER"};

	for (size_t i = 0; !suse && i < BR_ARRAY_SIZE(keys); i++)
		if (get(ini, keys[i], NULL))
			return get(ini, keys[i], NULL);
	return NULL;
}

static enum br_net_how how_of(const struct br_ini *ini, unsigned *line)
{
	static const char *const dhcp[] = {"dhcp", "bootp", "dhcp4"};
	const char *proto = get(ini, "BOOTPROTO", line), *v6 = get(ini, "DHCPV6C", NULL);

	/* wicked's may be joined: "dhcp4+auto6" */
	for (const char *at = proto; at && *at; at += strspn(at, "+")) {
		size_t n = strcspn(at, "+");

		for (size_t i = 0; i < BR_ARRAY_SIZE(dhcp); i++)
			if (strlen(dhcp[i]) == n && strncasecmp(at, dhcp[i], n) == 0)
				return BR_NET_DHCP;
		at += n;
	}
	if (get(ini, "IPADDR", line) || get(ini, "IPADDR0", line) || get(ini, "IPADDR1", line) || get(ini, "IPADDR_0", line))
		return BR_NET_STATIC;
	if ((proto && (strstr(proto, "dhcp6") || strstr(proto, "auto6"))) || (v6 && br_net_bool(v6) == 1))
		return BR_NET_DHCP6;
	return BR_NET_NOTHING;
}

static bool starts_at_boot(const struct br_ini *ini, bool suse)
{
	static const char *const modes[] = {"auto", "onboot", "boot", "on", "hotplug", "ifplugd", "nfsroot"};
	const char *mode = get(ini, "STARTMODE", NULL), *onboot = get(ini, "ONBOOT", NULL);

	if (!suse)
		return !onboot || br_net_bool(onboot) != 0;
	for (size_t i = 0; mode && i < BR_ARRAY_SIZE(modes); i++)
		if (strcasecmp(mode, modes[i]) == 0)
			return true;
	return false;
}

static int set_match(struct br_net_profile *p, const struct br_ini *ini, bool suse, const char *suffix, bool need_name)
{
	const char *device = get(ini, "DEVICE", NULL), *mac = get(ini, "HWADDR", NULL), *kind = other_kind(ini, suse);

	if (suse || (!device && need_name && !mac))
		device = suffix;
	if (device)
		br_strv_add(&p->match.names, device);
	if (!suse && mac && br_net_set(&p->match.mac, mac) < 0)
		return -ENOMEM;
	if (kind) {
		p->match.never = br_format("%s", kind);
		if (!p->match.never)
			return -ENOMEM;
	}
	return p->match.names.oom ? -ENOMEM : 0;
}

static int add_profile(struct br_network *n, enum br_net_system system, const char *path, const struct br_ini *ini)
{
	bool suse = system == BR_NET_WICKED;
	const char *suffix = strstr(strrchr(path, '/'), "ifcfg-") + strlen("ifcfg-");
	const char *managed = get(ini, "NM_CONTROLLED", NULL), *master = master_of(ini, suse);
	struct br_net_profile *p = br_net_add(n, system, path, 0);

	if (!p)
		return n->too_many ? 0 : -ENOMEM;
	p->how = how_of(ini, &p->line);
	p->at_boot = starts_at_boot(ini, suse);
	p->unmanaged = system == BR_NET_NM && managed && br_net_bool(managed) == 0;
	if (master && br_net_set(&p->master, master) < 0)
		return -ENOMEM;
	return set_match(p, ini, suse, suffix, system == BR_NET_SCRIPTS);
}

/* SUSE's bonds and bridges list their ports; the card is then judged by what the whole thing gets. */
static int add_ports(struct br_network *n, const char *path, const struct br_ini *ini)
{
	br_autostrv struct br_strv ports = {0};
	struct br_net_profile *p;

	for (size_t i = 0; i < ini->n; i++)
		if (br_starts(ini->v[i].key, "BONDING_SLAVE_") || strcmp(ini->v[i].key, "BRIDGE_PORTS") == 0)
			br_strv_split(&ports, ini->v[i].value, " \t");
	if (ports.oom)
		return -ENOMEM;
	if (!ports.n)
		return 0;
	p = br_net_add(n, BR_NET_WICKED, path, 0);
	if (!p)
		return n->too_many ? 0 : -ENOMEM;
	p->how = how_of(ini, &p->line);
	p->at_boot = starts_at_boot(ini, true);
	for (size_t i = 0; i < ports.n; i++)
		br_strv_add(&p->match.names, ports.v[i]);
	return p->match.names.oom ? -ENOMEM : 0;
}

int br_net_ifcfg_parse(struct br_network *n, bool suse, const char *path, const char *buf, size_t len)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	bool cloud = memmem(buf, len, "reated by cloud-init", strlen("reated by cloud-init")) != NULL;
	size_t before = n->n;
	int r = parse(buf, len, &ini);

	if (r == -EBADMSG) {
		r = br_net_problem(n, suse ? BR_NET_WICKED : BR_NET_NM, path, 0, br_format("not a text file"), false);
		return r < 0 ? r : -EBADMSG;
	}
	if (r < 0)
		return r;
	if (suse) {
		r = add_profile(n, BR_NET_WICKED, path, &ini);
		r = r < 0 ? r : add_ports(n, path, &ini);
	} else {
		r = add_profile(n, BR_NET_SCRIPTS, path, &ini);
		if (r == 0 && n->nm.ifcfg)
			r = add_profile(n, BR_NET_NM, path, &ini);
	}
	for (size_t i = before; i < n->n; i++)
		n->v[i].cloud_init = cloud;
	return r;
}

static bool is_config(const char *name)
{
	static const char *const endings[] = {"~", ".bak", ".orig", ".rpmnew", ".rpmsave", ".rpmorig", ".old", ".scpmbackup"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(endings); i++)
		if (br_ends(name, endings[i]))
			return false;
	return br_starts(name, "ifcfg-") && strcmp(name, "ifcfg-lo") != 0 && name[strlen("ifcfg-")] && !strchr(name, ':');
}

static int read_folder(const struct br_root *root, struct br_network *n, const char *folder, bool suse)
{
	br_autostrv struct br_strv paths = {0};
	int r = br_net_files(root, &folder, 1, "", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++) {
		br_autoblob struct br_blob blob = {0};

		if (!is_config(strrchr(paths.v[i], '/') + 1))
			continue;
		r = br_root_read(root, paths.v[i], BR_CONFIG_MAX, &blob);
		r = r < 0 ? br_net_unread(n, suse ? BR_NET_WICKED : BR_NET_NM, paths.v[i], r) :
		            br_net_ifcfg_parse(n, suse, paths.v[i], blob.data, blob.len);
		if (r == -EBADMSG)
			r = 0;
	}
	return r;
}

int br_net_ifcfg_read(const struct br_root *root, struct br_network *n)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	br_autoblob struct br_blob blob = {0};
	const char *on;
	int r = read_folder(root, n, "/etc/sysconfig/network-scripts", false);

	if (r == 0)
		r = read_folder(root, n, "/etc/sysconfig/network", true);
	if (r < 0 || br_root_read(root, "/etc/sysconfig/network", BR_CONFIG_MAX, &blob) < 0)
		return r;
	r = parse(blob.data, blob.len, &ini);
	on = get(&ini, "NETWORKING", NULL);
	n->networking_off = r == 0 && on && br_net_bool(on) == 0;
	return r == -ENOMEM ? r : 0;
}
