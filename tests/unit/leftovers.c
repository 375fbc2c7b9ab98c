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

/* One file in a root, and the kind of trace that it is; BR_LEFT_KINDS: none. */
BR_TEST(each_trace_by_itself)
{
	static const struct {
		const char *path, *text;
		enum br_leftover_kind kind;
	} rows[] = {
		{"/etc/ssh/ssh_host_rsa_key", "key", BR_LEFT_HOST_KEY}, {"/etc/ssh/ssh_host_rsa_key.pub", "key", BR_LEFT_KINDS},
		{"/etc/ssh/my_key", "key", BR_LEFT_KINDS}, {"/etc/ssh/ssh_host_rsa_key", "", BR_LEFT_KINDS},
		{"/root/.bash_history", "x", BR_LEFT_HISTORY}, {"/root/.bash_history", "", BR_LEFT_KINDS},
		{"/root/.zsh_history", "x", BR_LEFT_HISTORY}, {"/root/.ash_history", "x", BR_LEFT_HISTORY},
		{"/root/.sh_history", "x", BR_LEFT_HISTORY}, {"/root/.python_history", "x", BR_LEFT_HISTORY},
		{"/root/.mysql_history", "x", BR_LEFT_HISTORY}, {"/home/ann/.bash_history", "x", BR_LEFT_HISTORY},
		{"/root/.ssh/authorized_keys", "x", BR_LEFT_AUTHORIZED_KEYS},
		{"/home/ann/.ssh/authorized_keys", "x", BR_LEFT_AUTHORIZED_KEYS},
		{"/root/.ssh/authorized_keys", "", BR_LEFT_KINDS},
		{"/var/lib/dhcp/dhclient.eth0.leases", "x", BR_LEFT_LEASE}, {"/var/lib/dhcp/dhclient.eth0.leases", "", BR_LEFT_KINDS},
		{"/var/lib/dhclient/dhclient--eth0.lease", "x", BR_LEFT_LEASE},
		{"/var/lib/NetworkManager/internal-1-eth0.lease", "x", BR_LEFT_LEASE},
		{"/var/lib/NetworkManager/secret_key", "x", BR_LEFT_KINDS},
		{"/var/lib/dhcpcd/eth0.lease", "x", BR_LEFT_LEASE}, {"/var/lib/dhcpcd5/dhcpcd-eth0.lease", "x", BR_LEFT_LEASE},
		{"/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "x", BR_LEFT_LEASE}, {"/var/lib/wicked/duid.xml", "x", BR_LEFT_KINDS},
		{"/var/lib/dpkg/status", "Package: a\nStatus: install ok unpacked\n", BR_LEFT_PACKAGE},
		{"/var/lib/dpkg/status", "Package: a\nStatus: install ok half-configured\n", BR_LEFT_PACKAGE},
		{"/var/lib/dpkg/status", "Package: a\nStatus: install ok half-installed\n", BR_LEFT_PACKAGE},
		{"/var/lib/dpkg/status", "Package: a\n\nStatus: install ok unpacked\n", BR_LEFT_KINDS},
		{"/var/lib/dpkg/updates/0001", "x", BR_LEFT_PACKAGE_WORK}, {"/var/lib/dpkg/updates/0001", "", BR_LEFT_KINDS},
		{"/var/lib/dpkg/updates/tmp.i", "x", BR_LEFT_KINDS},
		{"/var/lib/pacman/db.lck", "", BR_LEFT_PACKAGE_WORK},
		{"/var/lib/rpm/.rpm.lock", "", BR_LEFT_KINDS},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
		struct br_root root;

		tree_new();
		tree_file(rows[i].path, rows[i].text);
		EXPECT_INT(br_root_open(&root, tree_dir), 0);
		EXPECT_INT(br_leftovers_read(&root, NULL, &l), 0);
		br_root_close(&root);
		if (l.n != (rows[i].kind != BR_LEFT_KINDS))
			printf("# %s\n", rows[i].path);
		EXPECT_INT(l.n, rows[i].kind != BR_LEFT_KINDS);
		if (l.n)
			EXPECT_INT(l.v[0].kind, rows[i].kind);
	}
}

BR_TEST(ids_of_the_bus)
{
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
	struct br_root root;

	tree_new();
	tree_file("/etc/machine-id", "");
	tree_file("/var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_leftovers_read(&root, NULL, &l), 0);
	EXPECT(l.id == BR_ID_EMPTY && l.dbus_id == BR_ID_VALUE && !l.dbus_link);
	br_leftovers_free(&l);
	unlink(tree_at("/var/lib/dbus/machine-id"));
	tree_link("/var/lib/dbus/machine-id", "/etc/machine-id");
	EXPECT_INT(br_leftovers_read(&root, NULL, &l), 0);
	br_root_close(&root);
	EXPECT(l.dbus_id == BR_ID_EMPTY && l.dbus_link);
}

BR_TEST(what_is_mounted_elsewhere_is_not_seen)
{
	struct br_fstab_entry entries[] = {
		{.source = "LABEL=h", .target = "/home", .type = "ext4"},
		{.source = "LABEL=r", .target = "/root", .type = "ext4", .noauto = true},
		{.source = "LABEL=s", .target = "/etc/ssh", .type = "ext4", .noauto = true, .automount = true},
		{.source = "tmpfs", .target = "/var/lib", .type = "tmpfs"},
		{.source = "LABEL=l", .target = "/var/lib/dhcpcd", .type = "ext4"},
		{.source = "LABEL=d", .target = "/var/lib/dpkg", .type = "ext4"},
		{.source = "LABEL=c", .target = "/var/lib/dhcp", .type = "ext4"},
	};
	struct br_fstab fstab = {.entries = entries, .n = BR_ARRAY_SIZE(entries)};
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
	struct br_root root;

	tree_new();
	tree_file("/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "lease");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_leftovers_read(&root, &fstab, &l), 0);
	br_root_close(&root);
	EXPECT_INT(l.hidden.n, 4);
	EXPECT_STR(l.hidden.v[0], "/etc/ssh");
	EXPECT_STR(l.hidden.v[1], "/home");
	EXPECT(br_strv_has(&l.hidden, "/var/lib/dpkg") && br_strv_has(&l.hidden, "/var/lib/dhcp"));
	EXPECT_INT(l.count[BR_LEFT_LEASE], 1);
}

BR_TEST_MAIN()
