/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/usage.h"
#include "test.h"

static void put32(char *sb, size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		sb[at + (size_t)i] = (char)(v >> (8 * i));
}

/* 1000 blocks of 4 KiB, of which 100 are overhead, 50 kept for root and 300 free. */
static void super(char sb[BR_EXT_SUPER])
{
	memset(sb, 0, BR_EXT_SUPER);
	put32(sb, 0x0, 200);
	put32(sb, 0x4, 1000);
	put32(sb, 0x8, 50);
	put32(sb, 0xc, 300);
	put32(sb, 0x10, 150);
	put32(sb, 0x18, 2);
	put32(sb, 0x1c, 2);
	put32(sb, 0x38, 0xef53);
	put32(sb, 0x248, 100);
}

BR_TEST(a_superblock_is_counted)
{
	char sb[BR_EXT_SUPER];
	struct br_space s;

	super(sb);
	EXPECT_INT(br_space_ext(sb, sizeof(sb), &s), 0);
	EXPECT_INT(s.total, 900 * 4096);
	EXPECT_INT(s.used, 600 * 4096);
	EXPECT_INT(s.avail, 250 * 4096);
	EXPECT_INT(s.files, 200);
	EXPECT_INT(s.files_used, 50);
	EXPECT_INT(br_space_percent(&s, false), 71);
	EXPECT_INT(br_space_percent(&s, true), 25);
}

BR_TEST(the_upper_halves_count_with_64bit_alone)
{
	char sb[BR_EXT_SUPER];
	struct br_space s;

	super(sb);
	put32(sb, 0x150, 1);
	EXPECT_INT(br_space_ext(sb, sizeof(sb), &s), 0);
	EXPECT_INT(s.total, 900 * 4096);
	put32(sb, 0x60, 0x80);
	EXPECT_INT(br_space_ext(sb, sizeof(sb), &s), 0);
	EXPECT_INT(s.total, (900 + (1LL << 32)) * 4096);
}

BR_TEST(the_driver_keeps_a_fiftieth)
{
	char sb[BR_EXT_SUPER];
	struct br_space s;

	super(sb);
	put32(sb, 0x60, 0x40);
	EXPECT_INT(br_space_ext(sb, sizeof(sb), &s), 0);
	EXPECT_INT(s.avail, 230 * 4096);
}

static const struct {
	size_t at;
	uint32_t value;
} bad[] = {
	{0x38, 0}, {0x18, 7}, {0x1c, 4}, {0x248, 0}, {0x248, 1000}, {0xc, 901}, {0x8, 1001}, {0x10, 201},
};

BR_TEST(numbers_that_cannot_be_are_refused)
{
	struct br_space s = {.total = 7};
	char sb[BR_EXT_SUPER];

	for (size_t i = 0; i < BR_ARRAY_SIZE(bad); i++) {
		super(sb);
		put32(sb, bad[i].at, bad[i].value);
		EXPECT_INT(br_space_ext(sb, sizeof(sb), &s), -EBADMSG);
	}
	super(sb);
	EXPECT_INT(br_space_ext(sb, sizeof(sb) - 1, &s), -EBADMSG);
	EXPECT_INT(s.total, 7);
}

BR_TEST(per_cent_are_rounded_up_as_df_does)
{
	static const struct {
		uint64_t used, avail;
		unsigned percent;
	} rows[] = {
		{0, 0, 0}, {0, 100, 0}, {1, 999999, 1}, {50, 50, 50}, {95, 5, 95}, {951, 49, 96}, {100, 0, 100},
		{UINT64_MAX / 2, UINT64_MAX / 2, 50},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		const struct br_space s = {.used = rows[i].used, .avail = rows[i].avail};

		EXPECT_INT(br_space_percent(&s, false), rows[i].percent);
	}
}

BR_TEST(room_for_what_the_first_boot_writes)
{
	struct br_space s = {.total = 1000 << 20, .used = 980 << 20, .files = 1000, .files_used = 900};

	/* Of an ext 20 MiB of a thousand, at most 16, are nobody's. */
	EXPECT(br_space_room(&s, "ext4"));
	s.used = 984 << 20;
	EXPECT(!br_space_room(&s, "ext4"));
	EXPECT(br_space_room(&s, "xfs"));
	s.used = 1000 << 20;
	EXPECT(!br_space_room(&s, "xfs"));
	s.sealed = true;
	EXPECT(br_space_room(&s, "squashfs"));
	s = (struct br_space){.total = 1000 << 20, .used = 1 << 20, .files = 1000, .files_used = 990};
	EXPECT(!br_space_room(&s, "ext4"));
	s.files = s.files_used = 0; /* counts none */
	EXPECT(br_space_room(&s, "btrfs"));
}

BR_TEST_MAIN()
