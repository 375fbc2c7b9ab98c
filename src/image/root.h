/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The examined root, as the system that boots from it will see it. root.c is the only file that opens a
 * path below a root: absolute links resolve inside it, ".." stops at it, magic links are not followed,
 * and nothing but a regular file is ever read. In pre-pivot a plain open() of an absolute link would
 * judge the initramfs instead of the root, or leave it.
 *
 * Paths are absolute, from the root's own "/". All calls give 0 (or a count) or -errno:
 * -ELOOP too many links, -ENOTDIR, -ENOENT as the kernel; -EMEDIUMTYPE not a regular file;
 * -EFBIG longer than the cap; -EXDEV never: what would leave the root resolves inside it.
 */
#ifndef BR_ROOT_H
#define BR_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/macro.h"
#include "base/str.h"

struct br_root {
	int fd;         /* O_PATH of the folder; -1 when not open */
	bool walk_only; /* the kernel has no openat2(2): walk by component */
};

/* A whole file: len bytes and a NUL behind them. */
struct br_blob {
	char *data;
	size_t len;
};

int br_root_open(struct br_root *root, const char *dir) br_must_check;
void br_root_close(struct br_root *root);

/* Any object, O_PATH|O_CLOEXEC; with nofollow the link itself. */
int br_root_path(const struct br_root *root, const char *path, bool nofollow, int *ret_fd) br_must_check;
/* A regular file for reading (O_RDONLY|O_CLOEXEC|O_NOCTTY; never blocks on a FIFO or device). */
int br_root_file(const struct br_root *root, const char *path, int *ret_fd) br_must_check;
/* A regular file of at most cap bytes. Growth while reading is cut at the cap too (-EFBIG). */
int br_root_read(const struct br_root *root, const char *path, size_t cap,
                 struct br_blob *ret) br_must_check;
/* The same for an open file, from its start. */
int br_read_fd(int fd, size_t cap, struct br_blob *ret) br_must_check;
/* A regular file of the machine that this runs on, by a path that its user gave: -EMEDIUMTYPE for anything else. */
int br_read_file(const char *path, size_t cap, struct br_blob *ret) br_must_check;
int br_root_stat(const struct br_root *root, const char *path, struct stat *ret) br_must_check;
int br_root_lstat(const struct br_root *root, const char *path, struct stat *ret) br_must_check;
int br_root_readlink(const struct br_root *root, const char *path, char **ret) br_must_check;
/* A folder's names, sorted bytewise, without "." and "..": at most BR_DIR_ENTRIES_MAX (-E2BIG). */
int br_root_list(const struct br_root *root, const char *path, struct br_strv *ret) br_must_check;
/* A folder as an O_RDONLY|O_DIRECTORY descriptor (for libkmod through /proc/self/fd). */
int br_root_dir(const struct br_root *root, const char *path, int *ret_fd) br_must_check;
bool br_root_exists(const struct br_root *root, const char *path);

void br_blob_free(struct br_blob *b);
#define br_autoblob br_cleanup(br_blob_free)

#endif
