/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/releases.h"
#include "test.h"

static unsigned end_of(const char *id, const char *version)
{
	const struct br_release *r = br_release_find(id, version);

	return r ? r->end : 1;
}

BR_TEST(found_by_the_longest_version_that_fits)
{
	EXPECT_INT(end_of("debian", "12"), 20280630);
	EXPECT_INT(end_of("debian", "1"), 1);
	EXPECT_INT(end_of("rhel", "9.4"), 20320531);
	EXPECT_INT(end_of("rhel", "95"), 1);
	EXPECT_INT(end_of("sles", "15.4"), 20231231);
	EXPECT_INT(end_of("sles", "15.9"), 1);
	EXPECT_INT(end_of("alpine", "3.19.1"), 20251101);
	EXPECT_INT(end_of("arch", NULL), 0);
	EXPECT_INT(end_of("debian", NULL), 1);
	EXPECT_INT(end_of("nobody", "1"), 1);
	EXPECT_INT(end_of(NULL, NULL), 1);
}

BR_TEST(every_row_is_a_date)
{
	for (size_t i = 0; i < br_n_releases; i++) {
		const struct br_release *r = &br_releases[i];

		EXPECT(!r->version == !r->end);
		EXPECT(!r->end || (r->end > 20100000 && r->end < 20400000 && r->end / 100 % 100 >= 1 &&
		                   r->end / 100 % 100 <= 12 && r->end % 100 >= 1 && r->end % 100 <= 31));
		EXPECT(br_release_find(r->id, r->version) == r); /* no row hides another */
	}
}

BR_TEST(names)
{
	char centos[] = "centos", stream[] = "CentOS Stream 9", plain[] = "CentOS Linux 8", sap[] = "sles_sap";
	struct br_system s = {.os_id = centos, .os = stream};

	EXPECT_STR(br_release_id(&s), "centos-stream");
	s.os = plain;
	EXPECT_STR(br_release_id(&s), "centos");
	s.os_id = sap;
	EXPECT_STR(br_release_id(&s), "sles");
	s.os_id = NULL;
	EXPECT(!br_release_id(&s));
}

BR_TEST(today_is_never_before_the_table)
{
	setenv("SOURCE_DATE_EPOCH", "0", 1);
	EXPECT_INT(br_release_today(), br_releases_as_of);
	setenv("SOURCE_DATE_EPOCH", "2000000000", 1);
	EXPECT_INT(br_release_today(), 20330518);
	setenv("SOURCE_DATE_EPOCH", "nonsense", 1);
	EXPECT(br_release_today() >= br_releases_as_of);
}

BR_TEST(kernels_compare_by_their_numbers)
{
	EXPECT(br_release_less("2.6.18-419.el5", "2.6.25"));
	EXPECT(!br_release_less("2.6.32-754.el6.x86_64", "2.6.25"));
	EXPECT(!br_release_less("6.1.0-56-amd64", "2.6.25"));
	EXPECT(!br_release_less("2.6.25", "2.6.25"));
	EXPECT(br_release_less("2.6", "2.6.25"));
	EXPECT(br_release_less("3.10", "99.1"));
}

BR_TEST_MAIN()
