/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees of one leaf each, written by hand; tests/oracles/btrfs-subvolumes.sh has real ones. */
#include <errno.h>

#include "image/btrfs.h"
#include "test.h"

#define NODE  4096U
#define SUPER 65536U
#define CHUNK (SUPER + NODE)
#define ROOT  (SUPER + 2 * NODE)

static unsigned char disk[ROOT + NODE];

static void put(unsigned char *p, uint64_t v, unsigned n)
{
	while (n--) {
		*p++ = (unsigned char)v;
		v >>= 8;
	}
}

static int read_disk(void *ctx, uint64_t offset, void *buf, size_t len)
{
	(void)ctx;
	if (offset > sizeof(disk) || len > sizeof(disk) - offset)
		return -EIO;
	memcpy(buf, disk + offset, len);
	return 0;
}

static void item(unsigned char *leaf, uint64_t object, unsigned type, uint64_t offset, const void *data, unsigned len)
{
	uint32_t n = leaf[96], at = NODE - 101;
	unsigned char *p = leaf + 101 + n * 25;

	if (n)
		at = (uint32_t)(p[-8] | p[-7] << 8);
	at -= len;
	put(p, object, 8);
	p[8] = (unsigned char)type;
	put(p + 9, offset, 8);
	put(p + 17, at, 4);
	put(p + 21, len, 4);
	memcpy(leaf + 101 + at, data, len);
	leaf[96]++;
}

static void ref(unsigned char *leaf, uint64_t parent, uint64_t id, uint64_t dir, const char *name)
{
	unsigned char data[64] = {0};

	put(data, dir, 8);
	put(data + 16, strlen(name), 2);
	memcpy(data + 18, name, strlen(name));
	item(leaf, parent, 156, id, data, 18 + (unsigned)strlen(name));
}

static void make(void)
{
	unsigned char chunk[80] = {0}, *sb = disk + SUPER;

	memset(disk, 0, sizeof(disk));
	put(chunk, 1 << 20, 8);
	put(chunk + 24, 2, 8);
	put(chunk + 44, 1, 2);
	put(chunk + 48, 1, 8);
	put(chunk + 56, SUPER, 8);
	memcpy(sb + 64, "_BHRfS_M", 8);
	put(sb + 80, ROOT, 8);
	put(sb + 88, CHUNK, 8);
	put(sb + 148, NODE, 4);
	put(sb + 160, 97, 4);
	put(sb + 201, 1, 8);
	put(sb + 811, 256, 8);
	sb[819] = 228;
	put(sb + 820, SUPER, 8);
	memcpy(sb + 828, chunk, 80);
	put(disk + CHUNK + 48, CHUNK, 8);
	put(disk + ROOT + 48, ROOT, 8);
	item(disk + CHUNK, 256, 228, SUPER, chunk, 80);
}

static void make_default(uint64_t id)
{
	unsigned char data[37] = {0};

	put(data, id, 8);
	put(data + 27, 7, 2);
	memcpy(data + 30, "default", 7);
	item(disk + ROOT, 6, 84, 1, data, sizeof(data));
}

static int look(struct br_subvolumes *l)
{
	return br_btrfs_subvolumes(read_disk, NULL, l);
}

BR_TEST(names_and_the_default)
{
	br_cleanup(br_subvolumes_free) struct br_subvolumes l = {0};

	make();
	ref(disk + ROOT, 5, 256, 256, "@");
	make_default(257);
	ref(disk + ROOT, 256, 257, 256, "home");
	EXPECT_INT(look(&l), 0);
	EXPECT_INT(l.n, 2);
	EXPECT_INT(l.default_id, 257);
	EXPECT_STR(l.n > 1 ? l.v[0].path : NULL, "@");
	EXPECT_STR(l.n > 1 ? l.v[1].path : NULL, "@/home");
}

BR_TEST(none)
{
	br_cleanup(br_subvolumes_free) struct br_subvolumes l = {0};

	make();
	EXPECT_INT(look(&l), 0);
	EXPECT_INT(l.n, 0);
	EXPECT_INT(l.default_id, BR_BTRFS_TOP);
}

BR_TEST(hostile)
{
	br_cleanup(br_subvolumes_free) struct br_subvolumes l = {0};

	make();
	ref(disk + ROOT, 256, 256, 256, "circle");
	EXPECT_INT(look(&l), -EBADMSG);
	make();
	ref(disk + ROOT, 99, 256, 256, "orphan");
	EXPECT_INT(look(&l), -EBADMSG);
	make();
	ref(disk + ROOT, 5, 256, 300, "in a folder of no tree");
	EXPECT_INT(look(&l), -EBADMSG);
	make();
	disk[ROOT + 96] = 255; /* more items than a leaf holds */
	EXPECT_INT(look(&l), -EBADMSG);
	make();
	disk[SUPER + 198] = 1; /* a node of another height */
	EXPECT_INT(look(&l), -EBADMSG);
	make();
	disk[SUPER + 64] = 'x';
	EXPECT_INT(look(&l), -EBADMSG);
	make();
	put(disk + SUPER + 80, 1 << 30, 8); /* in no chunk */
	EXPECT_INT(look(&l), -ENOTSUP);
	make();
	put(disk + SUPER + 201, 2, 8); /* another device has it */
	EXPECT_INT(look(&l), -ENOTSUP);
	make();
	put(disk + SUPER + 148, 1 << 20, 4);
	EXPECT_INT(look(&l), -EBADMSG);
}

BR_TEST_MAIN()
