/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of one or several files (or parts of them) in a row, read once from front to back and, where
 * that is asked for, hashed on the way: what a boot loader puts into memory as one initramfs. Between two files stand the NULs that
 * align the second to four bytes, as GRUB and systemd-stub put them there.
 */
#ifndef BR_SOURCE_H
#define BR_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/sha256.h"

/* A part of an open file, or of memory; both stay the caller's. */
struct br_extent {
	int fd;
	uint64_t offset, size; /* bytes; size UINT64_MAX: to the file's end */
	bool hashed;           /* its part is to have a SHA-256 */
	const void *mem;       /* not NULL: the size bytes there are meant, not fd */
};

/* What was read of one extent. */
struct br_part {
	uint64_t size;
	char sha256[65]; /* "" where it was not asked for */
};

struct br_source {
	const struct br_extent *extents;
	size_t n;
	struct br_part *parts; /* n of them, owned; filled as their ends are reached */
	size_t at;             /* extent being read */
	uint64_t done;         /* bytes of it that were read */
	struct br_sha256 sha;
	unsigned char *buf; /* owned */
	size_t pos, len;    /* what is there and not taken: buf[pos..len) */
	uint64_t base;      /* place of buf[0] in the row */
	int err;            /* -errno of a read that failed; the source then looks ended */
};

/* The extents must outlive the source. */
int br_source_open(struct br_source *s, const struct br_extent *extents, size_t n) br_must_check;
void br_source_close(struct br_source *s);
#define br_autosource br_cleanup(br_source_close)

/*
 * Makes want bytes (at most 64 KiB) visible at br_source_here(), fewer only at the end; gives how many
 * are there, which may be more.
 */
size_t br_source_peek(struct br_source *s, size_t want);
static inline const unsigned char *br_source_here(const struct br_source *s)
{
	return s->buf + s->pos;
}
static inline void br_source_take(struct br_source *s, size_t n)
{
	s->pos += n;
}
/* Place of the next byte. */
static inline uint64_t br_source_offset(const struct br_source *s)
{
	return s->base + s->pos;
}
/* Reads what is left, for the hashes; gives s->err. */
int br_source_drain(struct br_source *s) br_must_check;

#endif
