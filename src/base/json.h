/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cJSON with a cleanup attribute. */
#ifndef BR_BASE_JSON_H
#define BR_BASE_JSON_H

#include <cjson/cJSON.h>

#include "base/macro.h"

static inline void br_json_freep(cJSON **j)
{
	cJSON_Delete(*j);
}
#define br_autojson br_cleanup(br_json_freep)

#endif
