/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times and dates of one form: "2026-11-27T05:45:12Z", UTC, and "2026-11-27". */
#ifndef BR_RFC3339_H
#define BR_RFC3339_H

#include <time.h>

#include "base/macro.h"

/* 0; -EINVAL: not of that form, or no such day. A date is its first second. */
int br_time_parse(const char *s, time_t *ret) br_must_check;
int br_date_parse(const char *s, time_t *ret) br_must_check;
/* Owned; NULL when memory ran out. */
char *br_time_text(time_t t);

#endif
