/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unit files: every word is whole and has a line; expanding and naming never leave their bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "image/units-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_unit_file_free) struct br_unit_file f = {0};

	if (br_unit_file_parse("/a@b-c.service", (const char *)data, size, false, &f) < 0)
		return 0;
	for (size_t i = 0; i < f.n; i++) {
		br_autofree char *whole = br_unit_expand("a@b-c.service", f.v[i].word), *tmpl = NULL;

		if (!f.v[i].word[0] || !f.v[i].path || !f.v[i].line || !whole)
			abort();
		if (!br_unit_name_valid(whole))
			continue;
		tmpl = br_unit_template(whole);
		if (tmpl && (!br_unit_is_instance(whole) || !br_unit_is_template(tmpl)))
			abort();
	}
	return 0;
}
