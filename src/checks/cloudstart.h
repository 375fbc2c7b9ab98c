/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does a boot of the default entry start cloud-init? Answered here for every check that asks. */
#ifndef BR_CHECK_CLOUDSTART_H
#define BR_CHECK_CLOUDSTART_H

#include "check.h"
#include "image/image.h"

struct br_cloud_start {
	struct br_cloud_answer answer;  /* path of a command line: its entry's file */
	const struct br_chain *chain;   /* whose command line it rests on; NULL: none is known */
	bool off; /* by a file, a policy or a parameter, or ds-identify finds nothing that it looks for */
};

/* Of the entries that boot by themselves; one that keeps it off counts before the others. */
void br_cloud_start(const struct br_image *img, struct br_cloud_start *ret);
/* Does the boot come to a service of its that looks for the instance's data? */
bool br_cloud_comes_up(const struct br_units *units);

#endif
