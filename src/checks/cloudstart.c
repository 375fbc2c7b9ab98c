/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/cloudstart.h"

static void ask(const struct br_image *img, const struct br_chain *c, struct br_cloud_start *ret)
{
	const char *sources = br_profile_get(img->profile, "CloudInit", "datasources");

	*ret = (struct br_cloud_start){.chain = c};
	br_cloudinit_search(&img->cloudinit, c ? c->cmdline : "", img->system.arch, sources ? sources : "", &ret->answer);
	if (ret->answer.from_cmdline && c)
		ret->answer.path = c->entry->source;
	/* Where the target has no data of its own to look for, none can be missed. */
	ret->off = ret->answer.search == BR_CLOUD_OFF || (sources && ret->answer.stays_off);
}

void br_cloud_start(const struct br_image *img, struct br_cloud_start *ret)
{
	bool any = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		struct br_cloud_start one;

		if (!img->chains[i].offered || !img->chains[i].entry || !img->chains[i].cmdline)
			continue;
		ask(img, &img->chains[i], &one);
		if (!any || (one.off && !ret->off))
			*ret = one;
		any = true;
	}
	if (!any)
		ask(img, NULL, ret);
}

bool br_cloud_comes_up(const struct br_units *units)
{
	static const char *const names[] = {"cloud-init-local.service", "cloud-init.service", "cloud-init-main.service",
	                                    "cloud-init-network.service"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
		if (br_unit_starts(units, names[i]))
			return true;
	return false;
}
