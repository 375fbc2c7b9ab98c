/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd-networkd's .network files and udev's .link files: by name, /etc first, drop-ins merged. */
#include <errno.h>
#include <fnmatch.h>

#include "base/limits.h"
#include "image/net-internal.h"

static const char *const folders[] = {"/etc/systemd/network", "/run/systemd/network", "/usr/local/lib/systemd/network",
                                      "/usr/lib/systemd/network", "/lib/systemd/network"};

/* Words of a list that may be quoted; a "!" in front of an assignment is one in front of each. */
static int add_words(struct br_strv *to, const char *value)
{
	br_autostrv struct br_strv words = {0};
	bool not = *value == '!';

	if (!*value) {
		br_strv_free(to);
		return 0;
	}
	br_strv_split(&words, value + not, " \t\"'");
	for (size_t i = 0; i < words.n; i++) {
		br_autofree char *word = br_format("%s%s", not ? "!" : "", words.v[i]);

		if (!word)
			return -ENOMEM;
		br_strv_add(to, word);
	}
	return words.oom || to->oom ? -ENOMEM : 0;
}

/* A list against what every Ethernet card of a virtual machine is. */
static bool fits(const char *value, const char *is)
{
	br_autostrv struct br_strv words = {0};
	bool not = *value == '!', any = false;

	br_strv_split(&words, value + not, " \t\"'");
	for (size_t i = 0; i < words.n; i++)
		any |= *is && fnmatch(words.v[i], is, 0) == 0;
	return any != not;
}

/* Where the target is a virtual machine, which no file of the root knows better. */
static const char *virtualization(const char *value)
{
	bool not = *value == '!';

	value += not;
	if (br_streq(value, "container") || br_streq(value, "no") || br_streq(value, "0") || br_streq(value, "false"))
		return not ? "yes" : "no";
	if (br_streq(value, "vm") || br_streq(value, "yes") || br_streq(value, "1") || br_streq(value, "true"))
		return not ? "no" : "yes";
	return NULL;
}

static int set_pair(char **to, const char *key, const char *value)
{
	char *text = br_format("%s=%s", key, value);

	if (!text)
		return -ENOMEM;
	free(*to);
	*to = text;
	return 0;
}

static int match_virtualization(struct br_net_match *m, const char *key, const char *value)
{
	const char *is = virtualization(value);

	if (!is)
		return set_pair(&m->odd, key, value);
	return br_streq(is, "no") ? set_pair(&m->never, key, value) : 0;
}

int br_net_match_ini(struct br_net_match *m, const char *key, const char *value)
{
	static const char *const odd[] = {"Path", "Property", "Host", "KernelCommandLine", "KernelVersion", "Version",
	                                  "Architecture", "Credential", "Firmware"};
	static const char *const radio[] = {"SSID", "BSSID", "WLANInterfaceType"};

	if (strcmp(key, "Name") == 0 || strcmp(key, "OriginalName") == 0)
		return add_words(&m->names, value);
	if (strcmp(key, "Driver") == 0)
		return add_words(&m->drivers, value);
	if (strcmp(key, "Type") == 0)
		return add_words(&m->types, value);
	if (strcmp(key, "MACAddress") == 0 || strcmp(key, "PermanentMACAddress") == 0) {
		free(m->mac);
		m->mac = *value ? strdup(value) : NULL;
		return !*value || m->mac ? 0 : -ENOMEM;
	}
	if (!*value)
		return 0;
	if (strcmp(key, "Kind") == 0)
		return fits(value, "") ? 0 : set_pair(&m->never, key, value);
	if (strcmp(key, "Virtualization") == 0)
		return match_virtualization(m, key, value);
	for (size_t i = 0; i < BR_ARRAY_SIZE(radio); i++)
		if (strcmp(key, radio[i]) == 0)
			return set_pair(&m->never, key, value);
	for (size_t i = 0; i < BR_ARRAY_SIZE(odd); i++)
		if (strcmp(key, odd[i]) == 0)
			return set_pair(&m->odd, key, value);
	return 0;
}

/* A file with its drop-ins, one after the other. unread: it or a drop-in could not be read. */
static int read_merged(const struct br_root *root, struct br_network *n, const char *path, struct br_ini *ini)
{
	const char *base = strrchr(path, '/') + 1;
	br_autostrv struct br_strv paths = {0}, drop = {0};
	int r = 0;

	br_strv_add(&paths, path);
	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *folder = br_format("%s/%s.d", folders[i], base);

		if (!folder)
			return -ENOMEM;
		if (br_root_exists(root, folder))
			br_strv_add(&drop, folder);
	}
	if (drop.n)
		r = br_net_files(root, (const char *const *)drop.v, drop.n, ".conf", &paths);
	if (r < 0 || paths.oom || drop.oom)
		return -ENOMEM;
	/* The file itself first, whatever its name sorts to. */
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < paths.n; i++) {
			br_autoblob struct br_blob blob = {0};
			unsigned line;

			if ((strcmp(paths.v[i], path) == 0) == (pass == 1) || (pass && br_net_masked(root, paths.v[i])))
				continue;
			r = br_root_read(root, paths.v[i], BR_CONFIG_MAX, &blob);
			r = r < 0 ? br_net_unread(n, BR_NET_NETWORKD, paths.v[i], r) :
			            br_ini_parse(blob.data, blob.len, BR_INI_SYSTEMD, ini, &line);
			if (r == -EBADMSG || r == -E2BIG)
				r = br_net_problem(n, BR_NET_NETWORKD, paths.v[i], 0, br_format("not a text file"), false);
			if (r < 0)
				return r;
		}
	return 0;
}

