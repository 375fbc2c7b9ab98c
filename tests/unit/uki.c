/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>

#include "image/pe.h"
#include "image/uki.h"
#include "test.h"
#include "tree.h"

struct part {
	const char *name, *text;
};

/* A PE file of these sections, 512 bytes each in the file, less cut bytes at its end; opened. */
static int make(const struct part *p, unsigned n, size_t cut)
{
	static unsigned char b[16 * 1024];
	size_t at = 1024;

	memset(b, 0, sizeof(b));
	memcpy(b, "MZ", 2);
	b[0x3c] = 0x80;
	memcpy(b + 0x80, "PE\0\0\x64\x86", 6);
	b[0x86] = (unsigned char)n;
	for (unsigned i = 0; i < n; i++, at += 512) {
		unsigned char *h = b + 0x80 + 24 + (size_t)i * 40;

		memcpy(h, p[i].name, strlen(p[i].name));
		h[8] = (unsigned char)strlen(p[i].text);
		h[17] = 2; /* raw size 512 */
		h[20] = (unsigned char)at;
		h[21] = (unsigned char)(at >> 8);
		memcpy(b + at, p[i].text, strlen(p[i].text));
	}
	tree_new();
	tree_bytes("/k", (char *)b, at - cut, 0644);
	return open(tree_at("/k"), O_RDONLY | O_CLOEXEC);
}

#define CORE {".linux", "kernel"}

BR_TEST(sections)
{
	static const struct part parts[] = {{".osrel", "ID=x\n"}, {".cmdline", "  root=x\n\tro\n"}, {".initrd", "1234"},
	                                    {".ucode", "56"},     CORE};
	br_autoclose int fd = make(parts, 5, 0);
	br_autouki struct br_uki u = {0};

	EXPECT_INT(br_uki_read(fd, 0, &u), 0);
	EXPECT_INT(u.machine, BR_PE_X86_64);
	EXPECT_STR(u.cmdline, "root=x  ro");
	EXPECT_STR(u.osrel, "ID=x\n");
	EXPECT(!u.profile && !u.defect);
	EXPECT_INT(u.n_initrd, 2);
	EXPECT_INT(u.initrd[0].size, 2); /* the microcode comes first */
	EXPECT_INT(u.initrd[1].size, 4);
	EXPECT_INT(u.initrd[1].offset, 1024 + 2 * 512);
}

BR_TEST(profiles)
{
	static const struct part parts[] = {{".osrel", "ID=x\n"},     {".cmdline", "base"}, {".initrd", "1234"}, CORE,
	                                    {".profile", "ID=main\n"}, {".profile", "ID=rescue\n"}, {".cmdline", "rescue"}};
	br_autoclose int fd = make(parts, 7, 0);
	br_autouki struct br_uki u = {0}, v = {0}, w = {0};

	EXPECT_INT(br_uki_read(fd, 0, &u), 0);
	EXPECT_STR(u.cmdline, "base");
	EXPECT_STR(u.profile, "ID=main\n");
	EXPECT_INT(br_uki_read(fd, 1, &v), 0);
	EXPECT_STR(v.cmdline, "rescue");
	EXPECT_STR(v.profile, "ID=rescue\n");
	EXPECT_INT(v.n_initrd, 1);
	EXPECT_INT(br_uki_read(fd, 2, &w), -ENOENT);
}

static void expect_defect(const struct part *parts, unsigned n, size_t cut, const char *want)
{
	br_autoclose int fd = make(parts, n, cut);
	br_autouki struct br_uki u = {0};

	EXPECT_INT(br_uki_read(fd, 0, &u), 0);
	EXPECT_STR(u.defect, want);
}

BR_TEST(defects)
{
	static const struct part parts[] = {CORE, {".in\x01trd", "x"}, {".initrd", "1234"}};
	br_autouki struct br_uki u = {0};
	br_autoclose int fd = -1;

	expect_defect(parts, 3, 0, NULL);
	expect_defect(parts, 3, 508, NULL); /* of the last section's padding alone */
	expect_defect(parts, 3, 509, "its section .initrd (bytes 2048 to 2052) goes beyond the file's end (2051 bytes)");
	expect_defect(parts, 3, 1024, "its section .in\\x01trd (bytes 1536 to 1537) goes beyond the file's end (1536 bytes)");
	expect_defect(parts, 3, 1560 + 768, "its section table goes on beyond what can be read");
	expect_defect(parts + 2, 1, 0, "it has no section .linux");
	fd = make(parts, 3, 2500);
	EXPECT_INT(br_uki_read(fd, 0, &u), -EBADMSG);
}

BR_TEST_MAIN()
