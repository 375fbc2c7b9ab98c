/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether cloud-init, where it is installed, would let its modules growpart and resizefs do their work. */
#include <errno.h>

#include "base/limits.h"
#include "image/cloudcfg.h"
#include "image/growth-internal.h"

#define CLOUD_CFG       "/etc/cloud/cloud.cfg"
#define DS_IDENTIFY_CFG "/etc/cloud/ds-identify.cfg"

static int check_module(const struct br_cloud *f, const char *module, struct br_growth_stop *stop)
{
	const char *path = CLOUD_CFG;
	const struct br_cloud_list *l;

	if (br_cloud_runs(f, module))
		return 0;
	l = br_cloud_list(f, offsetof(struct br_cloudcfg, modules[BR_CLOUD_INIT]), &path);
	return br_growth_stop(stop, br_format("the module %s is in none of cloud-init's lists", module), path,
	                      l ? l->line : 0);
}

/* The first mapping called growpart stops the search where it is no mapping: cloud-init then does nothing. */
static int check_growpart(const struct br_cloud *f, struct br_growth *g)
{
	struct br_growth_stop *stop = &g->no_growpart;
	const struct br_cloud_value *mode = NULL, *ignore = NULL;
	const struct br_cloud_list *devices = NULL;
	const char *mode_path = "", *devices_path = "";
	bool mapping = false;
	int r = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct br_cloudcfg *c = &f->v[i].cfg;

		if (c->growpart_set && c->growpart_odd) {
			if (mapping)
				break; /* outvoted */
			return br_growth_stop(stop, strdup("growpart is no mapping"), f->v[i].path, c->growpart_line);
		}
		mapping |= c->growpart_set;
		if (!mode && c->mode.set) {
			mode = &c->mode;
			mode_path = f->v[i].path;
		}
		if (!ignore && c->ignore_disabled.set)
			ignore = &c->ignore_disabled;
		if (!devices && c->devices.set) {
			devices = &c->devices;
			devices_path = f->v[i].path;
		}
	}
	if (mode && mode->text && strcmp(mode->text, "auto") != 0 && strcmp(mode->text, "growpart") != 0)
		r = br_growth_stop(stop, br_format("growpart: mode: %s", mode->text), mode_path, mode->line);
	if (r == 0 && devices && !br_strv_has(&devices->items, "/"))
		r = br_growth_stop(stop, strdup("growpart: devices: / is not among them"), devices_path,
		                   devices->line);
	if (r == 0 && g->growroot_disabled.what && !(ignore && ignore->text && !br_cloud_is_false(ignore->text)))
		r = br_growth_stop(stop, strdup("/etc/growroot-disabled is there"), "/etc/growroot-disabled", 0);
	return r;
}

static int check_resizefs(const struct br_cloud *f, struct br_growth *g)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct br_cloud_value *v = &f->v[i].cfg.resize_rootfs;

		if (!v->set)
			continue;
		if (v->text && (br_cloud_is_true(v->text) || strcasecmp(v->text, "noblock") == 0))
			return 0;
		return br_growth_stop(&g->no_resizefs, br_format("resize_rootfs: %s", v->text ? v->text : "null"),
		                      f->v[i].path, v->line);
	}
	return 0;
}

/* Is the generator told not to start it? ds-identify takes the first word of its policy. */
static int check_policy(const struct br_root *root, struct br_growth *g)
{
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};
	static const char key[] = "policy:", off[] = "disabled";

	int r = br_root_read(root, DS_IDENTIFY_CFG, BR_CONFIG_MAX, &blob);

	if (r == -ENOENT || r == -ENOTDIR || r == -ENOMEM)
		return r == -ENOMEM ? r : 0;
	if (r < 0)
		return br_growth_stop(&g->unread, br_format("%s", br_strerror(-r)), DS_IDENTIFY_CFG, 0);
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

	if (br_cloud_off_by_file(root))
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
	br_cleanup(br_cloud_free) struct br_cloud f = {0};
	int r = check_started(root, g);

	if (r == 0)
		r = br_cloud_read(root, &f);
	if (r == 0 && f.unread)
		r = br_growth_stop(&g->unread, strdup(f.unread), f.unread_path, f.unread_line);
	if (r == 0)
		r = check_module(&f, "growpart", &g->no_growpart);
	if (r == 0)
		r = check_module(&f, "resizefs", &g->no_resizefs);
	if (r == 0)
		r = check_growpart(&f, g);
	return r < 0 ? r : check_resizefs(&f, g);
}
