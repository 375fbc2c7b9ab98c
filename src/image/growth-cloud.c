/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether cloud-init, where it is installed, would let its modules growpart and resizefs do their work. */
#include <errno.h>

#include "image/growth-internal.h"

#define CLOUD_CFG "/etc/cloud/cloud.cfg"

/* The services that run a stage's modules; the second where cloud-init-main.service runs them all, from 24.3 on. */
static const char *const runners[BR_CLOUD_STAGES][2] = {
	[BR_CLOUD_INIT] = {"cloud-init.service", "cloud-init-network.service"},
	[BR_CLOUD_CONFIG] = {"cloud-config.service", NULL},
	[BR_CLOUD_FINAL] = {"cloud-final.service", NULL},
};
static const char all_stages[] = "cloud-init-main.service";

static bool comes_to(const struct br_units *u, size_t stage)
{
	bool single = br_unit_find(u, all_stages) && !br_unit_starts(u, runners[BR_CLOUD_INIT][0]);

	for (size_t i = 0; i < BR_ARRAY_SIZE(runners[stage]); i++)
		if (runners[stage][i] && br_unit_starts(u, runners[stage][i]))
			return !single || br_unit_starts(u, all_stages);
	return false;
}

static int find_not_started(const struct br_units *u, size_t stage, const char *module, struct br_growth_stop *stop)
{
	const char *const names[] = {all_stages, runners[stage][0], runners[stage][1]};

	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++) {
		const struct br_unit *unit = names[i] ? br_unit_find(u, names[i]) : NULL;

		if (unit && unit->state == BR_UNIT_MASKED && unit->path)
			return br_growth_stop(stop, br_format("%s is masked", names[i]), unit->path, 0);
	}
	return br_growth_stop(stop, br_format("the boot does not come to %s, which runs the module %s", runners[stage][0],
	                                      module), "/etc/systemd/system", 0);
}

static int check_module(const struct br_cloud *f, const struct br_units *units, const char *module,
                        struct br_growth_stop *stop)
{
	const char *path = CLOUD_CFG;
	const struct br_cloud_list *l;
	size_t listed = BR_CLOUD_STAGES;

	for (size_t stage = 0; stage < BR_CLOUD_STAGES; stage++) {
		if (!br_cloud_runs(f, module, stage))
			continue;
		if (comes_to(units, stage))
			return 0;
		listed = listed == BR_CLOUD_STAGES ? stage : listed;
	}
	if (listed < BR_CLOUD_STAGES)
		return find_not_started(units, listed, module, stop);
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

int br_growth_cloud(const struct br_cloudinit *ci, const struct br_units *units, struct br_growth *g)
{
	int r = check_module(&ci->config, units, "growpart", &g->no_growpart);

	if (r == 0)
		r = check_module(&ci->config, units, "resizefs", &g->no_resizefs);
	if (r == 0)
		r = check_growpart(&ci->config, g);
	return r < 0 ? r : check_resizefs(&ci->config, g);
}
