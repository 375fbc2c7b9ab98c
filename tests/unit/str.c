/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>

#include "base/str.h"
#include "test.h"

static char *shown(const char *s, size_t len)
{
	struct br_str b = {0};

	br_str_add_shown(&b, s, len);
	return br_str_take(&b);
}

#define EXPECT_SHOWN(in, out)                                                                      \
	do {                                                                                       \
		char *got__ = shown(in, sizeof(in) - 1);                                           \
		EXPECT_STR(got__, out);                                                            \
		free(got__);                                                                       \
	} while (0)

BR_TEST(grows_and_keeps_text)
{
	struct br_str b = {0};

	for (int i = 0; i < 1000; i++)
		br_str_printf(&b, "%03d,", i);
	EXPECT_INT(b.len, 4000);
	EXPECT(strncmp(b.s + 3996, "999,", 4) == 0);
	EXPECT_INT(b.s[4000], 0);
	br_str_free(&b);
	EXPECT(b.s == NULL);
}

BR_TEST(empty_take_is_a_string)
{
	struct br_str b = {0};
	char *s = br_str_take(&b);

	EXPECT_STR(s, "");
	free(s);
}

BR_TEST(impossible_sizes_are_refused)
{
	struct br_str b = {0};
	void *p = NULL;
	size_t cap = 0;

	br_str_puts(&b, "x");
	b.len = SIZE_MAX - 1;
	br_str_puts(&b, "yy");
	EXPECT(b.oom);
	b.len = 1;
	br_str_free(&b);
	EXPECT(br_grow(&p, &cap, SIZE_MAX / 2, 16) < 0);
	EXPECT(p == NULL && cap == 0);
}

BR_TEST(grow_zeroes_new_elements)
{
	int *v = NULL;
	size_t cap = 0, sum = 0;

	EXPECT_INT(br_grow(&v, &cap, 0, sizeof(*v)), 0);
	v[0] = 7;
	EXPECT_INT(br_grow(&v, &cap, 100, sizeof(*v)), 0);
	EXPECT(cap > 100);
	for (size_t i = 1; i < cap; i++)
		sum += (size_t)v[i];
	EXPECT_INT(v[0], 7);
	EXPECT_INT(sum, 0);
	free(v);
}

BR_TEST(shown_text_is_printable_utf8)
{
	EXPECT_SHOWN("plain text", "plain text");
	EXPECT_SHOWN("a\tb\n", "a\\x09b\\x0A");
	EXPECT_SHOWN("caf\xc3\xa9", "caf\xc3\xa9");
	EXPECT_SHOWN("\xff\xfe", "\\xFF\\xFE");
	EXPECT_SHOWN("\xc3", "\\xC3");                     /* cut short */
	EXPECT_SHOWN("\xc0\xaf", "\\xC0\\xAF");            /* overlong */
	EXPECT_SHOWN("\xed\xa0\x80", "\\xED\\xA0\\x80");   /* surrogate */
	EXPECT_SHOWN("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80");
	EXPECT_SHOWN("\x1b[31m", "\\x1B[31m");             /* terminals obey */
	EXPECT_SHOWN("\xc2\x9b", "\\xC2\\x9B");            /* so does C1's CSI */
	EXPECT_SHOWN("\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7");
}

BR_TEST(split_sort_has)
{
	struct br_strv v = {0};

	br_strv_split(&v, "  b a,, c ", " ,");
	EXPECT_INT(v.n, 3);
	br_strv_sort(&v);
	EXPECT_STR(v.v[0], "a");
	EXPECT_STR(v.v[2], "c");
	EXPECT(br_strv_has(&v, "b"));
	EXPECT(!br_strv_has(&v, "bb"));
	br_strv_free(&v);
}

BR_TEST(ends_and_starts)
{
	EXPECT(br_ends("a.json", ".json"));
	EXPECT(!br_ends("json", ".json"));
	EXPECT(br_starts("/dev/vda", "/dev/"));
	EXPECT(!br_starts("/de", "/dev/"));
}

BR_TEST_MAIN()
