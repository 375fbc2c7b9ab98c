/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>

#include "base/io.h"
#include "image/blkio.h"

int br_blk_read(const struct br_disks *d, int blk, uint64_t offset, void *buf, size_t len)
{
	const struct br_blk *b = &d->blk[blk];
	br_autoclose int fd = -1;
	uint64_t end;
	int r;

	if (__builtin_add_overflow(offset, len, &end) || end > b->size)
		return -ERANGE;
	/* A partition is read through its disk: image files have no partition nodes. So is a volume that nobody opened. */
	if (b->kind == BR_BLK_PART || b->kind == BR_BLK_VOLUME) {
		if (b->disk < 0 || d->blk[b->disk].kind != BR_BLK_DISK)
			return -ENODATA; /* of an array: its start is not a place on one disk */
		offset += b->start;
		b = &d->blk[b->disk];
	}
	fd = open(b->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = br_pread_all(fd, buf, len, offset);
	return r == -ENODATA ? -EIO : r;
}
