/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ELF files: what is read of them is whole. */
#include <stdint.h>
#include <stdlib.h>

#include "base/span.h"
#include "image/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct br_span span = {(const char *)data, size};
	const struct br_elf_source source = {br_elf_read_span, &span};
	br_cleanup(br_elf_free) struct br_elf e = {0};

	if (br_elf_parse(&source, &e) < 0)
		return 0;
	for (size_t i = 0; i < e.needed.n; i++)
		if (!e.needed.v[i])
			abort();
	return 0;
}
