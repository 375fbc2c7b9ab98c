/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>

#include "base/limits.h"
#include "initrd.h"
#include "test.h"
#include "tree.h"

/* A small archive; with is one more file in it. */
static void archive(struct br_str *b, const char *with)
{
	add_member(b, &(struct member){.name = "."});
	add_dirs(b, "etc/modprobe.d");
	add_file(b, "etc/modprobe.d/a.conf", "blacklist x\n");
	add_file(b, with, "with");
	add_trailer(b);
}

static char *joined(const struct br_strv *l)
{
	struct br_str b = {0};

	for (size_t i = 0; i < l->n; i++)
		br_str_printf(&b, "%s%s", i ? " " : "", l->v[i]);
	return br_str_take(&b);
}

static void expect_names(const struct br_initramfs *i, const char *names)
{
	br_autofree char *all = joined(&i->names);

	EXPECT_STR(all, names);
}

static const char *text_of(const struct br_initramfs *i, const char *path)
{
	const struct br_blob *b = br_initramfs_file(i, path);

	return b ? b->data : NULL;
}

BR_TEST(every_compression)
{
	for (enum packer p = GZIP; p < PACKERS; p++) {
		br_autostr struct br_str a = {0}, b = {0};
		br_autoinitramfs struct br_initramfs i = {0};

		if (p == XZ_CRC64)
			continue;
		archive(&a, "with");
		add_packed(&b, p, &a);
		EXPECT_INT(read_initramfs(&b, &i), 0);
		expect_names(&i, "etc etc/modprobe.d etc/modprobe.d/a.conf with");
		EXPECT_STR(text_of(&i, "etc/modprobe.d/a.conf"), "blacklist x\n");
		EXPECT_STR(i.defect, NULL);
		EXPECT_STR(i.unread, NULL);
		EXPECT_INT(i.n_segments, 1);
		EXPECT_STR(i.segments[0].compression, packer_names[p]);
		EXPECT_INT(i.segments[0].size, b.len);
		EXPECT_INT(i.segments[0].unpacked, a.len);
		EXPECT_INT(i.segments[0].entries, 5);
	}
}

/* What may stand behind what: with NULs between, a plain or a packed segment behind any other. */
BR_TEST(segments_in_any_order)
{
	static const size_t gaps[] = {0, 1, 2, 4, 511, 512, 70000};

	for (enum packer p = GZIP; p < PACKERS; p++) {
		for (size_t g = 0; g < BR_ARRAY_SIZE(gaps); g++) {
			br_autostr struct br_str a = {0}, c = {0}, b = {0};
			br_autoinitramfs struct br_initramfs i = {0};

			/* A lz4 stream ends where the input does, or at four NULs. */
			if (p == XZ_CRC64 || (p == LZ4 && gaps[g] < 512))
				continue;
			archive(&a, "one");
			archive(&c, "three");
			archive(&b, "zero"); /* plain */
			add_zeros(&b, 4 * gaps[g]);
			add_packed(&b, p, &a);
			add_zeros(&b, gaps[g]);
			add_packed(&b, GZIP, &c);
			EXPECT_INT(read_initramfs(&b, &i), 0);
			EXPECT_STR(i.defect, NULL);
			expect_names(&i, "etc etc/modprobe.d etc/modprobe.d/a.conf one three zero");
			EXPECT_INT(i.n_segments, 3);
		}
	}
}

BR_TEST(plain_behind_packed_must_be_aligned)
{
	br_autostr struct br_str a = {0}, b = {0};
	br_autoinitramfs struct br_initramfs i = {0}, odd = {0};

	archive(&a, "one");
	add_packed(&b, ZSTD, &a);
	pad4(&b);
	archive(&b, "two");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(i.defect, NULL);
	EXPECT(br_initramfs_has(&i, "two"));
	b.len = 0;
	add_packed(&b, ZSTD, &a);
	pad4(&b);
	br_str_putc(&b, '\0');
	archive(&b, "two");
	EXPECT_INT(read_initramfs(&b, &odd), 0);
	EXPECT(odd.defect && strstr(odd.defect, "neither a cpio archive nor"));
	EXPECT(br_initramfs_has(&odd, "one"));
}

BR_TEST(plain_segments_are_told_apart)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	size_t first;

	archive(&b, "one");
	first = b.len;
	add_zeros(&b, 64);
	archive(&b, "two");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_INT(i.n_segments, 2);
	EXPECT_INT(i.segments[0].size, first);
	EXPECT_INT(i.segments[1].offset, first + 64);
	EXPECT_INT(i.segments[1].size, b.len - first - 64);
}

