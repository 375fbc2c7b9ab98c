/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How full the root, /boot and what else fstab mounts are, as df(1) counts it: statfs(2) of what is mounted below the
 * root. Of an ext2, ext3 or ext4 that is not mounted there (a root that was unpacked, a /boot of its own) the
 * superblock says the same: the kernel's fs/ext4/super.c, ext4_statfs(), and Documentation/filesystems/ext4.
 */
#ifndef BR_USAGE_H
#define BR_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

struct br_space {
	uint64_t total, used, avail; /* bytes; used and avail are not all of total: some is kept for root */
	uint64_t files, files_used;  /* inodes; 0: the file system counts none */
	bool sealed;                 /* a packed, read-only file system: full as it is made, nothing is written to it */
};

struct br_usage {
	char *mount;  /* owned; the root's own path */
	char *why;    /* owned; why it could not be told; NULL: space is there */
	char *fix;    /* owned; the command that would help; NULL: none */
	bool needed;  /* the root or /boot: the check cannot do without */
	struct br_space space;
};

struct br_usages {
	struct br_usage *v; /* the root first, then as fstab has them */
	size_t n, cap;
};

/* The first BR_EXT_SUPER bytes at offset 1024 of an ext file system. -EBADMSG: none, or nothing to be counted by it. */
#define BR_EXT_SUPER 1024
int br_space_ext(const char *buf, size_t len, struct br_space *ret) br_must_check;

/* By statfs(2) of any object on it (O_PATH will do). */
int br_space_of(int fd, struct br_space *ret) br_must_check;

/* Per cent of what can be used, rounded up as df does; of inodes with files set. */
unsigned br_space_percent(const struct br_space *s, bool files);

/* Is there room for what the first boot writes, as root, before it has made the file system larger? */
bool br_space_room(const struct br_space *s, const char *type);

struct br_image;
/* 0 or -ENOMEM: what cannot be read is told by why. Needs fstab and disks. */
int br_usage_read(struct br_image *img, struct br_usages *ret) br_must_check;
void br_usage_free(struct br_usages *u);

#endif
