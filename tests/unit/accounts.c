/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/accounts.h"
#include "test.h"
#include "tree.h"

static const struct {
	enum br_account_db db;
	const char *line;
	bool good;
} lines[] = {
	{BR_DB_PASSWD, "root:x:0:0:root:/root:/bin/sh", true},
	{BR_DB_PASSWD, "root:x:0:0:root:/root", false},
	{BR_DB_PASSWD, "root:x:0:0:root:/root:/bin/sh:", false},
	{BR_DB_PASSWD, "a:x:-1:0:::", false},
	{BR_DB_PASSWD, "a:x:4294967296:0:::", false},
	{BR_DB_PASSWD, "a:x: 7:07:::", true},
	{BR_DB_PASSWD, "a:x::0:::", false},
	{BR_DB_PASSWD, "+nis", false},
	{BR_DB_PASSWD, "-nobody:x:7:7:::", false},
	{BR_DB_PASSWD, "", false},
	{BR_DB_SHADOW, "a:*:1:0:99999:7:::", true},
	{BR_DB_SHADOW, "a:*:x:0:99999:7:::", false},
	{BR_DB_SHADOW, "a:*:1", false},
	{BR_DB_SHADOW, "a:*:1:0:99999", true},
	{BR_DB_SHADOW, "a:*:1:0:99999:7", false},
	{BR_DB_GROUP, "a:x:1:b,c", true},
	{BR_DB_GROUP, "a:x:y:", false},
	{BR_DB_GROUP, "a:x:1:b:c", false},
	{BR_DB_GSHADOW, "a:*::", true},
	{BR_DB_GSHADOW, "a:*:", false},
};

BR_TEST(lines_are_good_or_not)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(lines); i++) {
		br_cleanup(br_account_file_free) struct br_account_file f = {0};
		br_autofree char *text = br_format("%s\n", lines[i].line);

		EXPECT_INT(br_accounts_parse(lines[i].db, text, strlen(text), &f), 0);
		EXPECT_INT(f.n, 1);
		EXPECT_INT(f.v[0].good, lines[i].good);
		EXPECT_INT(f.n_names, lines[i].good);
	}
}

BR_TEST(the_first_line_with_a_name_counts)
{
	static const char text[] = "b:x:1:1:::\na:x:2:1:::\nb:x:3:1:::\nbad\na:x:4:1:::";
	br_cleanup(br_account_file_free) struct br_account_file f = {0};

	EXPECT_INT(br_accounts_parse(BR_DB_PASSWD, text, strlen(text), &f), 0);
	EXPECT_INT(f.n, 5);
	EXPECT_INT(br_account_find(&f, "a")->line, 2);
	EXPECT_INT(br_account_find(&f, "b")->id, 1);
	EXPECT(!br_account_find(&f, "bad"));
	EXPECT(!br_account_find(&f, ""));
}

static void read_accounts(struct br_accounts *a)
{
	struct br_root root;

	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_accounts_read(&root, NULL, 0, a), 0);
	br_root_close(&root);
}

BR_TEST(an_empty_root_has_nobody)
{
	br_cleanup(br_accounts_free) struct br_accounts a = {0};

	tree_new();
	read_accounts(&a);
	EXPECT_INT(a.file[BR_DB_PASSWD].err, ENOENT);
	EXPECT(!a.root && !a.bad_root && !a.elsewhere);
	EXPECT_INT(a.n_flaws, 0);
}

BR_TEST(root_with_shell_and_home)
{
	br_cleanup(br_accounts_free) struct br_accounts a = {0};

	tree_new();
	tree_file("/etc/passwd", "root:x:0:0::/root:\n");
	tree_file("/etc/group", "root:x:0:\n");
	tree_file("/etc/nsswitch.conf", "group: files\npasswd: files [NOTFOUND=continue] sss\n");
	tree_folder("/root");
	tree_bytes("/bin/sh", "", 0, 0755);
	read_accounts(&a);
	EXPECT(a.root && a.home_err == 0);
	EXPECT_STR(a.shell_path, "/bin/sh");
	EXPECT_INT(a.shell.state, BR_PROGRAM_EMPTY);
	EXPECT_STR(a.elsewhere, "sss");
	EXPECT_INT(a.n_flaws, 0);
}

BR_TEST(what_is_excluded_is_no_flaw_and_a_comment_no_group)
{
	br_cleanup(br_accounts_free) struct br_accounts a = {0};

	tree_new();
	tree_file("/etc/passwd", "root:x:0:0::/root:\n-mallory:x:7:8::/:\nann:x:5:5::/:\n");
	tree_file("/etc/group", "root:x:0:\n#ann:x:5:\n");
	read_accounts(&a);
	EXPECT(!br_account_group(&a, 5));
	EXPECT_INT(a.n_flaws, 2);
	EXPECT_INT(a.flaws[0].kind, BR_FLAW_HOME);
	EXPECT_INT(a.flaws[1].kind, BR_FLAW_GROUP);
	EXPECT_INT(a.flaws[1].line, 3);
}

BR_TEST(each_line_of_a_name_that_stands_twice_is_told)
{
	br_cleanup(br_accounts_free) struct br_accounts a = {0};

	tree_new();
	tree_file("/etc/group", "a:x:1:\nb:x:2:\na:x:3:\n");
	read_accounts(&a);
	EXPECT_INT(a.n_flaws, 2);
	for (unsigned i = 0; i < 2; i++) {
		EXPECT_INT(a.flaws[i].kind, BR_FLAW_DUPLICATE);
		EXPECT_INT(a.flaws[i].line, i ? 3 : 1);
	}
}

BR_TEST_MAIN()
