/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>

#include "image/kernelfile.h"
#include "initrd.h"
#include "test.h"
#include "tree.h"

#define RELEASE "6.1.0-1-test"

static void put16(struct br_str *b, size_t at, unsigned v)
{
	b->s[at] = (char)v;
	b->s[at + 1] = (char)(v >> 8);
}

static void put32(struct br_str *b, size_t at, unsigned v)
{
	put16(b, at, v);
	put16(b, at + 2, v >> 16);
}

/* Four sectors of real-mode code and 4 KiB behind them, 2 KiB of it the payload. */
static void make_bzimage(struct br_str *b)
{
	add_zeros(b, 5 * 512 + 4096);
	memcpy(b->s, "MZ", 2);
	b->s[0x1f1] = 4;
	put32(b, 0x1f4, 4096 / 16);
	memcpy(b->s + 0x202, "HdrS", 4);
	put16(b, 0x206, 0x20f);
	put16(b, 0x20e, 0x400 - 0x200);
	strcpy(b->s + 0x400, RELEASE " (builder@host) #1 SMP");
	put32(b, 0x248, 1024);
	put32(b, 0x24c, 2048);
	memcpy(b->s + 5 * 512 + 1024, "\x28\xb5\x2f\xfd", 4);
	put32(b, 5 * 512 + 1024 + 2048 - 4, 10 << 20);
}

static int write_kernel(const struct br_str *b)
{
	tree_new();
	tree_bytes("/k", b->len ? b->s : "", b->len, 0644);
	return open(tree_at("/k"), O_RDONLY | O_CLOEXEC);
}

static void expect_kernel(const struct br_str *b, enum br_kernel_state want, const char *release)
{
	br_autoclose int fd = write_kernel(b);
	enum br_kernel_state state = BR_KERNEL_UNREAD;
	br_autofree char *got = NULL;

	EXPECT_INT(br_kernel_look(fd, &state, &got), 0);
	EXPECT_INT(state, want);
	EXPECT_STR(got, release);
}

BR_TEST(bzimage)
{
	br_autostr struct br_str b = {0};
	size_t whole;

	make_bzimage(&b);
	whole = b.len;
	expect_kernel(&b, BR_KERNEL_SOUND, RELEASE);
	add_zeros(&b, 3000); /* a signature behind it */
	expect_kernel(&b, BR_KERNEL_SOUND, RELEASE);
	b.len = whole - 16;
	expect_kernel(&b, BR_KERNEL_TRUNCATED, RELEASE);
	b.len = 0x300; /* within its own setup: the release is beyond the end */
	expect_kernel(&b, BR_KERNEL_TRUNCATED, NULL);
	b.len = 0;
	expect_kernel(&b, BR_KERNEL_EMPTY, NULL);
}

BR_TEST(zeros_where_the_payload_was)
{
	br_autostr struct br_str b = {0};

	make_bzimage(&b);
	memset(b.s + 5 * 512, 0, 4096);
	expect_kernel(&b, BR_KERNEL_TRUNCATED, RELEASE);
	b.len = 0;
	make_bzimage(&b);
	memset(b.s + 5 * 512 + 1024 + 512, 0, 2048);
	expect_kernel(&b, BR_KERNEL_TRUNCATED, RELEASE);
}

BR_TEST(no_kernel)
{
	br_autostr struct br_str b = {0};

	br_str_puts(&b, "MZ, but nothing more of a program than that: text that goes on for longer than a header");
	add_zeros(&b, 2000);
	expect_kernel(&b, BR_KERNEL_NOT_ONE, NULL);
	b.s[0] = 'x';
	expect_kernel(&b, BR_KERNEL_NOT_ONE, NULL);
	memcpy(b.s, "\177ELF", 4);
	expect_kernel(&b, BR_KERNEL_UNREAD, NULL);
	b.len = 0;
	add_zeros(&b, 100);
	expect_kernel(&b, BR_KERNEL_NOT_ONE, NULL);
}

/* What an arm64 kernel unpacks to, the banner somewhere behind other text that looks like it. */
static void make_arm64(struct br_str *b, size_t before)
{
	add_zeros(b, 0x40);
	memcpy(b->s, "MZ", 2);
	memcpy(b->s + 0x38, "ARM\x64", 4);
	put32(b, 0x3c, 0x40);
	add_zeros(b, before);
	br_str_puts(b, "Linux version %s");
	add_zeros(b, 100);
	br_str_puts(b, "Linux version " RELEASE " (builder@host) #1");
	add_zeros(b, 1000);
}

BR_TEST(arm64)
{
	for (size_t before = 262144 - 400; before < 262144 + 100; before += 7) {
		br_autostr struct br_str b = {0};

		make_arm64(&b, before); /* over the border of the pieces it is read in */
		expect_kernel(&b, BR_KERNEL_SOUND, RELEASE);
	}
}

