/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both copies of a GPT on a disk made by hand, and what a wrong byte of each field comes to. */
#include <zlib.h>

#include "base/str.h"
#include "image/parttable.h"
#include "test.h"
#include "tree.h"

#define SECTORS 256
#define ENTRIES 40 /* not a whole number of reads */

static unsigned char disk[(SECTORS + 1) * 512];

static void put(unsigned char *at, unsigned n, uint64_t value)
{
	for (unsigned i = 0; i < n; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static void seal(unsigned char *h)
{
	put(h + 16, 4, 0);
	put(h + 16, 4, crc32(0, h, 92));
}

static void copy(unsigned lba, unsigned other, unsigned entries)
{
	unsigned char *h = disk + lba * 512, *e = disk + entries * 512;

	memset(e, 0, ENTRIES * 128);
	memset(e, 0x5a, 16); /* a type */
	put(e + 39 * 128, 4, 7); /* and the last entry */
	memcpy(h, "EFI PART\0\0\1\0", 12);
	put(h + 12, 4, 92);
	put(h + 24, 8, lba);
	put(h + 32, 8, other);
	put(h + 40, 8, 34);
	put(h + 48, 8, SECTORS - 34);
	put(h + 72, 8, entries);
	put(h + 80, 4, ENTRIES);
	put(h + 84, 4, 128);
	put(h + 88, 4, crc32(0, e, ENTRIES * 128));
	seal(h);
}

static void fresh(void)
{
	memset(disk, 0, sizeof(disk));
	copy(1, SECTORS - 1, 3); /* not where they usually begin */
	copy(SECTORS - 1, 1, SECTORS - 33);
}

static struct br_parttable judged(unsigned sectors, const char *pttype)
{
	struct br_blk blk = {.kind = BR_BLK_DISK, .size = sectors * 512ULL, .pttype = (char *)pttype};
	struct br_disks d = {.blk = &blk, .n = 1, .root = -1, .root_disk = -1};
	struct br_parttable t = {0};

	tree_new();
	tree_bytes("/disk", disk, sectors * 512, 0600);
	blk.path = (char *)tree_at("/disk");
	EXPECT_INT(br_parttable_read(&d, &t), 0);
	return t;
}

BR_TEST(sound)
{
	struct br_parttable t;

	fresh();
	t = judged(SECTORS, "gpt");
	EXPECT(t.gpt && t.disk == 0);
	EXPECT_INT(t.first, BR_GPT_SOUND);
	EXPECT_INT(t.second, BR_GPT_SOUND);
	EXPECT_INT(t.backup, SECTORS - 1);
	EXPECT_INT(t.last, SECTORS - 1);
	EXPECT_INT(t.usable, SECTORS - 34);
	EXPECT(!judged(SECTORS, "dos").gpt);
	EXPECT(judged(SECTORS, NULL).gpt);
	memset(disk + 512, 0, 512);
	EXPECT(!judged(SECTORS, NULL).gpt);
}

/* Each field of the first header: what it becomes, whether the checksum is put right behind it, and the verdict. */
BR_TEST(fields)
{
	static const struct {
		unsigned at, n;
		uint64_t value;
		bool sealed;
		enum br_gpt_state state;
	} rows[] = {
		{0, 1, 'X', true, BR_GPT_ABSENT},
		{60, 1, 0xff, false, BR_GPT_DAMAGED},       /* a byte that the checksum guards */
		{60, 1, 0xff, true, BR_GPT_SOUND},
		{12, 4, 91, true, BR_GPT_DAMAGED},          /* the header's size */
		{12, 4, 513, true, BR_GPT_DAMAGED},
		{24, 8, 2, true, BR_GPT_DAMAGED},           /* its own place */
		{40, 8, SECTORS - 1, true, BR_GPT_SOUND},
		{40, 8, SECTORS, true, BR_GPT_PAST_END},
		{48, 8, SECTORS - 1, true, BR_GPT_SOUND},
		{48, 8, SECTORS, true, BR_GPT_PAST_END},
		{72, 8, 2, true, BR_GPT_DAMAGED},           /* where the entries are */
		{72, 8, UINT64_MAX, true, BR_GPT_DAMAGED},
		{80, 4, 39, true, BR_GPT_DAMAGED},
		{80, 4, 1u << 20, true, BR_GPT_DAMAGED},
		{84, 4, 256, true, BR_GPT_DAMAGED},
		{88, 4, 1, true, BR_GPT_DAMAGED},
		{3 * 512 - 512 + 20, 1, 1, false, BR_GPT_DAMAGED},   /* a byte of the first entry */
		{3 * 512 - 512 + 39 * 128, 1, 1, false, BR_GPT_DAMAGED}, /* and of the last */
		{3 * 512 - 512 + 40 * 128, 1, 1, false, BR_GPT_SOUND},   /* behind it */
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct br_parttable t;

		fresh();
		put(disk + 512 + rows[i].at, rows[i].n, rows[i].value);
		if (rows[i].sealed)
			seal(disk + 512);
		t = judged(SECTORS, "gpt");
		if (t.first != rows[i].state)
			printf("# row %zu\n", i);
		EXPECT_INT(t.first, rows[i].state);
		EXPECT_INT(t.second, BR_GPT_SOUND);
	}
}

/* The first says where the second is; where the first is not to be trusted it is looked for at the end. */
BR_TEST(second_copy)
{
	struct br_parttable t;

	fresh();
	t = judged(SECTORS + 1, "gpt"); /* the disk grew */
	EXPECT(t.second == BR_GPT_SOUND && t.backup == SECTORS - 1 && t.last == SECTORS);
	put(disk + 512 + 32, 8, 200);
	t = judged(SECTORS, "gpt");
	EXPECT(t.first == BR_GPT_DAMAGED && t.second == BR_GPT_SOUND && t.backup == 200);
	seal(disk + 512);
	t = judged(SECTORS, "gpt");
	EXPECT(t.first == BR_GPT_SOUND && t.second == BR_GPT_ABSENT);
	fresh();
	disk[(SECTORS - 1) * 512 + 60] = 1;
	EXPECT_INT(judged(SECTORS, "gpt").second, BR_GPT_DAMAGED);
	put(disk + 512 + 32, 8, UINT64_MAX);
	seal(disk + 512);
	EXPECT_INT(judged(SECTORS, "gpt").second, BR_GPT_ABSENT);
}

/* The footer of a VHD of fixed size is no sector of the disk. */
BR_TEST(footer)
{
	struct br_parttable t;

	fresh();
	memcpy(disk + SECTORS * 512, "conectix", 8);
	t = judged(SECTORS + 1, "gpt");
	EXPECT(t.last == SECTORS - 1 && t.second == BR_GPT_SOUND);
	put(disk + 512 + 48, 8, SECTORS);
	seal(disk + 512);
	EXPECT_INT(judged(SECTORS + 1, "gpt").first, BR_GPT_PAST_END);
}

BR_TEST(no_disk)
{
	struct br_blk blk[2] = {{.kind = BR_BLK_DISK}, {.kind = BR_BLK_DISK}};
	struct br_disks d = {.blk = blk, .n = 2, .root = -1, .root_disk = -1};
	struct br_parttable t = {.disk = 7};

	EXPECT_INT(br_parttable_read(&d, &t), 0);
	EXPECT_INT(t.disk, -1);
	EXPECT_INT(judged(1, "gpt").last, 0); /* too small for a table */
}

BR_TEST_MAIN()
