/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NetworkManager's connection files (nm-settings-keyfile(5)). */
#include <errno.h>

#include "base/limits.h"
#include "image/net-internal.h"

/* Of a section that has an old name and a new one. */
static const char *either(const struct br_ini *ini, const char *section, const char *old, const char *key, unsigned *line)
{
	const char *v = br_ini_get(ini, section, key, line);

	return v ? v : br_ini_get(ini, old, key, line);
}

static bool is_wired(const char *type)
{
	return br_streq(type, "ethernet") || br_streq(type, "802-3-ethernet");
}

/* A list of patterns; "|" and "&" in front are NetworkManager's any and all. */
static int add_list(struct br_strv *to, const char *value)
{
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, value, ";, \t");
	for (size_t i = 0; i < words.n; i++) {
		const char *w = words.v[i] + strspn(words.v[i], "|&");

		if (*w)
			br_strv_add(to, w);
	}
	return words.oom || to->oom ? -ENOMEM : 0;
}

static int take_match(struct br_net_match *m, const struct br_ini *ini)
{
	static const char *const odd[] = {"path", "kernel-command-line"};
	const char *v = br_ini_get(ini, "connection", "interface-name", NULL);
	int r = v && *v ? add_list(&m->names, v) : 0;

	v = br_ini_get(ini, "match", "interface-name", NULL);
	if (r == 0 && v)
		r = add_list(&m->names, v);
	v = br_ini_get(ini, "match", "driver", NULL);
	if (r == 0 && v)
		r = add_list(&m->drivers, v);
	v = either(ini, "ethernet", "802-3-ethernet", "mac-address", NULL);
	if (r == 0 && v && *v)
		r = br_net_set(&m->mac, v);
	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(odd); i++) {
		v = br_ini_get(ini, "match", odd[i], NULL);
		if (v && *v) {
			free(m->odd);
			m->odd = br_format("match.%s=%s", odd[i], v);
			r = m->odd ? 0 : -ENOMEM;
		}
	}
	return r;
}

static bool has_address(const struct br_ini *ini, const char *section)
{
	for (size_t i = 0; i < ini->n; i++)
		if (strcmp(ini->v[i].section, section) == 0 && br_starts(ini->v[i].key, "address") && *ini->v[i].value)
			return true;
	return false;
}

/* Without a method an interface has auto, or manual where addresses are given. */
static enum br_net_how how_of(const struct br_ini *ini, unsigned *line)
{
	const char *v4 = br_ini_get(ini, "ipv4", "method", line), *v6 = br_ini_get(ini, "ipv6", "method", NULL);

	if (!v4 || !*v4)
		v4 = has_address(ini, "ipv4") ? "manual" : "auto";
	if (strcmp(v4, "auto") == 0)
		return BR_NET_DHCP;
	if (strcmp(v4, "manual") == 0)
		return BR_NET_STATIC;
	if (!v6 || !*v6)
		v6 = has_address(ini, "ipv6") ? "manual" : "auto";
	return strcmp(v6, "auto") == 0 || strcmp(v6, "dhcp") == 0 ? BR_NET_DHCP6 : BR_NET_NOTHING;
}

static int priority_of(const char *v)
{
	bool minus = v && *v == '-';
	long n = v ? strtol(v + minus, NULL, 10) : 0;

	n = n < 0 ? 0 : n > 999 ? 999 : n;
	return (int)(minus ? -n : n);
}

static int fill(struct br_net_profile *p, const struct br_ini *ini)
{
	const char *type = br_ini_get(ini, "connection", "type", NULL), *permissions, *master;
	const char *autoconnect = br_ini_get(ini, "connection", "autoconnect", NULL);
	int r = take_match(&p->match, ini);

	if (r < 0)
		return r;
	p->how = how_of(ini, &p->line);
	p->priority = priority_of(br_ini_get(ini, "connection", "autoconnect-priority", NULL));
	permissions = br_ini_get(ini, "connection", "permissions", NULL);
	p->at_boot = br_net_bool(autoconnect) != 0 && !(permissions && *permissions);
	master = br_ini_get(ini, "connection", "controller", NULL);
	if (!master || !*master)
		master = br_ini_get(ini, "connection", "master", NULL);
	if (master && *master && br_net_set(&p->master, master) < 0)
		return -ENOMEM;
	/* A section of Ethernet's is enough for a type that is not said. */
	if (type && *type && !is_wired(type)) {
		p->match.never = br_format("type=%s", type);
		return p->match.never ? 0 : -ENOMEM;
	}
	return 0;
}

int br_net_keyfile_parse(struct br_network *n, const char *path, const char *buf, size_t len)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	struct br_net_profile *p;
	unsigned line = 0;
	int r = br_ini_parse(buf, len, BR_INI_KEYFILE, &ini, &line);

	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		r = br_net_problem(n, BR_NET_NM, path, line, br_format("neither a section, a comment nor key=value"), true);
		return r < 0 ? r : -EBADMSG;
	}
	p = br_net_add(n, BR_NET_NM, path, 0);
	if (!p)
		return n->too_many ? 0 : -ENOMEM;
	p->cloud_init = strstr(path, "/cloud-init-") != NULL;
	return fill(p, &ini);
}

/* What editors and package managers leave behind. */
static bool is_left_over(const char *name)
{
	static const char *const endings[] = {"~", ".swp", ".rpmnew", ".rpmsave", ".rpmorig", ".bak", ".orig", ".nmmeta",
	                                      ".pem", ".der"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(endings); i++)
		if (br_ends(name, endings[i]))
			return true;
	return name[0] == '.';
}

/* NetworkManager takes no file that another than root owns, or could read. */
static int check_mode(const struct br_root *root, struct br_net_profile *p)
{
	struct stat st;

	if (br_root_stat(root, p->path, &st) < 0)
		return 0;
	if (!(st.st_mode & 077) && st.st_uid == 0)
		return 0;
	p->unused = br_format("its mode is %04o and its owner %u: NetworkManager takes none that others than root could read",
	                      (unsigned)(st.st_mode & 07777), (unsigned)st.st_uid);
	return p->unused ? 0 : -ENOMEM;
}

int br_net_keyfiles_read(const struct br_root *root, struct br_network *n)
{
	static const char *const folders[] = {"/etc/NetworkManager/system-connections",
	                                      "/usr/lib/NetworkManager/system-connections"};
	br_autostrv struct br_strv paths = {0};
	int r = br_net_files(root, folders, BR_ARRAY_SIZE(folders), "", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++) {
		br_autoblob struct br_blob blob = {0};
		size_t before = n->n;

		if (is_left_over(strrchr(paths.v[i], '/') + 1) || br_net_masked(root, paths.v[i]) ||
		    (br_starts(paths.v[i], folders[1]) && !br_ends(paths.v[i], ".nmconnection")))
			continue;
		r = br_root_read(root, paths.v[i], BR_CONFIG_MAX, &blob);
		if (r < 0) {
			r = br_net_unread(n, BR_NET_NM, paths.v[i], r);
			continue;
		}
		r = br_net_keyfile_parse(n, paths.v[i], blob.data, blob.len);
		if (r == 0 && n->n > before)
			r = check_mode(root, &n->v[before]);
		else if (r == -EBADMSG)
			r = 0;
	}
	return r;
}
