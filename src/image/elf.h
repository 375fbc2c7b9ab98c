/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel and the dynamic loader ask of an ELF program or library (elf(5), ld.so(8)): machine, interpreter, the
 * libraries that it needs and where it says they lie. The file is never read as a whole, and never mapped.
 */
#ifndef BR_ELF_H
#define BR_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"

struct br_elf {
	uint16_t machine; /* EM_* */
	bool wide;        /* 64 bits */
	bool executable;  /* ET_EXEC or ET_DYN: no core, no object file */
	char *interp;     /* owned; PT_INTERP, NULL: none (static, or a library) */
	struct br_strv needed; /* DT_NEEDED */
	char *rpath, *runpath; /* owned, NULL: none */
};

/* Where the bytes come from: len of them at that offset, 0 or -errno (-ENODATA past the end). */
struct br_elf_source {
	int (*read)(const void *from, void *buf, size_t len, uint64_t at);
	const void *from;
};

/* -ENOEXEC: no ELF file; -EBADMSG: one that is cut or whose headers lead nowhere; -errno of reading. */
int br_elf_parse(const struct br_elf_source *source, struct br_elf *ret) br_must_check;
/* Of an open file. */
int br_elf_read(int fd, struct br_elf *ret) br_must_check;
/* A buffer as a source, for tests: from points to a struct br_span. */
int br_elf_read_span(const void *from, void *buf, size_t len, uint64_t at);
void br_elf_free(struct br_elf *e);

#endif
