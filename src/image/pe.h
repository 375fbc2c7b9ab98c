/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The section table of a PE file, read from the file's first kilobytes whatever its size: a unified kernel
 * image takes a hundred MiB. Sources: the PE/COFF specification; UAPI.5 (profiles of a unified kernel image).
 */
#ifndef BR_PE_H
#define BR_PE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

/* A unified image for many boards carries a section .dtbauto for each; loaders refuse to read on for ever. */
#define BR_PE_SECTIONS_MAX 512

/* Machines. */
#define BR_PE_I386    0x14c
#define BR_PE_RISCV64 0x5064
#define BR_PE_X86_64  0x8664
#define BR_PE_AARCH64 0xaa64

struct br_pe_section {
	char name[9];
	uint64_t offset, size; /* in the file, from its start; the bytes that are meant, without padding */
	bool cut;              /* it does not lie in the file */
};

struct br_pe {
	unsigned machine;     /* BR_PE_* */
	uint64_t base, size;  /* the part of the file that was looked at */
	struct br_pe_section *sections; /* owned */
	unsigned n;
	bool cut; /* the table goes on beyond the file's end, or BR_PE_SECTIONS_MAX */
};

/* size bytes of fd from base on. -EBADMSG: no PE file; -ENOMEM; -errno of reading. */
int br_pe_read(int fd, uint64_t base, uint64_t size, struct br_pe *ret) br_must_check;
/* A whole file. */
int br_pe_read_fd(int fd, struct br_pe *ret) br_must_check;
void br_pe_free(struct br_pe *pe);
#define br_autope br_cleanup(br_pe_free)

/* The first section of that name; NULL none. */
const struct br_pe_section *br_pe_find(const struct br_pe *pe, const char *name);
/* The first section that does not lie in the file; NULL: all do. */
const struct br_pe_section *br_pe_first_cut(const struct br_pe *pe);

/*
 * A profile of a unified kernel image is what stands behind the profile-th ".profile", up to the next; what it
 * has not, it takes from before the first one. Profile 0 is there without any ".profile" too.
 */
bool br_pe_has_profile(const struct br_pe *pe, unsigned profile);
const struct br_pe_section *br_pe_find_in(const struct br_pe *pe, unsigned profile, const char *name);

#endif