BR_TEST(several_files_are_one)
{
	br_autostr struct br_str a = {0}, b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	archive(&a, "one");
	br_str_puts(&b, "");
	add_packed(&b, GZIP, &a);
	while (b.len % 4 != 1) /* the next file must start at a multiple of 4 all the same */
		br_str_putc(&b, '\0');
	const struct br_extent e[] = {
		{.fd = -1, .size = b.len, .mem = b.s},
		{.fd = -1, .size = a.len, .mem = a.s, .hashed = true},
	};
	EXPECT_INT(br_initramfs_read(e, 2, &i), 0);
	EXPECT_STR(i.defect, NULL);
	EXPECT_INT(i.n_parts, 2);
	EXPECT_INT(i.parts[0].size, b.len);
	EXPECT_INT(i.parts[1].size, a.len);
	EXPECT_STR(i.parts[0].sha256, "");
	EXPECT_INT(strlen(i.parts[1].sha256), 64);
}

BR_TEST(hashes_all_of_a_file)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	br_str_puts(&b, "abc"); /* no initramfs: what it is does not matter to the hash */
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(i.parts[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	EXPECT(i.defect != NULL);
}

/* Cut at every place: a defect is always said, and what came before it is there. */
BR_TEST(truncated_anywhere)
{
	for (enum packer p = GZIP; p < PACKERS; p++) {
		br_autostr struct br_str a = {0}, b = {0};
		size_t whole, silent = 0;

		if (p == XZ_CRC64)
			continue;
		archive(&a, "one");
		add_packed(&b, p, &a);
		whole = b.len;
		for (b.len = 0; b.len < whole; b.len++) {
			br_autoinitramfs struct br_initramfs i = {0};

			EXPECT_INT(read_initramfs(&b, &i), 0);
			silent += !i.defect;
		}
		EXPECT_INT(silent, 0);
	}
}

/* The stream is whole, and what was packed into it was not. */
BR_TEST(cut_short_before_it_was_packed)
{
	br_autostr struct br_str a = {0}, b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_file(&a, "first", "1");
	add_file(&a, "second", "a longer body");
	a.len -= 8;
	add_packed(&b, GZIP, &a);
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT(i.defect && strstr(i.defect, "the archive inside is cut short"));
	EXPECT_STR(i.cut, "second");
}

BR_TEST(truncated_plain_names_the_file)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_dirs(&b, "a");
	add_file(&b, "a/first", "1");
	add_file(&b, "a/second", "a longer body");
	b.len -= 8;
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(i.cut, "a/second");
	expect_names(&i, "a a/first a/second");
	EXPECT(i.defect && strstr(i.defect, "cut short"));
}

/*
 * One bit changed anywhere in a stream with a checksum is noticed, unless it is one that does not matter:
 * behind the last symbol, or a distance to bytes that are the same.
 */
BR_TEST(damage_is_noticed)
{
	static const enum packer checked[] = {GZIP, BZIP2, XZ};

	for (size_t p = 0; p < BR_ARRAY_SIZE(checked); p++) {
		br_autostr struct br_str a = {0}, b = {0};
		size_t silent = 0, harmless = 0;

		archive(&a, "one");
		add_packed(&b, checked[p], &a);
		for (size_t at = checked[p] == GZIP ? 10 : 0; at < b.len; at++) {
			br_autoinitramfs struct br_initramfs i = {0};

			b.s[at] ^= 0x10;
			EXPECT_INT(read_initramfs(&b, &i), 0);
			if (!i.defect && !i.unread) {
				harmless++;
				silent += i.names.n != 4 || !br_initramfs_has(&i, "one") ||
				          !br_streq(text_of(&i, "etc/modprobe.d/a.conf"), "blacklist x\n");
			}
			b.s[at] ^= 0x10;
		}
		EXPECT_INT(silent, 0);
		EXPECT(harmless < 10);
	}
}

BR_TEST(xz_without_crc32_is_refused)
{
	br_autostr struct br_str a = {0}, b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	archive(&a, "one");
	add_packed(&b, XZ_CRC64, &a);
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT(i.defect && strstr(i.defect, "--check=crc32"));
	EXPECT_INT(i.names.n, 0);
}

