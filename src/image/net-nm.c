/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NetworkManager.conf and what is merged into it, in NetworkManager's own order (nm-config.c). */
#include <errno.h>

#include "base/limits.h"
#include "image/net-internal.h"

/* A list of device specs; a later file's word takes the place of an earlier one's, "+=" adds. */
static int take_list(struct br_strv *to, const char *value, bool add)
{
	br_autostrv struct br_strv words = {0};

	if (!add)
		br_strv_free(to);
	br_strv_split(&words, value, ",; \t");
	for (size_t i = 0; i < words.n; i++)
		if (!add || !br_strv_has(to, words.v[i]))
			br_strv_add(to, words.v[i]);
	return words.oom || to->oom ? -ENOMEM : 0;
}

struct conf {
	struct br_strv plugins;
	bool plugins_set;
	int managed; /* [ifupdown] managed= */
	struct br_ini devices; /* [device*] and [connection*] keys, in order */
};

static void conf_free(struct conf *c)
{
	br_strv_free(&c->plugins);
	br_ini_free(&c->devices);
}

static int take_item(struct br_network *n, struct conf *c, const struct br_ini_item *item)
{
	size_t len = strlen(item->key);
	bool add = len && item->key[len - 1] == '+';
	br_autofree char *key = strndup(item->key, len - add);

	if (!key)
		return -ENOMEM;
	if (strcmp(item->section, "main") == 0 && strcmp(key, "plugins") == 0) {
		c->plugins_set = true;
		return take_list(&c->plugins, item->value, add);
	}
	if (strcmp(item->section, "main") == 0 && strcmp(key, "no-auto-default") == 0)
		return take_list(&n->nm.no_auto_default, item->value, add);
	if (strcmp(item->section, "keyfile") == 0 && strcmp(key, "unmanaged-devices") == 0)
		return take_list(&n->nm.unmanaged, item->value, add);
	if (strcmp(item->section, "ifupdown") == 0 && strcmp(key, "managed") == 0)
		c->managed = br_net_bool(item->value);
	return 0;
}

/* [device-NAME]: match-device= and managed= of one section. */
static int take_devices(struct br_network *n, const struct br_ini *ini)
{
	for (size_t i = 0; i < ini->n; i++) {
		const char *section = ini->v[i].section, *match;

		if (!br_starts(section, "device") || strcmp(ini->v[i].key, "managed") != 0 || br_net_bool(ini->v[i].value) != 0)
			continue;
		match = br_ini_get(ini, section, "match-device", NULL);
		if (take_list(&n->nm.device_unmanaged, match ? match : "*", true) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* [.config] enable=no switches a file of conf.d off; version specs are taken for true. */
static bool switched_off(const struct br_ini *ini)
{
	const char *enable = br_ini_get(ini, ".config", "enable", NULL);

	return enable && br_net_bool(enable) == 0;
}

static int read_file(const struct br_root *root, struct br_network *n, const char *path, bool main, struct conf *c)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	br_autoblob struct br_blob blob = {0};
	unsigned line = 0;
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r < 0)
		return br_net_unread(n, BR_NET_NM, path, r);
	r = br_ini_parse(blob.data, blob.len, BR_INI_KEYFILE, &ini, &line);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		n->nm.bad_line = line;
		return br_net_set(&n->nm.bad, path);
	}
	if (!main && switched_off(&ini))
		return 0;
	for (size_t i = 0; r == 0 && i < ini.n; i++)
		r = take_item(n, c, &ini.v[i]);
	return r < 0 ? r : take_devices(n, &ini);
}

/* An empty file, or a link to /dev/null, in /etc takes away the one of its name; so does any other. */
static int read_folder(const struct br_root *root, struct br_network *n, const char *folder, const char *over,
                       struct conf *c)
{
	br_autostrv struct br_strv paths = {0};
	int r = br_net_files(root, &folder, 1, ".conf", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++) {
		br_autofree char *above = over ? br_format("%s/%s", over, strrchr(paths.v[i], '/') + 1) : NULL;

		if (over && !above)
			return -ENOMEM;
		/* netplan's generator puts an empty file of that name into /run where NetworkManager is its default. */
		if (n->netplan_nm && br_ends(paths.v[i], "/10-globally-managed-devices.conf"))
			continue;
		if (!above || !br_root_exists(root, above))
			r = read_file(root, n, paths.v[i], false, c);
	}
	return r;
}

/* Plugins are files in a folder of NetworkManager's version, in a folder of libraries. */
static bool has_plugin(const struct br_root *root, const char *name)
{
	static const char *const folders[] = {"/usr/lib64/NetworkManager", "/usr/lib/NetworkManager",
	                                      "/usr/lib/x86_64-linux-gnu/NetworkManager",
	                                      "/usr/lib/aarch64-linux-gnu/NetworkManager"};
	br_autofree char *file = br_format("libnm-settings-plugin-%s.so", name);

	for (size_t i = 0; file && i < BR_ARRAY_SIZE(folders); i++) {
		br_autostrv struct br_strv names = {0};

		if (br_root_list(root, folders[i], &names) < 0)
			continue;
		for (size_t j = 0; j < names.n; j++) {
			br_autofree char *path = br_format("%s/%s/%s", folders[i], names.v[j], file);

			if (path && (strcmp(names.v[j], file) == 0 || br_root_exists(root, path)))
				return true;
		}
	}
	return false;
}

int br_net_nm_read(const struct br_root *root, struct br_network *n)
{
	br_cleanup(conf_free) struct conf c = {.managed = -1};
	int r = read_folder(root, n, "/usr/lib/NetworkManager/conf.d", "/etc/NetworkManager/conf.d", &c);

	if (r == 0)
		r = read_file(root, n, "/etc/NetworkManager/NetworkManager.conf", true, &c);
	if (r == 0)
		r = read_folder(root, n, "/etc/NetworkManager/conf.d", NULL, &c);
	if (r < 0)
		return r;
	/* Without plugins= each distribution's build has its own list: Red Hat's names ifcfg-rh, Debian's ifupdown. */
	n->nm.ifcfg = has_plugin(root, "ifcfg-rh") && (!c.plugins_set || br_strv_has(&c.plugins, "ifcfg-rh"));
	n->nm.ifupdown = has_plugin(root, "ifupdown") && (!c.plugins_set || br_strv_has(&c.plugins, "ifupdown"));
	n->nm.ifupdown_managed = c.managed == 1;
	return 0;
}
