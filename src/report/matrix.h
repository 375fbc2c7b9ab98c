/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several reports side by side: which checks any of them has, and what each says of one. */
#ifndef BR_MATRIX_H
#define BR_MATRIX_H

#include "report/report.h"

/* What report says of a check; NULL: it has no such check. */
const struct br_result *br_matrix_cell(const struct br_report *rep, const struct br_check *check);
/* Has any of them this check? */
bool br_matrix_has(const struct br_sheet *sheets, size_t n, const struct br_check *check);
/* How many have this verdict. */
size_t br_matrix_count(const struct br_sheet *sheets, size_t n, enum br_verdict v);
/* What a sheet is called in a list: its name, else its system's; owned, NULL when memory ran out. May hold any byte. */
char *br_sheet_title(const struct br_sheet *sheet);

#endif
