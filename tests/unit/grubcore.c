/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's packed core image, made here as grub-mkimage makes one.
 *
 *     grubcore --show FILE    what a core.img carries, for tests/oracles
 */
#include <errno.h>
#include <lzma.h>
#include <stdio.h>

#include "base/str.h"
#include "image/grubcore.h"
#include "test.h"

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

/* An ELF file of one module: section 1 names the sections, section 2 is .modname. */
static size_t make_module(unsigned char *out, const char *name, bool wide)
{
	static const char names[] = "\0.shstrtab\0.modname";
	unsigned head = wide ? 64 : 52, sec = wide ? 64 : 40, at = wide ? 24 : 16, size = wide ? 32 : 20;
	unsigned strings = head + 3 * sec, text = strings + sizeof(names), len = (unsigned)(text + strlen(name) + 1);

	memset(out, 0, len);
	memcpy(out, "\177ELF", 4);
	out[4] = wide ? 2 : 1;
	put32(out + (wide ? 40 : 32), head);
	out[wide ? 58 : 46] = (unsigned char)sec;
	out[wide ? 60 : 48] = 3;
	out[wide ? 62 : 50] = 1;
	put32(out + head + sec, 1);
	put32(out + head + sec + at, strings);
	put32(out + head + sec + size, sizeof(names));
	put32(out + head + 2 * sec, 11);
	put32(out + head + 2 * sec + at, text);
	put32(out + head + 2 * sec + size, (uint32_t)strlen(name) + 1);
	memcpy(out + strings, names, sizeof(names));
	memcpy(out + text, name, strlen(name) + 1);
	return len;
}

static size_t add(unsigned char *out, size_t at, uint32_t type, const void *bytes, size_t len)
{
	size_t whole = (len + 8 + 3) & ~(size_t)3;

	memset(out + at, 0, whole);
	put32(out + at, type);
	put32(out + at + 4, (uint32_t)whole);
	memcpy(out + at + 8, bytes, len);
	return at + whole;
}

static size_t make_mods(unsigned char *out, bool wide, const char *module, const char *prefix, const char *config)
{
	unsigned char elf[512];
	size_t at = wide ? 24 : 12;

	memset(out, 0, at);
	memcpy(out, "mimg", 4);
	put32(out + (wide ? 8 : 4), (uint32_t)at);
	at = add(out, at, 0, elf, make_module(elf, module, wide));
	if (config)
		at = add(out, at, 2, config, strlen(config) + 1);
	if (prefix)
		at = add(out, at, 3, prefix, strlen(prefix) + 1);
	put32(out + (wide ? 16 : 8), (uint32_t)at);
	return at;
}

#define STUB 0xb20

/* Behind the first sector: a stub that sets %esi twice, the packed kernel, bytes that belong to nobody. */
static size_t make_core(unsigned char *out, size_t size, const unsigned char *mods, size_t n_mods)
{
	unsigned char kernel[8192] = "kernel";
	lzma_options_lzma o = {.dict_size = 65536, .lc = 3, .lp = 0, .pb = 2, .mode = LZMA_MODE_NORMAL, .nice_len = 64,
			       .mf = LZMA_MF_BT4};
	lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &o}, {LZMA_VLI_UNKNOWN, NULL}};
	size_t packed = STUB;

	memcpy(kernel + 100, "mimg\0\0\0\0", 8); /* as the kernel's own code names it */
	memcpy(kernel + 1024, mods, n_mods);
	memset(out, 0xee, size);
	put32(out + 12, (uint32_t)(1024 + n_mods));
	out[0x1a] = 0xff;
	out[0x100] = out[0x200] = 0xbe;
	put32(out + 0x101, 0x8200 + 0x7bb);
	put32(out + 0x201, 0x8200 + STUB);
	EXPECT_INT(lzma_raw_buffer_encode(filters, NULL, kernel, 1024 + n_mods, out, &packed, size), LZMA_OK);
	put32(out + 8, (uint32_t)(packed - STUB));
	return packed + 512;
}

BR_TEST(prefix_and_config)
{
	unsigned char mods[4096], core[16384];
	struct br_grub_core c;
	size_t n = make_mods(mods, false, "normal", "(,gpt3)/boot/grub", "search.fs_uuid u root\n");

	n = make_core(core, sizeof(core), mods, n);
	EXPECT_INT(br_grub_core_parse(core, n, &c), 0);
	EXPECT_STR(c.mods.prefix, "(,gpt3)/boot/grub");
	EXPECT_STR(c.mods.config, "search.fs_uuid u root\n");
	EXPECT(c.mods.normal);
	EXPECT_INT(c.part, 0);
	br_grub_core_free(&c);

	n = make_mods(mods, false, "linux", "/grub2", NULL);
	n = make_core(core, sizeof(core), mods, n);
	core[0x1a] = 2;
	EXPECT_INT(br_grub_core_parse(core, n, &c), 0);
	EXPECT_STR(c.mods.prefix, "/grub2");
	EXPECT(!c.mods.config);
	EXPECT(!c.mods.normal);
	EXPECT_INT(c.part, 3);
	br_grub_core_free(&c);
}

