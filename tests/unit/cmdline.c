/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/chain.h"
#include "test.h"

#define EXPECT_GET(line, key, want)                                                                \
	do {                                                                                       \
		char *got__ = br_cmdline_get(line, key);                                           \
		EXPECT_STR(got__, want);                                                           \
		free(got__);                                                                       \
	} while (0)

BR_TEST(last_value_counts)
{
	EXPECT_GET("root=/dev/sda1 ro root=UUID=x quiet", "root", "UUID=x");
	EXPECT_GET("ro quiet", "root", NULL);
	EXPECT_GET("rootflags=subvol=@ rootwait", "root", NULL);
	EXPECT_GET("xroot=1", "root", NULL);
	EXPECT_GET("ro", "ro", "");
}

BR_TEST(quotes)
{
	EXPECT_GET("root=\"LABEL=my root\" ro", "root", "LABEL=my root");
	EXPECT_GET("\"root=LABEL=my root\" ro", "root", "LABEL=my root");
	EXPECT_GET("dyndbg=\"file a +p\" root=x", "root", "x");
}

BR_TEST(words)
{
	EXPECT(br_cmdline_has("quiet noresume", "noresume"));
	EXPECT(!br_cmdline_has("quiet noresume=1", "noresume"));
	EXPECT(!br_cmdline_has("", "ro"));
}

BR_TEST_MAIN()
