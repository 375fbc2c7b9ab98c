/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/syslinux.h"
#include "test.h"

static int read_more(void *ctx, const char *name, char **ret, size_t *ret_len)
{
	if (strcmp(name, "loop") == 0)
		*ret = strdup("INCLUDE loop\nLABEL again\n");
	else if (strcmp(name, "more") == 0)
		*ret = strdup(ctx);
	else
		return -ENOENT;
	*ret_len = strlen(*ret);
	return 0;
}

static struct br_syslinux parse(const char *text, const char *more)
{
	struct br_syslinux s = {0};

	EXPECT_INT(br_syslinux_parse(text, strlen(text), "/x.conf", read_more, (void *)more, &s), 0);
	return s;
}

/* The label that starts, and in what manner: "linux", "linux args", "-why", "file ...", "waits linux". */
static const char *started(const char *text)
{
	struct br_syslinux s = parse(text, "LABEL more\n");
	struct br_syslinux_choice c;
	static char out[256];
	const char *name = "nothing";

	br_syslinux_choose(&s, &c);
	if (c.verdict == BR_SYSLINUX_STARTS)
		name = s.labels[c.label].name;
	else if (c.verdict == BR_SYSLINUX_IMPLICIT)
		name = "file";
	else if (c.verdict == BR_SYSLINUX_UNDETERMINED)
		name = "undetermined";
	snprintf(out, sizeof(out), "%s%s%s%s%s", c.waits ? "waits " : "", c.stale ? "stale " : "", name, *c.args ? " " : "",
	         c.args);
	br_syslinux_free(&s);
	return out;
}

#define LABELS "LABEL a\nLABEL b\nMENU DEFAULT\nLABEL c\nMENU HIDE\n"

BR_TEST(labels)
{
	struct br_syslinux s = parse("append root=x\r\nDEFAULT a\nlabel a b\n\tLINUX ../vmlinuz quiet\n initrd /i\n"
	                             "APPEND ro\nMENU LABEL ^Debian\nTEXT HELP\nLABEL no\nENDTEXT\nlabelx\n", "");

	EXPECT_INT(s.n, 1);
	EXPECT_STR(s.labels[0].name, "a");
	EXPECT_STR(s.labels[0].title, "Debian");
	EXPECT_STR(s.labels[0].kernel, "../vmlinuz quiet");
	EXPECT_INT(s.labels[0].type, BR_SYSLINUX_LINUX);
	EXPECT_STR(s.labels[0].append, "ro");
	EXPECT_STR(s.labels[0].initrd, "/i");
	EXPECT_INT(s.labels[0].line, 3);
	EXPECT_STR(s.append, "root=x");
	br_syslinux_free(&s);
}

BR_TEST(choice)
{
	EXPECT_STR(started(LABELS), "nothing");
	EXPECT_STR(started("DEFAULT a quiet\n" LABELS), "a quiet");
	EXPECT_STR(started("DEFAULT a\nPROMPT 1\n" LABELS), "waits a");
	EXPECT_STR(started("DEFAULT a\nPROMPT 1\nTIMEOUT 50\nONTIMEOUT b\n" LABELS), "b");
	EXPECT_STR(started("DEFAULT a\nPROMPT 1\nTOTALTIMEOUT 50\n" LABELS), "a");
	EXPECT_STR(started("DEFAULT a\nPROMPT 1\nNOESCAPE 1\n" LABELS), "a");
	EXPECT_STR(started("DEFAULT a\nTIMEOUT 0\n" LABELS), "a");
	EXPECT_STR(started("UI menu.c32\nTIMEOUT 50\n" LABELS), "b");
	EXPECT_STR(started("UI menu.c32\n" LABELS), "waits b");
	EXPECT_STR(started("DEFAULT a\nUI vesamenu.c32\nTIMEOUT 50\n" LABELS), "a");
	EXPECT_STR(started("DEFAULT gone\nUI menu.c32\nTIMEOUT 50\n" LABELS), "stale b");
	EXPECT_STR(started("DEFAULT menu.c32\nTIMEOUT 50\n" LABELS), "b");
	EXPECT_STR(started("DEFAULT c\nUI menu.c32\nTIMEOUT 50\n" LABELS), "b");
	EXPECT_STR(started("DEFAULT c\n" LABELS), "c");
	EXPECT_STR(started("UI menu.c32 other.cfg\nTIMEOUT 50\n" LABELS), "undetermined");
	EXPECT_STR(started("UI gfxboot.c32\n" LABELS), "undetermined");
	EXPECT_STR(started("MENU SAVE\nUI menu.c32\nTIMEOUT 5\n" LABELS), "undetermined");
	EXPECT_STR(started("UI menu.c32\nTIMEOUT 5\nMENU BEGIN x\nLABEL s\nMENU END\nLABEL t\n"), "undetermined");
	EXPECT_STR(started("UI menu.c32\nTIMEOUT 5\nLABEL t\nMENU BEGIN x\nLABEL s\nMENU DEFAULT\nMENU END\n"), "t");
	EXPECT_STR(started("DEFAULT /vmlinuz root=x\n"), "file /vmlinuz root=x");
	EXPECT_STR(started("DEFAULT /vmlinuz\nIMPLICIT 0\n"), "nothing");
	EXPECT_STR(started("DEFAULT hdt.c32\n"), "undetermined");
	EXPECT_STR(started("INCLUDE more\nDEFAULT more\n"), "more");
	EXPECT_STR(started("INCLUDE loop\nDEFAULT again\n"), "undetermined");
	EXPECT_STR(started("UI menu.c32\nTIMEOUT 5\nLABEL a\nMENU DISABLE\nLABEL b\nMENU PASSWD x\n"), "waits undetermined");
}

