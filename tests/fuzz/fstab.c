/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fstab: every entry is whole, has a line of the file, and what is waited for is not excused. */
#include <stdint.h>
#include <stdlib.h>

#include "image/fstab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	size_t len;

	if (br_fstab_parse((const char *)data, size, &f) < 0)
		return 0;
	for (size_t i = 0; i < f.n; i++) {
		const struct br_fstab_entry *e = &f.entries[i];

		if (!e->source || !e->target || !e->type || !e->options || !e->spec.value || !e->line)
			abort();
		if (e->waits && (e->swap || e->ignored || e->nofail || e->noauto || e->netdev))
			abort();
		br_fstab_option(e, "nofail", &len);
		br_fstab_target(&f, e->target);
	}
	return 0;
}
