/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LVM's metadata text: a name that comes out has both its parts, a place does not run over. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/lvm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_lvm_free) struct br_lvm l = {0};

	if (br_lvm_parse((const char *)data, size, &l) < 0)
		return 0;
	for (size_t i = 0; i < l.n; i++)
		if (!strchr(l.v[i].name, '-') || l.v[i].start > INT64_MAX - l.v[i].run || (!l.v[i].pv && l.v[i].run))
			abort();
	return 0;
}