BR_TEST(what_is_missing_and_what_is_long)
{
	struct br_syslinux s = parse("INCLUDE gone\nINCLUDE gone2\n", "");
	char text[5000];

	EXPECT_STR(s.missing, "gone");
	br_syslinux_free(&s);
	memset(text, 'x', sizeof(text));
	memcpy(text, "DEFAULT ", 8);
	memcpy(text + 4095, "LABEL b\n", 9);
	s = parse(text, "");
	EXPECT_INT(strlen(s.wanted), 4095 - 8);
	EXPECT_INT(s.n, 1);
	br_syslinux_free(&s);
}

BR_TEST(paths)
{
	static const char *const cases[][3] = {
		{"/boot/extlinux", "vmlinuz", "/boot/extlinux/vmlinuz"},
		{"/boot/extlinux", "../vmlinuz", "/boot/vmlinuz"},
		{"/boot", "/a//./b", "/a/b"},
		{"/boot", "../../../x", "/x"},
		{"", "x", "/x"},
		{"/", "..", "/"},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		br_autofree char *got = br_syslinux_path(cases[i][0], cases[i][1]);

		EXPECT_STR(got, cases[i][2]);
	}
}

BR_TEST(what_installing_left)
{
	unsigned char buf[2048] = {0};
	struct br_ldlinux ld;

	memcpy(buf + 24, "\xfe\x02\xb2\x3e", 4);
	buf[24 + 22] = 0x00;
	buf[24 + 23] = 0x04; /* 1024 */
	buf[1024 + 2] = 0x00;
	buf[1024 + 3] = 0x06; /* 1536 */
	buf[1024 + 5] = 0x01; /* 256 */
	buf[1024 + 14] = 0x1a;
	buf[1024 + 15] = 0x01; /* 282 */
	strcpy((char *)buf + 1536, "/boot/extlinux");
	EXPECT(br_ldlinux_parse(buf, sizeof(buf), &ld));
	EXPECT_STR(ld.dir, "/boot/extlinux");
	EXPECT_INT(ld.sect[0], 282);
	for (size_t cut = 0; cut < 1044; cut++)
		EXPECT(!br_ldlinux_parse(buf, cut, &ld));
	EXPECT(br_ldlinux_parse(buf, 1600, &ld));
	EXPECT_STR(ld.dir, "");
}

BR_TEST(legacy_boot_attribute)
{
	unsigned char e[4 * 128] = {0};

	EXPECT_INT(br_gpt_legacy_boot(e, 4, 128), -ENOENT);
	e[128] = 1;
	e[128 + 48] = 4;
	e[384 + 48] = 4; /* an empty slot */
	EXPECT_INT(br_gpt_legacy_boot(e, 4, 128), 1);
	e[384] = 1;
	EXPECT_INT(br_gpt_legacy_boot(e, 4, 128), -E2BIG);
}

BR_TEST_MAIN()
