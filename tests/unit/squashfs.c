/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images made here by hand, all of them plain: what is packed is compared with unsquashfs in tests/oracles. */
#include <errno.h>

#include "innerfs.h"
#include "test.h"

#define PLAIN_BLOCK (1U << 24)
/* Where things lie in the image that make() makes, for tests that break them. */
enum { DATA = 96, FRAGMENT = DATA + 4096, INODES = FRAGMENT + 907, IN_D = INODES + 2 + 32, IN_F = INODES + 2 + 64,
       IN_L = INODES + 2 + 100, FOLDERS = INODES + 2 + 159, LIST_ROOT = FOLDERS + 2 + 21, TABLE = FOLDERS + 2 + 60,
       LIST = TABLE + 2 + 16, END = LIST + 8 };

static void add_inode(struct br_str *b, unsigned type)
{
	add_le(b, type, 2);
	add_le(b, 0644, 2);
	add_le(b, 0, 12);
}

static void add_file_inode(struct br_str *b, unsigned start, unsigned offset, unsigned size)
{
	add_inode(b, 2);
	add_le(b, start, 4);
	add_le(b, 0, 4);
	add_le(b, offset, 4);
	add_le(b, size, 4);
}

static void add_folder_inode(struct br_str *b, unsigned offset, unsigned listed)
{
	add_inode(b, 1);
	add_le(b, 0, 4);
	add_le(b, 2, 4);
	add_le(b, listed + 3, 2);
	add_le(b, offset, 2);
	add_le(b, 0, 4);
}

static void add_entry(struct br_str *b, unsigned offset, unsigned type, const char *name)
{
	add_le(b, offset, 2);
	add_le(b, 0, 2);
	add_le(b, type, 2);
	add_le(b, strlen(name) - 1, 2);
	br_str_puts(b, name);
}

/* "d/g" of 3 bytes and "f" of 5000: a block of 4096 'a' and 904 'b' in the fragment that "ggg" ends. */
static void make(struct br_str *b)
{
	fill_to(b, DATA);
	for (int i = 0; i < 4096; i++)
		br_str_putc(b, 'a');
	for (int i = 0; i < 904; i++)
		br_str_putc(b, 'b');
	br_str_puts(b, "ggg");
	add_le(b, 0x8000 | 159, 2);
	add_file_inode(b, 0, 904, 3);
	add_folder_inode(b, 0, 21);
	add_file_inode(b, DATA, 0, 5000);
	add_le(b, 4096 | PLAIN_BLOCK, 4);
	add_inode(b, 3);
	add_le(b, 1, 4);
	add_le(b, 3, 4);
	br_str_puts(b, "d/g");
	add_folder_inode(b, 21, 39);
	add_le(b, 0x8000 | 60, 2);
	add_le(b, 0, 12);
	add_entry(b, 0, 2, "g");
	add_le(b, 2, 4);
	add_le(b, 0, 8);
	add_entry(b, 32, 1, "d");
	add_entry(b, 64, 2, "f");
	add_entry(b, 100, 3, "l");
	add_le(b, 0x8000 | 16, 2);
	add_le(b, FRAGMENT, 8);
	add_le(b, 907 | PLAIN_BLOCK, 4);
	add_le(b, 0, 4);
	add_le(b, TABLE, 8);
	put_le(b, 0, 0x73717368, 4);
	put_le(b, 12, 4096, 4);
	put_le(b, 16, 1, 4);
	put_le(b, 20, 1, 2);
	put_le(b, 28, 4, 2);
	put_le(b, 32, 127, 8);
	put_le(b, 40, b->len, 8);
	put_le(b, 64, INODES, 8);
	put_le(b, 72, FOLDERS, 8);
	put_le(b, 80, LIST, 8);
}

BR_TEST(names_and_bodies)
{
	br_autostr struct br_str b = {0};
	struct told t;

	make(&b);
	EXPECT_INT(b.len, END);
	tell(&t, br_squashfs_read, &b, "d/g");
	EXPECT_INT(t.r, 0);
	EXPECT_STR(t.f.defect, NULL);
	EXPECT_STR(t.text.s, "d/ d/g:3 ggg! f:5000 l>d/g ");
	EXPECT_INT(t.f.entries, 4);
	EXPECT_STR(t.f.compression, "gzip");
	br_str_free(&t.text);
	tell(&t, br_squashfs_read, &b, "f");
	EXPECT(t.text.len > 5000 && strstr(t.text.s, "f:5000 aaaa") && strstr(t.text.s, "aabb") && strstr(t.text.s, "bb! l>"));
	br_str_free(&t.text);
}

