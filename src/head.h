/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report says beside the checks: the system, the boot chains, the inputs. Made by the worker. */
#ifndef BR_HEAD_H
#define BR_HEAD_H

#include <cjson/cJSON.h>

#include "image/image.h"

/* New JSON values in the report's form; NULL when memory ran out. */
cJSON *br_head_system(const struct br_image *img);
cJSON *br_head_boots(const struct br_image *img);
cJSON *br_head_inputs(struct br_image *img);

#endif
