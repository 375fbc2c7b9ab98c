/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stored report: one that is read holds together, can be written again, and shown in every format. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "report/read-list.h"
#include "report/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The items of a list lie in it, one behind the other. */
static void cut(const char *data, size_t size)
{
	br_autofree struct br_piece *pieces = NULL;
	const char *at = data;
	size_t n;

	if (br_json_pieces(data, size, 1000, &pieces, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].at < at || pieces[i].len > size - (size_t)(pieces[i].at - data))
			abort();
		at = pieces[i].at + pieces[i].len;
	}
}

static void show(const struct br_stored *s)
{
	const struct br_sheet sheet = {
		.report = &s->report,
		.tool_version = s->tool_version,
		.name = "\x1b<\xff\xe2\x80\xae\"&|`",
		.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	const struct br_sheet twice[] = {sheet, sheet};

	for (size_t i = 0; i < br_n_writers; i++) {
		for (size_t n = 1; n <= 2; n++) {
			br_autofree char *text = NULL;
			size_t len;
			FILE *out = open_memstream(&text, &len);

			if (!out || br_writers[i]->write(twice, n, n == 2, out) < 0 || fclose(out) != 0 || !len)
				abort();
			/* No format lets a terminal be told anything by a name. */
			if (n == 1 && memchr(text, '\x1b', len))
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_stored_free) struct br_stored s = {0};
	br_autofree char *why = NULL;
	br_autojson cJSON *j = NULL;
	int r;

	cut((const char *)data, size);
	r = br_stored_parse((const char *)data, size, &s, &why);

	if (r < 0) {
		if (!why)
			abort();
		return 0;
	}
	if (!s.tool_version || !s.report.time || !s.report.profile || s.report.n_checks > br_n_checks)
		abort();
	for (size_t i = 0; i < s.report.n_checks; i++)
		if (!s.report.checks[i].check || !s.report.checks[i].concluded)
			abort();
	for (size_t i = 0; i < s.report.n_inputs; i++)
		if (!s.report.inputs[i].kind || !s.report.inputs[i].name)
			abort();
	show(&s);
	j = br_json_report(&s.report);
	return j ? 0 : (abort(), 0);
}
