/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Services of init scripts: under systemd as its sysv generator takes them (sysv-generator.c), under sysv init and
 * OpenRC as their runlevels have them. And what cloud-init's generator adds.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/cloudcfg.h"
#include "image/units-internal.h"

static const char *const script_folders[] = {"/etc/init.d", "/etc/rc.d/init.d"};
/* Red Hat's and SUSE's besides Debian's. */
static const char *const rc_folders[] = {"/etc", "/etc/rc.d", "/etc/init.d"};

int br_units_generator(const struct br_root *root, const char *name, char **ret)
{
	static const char *const folders[] = {"/etc/systemd/system-generators", "/usr/local/lib/systemd/system-generators",
	                                      "/usr/lib/systemd/system-generators", "/lib/systemd/system-generators"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_format("%s/%s", folders[i], name), *target = NULL;
		struct stat st;

		if (!path)
			return -ENOMEM;
		/* A mask counts in an image without a /dev/null too. */
		if (br_root_readlink(root, path, &target) == 0 && br_ends(target, "/dev/null"))
			return 0;
		if (br_root_stat(root, path, &st) < 0)
			continue;
		if (S_ISREG(st.st_mode) && st.st_size && (st.st_mode & 0111))
			*ret = BR_TAKE(path);
		return 0;
	}
	return 0;
}

static char *service_of(const char *script)
{
	size_t n = strlen(script);

	if (n > 3 && br_ends(script, ".sh"))
		n -= 3;
	return br_format("%.*s.service", (int)n, script);
}

static bool is_script(const struct br_root *root, const char *path)
{
	struct stat st;

	return br_root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IXUSR);
}

/* The link that starts a script in that runlevel; NULL: none. */
static char *start_link(const struct br_root *root, const char *runlevel, const char *service)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(rc_folders); i++) {
		br_autofree char *folder = br_format("%s/%s", rc_folders[i], runlevel);
		br_autostrv struct br_strv names = {0};

		if (!folder || br_root_list(root, folder, &names) < 0)
			continue;
		for (size_t j = 0; j < names.n; j++) {
			const char *n = names.v[j];
			br_autofree char *is = NULL;

			if (strlen(n) < 4 || n[0] != 'S' || !isdigit((unsigned char)n[1]) || !isdigit((unsigned char)n[2]))
				continue;
			is = service_of(n + 3);
			if (is && strcmp(is, service) == 0)
				return br_format("%s/%s", folder, n);
		}
	}
	return NULL;
}

/* One script that no unit stands in the way of. */
static int add_script(struct br_unit_scan *scan, const char *service, const char *path)
{
	static const struct {
		const char *runlevel, *target;
	} levels[] = {{"rc2.d", "multi-user.target"}, {"rc3.d", "multi-user.target"}, {"rc4.d", "multi-user.target"},
	              {"rc5.d", "graphical.target"}};
	struct br_unit_node *node;
	int r = br_scan_node(scan, service, &node);

	if (r < 0 || node->unit.state != BR_UNIT_ABSENT)
		return r;
	node->unit.state = BR_UNIT_DISABLED;
	node->unit.path = strdup(path);
	if (!node->unit.path)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(levels); i++) {
		char *link = start_link(scan->root, levels[i].runlevel, service);

		if (!link)
			continue;
		node->unit.state = BR_UNIT_ENABLED;
		r = br_scan_add_dep(scan, (struct br_unit_dep){.from = strdup(levels[i].target), .to = strdup(service), .path = link,
		                                               .folder = BR_UNIT_FOLDERS, .kind = 'w'});
	}
	return r;
}

