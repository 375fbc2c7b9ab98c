/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the check OnlineResizeFS share. */
#ifndef BR_CHECK_ONLINERESIZEFS_H
#define BR_CHECK_ONLINERESIZEFS_H

#include "checks/cloudstart.h"

/* What grows a root before and beside cloud-init's modules, on every entry that boots by itself. */
struct br_growth_ways {
	struct br_growth_early does; /* its initramfs */
	struct br_growth_early may;  /* it was not read, and the root has what could be in it */
	struct br_cloud_start cloud;
};

void br_growth_ways(const struct br_image *img, struct br_growth_ways *ret);

#endif
