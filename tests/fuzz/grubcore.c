/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's core image behind its first sector, and the module area that comes out of one: mutations of a packed
 * one seldom unpack, so that the area is given alone too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/grubcore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct br_grub_core c;
	struct br_grub_mods m;

	if (br_grub_core_parse(data, size, &c) == 0)
		br_grub_core_free(&c);
	for (int wide = 0; wide < 2; wide++)
		if (br_grub_mods_parse((const char *)data, size, wide, &m) == 0)
			br_grub_mods_free(&m);
	if (size >= 512) {
		struct br_grub_blocks b[BR_GRUB_BLOCKS_MAX];

		if (br_grub_blocks(data, b) > BR_GRUB_BLOCKS_MAX)
			abort();
	}
	return 0;
}
