/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypttab: every entry is whole and has a line of the file. */
#include <stdint.h>
#include <stdlib.h>

#include "image/fstab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	if (br_crypttab_parse((const char *)data, size, &f) < 0)
		return 0;
	for (size_t i = 0; i < f.n_crypt; i++) {
		const struct br_crypttab_entry *c = &f.crypt[i];

		if (!c->name || !c->device || !c->key || !c->options || !c->spec.value || !c->line)
			abort();
	}
	return 0;
}
