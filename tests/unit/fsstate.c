/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/fsstate.h"
#include "test.h"

static void put(unsigned char *at, unsigned n, uint64_t value, int big)
{
	for (unsigned i = 0; i < n; i++)
		at[big ? n - 1 - i : i] = (unsigned char)(value >> 8 * i);
}

static void ext(unsigned char sb[BR_FSSTATE_BYTES])
{
	memset(sb, 0, BR_FSSTATE_BYTES);
	put(sb + 0x04, 4, 25600, 0);
	put(sb + 0x18, 4, 2, 0);
	put(sb + 0x38, 2, 0xef53, 0);
	put(sb + 0x3a, 2, 1, 0);
	put(sb + 0x36, 2, 0xffff, 0);
}

BR_TEST(files_that_wait_to_be_deleted)
{
	unsigned char sb[BR_FSSTATE_BYTES];
	struct br_fsstate s = {0};

	ext(sb);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(!s.orphans);
	put(sb + 0xe8, 4, 12, 0); /* the first of a list */
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.orphans);
	put(sb + 0xe8, 4, 0, 0);
	put(sb + 0x64, 4, 0x10000, 0); /* in a file of their own */
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.orphans);
}

BR_TEST(ext4_size)
{
	unsigned char sb[BR_FSSTATE_BYTES];
	struct br_fsstate s = {0};

	ext(sb);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.known && s.size == 25600ULL * 4096 && !s.errors && !s.due && !s.features);
	/* The upper half counts with 64bit alone. */
	put(sb + 0x150, 4, 1, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.size == 25600ULL * 4096);
	EXPECT(!s.to_replay && !s.incompat);
	put(sb + 0x60, 4, 0x84, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.to_replay && s.incompat == 0x84);
	put(sb + 0x60, 4, 0x80, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.size == (25600ULL + (1ULL << 32)) * 4096 && s.features == BR_FS_64BIT);
	put(sb + 0x150, 4, 0xffffffff, 0);
	put(sb + 0x18, 4, 6, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.size == UINT64_MAX);
}

BR_TEST(ext4_health)
{
	unsigned char sb[BR_FSSTATE_BYTES];
	struct br_fsstate s = {0};

	ext(sb);
	put(sb + 0x3a, 2, 3, 0);
	put(sb + 0x64, 4, 0x2100, 0);
	EXPECT_INT(br_fsstate_parse("ext3", sb, 1000, &s), 0);
	EXPECT(s.errors && s.features == (BR_FS_QUOTA | BR_FS_PROJECT));
	put(sb + 0x34, 2, 20, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(!s.due); /* -1: never */
	put(sb + 0x36, 2, 20, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.due);
	put(sb + 0x36, 2, 21, 0);
	put(sb + 0x40, 4, 700, 0);
	put(sb + 0x44, 4, 300, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(!s.due);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1001, &s), 0);
	EXPECT(s.due);
	/* A clock before 1970 says nothing; no interval is none. */
	EXPECT_INT(br_fsstate_parse("ext4", sb, -1, &s), 0);
	EXPECT(!s.due);
	put(sb + 0x44, 4, 0, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1001, &s), 0);
	EXPECT(!s.due);
	put(sb + 0x40, 4, 0, 0);
	put(sb + 0x44, 4, 1001, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1001, &s), 0);
	EXPECT(!s.due);
}

BR_TEST(ext4_bits_by_themselves)
{
	unsigned char sb[BR_FSSTATE_BYTES];
	struct br_fsstate s = {0};

	ext(sb);
	put(sb + 0x3a, 2, 5, 0); /* orphans are no errors */
	put(sb + 0x64, 4, 0x100, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(!s.errors && s.features == BR_FS_QUOTA);
	put(sb + 0x3a, 2, 2, 0);
	put(sb + 0x64, 4, 0x2000, 0);
	put(sb + 0x34, 2, 0xffff, 0); /* of -1 mounts it never comes */
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(s.errors && s.features == BR_FS_PROJECT && !s.due);
	put(sb + 0x36, 2, 0, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 1000, &s), 0);
	EXPECT(!s.due);
}

BR_TEST(xfs_and_btrfs)
{
	unsigned char sb[BR_FSSTATE_BYTES] = "XFSB";
	struct br_fsstate s = {0};

	put(sb + 4, 4, 4096, 1);
	put(sb + 8, 8, 1000, 1);
	EXPECT_INT(br_fsstate_parse("xfs", sb, 0, &s), 0);
	EXPECT(s.size == 4096000 && s.features == BR_FS_V4 && !s.needs_repair);
	sb[101] = 0xb5;
	put(sb + 216, 4, 0x1b, 1);
	EXPECT_INT(br_fsstate_parse("xfs", sb, 0, &s), 0);
	EXPECT(s.needs_repair && !s.features && s.incompat == 0x1b);
	put(sb + 216, 4, 0xb, 1);
	EXPECT_INT(br_fsstate_parse("xfs", sb, 0, &s), 0);
	EXPECT(!s.needs_repair);
	put(sb + 216, 4, 0x10, 1);
	EXPECT_INT(br_fsstate_parse("xfs", sb, 0, &s), 0);
	EXPECT(s.needs_repair);
	EXPECT_INT(br_fsstate_parse("btrfs", sb, 0, &s), -EBADMSG);
	EXPECT(s.needs_repair); /* untouched */
	memcpy(sb + 0x40, "_BHRfS_M", 8);
	memset(sb + 0x60, 0, 8);
	put(sb + 0xd1, 8, 777, 0);
	put(sb + 0x38, 8, 5, 0);
	put(sb + 0x88, 8, 2, 0);
	EXPECT_INT(br_fsstate_parse("btrfs", sb, 0, &s), 0);
	EXPECT(s.size == 777 && s.errors && !s.to_replay && s.devices == 2);
	put(sb + 0x38, 8, 3, 0);
	EXPECT_INT(br_fsstate_parse("btrfs", sb, 0, &s), 0);
	EXPECT(!s.errors);
	sb[0x60] = 1;
	EXPECT_INT(br_fsstate_parse("btrfs", sb, 0, &s), 0);
	EXPECT(s.to_replay);
}

BR_TEST(others)
{
	unsigned char sb[BR_FSSTATE_BYTES] = {0};
	struct br_fsstate s = {0};
	uint64_t at = 7;

	EXPECT(!br_fsstate_place("f2fs", &at) && at == 7);
	EXPECT(br_fsstate_place("ext2", &at) && at == 1024);
	EXPECT(br_fsstate_place("btrfs", &at) && at == 65536);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 0, &s), -EBADMSG);
	EXPECT_INT(br_fsstate_parse("xfs", sb, 0, &s), -EBADMSG);
	ext(sb);
	put(sb + 0x18, 4, 33, 0);
	EXPECT_INT(br_fsstate_parse("ext4", sb, 0, &s), -EBADMSG);
}

BR_TEST_MAIN()
