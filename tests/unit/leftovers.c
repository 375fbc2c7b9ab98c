/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/leftovers.h"
#include "test.h"
#include "tree.h"

BR_TEST(what_a_machine_id_is)
{
	static const struct {
		const char *text;
		enum br_machine_id id;
	} rows[] = {
		{"", BR_ID_EMPTY}, {"\n", BR_ID_EMPTY}, {"uninitialized\n", BR_ID_UNINITIALIZED},
		{"0123456789abcdef0123456789abcdef\n", BR_ID_VALUE}, {"0123456789abcdef0123456789abcdef", BR_ID_VALUE},
		{"00000000000000000000000000000000\n", BR_ID_GARBAGE}, {"0123456789abcdef0123456789abcde\n", BR_ID_GARBAGE},
		{"0123456789abcdef0123456789abcdefg\n", BR_ID_GARBAGE}, {"unitialized\n", BR_ID_GARBAGE},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++)
		EXPECT_INT(br_machine_id_parse(rows[i].text, strlen(rows[i].text)), rows[i].id);
}

BR_TEST(states_of_packages)
{
	static const char text[] = "Package: fine\nStatus: install ok installed\n\nPackage: half\nStatus: install ok "
				   "half-configured\nVersion: 1\n\nStatus: install ok unpacked\n\nPackage: gone\nStatus: deinstall "
				   "ok config-files\n\nPackage: waits\nStatus: install ok triggers-pending\n\nPackage: new\nStatus: "
				   "install ok unpacked";
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};

	EXPECT_INT(br_dpkg_status_parse(text, strlen(text), "/s", &l), 0);
	EXPECT_INT(l.n, 2);
	EXPECT_STR(l.v[0].what, "half is half-configured");
	EXPECT_INT(l.v[0].line, 5);
	EXPECT_STR(l.v[1].what, "new is unpacked");
}

BR_TEST(a_few_of_each_kind_are_named)
{
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
	struct br_root root;

	tree_new();
	for (int i = 0; i < 9; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/etc/ssh/ssh_host_%d_key", i);
		tree_file(path, "key");
	}
	tree_file("/etc/ssh/ssh_host_1_key.pub", "key");
	tree_file("/root/.bash_history", "");
	tree_file("/home/ann/.ssh/authorized_keys", "key");
	tree_file("/var/lib/dpkg/updates/tmp.i", "x");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_leftovers_read(&root, NULL, &l), 0);
	br_root_close(&root);
	EXPECT_INT(l.count[BR_LEFT_HOST_KEY], 9);
	EXPECT_INT(l.count[BR_LEFT_HISTORY], 0);
	EXPECT_INT(l.count[BR_LEFT_AUTHORIZED_KEYS], 1);
	EXPECT_INT(l.count[BR_LEFT_PACKAGE_WORK], 0);
	EXPECT_INT(l.n, 6);
	EXPECT_INT(l.id, BR_ID_ABSENT);
}

BR_TEST(what_is_mounted_elsewhere_is_not_seen)
{
	struct br_fstab_entry entries[] = {
		{.source = "LABEL=h", .target = "/home", .type = "ext4"},
		{.source = "LABEL=r", .target = "/root", .type = "ext4", .noauto = true},
		{.source = "LABEL=s", .target = "/etc/ssh", .type = "ext4", .noauto = true, .automount = true},
		{.source = "tmpfs", .target = "/var/lib", .type = "tmpfs"},
		{.source = "LABEL=l", .target = "/var/lib/dhcpcd", .type = "ext4"},
	};
	struct br_fstab fstab = {.entries = entries, .n = BR_ARRAY_SIZE(entries)};
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
	struct br_root root;

	tree_new();
	tree_file("/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "lease");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_leftovers_read(&root, &fstab, &l), 0);
	br_root_close(&root);
	EXPECT_INT(l.hidden.n, 2);
	EXPECT_STR(l.hidden.v[0], "/etc/ssh");
	EXPECT_STR(l.hidden.v[1], "/home");
	EXPECT_INT(l.count[BR_LEFT_LEASE], 1);
}

BR_TEST_MAIN()
