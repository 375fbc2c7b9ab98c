/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the initramfs-*.c: the file system that unpacking makes, and the files kept of it. */
#ifndef BR_INITRAMFS_INTERNAL_H
#define BR_INITRAMFS_INTERNAL_H

#include <stdint.h>

#include "base/limits.h"
#include "image/cpio.h"
#include "image/initramfs.h"

/* The target of the link at path (no slash at either end), NULL when it is none. */
typedef const char *(*br_link_look)(const void *ctx, const char *path);
/*
 * Where path leads: every folder on the way resolved, and with follow the last name too. ret takes
 * BR_PATH_MAX + 1 bytes; "" is the root. -ELOOP, -ENAMETOOLONG.
 */
int br_link_resolve(br_link_look look, const void *ctx, const char *path, bool follow, char *ret) br_must_check;

/* initramfs-tree.c */
struct br_node {
	char *path, *target; /* owned */
	uint32_t hash;
	uint32_t type;     /* S_IFMT of its mode */
	uint32_t children; /* of a folder */
	bool implied;      /* the kernel's own root file system has it; not listed */
};

struct br_tree {
	struct br_node *nodes;
	size_t n, cap;
	uint32_t *slots; /* 1 + index into nodes, 0 free; n_slots is a power of two */
	size_t n_slots;
	uint64_t bytes; /* of names and targets */
	size_t orphans;
	char *orphan;
	bool full; /* BR_INITRAMFS_ENTRIES_MAX or BR_INITRAMFS_NAMES_MAX was reached */
};

int br_tree_init(struct br_tree *t) br_must_check;
void br_tree_free(struct br_tree *t);
/*
 * Creates what the entry describes as the kernel would. 1 with the final path in ret (BR_PATH_MAX + 1
 * bytes) when it is there now, 0 when it cannot be, -errno.
 */
int br_tree_add(struct br_tree *t, const char *name, uint32_t mode, const char *target, char *ret) br_must_check;
const struct br_node *br_tree_find(const struct br_tree *t, const char *path);
/* Hands names, links and orphans over. */
int br_tree_finish(struct br_tree *t, struct br_initramfs *ret) br_must_check;

/* initramfs-keep.c: collects the bodies of the files that later questions are about. */
#define BR_KEEP_BUCKETS 256

struct br_keep_group { /* the names of one hard-linked file */
	uint32_t ino, major, minor;
	int next;              /* in its bucket, -1 */
	struct br_strv wanted; /* names of it that are to be kept */
	struct br_blob data;
	bool have, lost; /* data is there; was there and was too much to hold */
};

struct br_keep {
	struct br_kept *kept;
	size_t n, cap;
	uint64_t held; /* bytes in kept and groups */
	struct br_keep_group *groups;
	size_t n_groups, cap_groups;
	int buckets[BR_KEEP_BUCKETS]; /* index of a bucket's first group, -1 */
	/* The file at hand: */
	char *path; /* owned; NULL: only its group wants it, or nobody */
	int group;  /* -1 */
	bool collecting;
	struct br_blob body; /* room for all of it */
	char *limit; /* owned; a cap that was hit, in words */
};

void br_keep_init(struct br_keep *k);
void br_keep_free(struct br_keep *k);
enum br_keep_kind {
	BR_KEEP_NOT = 0,
	BR_KEEP_TEXT,   /* small files that people or makers of initramfs write */
	BR_KEEP_INDEX,  /* of a modules folder */
	BR_KEEP_MODULE, /* a .ko: kept where it is small, for its own facts */
};
enum br_keep_kind br_keep_wants(const char *path);
int br_keep_begin(struct br_keep *k, const char *path, const struct br_cpio_entry *e) br_must_check;
int br_keep_data(struct br_keep *k, const void *buf, size_t len) br_must_check;
int br_keep_end(struct br_keep *k) br_must_check;
/* The archive's trailer, and the end of everything: hard links are told. */
int br_keep_trailer(struct br_keep *k) br_must_check;
/* Takes data over, in place of a file of that name kept before. */
int br_keep_put(struct br_keep *k, const char *path, struct br_blob *data) br_must_check;

/* initramfs-inner.c: the image inside that most files are in, as it is met. */
struct br_hold {
	char *path; /* owned; NULL none */
	int fd;     /* of what was copied out of a packed archive; -1 */
	struct br_extent image;
	bool open, collecting, whole;
	const char *why; /* constant: why it cannot be read; NULL */
};

void br_hold_init(struct br_hold *h);
void br_hold_free(struct br_hold *h);
/* Is path one where dracut puts such an image? */
bool br_hold_wants(const char *path);
/* where: its bytes, when they lie in a file as they are; NULL: they come by br_hold_data(). */
int br_hold_begin(struct br_hold *h, const char *path, uint64_t size, const struct br_extent *where) br_must_check;
int br_hold_data(struct br_hold *h, const void *buf, size_t len) br_must_check;
void br_hold_end(struct br_hold *h);
/* Adds what is in it to t and k, and tells in i how that went. */
int br_hold_read(struct br_hold *h, struct br_tree *t, struct br_keep *k, struct br_initramfs *i) br_must_check;

/* initramfs-look.c: sorts what was gathered and tells who made it, releases, squash. */
int br_initramfs_settle(struct br_initramfs *i, struct br_tree *t, struct br_keep *k) br_must_check;

#endif
