/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /etc/default/grub: the settings that the next run of grub-mkconfig would put into every entry. */
#ifndef BR_GRUBDEFAULTS_H
#define BR_GRUBDEFAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/root.h"

struct br_grub_defaults {
	char *cmdline;         /* GRUB_CMDLINE_LINUX and _DEFAULT, one blank between; NULL no such file */
	unsigned cmdline_line; /* of the last of them */
	bool uuid_disabled;    /* GRUB_DISABLE_LINUX_UUID=true: root= becomes a kernel device name */
	unsigned uuid_line;
};

/* The file is a shell script that is sourced; plain assignments are read, the rest is left alone. */
int br_grub_defaults_parse(const char *buf, size_t len, struct br_grub_defaults *ret) br_must_check;
/* -ENOENT no file. */
int br_grub_defaults_read(const struct br_root *root, struct br_grub_defaults *ret) br_must_check;
void br_grub_defaults_free(struct br_grub_defaults *d);

#endif