/* A field changed, and what has to be said of it; NULL: nothing. */
BR_TEST(broken)
{
	static const struct {
		size_t at, bytes;
		uint64_t value;
		const char *defect, *want;
	} rows[] = {
		{0, 4, 0, "is no squashfs image", NULL},
		{28, 2, 3, "is of another version of squashfs than the kernel's", NULL},
		{12, 4, 0, "has blocks of an impossible size", NULL},
		{12, 4, 3U << 20, "has blocks of an impossible size", NULL},
		{20, 2, 2, "is packed in a way that the kernel does not know", NULL}, /* lzma */
		{20, 2, 7, "is packed in a way that the kernel does not know", NULL},
		{40, 8, END + 1, "is cut short", NULL},
		{64, 8, 1ULL << 60, "points behind its end", NULL},
		{64, 8, UINT64_MAX - 7, "points behind its end", NULL},
		{72, 8, END, "points behind its end", NULL},
		{INODES, 2, 0x8000 | 20, "points behind the end of a table", NULL},
		{INODES, 2, 159, "has a damaged block", NULL}, /* said to be packed */
		{INODES, 2, 0, "has a block that is too long", NULL},
		{32, 8, 64, "has no root folder", NULL},
		{32, 8, 129, "has an inode of no known kind", NULL},
		{IN_D, 2, 15, "has an inode of no known kind", NULL},
		{IN_D + 24, 2, 40, "has a damaged folder", NULL},
		{IN_D + 26, 2, 8000, "points behind the end of a table", NULL},
		{IN_L + 20, 4, 0, "has a link without a target", NULL},
		{IN_L + 20, 4, 5000, "has a link without a target", NULL},
		{LIST_ROOT + 12 + 6, 2, 300, "has a damaged folder", NULL},
		{LIST_ROOT + 12 + 8, 1, '/', "has a name that cannot be one", NULL},
		{LIST_ROOT + 12 + 8, 1, '.', "has a name that cannot be one", NULL},
		{IN_F + 20, 4, 1, "names a fragment that is not there", "f"},
		{IN_F + 24, 4, 906, "has a file behind the end of its fragment", "f"},
		{IN_F + 32, 4, 4095 | PLAIN_BLOCK, "has a block of the wrong length", "f"},
		{IN_F + 32, 4, 4096, "has a damaged block", "f"},
		{IN_F + 32, 4, 9000, "has a block that is too long", "f"},
		{IN_F + 16, 4, UINT32_MAX, "points behind its end", "f"},
		{IN_F + 20, 4, 1, NULL, "d/g"},
		{IN_F + 32, 4, 0, NULL, "f"}, /* a hole */
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		br_autostr struct br_str b = {0};
		struct told t;

		make(&b);
		put_le(&b, rows[i].at, rows[i].value, rows[i].bytes);
		tell(&t, br_squashfs_read, &b, rows[i].want);
		EXPECT_INT(t.r, 0);
		EXPECT_STR(t.f.defect, rows[i].defect);
		EXPECT_STR(t.f.unread, NULL);
		br_str_free(&t.text);
	}
}

/* Cut at every byte: never a word of it beyond the end, never silently taken for the whole. */
BR_TEST(cut_short)
{
	for (size_t n = 0; n < END; n += n < 90 || n > FRAGMENT ? 1 : 512) {
		br_autostr struct br_str b = {0};
		struct told t;

		make(&b);
		b.len = n;
		tell(&t, br_squashfs_read, &b, "f");
		EXPECT_INT(t.r, 0);
		EXPECT(t.f.defect);
		br_str_free(&t.text);
	}
}

/* A folder that holds itself, twice: depth and number of entries end it. */
BR_TEST(folder_in_itself)
{
	br_autostr struct br_str b = {0};
	struct told t;

	make(&b);
	put_le(&b, LIST_ROOT + 12, 127, 2);
	put_le(&b, LIST_ROOT + 12 + 9, 127, 2);
	tell(&t, br_squashfs_read, &b, NULL);
	EXPECT_INT(t.r, 0);
	EXPECT_STR(t.f.unread, "has folders that are too deep");
	br_str_free(&t.text);
}

BR_TEST_MAIN()
