/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs written by hand, block by block; tests/oracles/xfs-log.sh has real ones. */
#include <errno.h>

#include "image/xfslog.h"
#include "test.h"

#define FS_BLOCK 4096
#define LOG_AT   (3 * FS_BLOCK)
#define BLOCKS   64

struct disk {
	unsigned char b[LOG_AT + BLOCKS * 512];
	unsigned reads;
};

static int read_disk(void *ctx, uint64_t offset, void *buf, size_t len)
{
	struct disk *d = ctx;

	d->reads++;
	if (offset > sizeof(d->b) || len > sizeof(d->b) - offset)
		return -EIO;
	memcpy(buf, d->b + offset, len);
	return 0;
}

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (24 - 8 * i));
}

static void make(struct disk *d, uint32_t cycle)
{
	memset(d, 0, sizeof(*d));
	memcpy(d->b, "XFSB", 4);
	put32(d->b + 4, FS_BLOCK);
	put32(d->b + 52, 3); /* logstart, in group 0 */
	put32(d->b + 84, 100);
	put32(d->b + 96, BLOCKS * 512 / FS_BLOCK);
	d->b[124] = 7;
	for (unsigned i = 0; i < BLOCKS; i++)
		put32(d->b + LOG_AT + i * 512, cycle);
}

/* A record of one block of data; unmount: the one operation says so. */
static void record(struct disk *d, unsigned at, uint32_t cycle, bool unmount)
{
	unsigned char *h = d->b + LOG_AT + at % BLOCKS * 512, *data = d->b + LOG_AT + (at + 1) % BLOCKS * 512;

	memset(h, 0, 512);
	put32(h, 0xfeedbabe);
	put32(h + 4, cycle);
	put32(h + 8, 2);
	put32(h + 12, 512);
	put32(h + 40, unmount ? 1 : 5);
	put32(h + 320, 32768);
	memset(data, 0, 512);
	put32(data, cycle + (at % BLOCKS + 1 == BLOCKS));
	data[9] = unmount ? 0x20 : 0;
}

/* 1 dirty, 0 clean, -errno. */
static int dirty(struct disk *d)
{
	bool is = false;
	int r = br_xfs_dirty(read_disk, d, &is);

	return r < 0 ? r : is;
}

BR_TEST(never_written)
{
	struct disk d;

	make(&d, 0);
	EXPECT_INT(dirty(&d), 0);
}

BR_TEST(just_made)
{
	struct disk d;

	make(&d, 0);
	record(&d, 0, 1, true);
	EXPECT_INT(dirty(&d), 0);
	record(&d, 0, 1, false);
	EXPECT_INT(dirty(&d), 1);
}

BR_TEST(at_every_place_of_the_ring)
{
	struct disk d;

	for (unsigned at = 2; at + 1 < BLOCKS; at++) {
		make(&d, 7);
		for (unsigned i = 0; i < at; i++)
			put32(d.b + LOG_AT + i * 512, 8);
		record(&d, at - 2, 8, false);
		record(&d, at, 8, true);
		EXPECT_INT(dirty(&d), 0);
		record(&d, at, 8, false);
		EXPECT_INT(dirty(&d), 1);
		EXPECT(d.reads < 200);
	}
	make(&d, 8);
	record(&d, BLOCKS - 2, 8, true); /* the last two blocks: the head is at the start again */
	put32(d.b + LOG_AT + (BLOCKS - 1) * 512, 8);
	EXPECT_INT(dirty(&d), 0);
}

BR_TEST(something_behind_the_unmount)
{
	struct disk d;

	make(&d, 7);
	record(&d, 0, 8, true);
	record(&d, 2, 8, false);
	EXPECT_INT(dirty(&d), 1);
	make(&d, 7);
	record(&d, 0, 8, true);
	put32(d.b + LOG_AT + 2 * 512, 8); /* a block whose header was torn */
	EXPECT_INT(dirty(&d), 1);
}

BR_TEST(what_makes_no_sense)
{
	struct disk d;

	make(&d, 1);
	d.b[0] = 'Y';
	EXPECT_INT(dirty(&d), -EBADMSG);
	make(&d, 1);
	put32(d.b + 52, 0);
	EXPECT_INT(dirty(&d), -ENOTSUP);
	make(&d, 1);
	put32(d.b + 4, 1000);
	EXPECT_INT(dirty(&d), -EBADMSG);
	make(&d, 1);
	put32(d.b + 96, UINT32_MAX);
	EXPECT_INT(dirty(&d), -EBADMSG);
	make(&d, 1);
	d.b[124] = 200;
	EXPECT_INT(dirty(&d), -EBADMSG);
	make(&d, 1);
	put32(d.b + 48, 5); /* far behind the end */
	EXPECT(dirty(&d) < 0);
}

BR_TEST_MAIN()
