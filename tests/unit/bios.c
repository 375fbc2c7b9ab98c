/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/bios.h"
#include "test.h"

static void sector_with(unsigned char *s, const char *text)
{
	memset(s, 0, 512);
	s[0] = 0xeb;
	s[510] = 0x55;
	s[511] = 0xaa;
	memcpy(s + 0x180, text, strlen(text));
}

BR_TEST(what_the_first_sector_is)
{
	unsigned char s[512] = {0};
	struct br_bios b;

	br_bios_parse(s, &b);
	EXPECT_INT(b.kind, BR_BIOS_NONE);
	s[510] = 0x55; /* a protective MBR has the signature and no code */
	s[511] = 0xaa;
	br_bios_parse(s, &b);
	EXPECT_INT(b.kind, BR_BIOS_NONE);
	sector_with(s, "EXTLINUX");
	br_bios_parse(s, &b);
	EXPECT_INT(b.kind, BR_BIOS_SYSLINUX);
	sector_with(s, "Missing operating system");
	br_bios_parse(s, &b);
	EXPECT_INT(b.kind, BR_BIOS_OTHER);
}

BR_TEST(grub_and_its_core)
{
	unsigned char s[512];
	struct br_bios b;

	sector_with(s, "GRUB ");
	memcpy(s + 0x188, "Geom", 4);
	s[0x5c] = 0x22;
	s[0x5d] = 0x08;
	br_bios_parse(s, &b);
	EXPECT_INT(b.kind, BR_BIOS_GRUB_BARE);
	EXPECT_INT(b.core_sector, 0x822);
	EXPECT(!br_bios_is_core(s));
	sector_with(s, "loading");
	memcpy(s + 0x190, "Read", 4);
	memcpy(s + 0x198, "Error", 5);
	EXPECT(br_bios_is_core(s));
}

BR_TEST_MAIN()
