/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Volume groups as their own metadata tells them: which logical volumes there are, and where one lies that
 * nobody opened. Format: lvm2's lib/format_text/layout.h and its man page lvmcfg.
 */
#ifndef BR_LVM_H
#define BR_LVM_H

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"

#define BR_LVM_WORD_MAX 256

/* A cursor over the words of lvm's texts: names, "strings", numbers and { } [ ] = ; commas are blanks. */
struct br_lvm_words {
	const char *at, *end;
	char word[BR_LVM_WORD_MAX]; /* cut when longer */
	char kind;                  /* 'w' a word or number, '"' a string, else the mark itself; 0 the end */
};
void br_lvm_word(struct br_lvm_words *w);

struct br_lvm_volume {
	char *name;     /* owned; as device-mapper has it: "vg-root" */
	char *pv;       /* owned; UUID of the physical volume its first byte is on; NULL: not laid out one behind the other */
	uint64_t start; /* bytes from that one's start */
	uint64_t run;   /* bytes from there on that are the volume's, in one piece */
	uint64_t size;  /* bytes of all of it */
};

struct br_lvm {
	struct br_lvm_volume *v; /* the visible ones, but for pools */
	size_t n, cap;
	unsigned pvs;            /* physical volumes of the group */
};

/* The metadata's text. -EBADMSG: none that can be understood. */
int br_lvm_parse(const char *text, size_t len, struct br_lvm *ret) br_must_check;
/* The physical volume at start of fd. -ENODATA: it has no metadata area; -EBADMSG as above. */
int br_lvm_read(int fd, uint64_t start, uint64_t size, struct br_lvm *ret) br_must_check;
void br_lvm_free(struct br_lvm *l);

#endif