/* What the kernel's reader of lzop's files makes of odd ones. */
BR_TEST(lzo)
{
	static const struct {
		size_t at;
		const char *bytes, *defect;
		size_t n;
	} rows[] = {
		{8, "x", "not as lzop writes it", 1},
		{17, "\0\0\0\0", "another number of checksums", 4},
		{17, "\0\0\0\3", "another number of checksums", 4},
		{38, "\0\4\0\1", "larger than the kernel's", 4},
		{42, "\0\0\0\0", "damaged", 4},
		{42, "\0\4\0\0", "damaged", 4},
		{46, "\0\0\0\0", "a checksum does not match", 4},
		{42, "\0\0\0\4", "damaged", 4}, /* said to be packed */
	};

	for (size_t k = 0; k < BR_ARRAY_SIZE(rows); k++) {
		br_autostr struct br_str a = {0}, b = {0};
		br_autoinitramfs struct br_initramfs i = {0};

		archive(&a, "one");
		add_packed(&b, LZO, &a);
		memcpy(b.s + rows[k].at, rows[k].bytes, rows[k].n);
		EXPECT_INT(read_initramfs(&b, &i), 0);
		EXPECT(i.defect && strstr(i.defect, rows[k].defect));
		EXPECT(!br_initramfs_has(&i, "one"));
	}
}

BR_TEST(nothing_in_it)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs empty = {0}, zeros = {0}, text = {0};

	EXPECT_INT(read_initramfs(&b, &empty), 0);
	EXPECT_STR(empty.defect, "it is empty");
	add_zeros(&b, 4096);
	EXPECT_INT(read_initramfs(&b, &zeros), 0);
	EXPECT_STR(zeros.defect, "nothing but NULs in it");
	b.len = 0;
	br_str_puts(&b, "no initramfs at all");
	EXPECT_INT(read_initramfs(&b, &text), 0);
	EXPECT_STR(text.defect, "byte 0: neither a cpio archive nor a compression that the kernel knows");
}

BR_TEST(junk_behind_stops)
{
	br_autostr struct br_str a = {0}, b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	archive(&a, "one");
	br_str_puts(&a, "junk");
	add_packed(&b, GZIP, &a);
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT(i.defect && strstr(i.defect, "junk"));
	EXPECT(br_initramfs_has(&i, "one"));
}

BR_TEST(names_are_what_unpacking_makes)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_dirs(&b, "usr/lib");
	add_link(&b, "lib", "usr/lib");
	add_link(&b, "up", "usr/../usr/./lib");
	add_link(&b, "loop", "loop");
	add_file(&b, "./lib/a", "1");
	add_file(&b, "/up//b", "2");
	add_file(&b, "usr/lib/../c", "3");
	add_file(&b, "loop/d", "4");
	add_file(&b, "nowhere/e", "5");
	add_file(&b, "dev/console", "6"); /* the kernel's own root has dev */
	add_file(&b, "usr/lib/a", "again");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	expect_names(&i, "dev/console lib loop up usr usr/c usr/lib usr/lib/a usr/lib/b");
	EXPECT(br_initramfs_has(&i, "lib/a"));
	EXPECT(br_initramfs_has(&i, "/up/b"));
	EXPECT(!br_initramfs_has(&i, "loop/d"));
	EXPECT(!br_initramfs_has(&i, "lib/c"));
	EXPECT_INT(i.orphans, 2);
	EXPECT_STR(i.orphan, "loop/d");
}

/* The kernel follows 40 links on a way, and no more. */
BR_TEST(links_without_end)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	char name[16], next[16];

	add_dirs(&b, "l41");
	for (int k = 40; k >= 0; k--) {
		snprintf(name, sizeof(name), "l%d", k);
		snprintf(next, sizeof(next), "l%d", k + 1);
		add_link(&b, name, next);
	}
	add_file(&b, "l1/near", "");
	add_file(&b, "l0/far", "");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT(br_initramfs_has(&i, "l41/near"));
	EXPECT(!br_initramfs_has(&i, "l41/far"));
	EXPECT_STR(i.orphan, "l0/far");
}

/* A folder in use stays one; anything else gives way to what comes later. */
BR_TEST(later_entries_replace)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_dirs(&b, "etc/modprobe.d");
	add_file(&b, "etc/modprobe.d/a.conf", "old");
	add_link(&b, "etc", "elsewhere");
	add_file(&b, "etc/modprobe.d/a.conf", "new");
	add_link(&b, "x", "etc");
	add_dirs(&b, "x");
	add_file(&b, "x/y", "1");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(text_of(&i, "etc/modprobe.d/a.conf"), "new");
	expect_names(&i, "etc etc/modprobe.d etc/modprobe.d/a.conf x x/y");
}

