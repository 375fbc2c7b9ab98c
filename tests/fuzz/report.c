/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stored report: one that is read holds together, and can be written again. */
#include <stdint.h>
#include <stdlib.h>

#include "report/json.h"
#include "report/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_stored_free) struct br_stored s = {0};
	br_autofree char *why = NULL;
	br_autojson cJSON *j = NULL;
	int r = br_stored_parse((const char *)data, size, &s, &why);

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
	j = br_json_report(&s.report);
	return j ? 0 : (abort(), 0);
}
