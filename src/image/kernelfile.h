/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel image as a boot loader would load it: is it whole by what its own headers say, and of which
 * release? Known: x86 bzImage (the kernel's Documentation/arch/x86/boot.rst), arm64 Image, plain, gzipped or
 * as a self-unpacking EFI program (Documentation/arch/arm64/booting.rst, drivers/firmware/efi/libstub/zboot),
 * and unified kernel images (PE with a section .linux; the UAPI group's specification).
 */
#ifndef BR_KERNELFILE_H
#define BR_KERNELFILE_H

#include "base/macro.h"
#include "image/chain.h"
#include "image/source.h"

/* Most bytes of an unpacked kernel that are searched for its release. */
#define BR_KERNEL_UNPACKED_MAX (256ULL << 20)

/*
 * 0 with *ret_state, and *ret_release (owned) where the image tells, else NULL. BR_KERNEL_UNREAD: a kind that
 * only other machines boot (ELF). -errno of reading.
 */
int br_kernel_look(int fd, enum br_kernel_state *ret_state, char **ret_release) br_must_check;

/*
 * A section of a PE file (".initrd", ".cmdline", ".uname" of a unified kernel image), as the part of the file
 * it takes. -ENOENT no such section, -EBADMSG no PE file, or the section lies beyond its end.
 */
int br_pe_section(int fd, const char *name, struct br_extent *ret) br_must_check;

#endif
