/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BR_WRITERS_H
#define BR_WRITERS_H

#include "report/report.h"

#define BR_TABLE_RULE "------------------------------------------------------------\n"
/* Prints text, as ASCII, broken at blanks, its first line indented by first columns, the others by rest. */
void br_table_wrapped(FILE *out, size_t first, size_t rest, const char *text);

extern const struct br_writer br_writer_table;
extern const struct br_writer br_writer_json;

#endif
