/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EFI programs as far as a boot chain needs them: what one is (shim, GRUB, systemd-boot, a unified kernel
 * image), and the prefix and early configuration that grub-mkimage put into a GRUB. Sources: the PE/COFF
 * specification (section table); GRUB's include/grub/kernel.h (module headers, magic "mimg"); systemd's
 * LoaderInfo marker and UAPI.5 (sections of a unified kernel image); the SBAT specification.
 */
#ifndef BR_EFI_H
#define BR_EFI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

enum br_efi_kind {
	BR_EFI_OTHER = 0,
	BR_EFI_SHIM,
	BR_EFI_GRUB,
	BR_EFI_SYSTEMD_BOOT,
	BR_EFI_UKI,         /* or systemd's stub for one, with nothing in it */
	BR_EFI_NO_PROGRAM, /* no PE file at all */
};

struct br_efi {
	enum br_efi_kind kind;
	unsigned machine;  /* BR_PE_* */
	unsigned version;  /* systemd-boot: 252039 is 252.39; 0 not told */
	char *prefix;      /* GRUB: embedded $prefix, "(,gpt3)/boot/grub" or "/EFI/debian"; NULL none */
	char *config;      /* GRUB: embedded early configuration; NULL none */
	bool normal;       /* GRUB: the module that reads grub.cfg is in it */
};

/* A kernel with an EFI stub of its own and what is larger than any loader are BR_EFI_OTHER, without being read. */
int br_efi_look(int fd, struct br_efi *ret) br_must_check;
/* 0 also for what is no program; -ENOMEM. Everything in it is owned by the caller. */
int br_efi_parse(const char *buf, size_t len, struct br_efi *ret) br_must_check;
void br_efi_free(struct br_efi *e);

#endif
