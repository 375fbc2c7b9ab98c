/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/disks-internal.h"
#include "test.h"

static void sample(struct br_str *out)
{
	char *names[] = {"vg-a", "vg-b"};
	struct br_blk blks[] = {
		{.kind = BR_BLK_DISK, .size = 1 << 20, .sector_size = 4096, .pttype = "gpt", .ptuuid = "p"},
		{.kind = BR_BLK_PART, .partno = 3, .start = 512, .size = 1024, .use = BR_USE_LVM, .type = "LVM2_member",
	         .uuid = "", .partlabel = "a b", .lvs = {.v = names, .n = 2}, .lvs_read = true, .unread = "x"},
		{.kind = BR_BLK_VOLUME, .start = 768, .size = 64, .mapper = "vg-a"},
	};

	br_wire_put(out, blks, 3);
}

BR_TEST(there_and_back)
{
	br_autostr struct br_str out = {0};
	struct br_blk *b = NULL;
	size_t n = 0;

	sample(&out);
	EXPECT_INT(br_wire_get(out.s, out.len, &b, &n), 0);
	EXPECT_INT(n, 3);
	EXPECT_INT(b[2].kind, BR_BLK_VOLUME);
	EXPECT_STR(b[2].mapper, "vg-a");
	EXPECT_INT(b[0].sector_size, 4096);
	EXPECT_STR(b[0].pttype, "gpt");
	EXPECT_STR(b[0].uuid, NULL);
	EXPECT_INT(b[1].kind, BR_BLK_PART);
	EXPECT_INT(b[1].partno, 3);
	EXPECT_INT(b[1].start, 512);
	EXPECT_INT(b[1].use, BR_USE_LVM);
	EXPECT_STR(b[1].uuid, "");
	EXPECT_STR(b[1].partlabel, "a b");
	EXPECT_STR(b[1].unread, "x");
	EXPECT(b[1].lvs_read && b[1].lvs.n == 2 && strcmp(b[1].lvs.v[1], "vg-b") == 0);
	br_blks_free(b, n);
}

BR_TEST(nothing_is_taken_on_trust)
{
	br_autostr struct br_str out = {0};
	struct br_blk *b = NULL;
	unsigned refused = 0;
	size_t n = 0;

	sample(&out);
	for (size_t len = 0; len < out.len; len++)
		refused += br_wire_get(out.s, len, &b, &n) == -EBADMSG;
	EXPECT_INT(refused, out.len);
	br_str_putc(&out, 'x');
	EXPECT_INT(br_wire_get(out.s, out.len, &b, &n), -EBADMSG);
	/* Each byte turned over in its turn: never a crash, and what comes out is freed. */
	for (size_t i = 0; i < out.len - 1; i++) {
		out.s[i] ^= (char)0xff;
		if (br_wire_get(out.s, out.len - 1, &b, &n) == 0)
			br_blks_free(b, n);
		out.s[i] ^= (char)0xff;
	}
	memset(out.s, 0xff, 8);
	EXPECT_INT(br_wire_get(out.s, out.len - 1, &b, &n), -EBADMSG);
}

BR_TEST_MAIN()
