/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A reader of cpio archives as the Linux kernel unpacks them into its root file system: "newc" (070701)
 * and "crc" (070702) members, archives one behind the other, NULs between them. Bytes are pushed in as
 * they come; nothing but the name and link at hand is held. Sources: the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst and the behaviour of its init/initramfs.c.
 *
 *	header: 6 bytes magic, 13 numbers of 8 hexadecimal digits: ino mode uid gid nlink mtime filesize
 *	        major minor rmajor rminor namesize check
 *	name:   namesize bytes with the NUL, padded so that the body starts at a multiple of 4
 *	body:   filesize bytes, padded to a multiple of 4
 */
#ifndef BR_CPIO_H
#define BR_CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/macro.h"

#define BR_CPIO_HEADER 110

struct br_cpio_entry {
	const char *name;   /* as it stands there */
	const char *target; /* of a symbolic link, else NULL */
	uint32_t mode, nlink, ino, major, minor;
	uint64_t size; /* of the body */
};

/* Each gives 0 or -errno, which br_cpio_push() hands on. */
struct br_cpio_ops {
	int (*entry)(void *ctx, const struct br_cpio_entry *e);
	/* A regular file's body, in pieces; done() follows, also when it is empty. */
	int (*data)(void *ctx, const void *buf, size_t len);
	int (*done)(void *ctx);
	/* TRAILER!!!: what follows shares no hard links with what went before. */
	int (*trailer)(void *ctx);
};

enum br_cpio_state {
	BR_CPIO_BETWEEN = 0, /* at a place where a member or another segment may start */
	BR_CPIO_HEADING,
	BR_CPIO_NAMING,
	BR_CPIO_BODY,
	BR_CPIO_PADDING,
};

/* All-zero but for ops and ctx is a reader at the start of a segment. */
struct br_cpio {
	const struct br_cpio_ops *ops;
	void *ctx;
	enum br_cpio_state state;
	uint64_t at;        /* bytes since the segment's start: members stand at multiples of 4 */
	uint64_t start;     /* where the member at hand starts */
	uint64_t next;      /* where it ends, with its padding */
	uint64_t left;      /* of its body */
	size_t have, want;  /* collected and to be collected in buf */
	bool checked;       /* 070702 */
	bool passed;        /* entry() has it: a regular file whose body is wanted */
	uint32_t sum, check;
	const char *defect; /* constant; what the kernel would choke on at byte at */
	struct br_cpio_entry e;
	char name[BR_PATH_MAX + 1]; /* of the member at hand, for messages; "" before the first */
	char buf[2 * BR_PATH_MAX + 8];
};

/*
 * Takes bytes until all are taken, or until one stands between members that starts none (neither NUL nor
 * '0'): *ret_used tells. -EBADMSG with defect set; after it the reader is of no more use.
 */
int br_cpio_push(struct br_cpio *c, const void *buf, size_t len, size_t *ret_used) br_must_check;

#endif
