/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the readers of each network system together, and what they share. */
#include <ctype.h>
#include <errno.h>

#include "base/limits.h"
#include "image/growth-internal.h"
#include "image/net-internal.h"

const char *br_net_system_name(enum br_net_system s)
{
	static const char *const names[] = {
		[BR_NET_IFUPDOWN] = "ifupdown", [BR_NET_NETWORKD] = "systemd-networkd", [BR_NET_NM] = "NetworkManager",
		[BR_NET_SCRIPTS] = "network-scripts", [BR_NET_WICKED] = "wicked", [BR_NET_DHCPCD] = "dhcpcd",
		[BR_NET_CLOUD] = "cloud-init",
	};

	return s < BR_NET_SYSTEMS ? names[s] : "";
}

void br_net_match_free(struct br_net_match *m)
{
	br_strv_free(&m->names);
	br_strv_free(&m->drivers);
	br_strv_free(&m->types);
	free(m->mac);
	free(m->odd);
	free(m->never);
	*m = (struct br_net_match){0};
}

void br_net_profile_free(struct br_net_profile *p)
{
	free(p->path);
	free(p->order);
	free(p->master);
	free(p->unused);
	br_net_match_free(&p->match);
	*p = (struct br_net_profile){0};
}

static void free_nm(struct br_net_nm *nm)
{
	br_strv_free(&nm->unmanaged);
	br_strv_free(&nm->no_auto_default);
	br_strv_free(&nm->device_unmanaged);
	free(nm->bad);
}

void br_network_free(struct br_network *n)
{
	for (size_t i = 0; i < n->n; i++)
		br_net_profile_free(&n->v[i]);
	for (size_t i = 0; i < n->n_problems; i++) {
		free(n->problems[i].path);
		free(n->problems[i].what);
	}
	for (size_t i = 0; i < n->n_rules; i++) {
		free(n->rules[i].path);
		free(n->rules[i].mac);
		free(n->rules[i].name);
	}
	for (size_t i = 0; i < n->n_links; i++) {
		free(n->links[i].path);
		free(n->links[i].order);
		free(n->links[i].name);
		br_net_match_free(&n->links[i].match);
	}
	free(n->v);
	free(n->ordered);
	free(n->problems);
	free(n->rules);
	free(n->links);
	free_nm(&n->nm);
	free(n->cloud.disabled);
	free(n->cloud.path);
	br_strv_free(&n->cloud.renderers);
	*n = (struct br_network){0};
}