BR_TEST(hard_links_share_a_body)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_dirs(&b, "etc/modprobe.d");
	add_dirs(&b, "conf");
	/* The body behind the last name, as GNU cpio writes it; under a name that is not kept. */
	add_member(&b, &(struct member){.name = "etc/modprobe.d/a.conf", .body = "", .ino = 7, .nlink = 2});
	add_member(&b, &(struct member){.name = "other", .body = "late", .ino = 7, .nlink = 2});
	/* ... and with the first, of which only the second is kept. */
	add_member(&b, &(struct member){.name = "early", .body = "first", .ino = 0x106, .nlink = 2});
	add_member(&b, &(struct member){.name = "conf/modules", .body = "", .ino = 0x106, .nlink = 2});
	add_trailer(&b);
	/* The same number in the next archive is another file. */
	add_member(&b, &(struct member){.name = "etc/fstab", .body = "", .ino = 7, .nlink = 2});
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(text_of(&i, "etc/modprobe.d/a.conf"), "late");
	EXPECT_STR(text_of(&i, "conf/modules"), "first");
	EXPECT_STR(text_of(&i, "etc/fstab"), "");
}

BR_TEST(kept_files_through_links)
{
	static const char *const dirs[] = {"etc/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d", NULL};
	br_cleanup(br_kept_list_free) struct br_kept_list l = {0};
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_dirs(&b, "usr/lib/modprobe.d");
	add_dirs(&b, "etc/modprobe.d");
	add_link(&b, "lib", "usr/lib");
	add_file(&b, "usr/lib/initrd-release", "ID=x\n");
	add_link(&b, "etc/initrd-release", "../usr/lib/initrd-release");
	add_file(&b, "usr/lib/modprobe.d/b.conf", "vendor's");
	add_file(&b, "usr/lib/modprobe.d/c.conf", "c");
	add_file(&b, "usr/lib/modprobe.d/d.conf", "masked");
	add_file(&b, "etc/modprobe.d/b.conf", "own");
	add_file(&b, "etc/modprobe.d/a.conf", "a");
	add_link(&b, "etc/modprobe.d/d.conf", "/dev/null");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(text_of(&i, "etc/initrd-release"), "ID=x\n");
	EXPECT_INT(br_initramfs_list(&i, dirs, ".conf", &l), 0);
	EXPECT_INT(l.n, 3);
	EXPECT_STR(l.n == 3 ? l.v[0]->data.data : NULL, "a");
	EXPECT_STR(l.n == 3 ? l.v[1]->data.data : NULL, "own");
	EXPECT_STR(l.n == 3 ? l.v[2]->data.data : NULL, "c");
}

BR_TEST(who_made_it)
{
	static const struct {
		const char *dir, *file, *text, *maker, *version;
	} rows[] = {
		{"usr/lib/dracut", "usr/lib/dracut/modules.txt", "", "dracut", NULL},
		{"usr/lib/dracut", "usr/lib/dracut/dracut-059-4", "", "dracut", "059-4"},
		{"lib/dracut", "lib/dracut/dracut-033-572.el7", "", "dracut", "033-572.el7"},
		{"usr/lib/dracut", "usr/lib/dracut/dracut-util", "", "dracut", NULL},
		{"conf", "conf/initramfs.conf", "", "initramfs-tools", NULL},
		{"hooks", "buildconfig", "", "mkinitcpio", NULL},
		{"etc", "etc/booster.init.yaml", "", "booster", NULL},
		{"etc", "VERSION", "39.2", NULL, NULL},
	};

	for (size_t k = 0; k < BR_ARRAY_SIZE(rows); k++) {
		br_autostr struct br_str b = {0};
		br_autoinitramfs struct br_initramfs i = {0};

		add_dirs(&b, rows[k].dir);
		add_file(&b, rows[k].file, rows[k].text);
		EXPECT_INT(read_initramfs(&b, &i), 0);
		EXPECT_STR(i.made_by, rows[k].maker);
		EXPECT_STR(i.made_with, rows[k].version);
	}
}

