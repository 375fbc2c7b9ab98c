/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What grub-mkimage puts behind GRUB's kernel, whatever the platform: modules, an early configuration, the
 * prefix. "mimg", then offset and size of the area (of the platform's word, 64-bit ones padded), then headers
 * {u32 type, u32 size with the header} with their bytes. Source: GRUB's include/grub/kernel.h; modules are
 * relocatable ELF files that carry their name in the section .modname (include/grub/dl.h).
 */
#ifndef BR_GRUBMODS_H
#define BR_GRUBMODS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

struct br_grub_mods {
	char *prefix; /* "(,gpt3)/boot/grub", "/EFI/debian"; NULL none */
	char *config; /* early configuration, run before anything is loaded; NULL none */
	bool whole;   /* its headers end where the area does */
	bool normal;  /* holds the module that reads grub.cfg: $prefix is not needed for it */
};

/* wide: of a 64-bit platform. 0; -EBADMSG: no module area stands here; -ENOMEM. */
int br_grub_mods_parse(const char *buf, size_t len, bool wide, struct br_grub_mods *ret) br_must_check;
void br_grub_mods_free(struct br_grub_mods *m);

#endif
