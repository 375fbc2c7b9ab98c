/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what the root has of cloud-init. */
#include <errno.h>

#include "base/limits.h"
#include "image/cloudinit.h"
#include "image/units.h"

#define CLOUD_D "/etc/cloud/cloud.cfg.d"

static void word_free(struct br_cloud_word *w)
{
	free(w->text);
	free(w->path);
}

void br_cloudinit_free(struct br_cloudinit *ci)
{
	free(ci->program);
	free(ci->version);
	free(ci->generator);
	free(ci->identify);
	free(ci->leftover);
	br_strv_free(&ci->builtin);
	word_free(&ci->policy);
	word_free(&ci->source);
	word_free(&ci->by_lines);
	br_cloud_free(&ci->config);
	*ci = (struct br_cloudinit){0};
}

static bool executable(const struct br_root *root, const char *path)
{
	struct stat st;

	return br_root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111);
}

/* The first that is there and can be run. 0 or -ENOMEM. */
static int first_program(const struct br_root *root, const char *const *paths, size_t n, char **ret)
{
	for (size_t i = 0; i < n && !*ret; i++) {
		if (!executable(root, paths[i]))
			continue;
		*ret = strdup(paths[i]);
		if (!*ret)
			return -ENOMEM;
	}
	return 0;
}

static int read_programs(const struct br_root *root, struct br_cloudinit *ci)
{
	static const char *const programs[] = {"/usr/bin/cloud-init", "/usr/local/bin/cloud-init", "/bin/cloud-init",
	                                       "/usr/sbin/cloud-init", "/opt/cloud-init/bin/cloud-init"};
	static const char *const identify[] = {"/usr/lib/cloud-init/ds-identify", "/usr/libexec/cloud-init/ds-identify",
	                                       "/usr/local/lib/cloud-init/ds-identify"};
	int r = first_program(root, programs, BR_ARRAY_SIZE(programs), &ci->program);

	if (r == 0)
		r = br_units_generator(root, "cloud-init-generator", &ci->generator);
	if (r == 0)
		r = first_program(root, identify, BR_ARRAY_SIZE(identify), &ci->identify);
	ci->by_pip = ci->program && (br_starts(ci->program, "/usr/local/") || br_starts(ci->program, "/opt/"));
	return r;
}

/* cloudinit/version.py of that folder of Python's. */
static int read_version_in(const struct br_root *root, const char *folder, struct br_cloudinit *ci)
{
	static const char *const kinds[] = {"dist-packages", "site-packages"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(kinds) && !ci->version; i++) {
		br_autofree char *path = br_format("%s/%s/cloudinit/version.py", folder, kinds[i]);
		br_autoblob struct br_blob b = {0};
		int r = path ? br_root_read(root, path, BR_CONFIG_MAX, &b) : -ENOMEM;

		if (r == -ENOMEM)
			return r;
		if (r == 0)
			ci->version = br_cloudinit_version(b.data);
	}
	return 0;
}

static int read_version(const struct br_root *root, struct br_cloudinit *ci)
{
	static const char *const tops[] = {"/usr/local/lib", "/usr/lib", "/usr/lib64"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(tops); i++) {
		br_autostrv struct br_strv names = {0};

		if (br_root_list(root, tops[i], &names) < 0)
			continue;
		for (size_t k = 0; k < names.n && !ci->version; k++) {
			br_autofree char *folder = NULL;
			int r;

			if (!br_starts(names.v[k], "python"))
				continue;
			folder = br_format("%s/%s", tops[i], names.v[k]);
			r = folder ? read_version_in(root, folder, ci) : -ENOMEM;
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* cloud.cfg, then cloud.cfg.d in order: the last that has the key counts. */
static int read_by_lines(const struct br_root *root, struct br_cloudinit *ci)
{
	br_autostrv struct br_strv names = {0}, paths = {0};

	br_strv_add(&paths, "/etc/cloud/cloud.cfg");
	if (br_root_list(root, CLOUD_D, &names) < 0)
		names.n = 0;
	for (size_t i = 0; i < names.n && i < BR_CLOUD_FILES_MAX; i++) {
		br_autofree char *path = br_ends(names.v[i], ".cfg") ? br_format(CLOUD_D "/%s", names.v[i]) : NULL;

		if (path)
			br_strv_add(&paths, path);
	}
	if (paths.oom)
		return -ENOMEM;
	for (size_t i = 0; i < paths.n; i++) {
		br_autoblob struct br_blob b = {0};
		br_autofree char *words = NULL;
		unsigned line = 0;
		int r = br_root_read(root, paths.v[i], BR_CONFIG_MAX, &b);

		if (r == 0)
			r = br_identify_list(b.data, b.len, &words, &line);
		if (r == -ENOMEM)
			return r;
		if (r < 0 || !words)
			continue;
		word_free(&ci->by_lines);
		ci->by_lines = (struct br_cloud_word){BR_TAKE(words), strdup(paths.v[i]), line};
	}
	return 0;
}

static int read_identify(const struct br_root *root, struct br_cloudinit *ci)
{
	br_autoblob struct br_blob cfg = {0}, script = {0};
	int r = br_root_read(root, "/etc/cloud/ds-identify.cfg", BR_CONFIG_MAX, &cfg);

	if (r == 0)
		r = br_identify_cfg(cfg.data, cfg.len, ci);
	if (r == -ENOMEM)
		return r;
	ci->identify_err = r == -ENOENT || r == -ENOTDIR ? 0 : r;
	ci->policy.path = ci->policy.text ? strdup("/etc/cloud/ds-identify.cfg") : NULL;
	ci->source.path = ci->source.text ? strdup("/etc/cloud/ds-identify.cfg") : NULL;
	if (ci->identify && br_root_read(root, ci->identify, BR_CONFIG_MAX, &script) == 0) {
		r = br_identify_builtin(script.data, &ci->builtin);
		if (r < 0)
			return r;
	}
	return read_by_lines(root, ci);
}

/* The link that names the current instance, or an instance's own id. */
static int read_leftover(const struct br_root *root, struct br_cloudinit *ci)
{
	static const char *const paths[] = {"/var/lib/cloud/instance", "/var/lib/cloud/data/instance-id",
	                                    "/var/lib/cloud/data/previous-instance-id"};

	ci->manual_clean = br_root_exists(root, "/var/lib/cloud/instance/manual-clean");
	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		struct stat st;

		if (br_root_lstat(root, paths[i], &st) < 0)
			continue;
		ci->leftover = strdup(paths[i]);
		return ci->leftover ? 0 : -ENOMEM;
	}
	return 0;
}

int br_cloudinit_read(const struct br_root *root, struct br_cloudinit *ret)
{
	br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
	int r = read_programs(root, &ci);

	ci.enabled_file = br_root_exists(root, "/etc/cloud/cloud-init.enabled");
	ci.disabled_file = br_root_exists(root, "/etc/cloud/cloud-init.disabled");
	if (r == 0)
		r = read_version(root, &ci);
	if (r == 0)
		r = read_identify(root, &ci);
	if (r == 0)
		r = read_leftover(root, &ci);
	if (r == 0)
		r = br_cloud_read(root, &ci.config);
	if (r < 0)
		return r;
	*ret = ci;
	ci = (struct br_cloudinit){0};
	return 0;
}
