/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of formats; --help is printed from it. */
#include "report/writers.h"

const struct br_writer *const br_writers[] = {
	&br_writer_table, &br_writer_json,   &br_writer_junit,    &br_writer_tap,
	&br_writer_sarif, &br_writer_intoto, &br_writer_markdown, &br_writer_html,
};
const size_t br_n_writers = BR_ARRAY_SIZE(br_writers);

const struct br_writer *br_writer_by_name(const char *name)
{
	for (size_t i = 0; i < br_n_writers; i++)
		if (br_streq(br_writers[i]->name, name))
			return br_writers[i];
	return NULL;
}
