/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/efi.h"
#include "test.h"

/* A PE file of one section, whose raw bytes are given. */
static size_t make_pe(char *out, size_t size, unsigned machine, const char *name, const char *raw, size_t len)
{
	memset(out, 0, size);
	memcpy(out, "MZ", 2);
	out[0x3c] = 0x40;
	memcpy(out + 0x40, "PE\0\0", 4);
	out[0x44] = (char)machine;
	out[0x45] = (char)(machine >> 8);
	out[0x46] = 1; /* sections */
	strncpy(out + 0x58, name, 8);
	out[0x58 + 16] = (char)len;
	out[0x58 + 17] = (char)(len >> 8);
	out[0x58 + 20] = (char)0x00;
	out[0x58 + 21] = (char)0x01; /* raw data at 256 */
	memcpy(out + 256, raw, len);
	return 256 + len;
}

static const char mods64[] = "mimg\0\0\0\0\x18\0\0\0\0\0\0\0\x50\0\0\0\0\0\0\0" /* header, 24 bytes */
			     "\3\0\0\0\x18\0\0\0(,gpt3)/boot\0\0\0\0"           /* prefix, 24 bytes */
			     "\2\0\0\0\x10\0\0\0set a=b\0"                      /* configuration */
			     "\0\0\0\0\x10\0\0\0module!\0";

BR_TEST(grub_prefix_and_config)
{
	char buf[1024];
	size_t n = make_pe(buf, sizeof(buf), 0x8664, "mods", mods64, sizeof(mods64) - 1);
	struct br_efi e;

	EXPECT_INT(br_efi_parse(buf, n, &e), 0);
	EXPECT_INT(e.kind, BR_EFI_GRUB);
	EXPECT_INT(e.machine, 0x8664);
	EXPECT_STR(e.prefix, "(,gpt3)/boot");
	EXPECT_STR(e.config, "set a=b");
	br_efi_free(&e);
}

BR_TEST(every_cut_is_survived)
{
	char buf[1024];
	size_t n = make_pe(buf, sizeof(buf), 0x8664, "mods", mods64, sizeof(mods64) - 1);

	for (size_t cut = 0; cut < n; cut++) {
		char *exact = malloc(cut + 1); /* so that a sanitizer sees one byte too far */
		struct br_efi e;

		memcpy(exact, buf, cut);
		EXPECT_INT(br_efi_parse(exact, cut, &e), 0);
		br_efi_free(&e);
		free(exact);
	}
}

BR_TEST(kinds)
{
	static const struct {
		const char *section, *raw;
		enum br_efi_kind kind;
	} cases[] = {
		{".linux", "kernel", BR_EFI_UKI},
		{".sbat", "sbat,1\nshim,4,UEFI shim\n", BR_EFI_SHIM},
		{".sbat", "sbat,1\ngrub,3\n", BR_EFI_OTHER},
		{".sdmagic", "#### LoaderInfo: systemd-boot 252 ####", BR_EFI_SYSTEMD_BOOT},
		{".text", "code", BR_EFI_OTHER},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char buf[1024];
		size_t n = make_pe(buf, sizeof(buf), 0x8664, cases[i].section, cases[i].raw, strlen(cases[i].raw));
		struct br_efi e;

		EXPECT_INT(br_efi_parse(buf, n, &e), 0);
		EXPECT_INT(e.kind, cases[i].kind);
		br_efi_free(&e);
	}
}

BR_TEST(no_program)
{
	struct br_efi e;

	EXPECT_INT(br_efi_parse("#!/bin/sh\n", 10, &e), 0);
	EXPECT_INT(e.kind, BR_EFI_NO_PROGRAM);
	EXPECT_INT(br_efi_parse("", 0, &e), 0);
	EXPECT_INT(e.kind, BR_EFI_NO_PROGRAM);
}

BR_TEST_MAIN()
