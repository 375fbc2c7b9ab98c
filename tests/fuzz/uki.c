/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A unified kernel image: its section table and every profile of it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/efi.h"
#include "image/uki.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_autofclose FILE *f = tmpfile();
	br_cleanup(br_efi_free) struct br_efi efi = {0};

	if (!f || fwrite(data, 1, size, f) != size || fflush(f) != 0)
		return 0;
	for (unsigned profile = 0; profile < 4; profile++) {
		br_autouki struct br_uki u = {0};

		if (br_uki_read(fileno(f), profile, &u) < 0)
			break;
		for (size_t i = 0; i < u.n_initrd; i++)
			if (!u.initrd[i].size || u.initrd[i].size > size || u.initrd[i].offset > size - u.initrd[i].size)
				abort();
		if (u.cmdline && (*u.cmdline == ' ' || strpbrk(u.cmdline, "\n\t")))
			abort();
	}
	if (br_efi_look(fileno(f), &efi) < 0)
		abort();
	return 0;
}
