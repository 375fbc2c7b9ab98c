/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BR_WRITERS_H
#define BR_WRITERS_H

#include "report/report.h"

#define BR_TABLE_RULE "------------------------------------------------------------\n"
/* Prints text, as ASCII, broken at blanks, its first line indented by first columns, the others by rest. */
void br_table_wrapped(FILE *out, size_t first, size_t rest, const char *text);
/* Owned; NULL when memory ran out. */
char *br_table_ascii(const char *s);
extern const char *const br_table_colours[BR_STATUSES];
/* Several reports: the images, and checks by images. 0 or -errno. */
int br_table_matrix(const struct br_sheet *sheets, size_t n, bool color, FILE *out) br_must_check;

extern const struct br_writer br_writer_table, br_writer_json, br_writer_junit, br_writer_tap, br_writer_sarif,
	br_writer_intoto, br_writer_markdown, br_writer_html;

#endif
