/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of distributions' releases: releases.list. Dates are numbers, 20261126 the 26th of November 2026. */
#ifndef BR_RELEASES_H
#define BR_RELEASES_H

#include <stdbool.h>

#include "base/macro.h"
#include "image/system.h"

struct br_release {
	const char *id;      /* os-release's ID; "centos-stream" apart from "centos" */
	const char *version; /* NULL: rolling, without an end */
	unsigned end;        /* the last day of updates; 0: rolling */
};

extern const struct br_release br_releases[];
extern const size_t br_n_releases;
extern const unsigned br_releases_as_of;

/* As the table names a system; NULL: os-release has no ID. */
const char *br_release_id(const struct br_system *s);
/* NULL: not known. The longest version that fits counts. */
const struct br_release *br_release_find(const char *id, const char *version);
/*
 * Today, or the table's own date where the clock stands before it (early boot on a machine whose clock is wrong);
 * SOURCE_DATE_EPOCH, where it is set, stands for the clock.
 */
unsigned br_release_today(void);
/* Is a dotted number (a kernel's release, say) less than another? Parts that are no number end it. */
bool br_release_less(const char *a, const char *b);

#endif
