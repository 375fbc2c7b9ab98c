/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/onlineresizefs.h"

static struct br_growth_early both(struct br_growth_early a, struct br_growth_early b)
{
	return (struct br_growth_early){a.growroot && b.growroot, a.kiwi_repart && b.kiwi_repart,
	                                a.disk_expand && b.disk_expand, a.repart && b.repart};
}

void br_growth_ways(const struct br_image *img, struct br_growth_ways *ret)
{
	const struct br_growth_early all = {true, true, true, true}, *installed = &img->growth.installed;
	bool any = false;

	*ret = (struct br_growth_ways){.does = all, .may = all};
	br_cloud_start(img, &ret->cloud);
	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_chain *c = &img->chains[i];
		const struct br_initramfs *in = &c->initramfs;
		bool whole = c->initramfs_read ? !in->defect && !in->unread && !in->squash : !c->n_initrds && !img->ask.initramfs;
		struct br_growth_early one;

		if (!c->offered || !c->entry)
			continue;
		br_growth_look(in, &one);
		ret->does = both(ret->does, one);
		if (!whole)
			one = (struct br_growth_early){one.growroot || installed->growroot, one.kiwi_repart || installed->kiwi_repart,
			                               one.disk_expand || installed->disk_expand, one.repart || installed->repart};
		ret->may = both(ret->may, one);
		any = true;
	}
	if (any)
		return;
	ret->does = (struct br_growth_early){0};
	ret->may = *installed;
}
