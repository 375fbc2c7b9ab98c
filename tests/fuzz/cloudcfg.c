/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cloud-init's configuration: what is set has a line; what is refused leaves nothing behind. */
#include <stdint.h>
#include <stdlib.h>

#include "image/cloudcfg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};
	unsigned line;

	if (br_cloudcfg_parse((const char *)data, size, &c, &line) < 0) {
		if (c.mode.text || c.growpart_set || c.datasource_list.set)
			abort();
		return 0;
	}
	if ((c.mode.set && !c.mode.line) || (c.devices.set && !c.devices.line) || (c.mode.set && !c.growpart_set))
		abort();
	return 0;
}
