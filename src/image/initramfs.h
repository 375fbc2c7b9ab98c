/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An initramfs, read as the kernel unpacks it: any number of segments, each an uncompressed cpio (newc
 * 070701, crc 070702) or a compressed stream of such, NULs between them. Sources: the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst and lib/decompress.c (magic numbers).
 * Streaming: names and a few small files are kept, all by named caps.
 */
#ifndef BR_INITRAMFS_H
#define BR_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/root.h"

struct br_segment {
	uint64_t offset, size; /* in the file, compressed */
	uint64_t unpacked;
	const char *compression; /* "none", "gzip", "xz", "zstd", "lz4", "lzma", "bzip2", "lzo" */
	unsigned entries;
};

struct br_kept {
	char *path; /* without leading "/" or "./" */
	struct br_blob data;
};

struct br_initramfs {
	struct br_segment *segments;
	size_t n_segments, cap_segments;
	struct br_strv names;   /* every entry but ".", without leading "/" or "./", sorted, once each */
	struct br_kept *kept;   /* module indexes, *.conf of modprobe.d and cmdline.d, crypttab, ... sorted by path */
	size_t n_kept, cap_kept;
	struct br_strv releases; /* folders of [usr/]lib/modules/ that hold an index or a module */
	const char *made_by;     /* "dracut", "initramfs-tools", "mkinitcpio", "booster" or NULL */
	char *squash;            /* path of a squash/erofs image inside that hides more files; NULL none */
	char *defect;            /* broken: what the kernel would choke on, at which byte; NULL sound */
	char *unread;            /* not decodable by us though perhaps sound (lzo, cap hit); NULL */
	char sha256[65];
};

/* 0 with defect/unread set where there is something to say; -errno only for I/O and memory. */
int br_initramfs_read_fd(int fd, struct br_initramfs *ret) br_must_check;
/* What the running initramfs holds: its own "/" (preboot only), as if it had been read from its file. */
int br_initramfs_read_running(const struct br_root *self, struct br_initramfs *ret) br_must_check;
void br_initramfs_free(struct br_initramfs *i);

const struct br_blob *br_initramfs_file(const struct br_initramfs *i, const char *path);
bool br_initramfs_has(const struct br_initramfs *i, const char *path);

#endif
