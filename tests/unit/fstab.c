/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/fstab.h"
#include "test.h"
#include "tree.h"

static void parse(const char *text, struct br_fstab *f)
{
	EXPECT_INT(br_fstab_parse(text, strlen(text), f), 0);
}

BR_TEST(fields_and_lines)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	parse("# comment\n\n  UUID=1\t/ ext4 errors=remount-ro 0 1\nLABEL=a\\040b /mnt/c\\040d xfs\r\n"
	      "\t# another\n/dev/sda2 none swap sw,pri=5 0 0 # rest",
	      &f);
	EXPECT_INT(f.n, 3);
	EXPECT_INT(f.n_bad, 0);
	EXPECT_INT(f.entries[0].line, 3);
	EXPECT_STR(f.entries[0].options, "errors=remount-ro");
	EXPECT_INT(f.entries[0].passno, 1);
	EXPECT_INT(f.entries[1].line, 4);
	EXPECT_STR(f.entries[1].source, "LABEL=a b");
	EXPECT_STR(f.entries[1].target, "/mnt/c d");
	EXPECT_STR(f.entries[1].type, "xfs");
	EXPECT_STR(f.entries[1].options, "");
	EXPECT_INT(f.entries[1].spec.kind, BR_SPEC_LABEL);
	EXPECT_STR(f.entries[1].spec.value, "a b");
	EXPECT_INT(f.entries[2].line, 6);
	EXPECT(f.entries[2].swap);
}

BR_TEST(what_libmount_refuses_is_kept_as_systemd_reads_it)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	parse("UUID=1\nUUID=2 /m\nUUID=3 /n ext4 nofail x y\nUUID=4 /o ext4 defaults 0 0\n", &f);
	EXPECT_INT(f.n_bad, 3);
	EXPECT_INT(f.bad[0].line, 1);
	EXPECT_STR(f.bad[1].text, "UUID=2 /m");
	EXPECT_INT(f.n, 3);
	EXPECT(f.entries[0].unparsed && f.entries[0].waits);
	EXPECT_STR(f.entries[0].target, "/m");
	EXPECT(f.entries[1].unparsed && f.entries[1].nofail && !f.entries[1].waits);
	EXPECT(!f.entries[2].unparsed);
}

BR_TEST(options)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	size_t len = 99;
	const char *v;

	parse("UUID=1 /a ext4 rw,pri=1,context=\"a,pri=9,b\",pri=22,xpri=3 0 0\n", &f);
	v = br_fstab_option(&f.entries[0], "pri", &len);
	EXPECT(v && len == 2 && strncmp(v, "22", 2) == 0);
	v = br_fstab_option(&f.entries[0], "rw", &len);
	EXPECT(v && len == 0);
	EXPECT(!br_fstab_option(&f.entries[0], "r", &len));
	EXPECT(!br_fstab_option(&f.entries[0], "b", &len));
	v = br_fstab_option(&f.entries[0], "context", &len);
	EXPECT(v && len == strlen("\"a,pri=9,b\""));
}

BR_TEST(noise_is_no_fstab)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	EXPECT_INT(br_fstab_parse("a\0b", 3, &f), -EBADMSG);
	EXPECT_INT(br_fstab_parse("\xff\xfe\xff\n\x80 \x81 \x82\n", 9, &f), 0);
	EXPECT(f.n_bad >= 1);
}

BR_TEST(too_many_lines)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	size_t n = 5000 * 20;
	char *text = malloc(n + 1), *at = text;

	for (int i = 0; i < 5000; i++)
		at += sprintf(at, "# a comment line %d\n", i % 10);
	EXPECT_INT(br_fstab_parse(text, (size_t)(at - text), &f), 0);
	EXPECT(f.too_many);
	free(text);
}

static int read_tree(struct br_fstab *f)
{
	struct br_root root;
	int r = br_root_open(&root, tree_dir);

	EXPECT_INT(r, 0);
	r = br_fstab_read(&root, f);
	br_root_close(&root);
	return r;
}

BR_TEST(odd_files)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	tree_new();
	EXPECT_INT(read_tree(&f), 0);
	EXPECT(f.absent);
	tree_folder("/etc/fstab");
	EXPECT_INT(read_tree(&f), -EISDIR);
	tree_new();
	tree_folder("/etc");
	EXPECT_INT(mkfifo(tree_at("/etc/fstab"), 0644), 0);
	EXPECT_INT(read_tree(&f), -EMEDIUMTYPE);
	tree_new();
	tree_link("/etc/fstab", "fstab");
	EXPECT_INT(read_tree(&f), -ELOOP);
	tree_new();
	tree_file("/etc/fstab", "");
	EXPECT_INT(truncate(tree_at("/etc/fstab"), 1LL << 30), 0);
	EXPECT_INT(read_tree(&f), -EFBIG);
	tree_new();
	tree_file("/etc/real", "UUID=1 / ext4 defaults 0 1\n");
	tree_link("/etc/fstab", "/etc/real");
	EXPECT_INT(read_tree(&f), 0);
	EXPECT_INT(f.n, 1);
}

BR_TEST_MAIN()