BR_TEST(arm64_gzip)
{
	br_autostr struct br_str b = {0}, z = {0};

	make_arm64(&b, 300000);
	add_packed(&z, GZIP, &b);
	expect_kernel(&z, BR_KERNEL_SOUND, RELEASE);
	z.len -= 10;
	expect_kernel(&z, BR_KERNEL_TRUNCATED, RELEASE);
	z.len += 10;
	z.s[z.len - 8] ^= 0x55; /* the checksum */
	expect_kernel(&z, BR_KERNEL_NOT_ONE, RELEASE);
}

BR_TEST(arm64_zboot)
{
	br_autostr struct br_str b = {0}, image = {0};
	size_t n;

	make_arm64(&b, 3000);
	add_zeros(&image, 0x100);
	add_packed(&image, ZSTD, &b);
	n = image.len - 0x100;
	memcpy(image.s, "MZ\0\0zimg", 8);
	put32(&image, 8, 0x100);
	put32(&image, 12, (unsigned)n);
	strcpy(image.s + 0x18, "zstd");
	expect_kernel(&image, BR_KERNEL_SOUND, RELEASE);
	image.len -= 1;
	expect_kernel(&image, BR_KERNEL_TRUNCATED, NULL);
	image.len += 1;
	strcpy(image.s + 0x18, "what");
	expect_kernel(&image, BR_KERNEL_UNREAD, NULL);
}

struct pe_part {
	const char *name;
	const struct br_str *body;
};

/* A PE file of these sections. */
static void make_pe(struct br_str *b, const struct pe_part *p, unsigned n)
{
	size_t table = 0x80 + 24;

	add_zeros(b, 0x400);
	memcpy(b->s, "MZ", 2);
	put32(b, 0x3c, 0x80);
	memcpy(b->s + 0x80, "PE\0\0", 4);
	put16(b, 0x86, n);
	for (unsigned i = 0; i < n; i++) {
		size_t at = table + 40 * i, offset = b->len;

		memcpy(b->s + at, p[i].name, strlen(p[i].name));
		put32(b, at + 8, (unsigned)p[i].body->len);
		br_str_add(b, p[i].body->s, p[i].body->len);
		while (b->len % 512)
			br_str_putc(b, '\0');
		put32(b, at + 16, (unsigned)(b->len - offset));
		put32(b, at + 20, (unsigned)offset);
	}
}

BR_TEST(unified)
{
	br_autostr struct br_str kernel = {0}, cpio = {0}, uname = {0}, arm = {0}, b = {0}, c = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	struct br_extent e;

	make_bzimage(&kernel);
	add_file(&cpio, "inside", "1");
	br_str_puts(&uname, "5.0-uname");
	const struct pe_part parts[] = {{".uname", &uname}, {".linux", &kernel}, {".initrd", &cpio}};

	make_pe(&b, parts, 3);
	expect_kernel(&b, BR_KERNEL_SOUND, RELEASE);
	{
		br_autoclose int fd = write_kernel(&b);

		EXPECT_INT(br_initramfs_read_fd(fd, false, &i), 0);
		EXPECT(br_initramfs_has(&i, "inside"));
		EXPECT_STR(i.defect, NULL);
		EXPECT_INT(br_pe_section(fd, ".osrel", &e), -ENOENT);
		EXPECT_INT(br_pe_section(fd, ".uname", &e), 0);
		EXPECT_INT(e.size, uname.len);
	}
	b.len -= 512; /* the last section is cut, the kernel before it is whole */
	expect_kernel(&b, BR_KERNEL_SOUND, RELEASE);
	b.len = 0x500;
	expect_kernel(&b, BR_KERNEL_TRUNCATED, NULL);

	br_str_puts(&arm, "\177ELF of some machine, so that .uname alone says the release");
	add_zeros(&arm, 1000);
	const struct pe_part other[] = {{".uname", &uname}, {".linux", &arm}};

	make_pe(&c, other, 2);
	expect_kernel(&c, BR_KERNEL_UNREAD, "5.0-uname");
}

/* A unified image inside a unified image, and headers of noise: no loop, no byte beyond the end. */
BR_TEST(noise)
{
	br_autostr struct br_str kernel = {0}, inner = {0}, b = {0};
	unsigned seed = 1;

	make_bzimage(&kernel);
	make_pe(&inner, &(struct pe_part){".linux", &kernel}, 1);
	make_pe(&b, &(struct pe_part){".linux", &inner}, 1);
	expect_kernel(&b, BR_KERNEL_NOT_ONE, NULL);
	for (unsigned round = 0; round < 300; round++) {
		br_autoclose int fd = -1;
		enum br_kernel_state state;
		br_autofree char *release = NULL;

		for (size_t at = 0; at < 0x268; at++)
			if (rand_r(&seed) % 8 == 0)
				kernel.s[at] = (char)rand_r(&seed);
		memcpy(kernel.s, "MZ", 2);
		if (round % 2)
			memcpy(kernel.s + 0x202, "HdrS", 4);
		else
			memcpy(kernel.s + 0x38, "ARM\x64", 4);
		fd = write_kernel(&kernel);
		EXPECT_INT(br_kernel_look(fd, &state, &release), 0);
	}
}

BR_TEST_MAIN()
