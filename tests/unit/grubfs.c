/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/grubfs.h"
#include "test.h"

BR_TEST(ext4_by_release)
{
	uint32_t plain = 0x2 | 0x40 | 0x80 | 0x200, seed = plain | 0x2000;

	EXPECT_INT(br_grubfs_odd("ext4", plain, "2.02"), 0);
	EXPECT_INT(br_grubfs_odd("ext4", plain, "2.06"), 0);
	EXPECT_INT(br_grubfs_odd("ext4", seed, "2.06"), 0x2000);
	EXPECT_INT(br_grubfs_odd("ext4", seed, "2.12"), 0);
	EXPECT_INT(br_grubfs_odd("ext4", seed, "2.14"), 0);
	EXPECT_INT(br_grubfs_odd("ext4", seed, NULL), 0);
	EXPECT_INT(br_grubfs_odd("ext4", plain | 0x8000, "2.14"), 0x8000);
	EXPECT_INT(br_grubfs_odd("ext4", plain | 0x8000, NULL), 0x8000);
}

BR_TEST(xfs_by_release)
{
	EXPECT_INT(br_grubfs_odd("xfs", 0x7, "2.02~beta3"), 0);
	EXPECT_INT(br_grubfs_odd("xfs", 0xf, "2.04"), 0x8);
	EXPECT_INT(br_grubfs_odd("xfs", 0xf, "2.06"), 0);
	EXPECT_INT(br_grubfs_odd("xfs", 0x2f, "2.06-13+deb12u1"), 0x20);
	EXPECT_INT(br_grubfs_odd("xfs", 0x2f, "2.12"), 0);
	EXPECT_INT(br_grubfs_odd("xfs", 0x1ff, "2.12"), 0x1c0);
	EXPECT_INT(br_grubfs_odd("xfs", 0x1ff, NULL), 0);
}

BR_TEST(others_have_no_mask)
{
	EXPECT_INT(br_grubfs_odd("vfat", 0xffffffff, "2.04"), 0);
	EXPECT_INT(br_grubfs_odd("btrfs", 0xffffffff, NULL), 0);
}

BR_TEST_MAIN()