BR_TEST(what_does_not_unpack)
{
	unsigned char mods[4096], core[16384];
	struct br_grub_core c;
	size_t n = make_mods(mods, false, "ext2", "/grub", NULL), size = make_core(core, sizeof(core), mods, n);

	core[STUB] ^= 1;
	EXPECT_INT(br_grub_core_parse(core, size, &c), -EBADMSG);
	core[STUB] ^= 1;
	EXPECT_INT(br_grub_core_parse(core, size, &c), 0);
	br_grub_core_free(&c);
	put32(core + 12, 1U << 30); /* asks for too much */
	EXPECT_INT(br_grub_core_parse(core, size, &c), -EBADMSG);
	put32(core + 12, 0);
	EXPECT_INT(br_grub_core_parse(core, size, &c), -EBADMSG);
	for (size_t cut = 0; cut < size - 520; cut += 13) {
		unsigned char *exact = malloc(cut + 1); /* so that a sanitizer sees one byte too far */

		memcpy(exact, core, cut);
		put32(core + 12, (uint32_t)(1024 + n));
		EXPECT_INT(br_grub_core_parse(exact, cut, &c), -EBADMSG);
		free(exact);
	}
}

/* There is no checksum: what unpacks to something else is told by the area's own shape. */
BR_TEST(what_unpacks_to_something_else)
{
	unsigned char mods[4096], core[16384];
	struct br_grub_core c;
	size_t n = make_mods(mods, false, "ext2", "/grub", NULL), size;

	mods[n - 12] = 12; /* the last header's size: the area does not end there */
	size = make_core(core, sizeof(core), mods, n);
	EXPECT_INT(br_grub_core_parse(core, size, &c), -EBADMSG);
	n = make_mods(mods, false, "ext2", "/gr\1ub", NULL);
	size = make_core(core, sizeof(core), mods, n);
	EXPECT_INT(br_grub_core_parse(core, size, &c), -EBADMSG);
	n = make_mods(mods, false, "ext2", "rub", NULL);
	size = make_core(core, sizeof(core), mods, n);
	EXPECT_INT(br_grub_core_parse(core, size, &c), -EBADMSG);
}

BR_TEST(modules_of_both_widths)
{
	unsigned char mods[4096];
	struct br_grub_mods m;

	for (int wide = 0; wide < 2; wide++) {
		size_t n = make_mods(mods, wide, "normal", "/EFI/x", NULL);

		EXPECT_INT(br_grub_mods_parse((char *)mods, n, wide, &m), 0);
		EXPECT_STR(m.prefix, "/EFI/x");
		EXPECT(m.normal);
		br_grub_mods_free(&m);
		n = make_mods(mods, wide, "normal_exit", "/", NULL); /* another module */
		EXPECT_INT(br_grub_mods_parse((char *)mods, n, wide, &m), 0);
		EXPECT(!m.normal);
		br_grub_mods_free(&m);
		for (size_t cut = 0; cut < n; cut++) {
			char *exact = malloc(cut + 1);

			memcpy(exact, mods, cut);
			if (br_grub_mods_parse(exact, cut, wide, &m) == 0)
				br_grub_mods_free(&m);
			free(exact);
		}
	}
	EXPECT_INT(br_grub_mods_parse("mimgmimgmimg", 12, false, &m), -EBADMSG);
}

BR_TEST(list_of_blocks)
{
	unsigned char s[512] = {0};
	struct br_grub_blocks b[BR_GRUB_BLOCKS_MAX];

	EXPECT_INT(br_grub_blocks(s, b), 0);
	put32(s + 500, 0x823);
	s[508] = 50;
	put32(s + 488, 9);
	put32(s + 492, 1);
	s[496] = 2;
	EXPECT_INT(br_grub_blocks(s, b), 2);
	EXPECT_INT(b[0].sector, 0x823);
	EXPECT_INT(b[0].n, 50);
	EXPECT_INT(b[1].sector, 0x100000009);
	EXPECT_INT(b[1].n, 2);
	memset(s, 1, sizeof(s)); /* a list without an end */
	EXPECT_INT(br_grub_blocks(s, b), BR_GRUB_BLOCKS_MAX);
}

static int show(const char *path)
{
	static unsigned char buf[BR_GRUBCORE_MAX];
	br_autofclose FILE *f = fopen(path, "re");
	size_t n = f ? fread(buf, 1, sizeof(buf), f) : 0;
	struct br_grub_core c;
	int r = n > 512 ? br_grub_core_parse(buf + 512, n - 512, &c) : -ENOENT;

	if (r < 0) {
		printf("error %d\n", r);
		return 1;
	}
	printf("prefix %s\npart %d\nnormal %d\nconfig %s\n", c.mods.prefix ? c.mods.prefix : "-", c.part, c.mods.normal,
	       c.mods.config ? c.mods.config : "-");
	br_grub_core_free(&c);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--show") == 0)
		return show(argv[2]);
	return br_test_main();
}
