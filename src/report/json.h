/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parts of the JSON report, to and from cJSON. The worker sends the same parts to its supervisor, so
 * that there is one form of a result, and one reader of it.
 */
#ifndef BR_JSON_H
#define BR_JSON_H

#include "base/json.h"
#include "report/report.h"

/* A string, null for NULL; bytes that are not UTF-8 as \xNN. NULL when memory ran out. */
cJSON *br_json_text(const char *s);
/* Puts value into object, and takes it; false where one of them is NULL or memory ran out. */
bool br_json_put(cJSON *object, const char *key, cJSON *value);

/* A new object, NULL when memory ran out. */
cJSON *br_json_result(const struct br_result *res);
cJSON *br_json_boot(const struct br_boot *boot);
cJSON *br_json_input(const struct br_input *input);
cJSON *br_json_system(const struct br_report *rep);
cJSON *br_json_report(const struct br_report *rep);

/* 0, -EINVAL not of that form, -ENOMEM. The result's check is found by its id. */
int br_json_read_result(const cJSON *j, struct br_result *ret) br_must_check;
int br_json_read_boot(const cJSON *j, struct br_boot *ret) br_must_check;
int br_json_read_input(const cJSON *j, struct br_input *ret) br_must_check;
int br_json_read_system(const cJSON *j, struct br_report *rep) br_must_check;

#endif
