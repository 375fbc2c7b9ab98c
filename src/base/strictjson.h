/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON as RFC 8259 has it and nothing beside: the parser that the project is linked with takes more (bytes that
 * are no UTF-8, raw control characters, a key twice, numbers of its own). What comes from an image, or decides
 * about one, is held against this first. Every value's line is kept, so that a mistake can be named by it.
 */
#ifndef BR_STRICTJSON_H
#define BR_STRICTJSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

struct br_json_doc {
	cJSON *top;      /* owned */
	unsigned *lines; /* owned; of every value in the order of the text: a value before what is in it */
	size_t n, cap;
};

/*
 * comments: a line that begins with // (after blanks) is empty. 0; -ENOMEM; -EINVAL: *ret_why (owned) is
 * "line N: what is wrong there". Nesting, values and keys of one object are bounded by base/limits.h.
 */
int br_json_strict(const char *buf, size_t len, bool comments, struct br_json_doc *ret, char **ret_why) br_must_check;
/* The line that a value of the document begins on; 0: it is none of its. */
unsigned br_json_line(const struct br_json_doc *doc, const cJSON *value);
void br_json_doc_free(struct br_json_doc *doc);
#define br_autodoc br_cleanup(br_json_doc_free)

#endif
