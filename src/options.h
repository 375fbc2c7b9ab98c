/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the command line asks of `check`, understood and validated. */
#ifndef BR_OPTIONS_H
#define BR_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "image/image.h"

struct br_options {
	const char *root; /* folder */
	enum br_context context;
	struct br_strv disks;
	const char *initramfs; /* a file outside the root to judge instead of the entry's; NULL */
	const char *profile;
	enum br_firmware_choice firmware;
	struct br_strv only, skip; /* check ids, in the registry's spelling */
	const char *format;
	const char *output;        /* file, NULL: standard output */
	const char *subject;       /* the image, as --subject names it, for the format; NULL */
	const char *report;        /* "auto", "none" or a path */
	bool fail_on_warning;
	unsigned deadline; /* seconds */
	enum { BR_COLOR_AUTO, BR_COLOR_ALWAYS, BR_COLOR_NEVER } color;
	bool announce; /* consoles, virtio-serial port, kernel log, /run/initramfs */
};

#endif
