/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BR_VERSION_H
#define BR_VERSION_H

#include <stddef.h>

#define BR_VERSION "0.1.0"

struct br_library {
	const char *name, *version, *licence;
};

/* The libraries linked in, from the build's own record of what it built (build/libraries.c). */
extern const struct br_library br_libraries[];
extern const size_t br_n_libraries;

#endif
