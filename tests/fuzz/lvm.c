/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LVM's metadata text: a name that comes out has both its parts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/disks-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_autostrv struct br_strv names = {0};
	unsigned pvs;

	if (br_lvm_parse((const char *)data, size, &names, &pvs) < 0)
		return 0;
	for (size_t i = 0; i < names.n; i++)
		if (!strchr(names.v[i], '-'))
			abort();
	return 0;
}
