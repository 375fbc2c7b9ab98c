/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/rfc3339.h"
#include "test.h"

BR_TEST(times)
{
	time_t t = 7;

	EXPECT_INT(br_time_parse("1970-01-01T00:00:00Z", &t), 0);
	EXPECT_INT(t, 0);
	EXPECT_INT(br_time_parse("2024-02-29T23:59:59Z", &t), 0);
	EXPECT_INT(t, 1709251199);
	EXPECT_INT(br_date_parse("2027-01-31", &t), 0);
	EXPECT_INT(t, 1801353600);
}

BR_TEST(no_times)
{
	static const char *const odd[] = {
		"", "2024-02-29", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
		"2024-01-01 00:00:00Z", "2024-01-01T00:00:00+", "2024-01-01T00:00:00Zx", "2024-01-00T00:00:00Z", "+024-01-01T00:00:00Z",
	};
	time_t t = 7;

	for (size_t i = 0; i < BR_ARRAY_SIZE(odd); i++)
		EXPECT_INT(br_time_parse(odd[i], &t), -EINVAL);
	EXPECT_INT(br_date_parse("2027-02-30", &t), -EINVAL);
	EXPECT_INT(br_date_parse("2027-2-03", &t), -EINVAL);
	EXPECT_INT(t, 7);
}

BR_TEST(written_as_it_is_read)
{
	static const char *const texts[] = {"1970-01-01T00:00:00Z", "2026-11-27T05:45:12Z", "2000-02-29T23:59:59Z"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(texts); i++) {
		br_autofree char *again = NULL;
		time_t t;

		EXPECT_INT(br_time_parse(texts[i], &t), 0);
		again = br_time_text(t);
		EXPECT_STR(again, texts[i]);
	}
}

BR_TEST_MAIN()
