/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel image, and the sections of a unified one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/kernelfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_autofclose FILE *f = tmpfile();
	br_autofree char *release = NULL;
	enum br_kernel_state state;
	struct br_extent e;

	if (!f || fwrite(data, 1, size, f) != size || fflush(f) != 0)
		return 0;
	if (br_kernel_look(fileno(f), &state, &release) < 0)
		abort();
	if (release && strpbrk(release, " \t\n"))
		abort();
	if (br_pe_section(fileno(f), ".initrd", &e) == 0 && (e.size > size || e.offset > size - e.size))
		abort();
	return 0;
}
