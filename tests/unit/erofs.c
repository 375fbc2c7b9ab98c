/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images made here by hand; tests/oracles compares with mkfs.erofs's. */
#include <errno.h>

#include "innerfs.h"
#include "test.h"

enum { SB = 1024, META = 1536, N_F = 4, N_L = 6, N_D = 8, N_G = 12, DATA = META + 512, END = DATA + 1024 };
enum { PLAIN = 0, PACKED = 1, INLINE = 2 };

static void inode(struct br_str *b, unsigned nid, unsigned layout, unsigned mode, unsigned size, unsigned start)
{
	fill_to(b, META + 32 * nid);
	add_le(b, layout << 1, 2);
	add_le(b, 0, 2);
	add_le(b, mode, 2);
	add_le(b, 1, 2);
	add_le(b, size, 4);
	add_le(b, 0, 4);
	add_le(b, start, 4);
	add_le(b, 0, 12);
}

static void dirent(struct br_str *b, unsigned nid, unsigned name)
{
	add_le(b, nid, 8);
	add_le(b, name, 2);
	add_le(b, 0, 2);
}

/* "d/g" of 3 bytes behind its inode, "f" of 700 in two blocks of 512. */
static void make(struct br_str *b)
{
	inode(b, 0, INLINE, S_IFDIR | 0755, 66, 0);
	dirent(b, 0, 60);
	dirent(b, 0, 61);
	dirent(b, N_D, 63);
	dirent(b, N_F, 64);
	dirent(b, N_L, 65);
	br_str_puts(b, "...dfl");
	inode(b, N_F, PLAIN, S_IFREG | 0644, 700, DATA / 512);
	inode(b, N_L, INLINE, S_IFLNK | 0777, 3, 0);
	br_str_puts(b, "d/g");
	inode(b, N_D, INLINE, S_IFDIR | 0755, 40, 0);
	dirent(b, N_D, 36);
	dirent(b, 0, 37);
	dirent(b, N_G, 39);
	br_str_puts(b, "...g");
	inode(b, N_G, INLINE, S_IFREG | 0644, 3, 0);
	br_str_puts(b, "ggg");
	fill_to(b, DATA);
	for (int i = 0; i < 700; i++)
		br_str_putc(b, i < 512 ? 'a' : 'b');
	fill_to(b, END);
	put_le(b, SB, 0xe0f5e1e2, 4);
	put_le(b, SB + 12, 9, 1);
	put_le(b, SB + 36, END / 512, 4);
	put_le(b, SB + 40, META / 512, 4);
}

BR_TEST(names_and_bodies)
{
	br_autostr struct br_str b = {0};
	struct told t;

	make(&b);
	EXPECT_INT(b.len, END);
	tell(&t, br_erofs_read, &b, "d/g");
	EXPECT_INT(t.r, 0);
	EXPECT_STR(t.f.defect, NULL);
	EXPECT_STR(t.text.s, "d/ d/g:3 ggg! f:700 l>d/g ");
	EXPECT_INT(t.f.entries, 4);
	br_str_free(&t.text);
	tell(&t, br_erofs_read, &b, "f");
	EXPECT(strstr(t.text.s, "f:700 aaaa") && strstr(t.text.s, "aabb") && strstr(t.text.s, "bb! l>"));
	br_str_free(&t.text);
}

/* Names are told all the same; only what is asked of a packed file cannot be. */
BR_TEST(packed_files)
{
	br_autostr struct br_str b = {0};
	struct told t;

	make(&b);
	put_le(&b, META + 32 * N_F, PACKED << 1, 2);
	tell(&t, br_erofs_read, &b, "d/g");
	EXPECT_STR(t.text.s, "d/ d/g:3 ggg! f:700 l>d/g ");
	EXPECT_STR(t.f.unread, NULL);
	br_str_free(&t.text);
	tell(&t, br_erofs_read, &b, "f");
	EXPECT_STR(t.text.s, "d/ d/g:3 f:700 l>d/g ");
	EXPECT_STR(t.f.unread, "keeps its files packed, which is not read");
	br_str_free(&t.text);
}

BR_TEST(broken)
{
	static const struct {
		size_t at, bytes;
		uint64_t value;
		const char *defect, *unread;
	} rows[] = {
		{SB, 4, 0, "is no erofs image", NULL},
		{SB + 12, 1, 8, "has blocks of an impossible size", NULL},
		{SB + 12, 1, 40, "has blocks of an impossible size", NULL},
		{SB + 36, 4, END / 512 + 1, "is cut short", NULL},
		{SB + 40, 4, UINT32_MAX, "points behind its end", NULL},
		{SB + 80, 4, 0x80, NULL, "is of a newer kind than is read"},
		{SB + 14, 2, N_F, "has no root folder", NULL},
		{META, 2, 7 << 1, "has an inode of no known kind", NULL},
		{META, 2, PACKED << 1, NULL, "keeps its folders packed, which is not read"},
		{META + 8, 4, UINT32_MAX, "has a damaged folder", NULL},
		{META + 32 + 8, 2, 0, "has a damaged folder", NULL},
		{META + 32 + 8, 2, 13, "has a damaged folder", NULL},
		{META + 32 + 24 + 8, 2, 500, "has a damaged folder", NULL},
		{META + 32 + 24, 8, UINT64_MAX, "points behind its end", NULL},
		{META + 32 + 63, 1, '/', "has a name that cannot be one", NULL},
		{META + 32 * N_L + 8, 4, 0, "has a link without a target", NULL},
		{META + 32 * N_L + 8, 4, 5000, "has a link without a target", NULL},
		{META + 32 * N_F + 16, 4, UINT32_MAX, "points behind its end", NULL},
		{META + 32 + 24, 8, 0, NULL, "has folders that are too deep"}, /* the root in itself */
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		br_autostr struct br_str b = {0};
		struct told t;

		make(&b);
		put_le(&b, rows[i].at, rows[i].value, rows[i].bytes);
		tell(&t, br_erofs_read, &b, "f");
		EXPECT_INT(t.r, 0);
		EXPECT_STR(t.f.defect, rows[i].defect);
		EXPECT_STR(t.f.unread, rows[i].unread);
		br_str_free(&t.text);
	}
}

BR_TEST(cut_short)
{
	for (size_t n = 0; n < END; n += 7) {
		br_autostr struct br_str b = {0};
		struct told t;

		make(&b);
		b.len = n;
		tell(&t, br_erofs_read, &b, "f");
		EXPECT_INT(t.r, 0);
		EXPECT(t.f.defect);
		br_str_free(&t.text);
	}
}

BR_TEST_MAIN()
