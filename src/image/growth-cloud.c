/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether cloud-init, where it is installed, would let its modules growpart and resizefs do their work. */
#include <errno.h>

#include "base/limits.h"
#include "image/cloudcfg.h"
#include "image/growth-internal.h"

#define CLOUD_CFG   "/etc/cloud/cloud.cfg"
#define CLOUD_CFG_D "/etc/cloud/cloud.cfg.d"
#define DS_IDENTIFY_CFG "/etc/cloud/ds-identify.cfg"
/* Files of cloud.cfg.d that are looked at. */
#define FILES_MAX 128

/* The files that have a say, the one that counts first. */
struct files {
	struct br_cloudcfg cfg[FILES_MAX];
	char *path[FILES_MAX];
	size_t n;
};

static void files_free(struct files **fp)
{
	struct files *f = *fp;

	for (size_t i = 0; f && i < f->n; i++) {
		br_cloudcfg_free(&f->cfg[i]);
		free(f->path[i]);
	}
	free(f);
}

/* Words of cloud-init's util.is_false() and is_true(), and YAML's own. */
static bool is_false(const char *s)
{
	return s && (strcasecmp(s, "off") == 0 || strcasecmp(s, "no") == 0 || strcasecmp(s, "false") == 0 ||
	             strcmp(s, "0") == 0);
}

static bool is_true(const char *s)
{
	return s && (strcasecmp(s, "on") == 0 || strcasecmp(s, "yes") == 0 || strcasecmp(s, "true") == 0 ||
	             strcmp(s, "1") == 0);
}

static int read_file(const struct br_root *root, const char *path, struct files *f, struct br_growth *g)
{
	br_autoblob struct br_blob blob = {0};
	unsigned line = 0;
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = br_cloudcfg_parse(blob.data, blob.len, &f->cfg[f->n], &line);
	if (r == -ENOMEM)
		return r;
	if (r == -EBADMSG)
		return br_growth_stop(&g->unread, strdup("a form of YAML that is not understood"), path, line);
	if (r < 0)
		return br_growth_stop(&g->unread, br_format("%s", br_strerror(-r)), path, 0);
	f->path[f->n] = strdup(path);
	if (!f->path[f->n]) {
		br_cloudcfg_free(&f->cfg[f->n]);
		return -ENOMEM;
	}
	f->n++;
	return 0;
}

static int read_files(const struct br_root *root, struct files *f, struct br_growth *g)
{
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(root, CLOUD_CFG_D, &names);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		r = br_growth_stop(&g->unread, br_format("%s", br_strerror(-r)), CLOUD_CFG_D, 0);
	else
		r = 0;
	for (size_t i = names.n; i-- && r == 0;) {
		br_autofree char *path = NULL;
		struct stat st;

		if (!br_ends(names.v[i], ".cfg"))
			continue;
		path = br_format(CLOUD_CFG_D "/%s", names.v[i]);
		if (!path)
			return -ENOMEM;
		if (br_root_stat(root, path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (f->n + 1 == FILES_MAX)
			return br_growth_stop(&g->unread, strdup("more files than are looked at"), CLOUD_CFG_D, 0);
		r = read_file(root, path, f, g);
	}
	return r == 0 ? read_file(root, CLOUD_CFG, f, g) : r;
}

/* The list that counts for a stage names the module. */
static bool runs(const struct files *f, const char *module)
{
	for (size_t stage = 0; stage < BR_CLOUD_STAGES; stage++)
		for (size_t i = 0; i < f->n; i++) {
			if (!f->cfg[i].modules[stage].set)
				continue;
			if (br_strv_has(&f->cfg[i].modules[stage].items, module))
				return true;
			break;
		}
	return false;
}

static int check_module(const struct files *f, const char *module, struct br_growth_stop *stop)
{
	const char *path = CLOUD_CFG;
	unsigned line = 0;

	if (runs(f, module))
		return 0;
	for (size_t i = f->n; i--;)
		if (f->cfg[i].modules[BR_CLOUD_INIT].set) {
			path = f->path[i];
			line = f->cfg[i].modules[BR_CLOUD_INIT].line;
		}
	return br_growth_stop(stop, br_format("the module %s is in none of cloud-init's lists", module), path, line);
}

/* The first mapping called growpart stops the search where it is no mapping: cloud-init then does nothing. */
static int check_growpart(const struct files *f, struct br_growth *g)
{
	struct br_growth_stop *stop = &g->no_growpart;
	const struct br_cloud_value *mode = NULL, *ignore = NULL;
	const struct br_cloud_list *devices = NULL;
	const char *mode_path = "", *devices_path = "";
	bool mapping = false;
	int r = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct br_cloudcfg *c = &f->cfg[i];

		if (c->growpart_set && c->growpart_odd) {
			if (mapping)
				break; /* outvoted */
			return br_growth_stop(stop, strdup("growpart is no mapping"), f->path[i], c->growpart_line);
		}
		mapping |= c->growpart_set;
		if (!mode && c->mode.set) {
			mode = &c->mode;
			mode_path = f->path[i];
		}
		if (!ignore && c->ignore_disabled.set)
			ignore = &c->ignore_disabled;
		if (!devices && c->devices.set) {
			devices = &c->devices;
			devices_path = f->path[i];
		}
	}
	if (mode && mode->text && strcmp(mode->text, "auto") != 0 && strcmp(mode->text, "growpart") != 0)
		r = br_growth_stop(stop, br_format("growpart: mode: %s", mode->text), mode_path, mode->line);
	if (r == 0 && devices && !br_strv_has(&devices->items, "/"))
		r = br_growth_stop(stop, strdup("growpart: devices: / is not among them"), devices_path,
		                   devices->line);
	if (r == 0 && g->growroot_disabled.what && !(ignore && ignore->text && !is_false(ignore->text)))
		r = br_growth_stop(stop, strdup("/etc/growroot-disabled is there"), "/etc/growroot-disabled", 0);
	return r;
}

static int check_resizefs(const struct files *f, struct br_growth *g)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct br_cloud_value *v = &f->cfg[i].resize_rootfs;

		if (!v->set)
			continue;
		if (v->text && (is_true(v->text) || strcasecmp(v->text, "noblock") == 0))
			return 0;
		return br_growth_stop(&g->no_resizefs, br_format("resize_rootfs: %s", v->text ? v->text : "null"),
		                      f->path[i], v->line);
	}
	return 0;
}