int br_net_set(char **to, const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

struct br_net_profile *br_net_add(struct br_network *n, enum br_net_system system, const char *path, unsigned line)
{
	struct br_net_profile *p;

	if (n->n >= BR_NET_PROFILES_MAX) {
		n->too_many = true;
		return NULL;
	}
	if (br_grow(&n->v, &n->cap, n->n, sizeof(*n->v)) < 0)
		return NULL;
	p = &n->v[n->n];
	*p = (struct br_net_profile){.system = system, .line = line, .path = strdup(path)};
	if (!p->path)
		return NULL;
	n->n++;
	return p;
}

int br_net_problem(struct br_network *n, enum br_net_system system, const char *path, unsigned line, char *what,
                   bool refused)
{
	br_autofree char *owned = what, *where = strdup(path);

	if (n->n_problems >= BR_NET_PROFILES_MAX) {
		n->too_many = true;
		return 0;
	}
	if (!owned || !where || br_grow(&n->problems, &n->cap_problems, n->n_problems, sizeof(*n->problems)) < 0)
		return -ENOMEM;
	n->problems[n->n_problems++] = (struct br_net_problem){
		.path = BR_TAKE(where), .line = line, .what = BR_TAKE(owned), .refused = refused, .system = system};
	return 0;
}

int br_net_unread(struct br_network *n, enum br_net_system system, const char *path, int err)
{
	if (err == -ENOMEM)
		return err;
	if (err == -ENOENT || err == -ENOTDIR)
		return 0;
	return br_net_problem(n, system, path, 0, br_format("cannot be read: %s", br_strerror(-err)), false);
}

int br_net_bool(const char *s)
{
	static const char *const yes[] = {"yes", "true", "1", "on", "y", "t"}, *const no[] = {"no", "false", "0", "off", "n", "f"};

	for (size_t i = 0; s && i < BR_ARRAY_SIZE(yes); i++) {
		if (strcasecmp(s, yes[i]) == 0)
			return 1;
		if (strcasecmp(s, no[i]) == 0)
			return 0;
	}
	return -1;
}

bool br_net_masked(const struct br_root *root, const char *path)
{
	br_autofree char *target = NULL;
	struct stat st;

	if (br_root_readlink(root, path, &target) == 0 && br_ends(target, "/dev/null"))
		return true;
	return br_root_stat(root, path, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_size == 0);
}

bool br_net_program(const struct br_root *root, const char *name)
{
	return br_growth_program(root, name);
}

static const char *base_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int by_base(const void *a, const void *b)
{
	return strcmp(base_of(*(char *const *)a), base_of(*(char *const *)b));
}

static bool has_base(const struct br_strv *paths, const char *base)
{
	for (size_t i = 0; i < paths->n; i++)
		if (strcmp(base_of(paths->v[i]), base) == 0)
			return true;
	return false;
}

int br_net_files(const struct br_root *root, const char *const *folders, size_t n_folders, const char *ending,
                 struct br_strv *ret_paths)
{
	for (size_t i = 0; i < n_folders; i++) {
		br_autostrv struct br_strv names = {0};
		int r = br_root_list(root, folders[i], &names);

		if (r == -ENOMEM)
			return r;
		for (size_t j = 0; r >= 0 && j < names.n && ret_paths->n < BR_NET_FILES_MAX; j++) {
			br_autofree char *path = NULL;

			if (names.v[j][0] == '.' || !br_ends(names.v[j], ending) || has_base(ret_paths, names.v[j]))
				continue;
			path = br_format("%s/%s", folders[i], names.v[j]);
			if (!path)
				return -ENOMEM;
			br_strv_add(ret_paths, path);
		}
	}
	if (ret_paths->oom)
		return -ENOMEM;
	if (ret_paths->n)
		qsort(ret_paths->v, ret_paths->n, sizeof(*ret_paths->v), by_base);
	return 0;
}

static bool any_exists(const struct br_root *root, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (br_root_exists(root, paths[i]))
			return true;
	return false;
}

#define ANY(root, ...)                                                              \
	any_exists(root, (const char *const[]){__VA_ARGS__},                        \
	           BR_ARRAY_SIZE(((const char *const[]){__VA_ARGS__})))

static bool busybox_has(const struct br_root *root, const char *applet)
{
	return br_net_program(root, applet) || ANY(root, "/etc/network/if-up.d/udhcpc");
}

static void read_programs(const struct br_root *root, struct br_network *n)
{
	n->system_programs[BR_NET_IFUPDOWN] = br_net_program(root, "ifup");
	n->system_programs[BR_NET_NETWORKD] = ANY(root, "/usr/lib/systemd/systemd-networkd", "/lib/systemd/systemd-networkd");
	n->system_programs[BR_NET_NM] = br_net_program(root, "NetworkManager");
	n->network_functions = ANY(root, "/etc/sysconfig/network-scripts/network-functions");
	n->system_programs[BR_NET_SCRIPTS] = n->network_functions;
	n->system_programs[BR_NET_WICKED] = br_net_program(root, "wickedd") || br_net_program(root, "wicked") ||
	                                    ANY(root, "/usr/lib/wicked/bin", "/usr/libexec/wicked/bin");
	n->system_programs[BR_NET_DHCPCD] = br_net_program(root, "dhcpcd");
	n->dhclient = br_net_program(root, "dhclient");
	n->dhcp_client = n->dhclient || br_net_program(root, "dhcpcd") || br_net_program(root, "pump") ||
	                 br_net_program(root, "dhcpcd5") || busybox_has(root, "udhcpc");
	n->ifquery = br_net_program(root, "ifquery") && br_net_program(root, "ifdown");
	n->ifupdown_file = br_root_exists(root, "/etc/network/interfaces");
	n->nmcli = br_net_program(root, "nmcli");
	n->nm_conf = br_root_exists(root, "/etc/NetworkManager/NetworkManager.conf");
	n->netplan_program = br_net_program(root, "netplan");
	n->netplan_generator = ANY(root, "/usr/lib/systemd/system-generators/netplan",
	                           "/lib/systemd/system-generators/netplan", "/usr/libexec/netplan/generate",
	                           "/usr/lib/netplan/generate", "/lib/netplan/generate") &&
	                       !br_net_masked(root, "/etc/systemd/system-generators/netplan");
	n->cloud_init = br_net_program(root, "cloud-init");
	n->link_files = ANY(root, "/usr/lib/udev/rules.d/80-net-setup-link.rules", "/lib/udev/rules.d/80-net-setup-link.rules") &&
	                !br_net_masked(root, "/etc/udev/rules.d/80-net-setup-link.rules");
	n->name_slot = ANY(root, "/usr/lib/udev/rules.d/80-net-name-slot.rules", "/lib/udev/rules.d/80-net-name-slot.rules") &&
	               !br_net_masked(root, "/etc/udev/rules.d/80-net-name-slot.rules");
	n->rules_generator = ANY(root, "/lib/udev/rules.d/75-persistent-net-generator.rules",
	                         "/usr/lib/udev/rules.d/75-persistent-net-generator.rules") &&
	                     !br_net_masked(root, "/etc/udev/rules.d/75-persistent-net-generator.rules");
}

/* The value of key in a rule: KEY=="value", or KEY="value". */
static char *rule_value(const char *line, const char *key, const char *operator)
{
	size_t n = strlen(key), m = strlen(operator);

	for (const char *s = line; (s = strstr(s, key)); s += n) {
		const char *value = s + n + strspn(s + n, " \t");

		if ((s > line && (isalnum((unsigned char)s[-1]) || s[-1] == '_')) || strncmp(value, operator, m) != 0 ||
		    value[m] != '"')
			continue;
		value += m + 1;
		return strchr(value, '"') ? strndup(value, (size_t)(strchr(value, '"') - value)) : NULL;
	}
	return NULL;
}

static int take_rule(struct br_network *n, const char *path, const char *line, unsigned number)
{
	br_autofree char *mac = rule_value(line, "ATTR{address}", "=="), *name = rule_value(line, "NAME", "="), *own = NULL;

	if (!mac)
		mac = rule_value(line, "ATTRS{address}", "==");
	if (!name)
		name = rule_value(line, "NAME", ":=");
	if (!mac || !name || !*name)
		return 0;
	own = strdup(path);
	if (!own || br_grow(&n->rules, &n->cap_rules, n->n_rules, sizeof(*n->rules)) < 0)
		return -ENOMEM;
	n->rules[n->n_rules++] = (struct br_net_rule){BR_TAKE(own), number, BR_TAKE(mac), BR_TAKE(name)};
	return 0;
}

int br_net_rules_parse(struct br_network *n, const char *path, const char *buf, size_t len)
{
	unsigned number = 0;

	for (const char *at = buf, *end = buf + len; at < end && n->n_rules < BR_NET_PROFILES_MAX;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, stop ? (size_t)(stop - at) : (size_t)(end - at));
		int r;

		if (!line)
			return -ENOMEM;
		at = stop ? stop + 1 : end;
		number++;
		if (line[strspn(line, " \t")] == '#')
			continue;
		r = take_rule(n, path, line, number);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_rules(const struct br_root *root, struct br_network *n)
{
	static const char *const folders[] = {"/etc/udev/rules.d"};
	br_autostrv struct br_strv paths = {0};
	int r = br_net_files(root, folders, 1, ".rules", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++) {
		br_autoblob struct br_blob blob = {0};

		r = br_root_read(root, paths.v[i], BR_CONFIG_MAX, &blob);
		r = r < 0 ? br_net_unread(n, BR_NET_SYSTEMS, paths.v[i], r) : br_net_rules_parse(n, paths.v[i], blob.data, blob.len);
	}
	return r;
}

static int by_order(const void *a, const void *b, void *arg)
{
	const struct br_net_profile *v = arg;

	return strcmp(v[*(const size_t *)a].order, v[*(const size_t *)b].order);
}

static int put_in_order(struct br_network *n)
{
	n->ordered = calloc(n->n + 1, sizeof(*n->ordered));
	if (!n->ordered)
		return -ENOMEM;
	for (size_t i = 0; i < n->n; i++)
		if (n->v[i].system == BR_NET_NETWORKD)
			n->ordered[n->n_ordered++] = i;
	qsort_r(n->ordered, n->n_ordered, sizeof(*n->ordered), by_order, n->v);
	return 0;
}

int br_network_read(const struct br_root *root, struct br_network *ret)
{
	static int (*const readers[])(const struct br_root *, struct br_network *) = {
		read_rules,         br_net_links_read,  br_net_netplan_read,  br_net_networkd_read, br_net_nm_read,
		br_net_keyfiles_read, br_net_ifcfg_read, br_net_ifupdown_read, br_net_cloud_read,
	};
	br_cleanup(br_network_free) struct br_network n = {0};

	read_programs(root, &n);
	for (size_t i = 0; i < BR_ARRAY_SIZE(readers); i++) {
		int r = readers[i](root, &n);

		if (r < 0)
			return r;
	}
	if (put_in_order(&n) < 0)
		return -ENOMEM;
	*ret = n;
	n = (struct br_network){0};
	return 0;
}
