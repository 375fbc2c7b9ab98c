/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An ext superblock: what is counted from it adds up. */
#include <stdint.h>
#include <stdlib.h>

#include "image/usage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct br_space s;

	if (br_space_ext((const char *)data, size, &s) < 0)
		return 0;
	if (s.used > s.total || s.avail > s.total || s.files_used > s.files)
		abort();
	if (br_space_percent(&s, false) > 100 || br_space_percent(&s, true) > 100)
		abort();
	return 0;
}