/* Is the generator told not to start it? ds-identify takes the first word of its policy. */
static int check_policy(const struct br_root *root, struct br_growth *g)
{
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};
	static const char key[] = "policy:", off[] = "disabled";

	if (br_root_read(root, DS_IDENTIFY_CFG, BR_CONFIG_MAX, &blob) < 0)
		return 0;
	br_strv_split(&lines, blob.data, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *value = lines.v[i] + strspn(lines.v[i], " \t");

		if (!br_starts(value, key))
			continue;
		value += strlen(key) + strspn(value + strlen(key), " \t\"'");
		if (br_starts(value, off) && !strspn(value + strlen(off), "abcdefghijklmnopqrstuvwxyz-"))
			return br_growth_stop(&g->disabled, strdup("policy: disabled"), DS_IDENTIFY_CFG, 0);
	}
	return 0;
}

/* Is cloud-init started at all? Its generator, or a link, pulls it in; a mask or a file keeps it out. */
static int check_started(const struct br_root *root, struct br_growth *g)
{
	static const char *const units[] = {"cloud-init.service", "cloud-init-main.service",
	                                    "cloud-init-network.service", "cloud-init.target"};
	static const char *const generators[] = {"/usr/lib/systemd/system-generators/cloud-init-generator",
	                                         "/lib/systemd/system-generators/cloud-init-generator",
	                                         "/etc/systemd/system-generators/cloud-init-generator",
	                                         "/etc/init.d/cloud-init"};
	bool pulled = false;
	int r;

	if (br_root_exists(root, "/etc/cloud/cloud-init.disabled"))
		return br_growth_stop(&g->disabled, strdup("the file is there"), "/etc/cloud/cloud-init.disabled", 0);
	r = check_policy(root, g);
	if (r < 0 || g->disabled.what)
		return r;
	for (size_t i = 0; i < BR_ARRAY_SIZE(units); i++) {
		br_autofree char *path = br_format("/etc/systemd/system/%s", units[i]);

		if (!path)
			return -ENOMEM;
		if (br_growth_masked(root, units[i])) {
			r = br_growth_stop(&g->disabled, strdup("the unit is masked"), path, 0);
			return r;
		}
		pulled |= br_growth_enabled(root, units[i]);
	}
	for (size_t i = 0; i < BR_ARRAY_SIZE(generators); i++)
		pulled |= br_root_exists(root, generators[i]);
	return pulled ? 0 : br_growth_stop(&g->disabled, strdup("none of its units is enabled"),
	                                   "/etc/systemd/system", 0);
}

int br_growth_cloud(const struct br_root *root, struct br_growth *g)
{
	br_cleanup(files_free) struct files *f = calloc(1, sizeof(*f));
	int r = f ? check_started(root, g) : -ENOMEM;

	if (r == 0)
		r = read_files(root, f, g);
	if (r == 0)
		r = check_module(f, "growpart", &g->no_growpart);
	if (r == 0)
		r = check_module(f, "resizefs", &g->no_resizefs);
	if (r == 0)
		r = check_growpart(f, g);
	return r < 0 ? r : check_resizefs(f, g);
}