BR_TEST(mkinitcpio_says_its_version)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_file(&b, "buildconfig", "");
	add_file(&b, "VERSION", "39.2\n");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_STR(i.made_with, "39.2");
}

/* An image inside that is none; sound ones are in tests/roots. */
BR_TEST(image_inside)
{
	static const char *const names[] = {"squash-root.img", "squashfs-root.img", "squash/root.img", "erofs-root.img"};

	for (size_t k = 0; k < 2 * BR_ARRAY_SIZE(names); k++) {
		br_autostr struct br_str a = {0}, b = {0};
		br_autoinitramfs struct br_initramfs i = {0};

		add_dirs(&a, "squash");
		add_file(&a, names[k / 2], "hsqs, and no more");
		add_trailer(&a);
		if (k % 2)
			add_packed(&b, GZIP, &a);
		EXPECT_INT(read_initramfs(k % 2 ? &b : &a, &i), 0);
		EXPECT(i.defect && strstr(i.defect, names[k / 2]) && strstr(i.defect, "points behind its end"));
		EXPECT(i.inner.type);
	}
}

BR_TEST(releases)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};

	add_dirs(&b, "usr/lib/modules/6.1.0/kernel");
	add_dirs(&b, "usr/lib/modules/empty/kernel");
	add_dirs(&b, "lib/modules/5.10");
	add_file(&b, "usr/lib/modules/6.1.0/kernel/a.ko.zst", "");
	add_file(&b, "usr/lib/modules/6.1.0/modules.dep", "");
	add_file(&b, "lib/modules/5.10/modules.dep.bin", "");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_INT(i.releases.n, 2);
	EXPECT(br_strv_has(&i.releases, "6.1.0"));
	EXPECT(br_strv_has(&i.releases, "5.10"));
}

/* A stream of zeros that unpacks a thousandfold: the limit stops it. */
BR_TEST(limits)
{
	br_autostr struct br_str body = {0}, b = {0};
	br_autoinitramfs struct br_initramfs large = {0}, many = {0};

	add_dirs(&b, "etc");
	while (body.len < 2 * BR_MIB)
		br_str_putc(&body, 'x');
	add_bytes(&b, "etc/fstab", &body); /* more than is kept of such a file */
	add_bytes(&b, "etc/other", &body);
	EXPECT_INT(read_initramfs(&b, &large), 0);
	EXPECT_STR(large.unread, "etc/fstab is more than is kept of an initramfs");
	EXPECT_INT(large.names.n, 3);
	b.len = 0;
	for (unsigned k = 0; k <= BR_INITRAMFS_SEGMENTS_MAX; k++)
		archive(&b, "one");
	EXPECT_INT(read_initramfs(&b, &many), 0);
	EXPECT(many.unread && strstr(many.unread, "segments"));
}

BR_TEST(from_a_file_and_from_a_folder)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs file = {0}, running = {0};
	struct br_root self;
	int fd;

	archive(&b, "one");
	tree_new();
	tree_bytes("/image", b.s, b.len, 0644);
	fd = open(tree_at("/image"), O_RDONLY);
	EXPECT_INT(br_initramfs_read_fd(fd, false, &file), 0);
	EXPECT(br_initramfs_has(&file, "one"));
	close(fd);

	tree_new();
	tree_file("/usr/lib/modules/6.1.0/kernel/a.ko", "");
	tree_file("/usr/lib/modules/6.1.0/modules.builtin", "kernel/b.ko\n");
	tree_file("/usr/lib/dracut/modules.txt", "base\n");
	tree_file("/etc/cmdline.d/10.conf", "root=LABEL=x\n");
	tree_file("/var/other", "");
	tree_link("/lib", "usr/lib");
	EXPECT_INT(br_root_open(&self, tree_dir), 0);
	EXPECT_INT(br_initramfs_read_running(&self, &running), 0);
	EXPECT_STR(running.made_by, "dracut");
	EXPECT_STR(text_of(&running, "etc/cmdline.d/10.conf"), "root=LABEL=x\n");
	EXPECT_STR(text_of(&running, "lib/modules/6.1.0/modules.builtin"), "kernel/b.ko\n");
	EXPECT(br_initramfs_has(&running, "lib/modules/6.1.0/kernel/a.ko"));
	EXPECT(!br_initramfs_has(&running, "var/other"));
	EXPECT(br_strv_has(&running.releases, "6.1.0"));
	br_root_close(&self);
}

BR_TEST_MAIN()
