/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Taking a report's JSON apart: each of these takes what holds to its form, and keeps the first thing that does not,
 * with its line. Once something was refused, what is returned is good for nothing but to go on with.
 */
#ifndef BR_READ_JSON_H
#define BR_READ_JSON_H

#include "base/strictjson.h"
#include "base/str.h"
#include "report/read-forms.h"

struct br_reader {
	struct br_json_doc doc;
	char *why; /* the first thing wrong, "line N: ..."; owned */
	bool oom;
};

/* Always false. */
bool br_reader_refuse(struct br_reader *rd, const cJSON *at, const char *fmt, ...) br_printf(3, 4);
/* The value under a key that has to be there; NULL: refused. */
const cJSON *br_reader_get(struct br_reader *rd, const cJSON *object, const char *key);
/* A writer of reports shows control characters as \xNN: a text that holds one is no report's. */
bool br_reader_no_controls(struct br_reader *rd, const cJSON *j);
/* A text of a form (NULL: any), borrowed; where null is allowed, NULL for that too. */
const char *br_reader_text(struct br_reader *rd, const cJSON *object, const char *key, bool nullable, br_form *form);
bool br_reader_count(struct br_reader *rd, const cJSON *object, const char *key, double min, double max, double *ret);
/* The list under a key, of at most max items; NULL: refused. */
const cJSON *br_reader_list(struct br_reader *rd, const cJSON *object, const char *key, int max);

struct br_keyed_form {
	const char *key;
	br_form *form; /* NULL: any text */
	bool required; /* not null */
};
/* All of an object's texts; whether nothing was refused so far. */
bool br_reader_hold(struct br_reader *rd, const cJSON *object, const struct br_keyed_form *f, size_t n);

#endif
