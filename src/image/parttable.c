/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "image/blkio.h"
#include "image/parttable.h"

#define HEADER 92

/* A header is one of this place: its own LBA stands in it. */
static int read_header(const struct br_disks *d, int disk, uint64_t lba, unsigned char h[HEADER])
{
	unsigned sector = d->blk[disk].sector_size ? d->blk[disk].sector_size : 512;
	uint64_t at;
	int r;

	if (__builtin_mul_overflow(lba, (uint64_t)sector, &at))
		return -EBADMSG;
	r = br_blk_read(d, disk, at, h, HEADER);
	if (r < 0)
		return r;
	return memcmp(h, "EFI PART", 8) == 0 && br_le64(h + 24) == lba ? 0 : -EBADMSG;
}

int br_parttable_read(const struct br_disks *d, struct br_parttable *ret)
{
	struct br_parttable t = {.disk = d->root_disk};
	unsigned char h[HEADER];
	int r;

	if (t.disk < 0 || !br_streq(d->blk[t.disk].pttype, "gpt")) {
		*ret = t;
		return 0;
	}
	t.gpt = true;
	t.last = d->blk[t.disk].size / (d->blk[t.disk].sector_size ? d->blk[t.disk].sector_size : 512);
	t.last -= t.last ? 1 : 0;
	r = read_header(d, t.disk, 1, h);
	/* The kernel and libblkid take the second where the first is damaged; then it is the first that is missing. */
	if (r == -EBADMSG)
		t.backup = 0;
	else if (r < 0)
		return r;
	else
		t.backup = br_le64(h + 32);
	if (t.backup) {
		r = read_header(d, t.disk, t.backup, h);
		t.backup_there = r == 0;
	}
	*ret = t;
	return 0;
}
