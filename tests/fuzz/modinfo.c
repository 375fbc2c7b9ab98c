/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel module, plain or compressed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/modinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct br_blob packed = {(char *)data, size};
	br_autoblob struct br_blob plain = {0};
	struct br_modinfo m;
	const char *vermagic;

	if (br_module_unpack(&packed, &plain) < 0 || br_modinfo_parse(plain.data, plain.len, &m) < 0)
		return 0;
	vermagic = br_modinfo_get(plain.data + m.at, m.len, "vermagic", "");
	if (vermagic && strlen(vermagic) > plain.len)
		abort();
	return 0;
}
