/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What DiskUsage and InodeUsage share: the same file systems, held against the profile's thresholds. */
#ifndef BR_CHECK_USAGE_H
#define BR_CHECK_USAGE_H

#include "check.h"
#include "image/image.h"

struct br_usage_rule {
	const char *id;    /* of the check, and of the profile's section */
	bool files;        /* inodes, not bytes */
	const char *what;  /* "space", "inodes" */
	const char *full, *high; /* codes */
	const char *unknown, *apart, *uncounted;
};

void br_judge_usage(const struct br_image *img, const struct br_usage_rule *rule, struct br_result *res);

#endif
