/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All facts of one examined root. Readers fill it, the image owns everything until br_image_close(), and
 * checks only look. A fact that was not read yet or could not be read is told by its br_fact.
 */
#ifndef BR_IMAGE_H
#define BR_IMAGE_H

#include <stdbool.h>

#include "base/macro.h"
#include "image/chain.h"
#include "image/disks.h"
#include "image/fstab.h"
#include "image/root.h"
#include "image/system.h"
#include "profiles/profile.h"

enum br_context {
	BR_LIVE,
	BR_PREBOOT,
	BR_OFFLINE,
};

enum br_fact_state {
	BR_FACT_NOT_READ = 0,
	BR_FACT_READ,
	BR_FACT_UNREADABLE,
};

struct br_fact {
	enum br_fact_state state;
	char *why; /* owned; BR_FACT_UNREADABLE: the reason, one phrase */
};

struct br_image {
	enum br_context context;
	const struct br_profile *profile;
	struct br_root root; /* the examined root */
	struct br_root self; /* preboot: "/" of the running initramfs; else fd -1 */
	struct br_system system;

	struct br_fact disks_fact;
	struct br_disks disks;
	struct br_fact fstab_fact;
	struct br_fstab fstab;
	struct br_fact chains_fact;
	struct br_chain *chains; /* one a firmware that the disk and the profile could use */
	size_t n_chains;
	struct br_fact drivers_fact;

	struct br_volumes *volumes; /* file systems below the root and beside it; see volume.h */
	struct br_image_options *options;
};

#endif