static enum br_net_how dhcp_of(const char *value)
{
	if (strcasecmp(value, "ipv4") == 0 || strcasecmp(value, "both") == 0 || strcasecmp(value, "v4") == 0)
		return BR_NET_DHCP;
	if (strcasecmp(value, "ipv6") == 0 || strcasecmp(value, "v6") == 0)
		return BR_NET_DHCP6;
	return br_net_bool(value) == 1 ? BR_NET_DHCP : BR_NET_NOTHING;
}

static bool is_ipv4(const char *address)
{
	return strchr(address, '.') && !strchr(address, ':');
}

static int read_network_section(struct br_net_profile *p, const struct br_ini_item *item)
{
	static const char *const masters[] = {"Bond", "Bridge"};

	if (strcmp(item->key, "DHCP") == 0) {
		p->line = item->line;
		p->how = dhcp_of(item->value);
	}
	if (strcmp(item->key, "Address") == 0 && p->how != BR_NET_DHCP && is_ipv4(item->value)) {
		p->line = item->line;
		p->how = BR_NET_STATIC;
	}
	for (size_t i = 0; i < BR_ARRAY_SIZE(masters); i++)
		if (strcmp(item->key, masters[i]) == 0 && *item->value)
			return br_net_set(&p->master, item->value);
	return 0;
}

/* Fills a profile from a merged file. */
static int fill(struct br_net_profile *p, const struct br_ini *ini)
{
	bool dhcp = false, any = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ini->n; i++) {
		const struct br_ini_item *item = &ini->v[i];

		if (strcmp(item->section, "Match") == 0) {
			any |= *item->value != '\0';
			r = br_net_match_ini(&p->match, item->key, item->value);
		} else if (strcmp(item->section, "Network") == 0) {
			r = read_network_section(p, item);
			dhcp |= p->how == BR_NET_DHCP;
		} else if (strcmp(item->section, "Address") == 0 && strcmp(item->key, "Address") == 0 &&
		           is_ipv4(item->value) && p->how != BR_NET_DHCP) {
			p->how = BR_NET_STATIC;
			p->line = item->line;
		} else if (strcmp(item->section, "Link") == 0 && strcmp(item->key, "Unmanaged") == 0) {
			p->unmanaged = br_net_bool(item->value) == 1;
		} else if (strcmp(item->section, "Link") == 0 && strcmp(item->key, "ActivationPolicy") == 0) {
			p->at_boot = strcmp(item->value, "manual") != 0 && !br_ends(item->value, "down");
		}
	}
	if (r == 0 && !any)
		r = br_net_set(&p->unused, "it has no [Match] section, and is ignored");
	return r;
}

static bool by_cloud_init(const char *base)
{
	return br_starts(base, "10-cloud-init-");
}

static int read_one(const struct br_root *root, struct br_network *n, const char *path)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	struct br_net_profile *p;
	int r = read_merged(root, n, path, &ini);

	if (r < 0)
		return r;
	p = br_net_add(n, BR_NET_NETWORKD, path, 0);
	if (!p)
		return n->too_many ? 0 : -ENOMEM;
	p->at_boot = true;
	p->cloud_init = by_cloud_init(strrchr(path, '/') + 1);
	p->order = strdup(strrchr(path, '/') + 1);
	return p->order ? fill(p, &ini) : -ENOMEM;
}

int br_net_networkd_read(const struct br_root *root, struct br_network *n)
{
	br_autostrv struct br_strv paths = {0};
	int r = br_net_files(root, folders, BR_ARRAY_SIZE(folders), ".network", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++)
		if (!br_net_masked(root, paths.v[i]))
			r = read_one(root, n, paths.v[i]);
	return r;
}

/* NamePolicy=: does any of it give a name of its own? */
static void take_policy(struct br_net_link *l, const char *value)
{
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, value, " \t");
	l->keep = l->policy = false;
	for (size_t i = 0; i < words.n; i++)
		l->policy |= !br_streq(words.v[i], "kernel") && !br_streq(words.v[i], "keep") && !br_streq(words.v[i], "database");
	l->keep = !l->policy;
}

static int read_link(const struct br_root *root, struct br_network *n, const char *path)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	struct br_net_link *l;
	bool any = false;
	int r = read_merged(root, n, path, &ini);

	if (r < 0 || n->n_links >= BR_NET_PROFILES_MAX)
		return r;
	if (br_grow(&n->links, &n->cap_links, n->n_links, sizeof(*n->links)) < 0)
		return -ENOMEM;
	l = &n->links[n->n_links++];
	*l = (struct br_net_link){.path = strdup(path), .order = strdup(strrchr(path, '/') + 1)};
	if (!l->path || !l->order)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < ini.n; i++) {
		const struct br_ini_item *item = &ini.v[i];

		if (strcmp(item->section, "Match") == 0) {
			any = true;
			r = br_net_match_ini(&l->match, item->key, item->value);
		} else if (strcmp(item->section, "Link") == 0 && strcmp(item->key, "NamePolicy") == 0) {
			take_policy(l, item->value);
		} else if (strcmp(item->section, "Link") == 0 && strcmp(item->key, "Name") == 0) {
			r = br_net_set(&l->name, item->value);
		}
	}
	/* Without a [Match] section udev leaves the file out. */
	if (r == 0 && !any)
		r = br_net_set(&l->match.never, "no [Match] section");
	return r;
}

int br_net_links_read(const struct br_root *root, struct br_network *n)
{
	br_autostrv struct br_strv paths = {0};
	int r = br_net_files(root, folders, BR_ARRAY_SIZE(folders), ".link", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++)
		if (!br_net_masked(root, paths.v[i]))
			r = read_link(root, n, paths.v[i]);
	return r;
}
