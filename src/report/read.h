/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stored report, read strictly: it comes from an image that may be anybody's. It has to hold to
 * report.schema.json, and to itself: statuses are what the findings say, sums and verdict what the statuses say.
 */
#ifndef BR_REPORT_READ_H
#define BR_REPORT_READ_H

#include <time.h>

#include "report/report.h"

struct br_stored {
	struct br_report report;
	char *tool_version; /* owned */
	time_t time;        /* when its checks began */
};

/* 0; -ENOMEM; -EINVAL: *ret_why (owned) is "line N: what is wrong". buf need not end with a NUL. */
int br_stored_parse(const char *buf, size_t len, struct br_stored *ret, char **ret_why) br_must_check;
void br_stored_free(struct br_stored *s);

#endif
