/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An initramfs, read as the kernel unpacks it: any number of segments, each an uncompressed cpio (newc
 * 070701, crc 070702) or a compressed stream of such, NULs between them. Sources: the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst and lib/decompress.c (magic numbers).
 * Streaming: names and a few small files are kept, all by named caps.
 *
 * Names are those that the files have once unpacked: without leading "/" or "./", and where an earlier
 * entry made a folder of the name a link ("lib" -> "usr/lib"), below the link's target. What the kernel
 * could not create, for want of its folder, is not there.
 */
#ifndef BR_INITRAMFS_H
#define BR_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/innerfs.h"
#include "image/root.h"
#include "image/source.h"

/* One archive: a plain cpio up to its trailer, or one compressed stream whatever number it holds. */
struct br_segment {
	uint64_t offset, size; /* in the file (or the files in a row), compressed */
	uint64_t unpacked;
	const char *compression; /* "none", "gzip", "xz", "zstd", "lz4", "lzma", "bzip2", "lzo" */
	unsigned entries;
};

struct br_kept {
	char *path;
	struct br_blob data;
};

struct br_link {
	char *path, *target; /* target as it stands in the link */
};

struct br_initramfs {
	struct br_segment *segments;
	size_t n_segments, cap_segments;
	struct br_strv names;   /* every entry but ".", sorted, once each */
	struct br_link *links;  /* the symbolic links among them, sorted by path */
	size_t n_links, cap_links;
	struct br_kept *kept;   /* module indexes, *.conf of modprobe.d and cmdline.d, crypttab, ... sorted by path */
	size_t n_kept, cap_kept;
	struct br_strv releases; /* folders of [usr/]lib/modules/ that hold an index or a module */
	const char *made_by;     /* "dracut", "initramfs-tools", "mkinitcpio", "booster" or NULL */
	char *made_with;         /* its version, where it says one; NULL */
	struct br_innerfs inner; /* dracut's squash or erofs image inside; its files are in names. type NULL: none */
	char *squash;            /* path of such an image that was not read to its end, and so hides files; NULL none */
	char *squash_why;        /* why; NULL */
	char *defect;            /* broken: what the kernel would choke on, at which byte; NULL sound */
	char *unread;            /* not decodable by us though perhaps sound (a cap was hit); NULL */
	char *cut;               /* the file that the defect leaves half written; NULL none */
	size_t orphans;          /* entries that the kernel cannot create: their folder is not there */
	char *orphan;            /* the first of them; NULL none */
	struct br_part *parts;   /* what was read of each file that it was read from */
	size_t n_parts;
};

/*
 * Reads what is given, in a row, as one initramfs: a boot loader's initrd files, or a part of a unified
 * kernel image. 0 with defect/unread set where there is something to say; -errno only for I/O and memory.
 */
int br_initramfs_read(const struct br_extent *extents, size_t n, struct br_initramfs *ret) br_must_check;
/* One whole file; of a unified kernel image the initramfs in it. */
int br_initramfs_read_fd(int fd, bool hashed, struct br_initramfs *ret) br_must_check;
/* What the running initramfs holds: its own "/" (preboot only). Only the folders that matter are listed. */
int br_initramfs_read_running(const struct br_root *self, struct br_initramfs *ret) br_must_check;
void br_initramfs_free(struct br_initramfs *i);
#define br_autoinitramfs br_cleanup(br_initramfs_free)

/* Both follow links. A kept file only; NULL when it is not there or was not kept. */
const struct br_blob *br_initramfs_file(const struct br_initramfs *i, const char *path);
bool br_initramfs_has(const struct br_initramfs *i, const char *path);
/*
 * The kept files whose names are DIR/NAME with one of the given suffixes, in the order of their names and
 * for a name that several folders have the first folder's alone. dirs ends in NULL. Appends pointers into i.
 */
struct br_kept_list {
	const struct br_kept **v; /* owned, what it points to is not */
	size_t n, cap;
};
int br_initramfs_list(const struct br_initramfs *i, const char *const *dirs, const char *suffix,
                      struct br_kept_list *ret) br_must_check;
static inline void br_kept_list_free(struct br_kept_list *l)
{
	free(l->v);
}

/* report/initramfs.c: for `bootready initramfs`. 0 or -errno of writing. */
int br_initramfs_show(const struct br_initramfs *i, bool files, bool json, FILE *out) br_must_check;

#endif
