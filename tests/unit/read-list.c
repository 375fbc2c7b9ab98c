/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The items of a JSON list, cut out of its text. */
#include <errno.h>

#include "base/str.h"
#include "report/read-list.h"
#include "test.h"

/* The items with "|" between them, or the error's number; owned. */
static char *cut(const char *text, size_t max)
{
	br_autofree struct br_piece *pieces = NULL;
	br_autostr struct br_str all = {0};
	size_t n = 0;
	/* Of its own length, so that a reader beyond its end is found out. */
	br_autofree char *copy = malloc(strlen(text) + !*text);
	int r;

	memcpy(copy, text, strlen(text));
	r = br_json_pieces(copy, strlen(text), max, &pieces, &n);
	if (r < 0)
		return br_format("%d", r);
	br_str_printf(&all, "%zu:", n);
	for (size_t i = 0; i < n; i++)
		br_str_printf(&all, "%s%.*s", i ? "|" : "", (int)pieces[i].len, pieces[i].at);
	return br_str_take(&all);
}

#define EXPECT_CUT(text, max, want)                                                                \
	do {                                                                                       \
		char *got__ = cut(text, max);                                                      \
		EXPECT_STR(got__, want);                                                           \
		free(got__);                                                                       \
	} while (0)

BR_TEST(one)
{
	EXPECT_CUT("{}", 9, "1:{}");
	EXPECT_CUT("", 9, "1:");
	EXPECT_CUT(" \n{ ]", 9, "1: \n{ ]");
}

BR_TEST(lists)
{
	EXPECT_CUT("[]", 9, "0:");
	EXPECT_CUT(" [ \n] ", 9, "0:");
	EXPECT_CUT("[{}]", 9, "1:{}");
	EXPECT_CUT("[{\"a\": [1, 2]},{}\n]\n", 9, "2:{\"a\": [1, 2]}|{}\n");
	EXPECT_CUT("[{\"]\": \"\\\"},\"}, {}]", 9, "2:{\"]\": \"\\\"},\"}|{}");
	EXPECT_CUT("[1,2,3]", 2, "-7");
	EXPECT_CUT("[1,2]", 2, "2:1|2");
}

/* What is wrong in an item is for its reader to say; what is wrong about the list is said here. */
BR_TEST(what_is_no_list)
{
	EXPECT_CUT("[", 9, "-22");
	EXPECT_CUT("[{}", 9, "-22");
	EXPECT_CUT("[\"", 9, "-22");
	EXPECT_CUT("[\"\\", 9, "-22");
	EXPECT_CUT("[{},", 9, "-22");
	EXPECT_CUT("[{}]{}", 9, "-22");
	EXPECT_CUT("[{}][", 9, "-22");
	EXPECT_CUT("[{},]", 9, "2:{}|");
	EXPECT_CUT("[{]}]", 9, "1:{]}");
	EXPECT_INT(-E2BIG, -7);
	EXPECT_INT(-EINVAL, -22);
}

BR_TEST_MAIN()
