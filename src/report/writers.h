/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BR_WRITERS_H
#define BR_WRITERS_H

#include "report/report.h"

extern const struct br_writer br_writer_table;
extern const struct br_writer br_writer_json;

#endif
