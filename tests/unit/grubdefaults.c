/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/grubdefaults.h"
#include "test.h"

static struct br_grub_defaults parse(const char *text)
{
	struct br_grub_defaults d = {0};

	EXPECT_INT(br_grub_defaults_parse(text, strlen(text), &d), 0);
	return d;
}

BR_TEST(both_lines_and_their_place)
{
	struct br_grub_defaults d = parse("# root=/dev/sda1\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
					  "  export GRUB_CMDLINE_LINUX='resume=UUID=x ro' # why\n");

	EXPECT_STR(d.cmdline, "resume=UUID=x ro quiet");
	EXPECT_INT(d.cmdline_line, 3);
	EXPECT(!d.uuid_disabled);
	br_grub_defaults_free(&d);
}

BR_TEST(uuid_switch)
{
	struct br_grub_defaults d = parse("#GRUB_DISABLE_LINUX_UUID=true\n");

	EXPECT(!d.uuid_disabled);
	br_grub_defaults_free(&d);
	d = parse("GRUB_DISABLE_LINUX_UUID=\"true\"\n");
	EXPECT(d.uuid_disabled);
	EXPECT_INT(d.uuid_line, 1);
	br_grub_defaults_free(&d);
}

BR_TEST_MAIN()
