/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel module says of itself: the "key=value" strings of its .modinfo section, and the machine in
 * its ELF header. Sources: elf(5); the kernel's include/linux/moduleparam.h and scripts/mod/modpost.c.
 */
#ifndef BR_MODINFO_H
#define BR_MODINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "image/root.h"

/* Largest module unpacked for its facts; mlx5_core of a distribution kernel takes 4 MiB. */
#define BR_MODULE_MAX (16ULL << 20)

struct br_modinfo {
	uint16_t machine; /* e_machine */
	bool versions;    /* it has checksums of the symbols it uses: the kernel then does not compare releases */
	size_t at, len;   /* the section, in the module; 0 none */
};

/* -EBADMSG: no ELF object, or one whose tables lie beyond its end. */
int br_modinfo_parse(const void *buf, size_t len, struct br_modinfo *ret) br_must_check;
/*
 * The value of the first "key=" in NUL-separated strings (a .modinfo section, or modules.builtin.modinfo with
 * "module." before the key) whose value starts with the given text; NULL none. It lies in buf, which has a
 * NUL behind its len bytes.
 */
const char *br_modinfo_get(const char *buf, size_t len, const char *key, const char *value);
/* A module that may be compressed (.ko.gz, .ko.xz, .ko.zst) as plain bytes. -EBADMSG damaged. */
int br_module_unpack(const struct br_blob *packed, struct br_blob *ret) br_must_check;

#endif
