/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/num.h"
#include "test.h"

static int parse(const char *s, unsigned base, uint64_t min, uint64_t max, uint64_t *ret)
{
	return br_parse_uint(s, strlen(s), base, min, max, ret);
}

BR_TEST(whole_numbers_only)
{
	uint64_t v = 99;

	EXPECT_INT(parse("42", 10, 0, 100, &v), 0);
	EXPECT_INT(v, 42);
	v = 99;
	EXPECT_INT(parse("", 10, 0, 100, &v), -EINVAL);
	EXPECT_INT(parse("4x", 10, 0, 100, &v), -EINVAL);
	EXPECT_INT(parse(" 4", 10, 0, 100, &v), -EINVAL);
	EXPECT_INT(parse("+4", 10, 0, 100, &v), -EINVAL);
	EXPECT_INT(parse("-4", 10, 0, 100, &v), -EINVAL);
	EXPECT_INT(parse("08", 8, 0, 100, &v), -EINVAL);
	EXPECT_INT(v, 99);
}

BR_TEST(range_and_overflow)
{
	uint64_t v = 99;

	EXPECT_INT(parse("101", 10, 0, 100, &v), -ERANGE);
	EXPECT_INT(parse("0", 10, 1, 100, &v), -ERANGE);
	EXPECT_INT(parse("18446744073709551615", 10, 0, UINT64_MAX, &v), 0);
	EXPECT(v == UINT64_MAX);
	EXPECT_INT(parse("18446744073709551616", 10, 0, UINT64_MAX, &v), -ERANGE);
	EXPECT_INT(parse("fFfFfFfFfFfFfFfF", 16, 0, UINT64_MAX, &v), 0);
	EXPECT(v == UINT64_MAX);
	EXPECT_INT(parse("10000000000000000", 16, 0, UINT64_MAX, &v), -ERANGE);
}

BR_TEST(loads)
{
	static const unsigned char b[] = {1, 2, 3, 4, 5, 6, 7, 0x88};

	EXPECT_INT(br_le16(b), 0x0201);
	EXPECT_INT(br_le32(b), 0x04030201);
	EXPECT_INT(br_be32(b), 0x01020304);
	EXPECT(br_le64(b) == 0x8807060504030201ULL);
}

BR_TEST_MAIN()