static int add_scripts(struct br_unit_scan *scan)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(script_folders); i++) {
		br_autostrv struct br_strv names = {0};

		if (br_root_list(scan->root, script_folders[i], &names) < 0)
			continue;
		if (names.n > BR_INIT_SCRIPTS_MAX)
			return -E2BIG;
		for (size_t j = 0; j < names.n; j++) {
			br_autofree char *path = br_format("%s/%s", script_folders[i], names.v[j]), *service = service_of(names.v[j]);
			int r;

			if (!path || !service)
				return -ENOMEM;
			if (!br_unit_name_valid(service) || !is_script(scan->root, path))
				continue;
			r = add_script(scan, service, path);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int br_scan_generators(struct br_unit_scan *scan)
{
	br_autofree char *cloud = NULL, *sysv = NULL;
	int r = br_units_generator(scan->root, "cloud-init-generator", &cloud);

	if (r == 0 && cloud && !br_cloud_off_by_file(scan->root))
		r = br_scan_add_dep(scan, (struct br_unit_dep){.from = strdup("multi-user.target"), .to = strdup("cloud-init.target"),
		                                               .path = BR_TAKE(cloud), .folder = BR_UNIT_FOLDERS, .kind = 'w'});
	if (r == 0)
		r = br_units_generator(scan->root, "systemd-sysv-generator", &sysv);
	return r == 0 && sysv ? add_scripts(scan) : r;
}

/* The runlevel that inittab names; Debian's is 2, and so is its default. */
static char default_runlevel(const struct br_root *root)
{
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};

	if (br_root_read(root, "/etc/inittab", BR_CONFIG_MAX, &blob) < 0)
		return '2';
	br_strv_split(&lines, blob.data, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *level = strchr(lines.v[i], ':');

		if (lines.v[i][0] != '#' && level && strstr(level, ":initdefault") == level + 2)
			return level[1];
	}
	return '2';
}

static char *openrc_link(const struct br_root *root, const char *script)
{
	static const char *const levels[] = {"sysinit", "boot", "default"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(levels); i++) {
		char *path = br_format("/etc/runlevels/%s/%s", levels[i], script);
		struct stat st;

		if (path && br_root_lstat(root, path, &st) == 0)
			return path;
		free(path);
	}
	return NULL;
}

static int add_unit(struct br_units *u, const char *service, const char *path, char *by)
{
	struct br_unit unit = {.name = strdup(service), .path = strdup(path), .by = by, .starts = by != NULL,
	                       .state = by ? BR_UNIT_ENABLED : BR_UNIT_DISABLED};

	if (!unit.name || !unit.path || br_grow(&u->v, &u->cap, u->n, sizeof(*u->v)) < 0) {
		free(unit.name);
		free(unit.path);
		free(unit.by);
		return -ENOMEM;
	}
	u->v[u->n++] = unit;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct br_unit *)a)->name, ((const struct br_unit *)b)->name);
}

int br_units_sysv(const struct br_root *root, enum br_init init, struct br_units *u)
{
	char level[] = {'r', 'c', default_runlevel(root), '.', 'd', '\0'};

	for (size_t i = 0; i < BR_ARRAY_SIZE(script_folders); i++) {
		br_autostrv struct br_strv names = {0};

		/* /etc/init.d is a link to the other one on Red Hat's. */
		if (br_root_list(root, script_folders[i], &names) < 0 || u->n)
			continue;
		if (names.n > BR_INIT_SCRIPTS_MAX)
			return -E2BIG;
		for (size_t j = 0; j < names.n; j++) {
			br_autofree char *path = br_format("%s/%s", script_folders[i], names.v[j]), *service = service_of(names.v[j]);
			char *by;
			int r;

			if (!path || !service)
				return -ENOMEM;
			if (!is_script(root, path))
				continue;
			by = init == BR_INIT_OPENRC ? openrc_link(root, names.v[j]) : start_link(root, level, service);
			if (!by && init == BR_INIT_SYSV)
				by = start_link(root, "rcS.d", service);
			r = add_unit(u, service, path, by);
			if (r < 0)
				return r;
		}
	}
	if (u->n)
		qsort(u->v, u->n, sizeof(*u->v), by_name);
	return 0;
}
