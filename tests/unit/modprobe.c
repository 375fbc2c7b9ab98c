/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/modules.h"
#include "initrd.h"
#include "test.h"
#include "tree.h"

static char *joined(const struct br_strv *l)
{
	struct br_str b = {0};

	for (size_t i = 0; i < l->n; i++)
		br_str_printf(&b, "%s%s", i ? "|" : "", l->v[i]);
	return br_str_take(&b);
}

static void expect_list(const struct br_strv *l, const char *text)
{
	br_autofree char *all = joined(l);

	EXPECT_STR(all, text);
}

static void expect_parsed(const char *text, const char *list)
{
	br_autostrv struct br_strv l = {0};

	EXPECT_INT(br_modprobe_parse(text, strlen(text), "f", &l), 0);
	expect_list(&l, list);
}

BR_TEST(modprobe_d)
{
	expect_parsed("", "");
	expect_parsed("# blacklist a\nblacklist virtio-blk\n\n  blacklist\tb # why\n", "virtio_blk\tf:2|b\tf:4");
	expect_parsed("blacklist\nblacklist \\\n a\nblacklist b", "a\tf:2|b\tf:4");
	expect_parsed("install a /bin/false\ninstall b /usr/bin/true # x\ninstall c true\n",
	              "a\tf:1\tinstall|b\tf:2\tinstall|c\tf:3\tinstall");
	/* What runs something may well load the module. */
	expect_parsed("install a /sbin/modprobe --ignore-install a\ninstall b /bin/true && x\ninstall c\n", "");
	expect_parsed("options a blacklist=b\nalias x blacklist\nblacklistx a\nremove a /bin/true\n", "");
}

BR_TEST(odd_bytes)
{
	static const char bytes[] = "blacklist a\0b\nblacklist c";
	br_autostrv struct br_strv l = {0};

	EXPECT_INT(br_modprobe_parse(bytes, sizeof(bytes) - 1, "f", &l), 0);
	expect_list(&l, "a\tf:1|c\tf:2");
}

BR_TEST(command_line)
{
	br_autostrv struct br_strv l = {0};

	EXPECT_INT(br_cmdline_blacklist("quiet modprobe.blacklist=a,b-c rd.driver.blacklist=d  "
	                                "module_blacklist=\"e,f\" xmodprobe.blacklist=g modprobe.blacklist= "
	                                "modprobe.blacklist",
	                                NULL, &l), 0);
	expect_list(&l, "a\tmodprobe.blacklist=|b_c\tmodprobe.blacklist=|e\tmodule_blacklist=\tkernel|"
	                "f\tmodule_blacklist=\tkernel|d\trd.driver.blacklist=");
}

BR_TEST(command_line_by_maker)
{
	static const char text[] = "rd.driver.blacklist=a rdblacklist=b blacklist=c module_blacklist=d-e,f module-blacklist=g";
	static const struct {
		const char *made_by, *want;
	} cases[] = {
		{"dracut", "f\tmodule_blacklist=\tkernel|g\tmodule_blacklist=\tkernel|a\trd.driver.blacklist=|b\trdblacklist="},
		{"initramfs-tools", "f\tmodule_blacklist=\tkernel|g\tmodule_blacklist=\tkernel|c\tblacklist="},
		{"mkinitcpio", "f\tmodule_blacklist=\tkernel|g\tmodule_blacklist=\tkernel"},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		br_autostrv struct br_strv l = {0};

		EXPECT_INT(br_cmdline_blacklist(text, cases[i].made_by, &l), 0);
		expect_list(&l, cases[i].want);
	}
}

BR_TEST(of_an_initramfs)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	br_autostrv struct br_strv l = {0};
	br_autofree char *value = NULL, *other = NULL;

	add_dirs(&b, "usr/lib/modprobe.d");
	add_dirs(&b, "etc/modprobe.d");
	add_file(&b, "usr/lib/modprobe.d/a.conf", "blacklist vendor\n");
	add_file(&b, "etc/modprobe.d/a.conf", "blacklist own\noptions nvme-core x=1 io_timeout=5 io_timeout=7\n");
	add_file(&b, "etc/modprobe.d/b.txt", "blacklist no\n");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_INT(br_initramfs_blacklist(&i, &l), 0);
	expect_list(&l, "own\tetc/modprobe.d/a.conf:1");
	EXPECT_INT(br_initramfs_option(&i, "nvme_core", "io_timeout", &value), 0);
	EXPECT_STR(value, "7");
	EXPECT_INT(br_initramfs_option(&i, "nvme_core", "timeout", &other), -ENOENT);
	EXPECT_INT(br_initramfs_option(&i, "nvme", "io_timeout", &other), -ENOENT);
}

BR_TEST(of_a_root)
{
	br_autostrv struct br_strv l = {0};
	struct br_root root;

	tree_new();
	tree_file("/etc/modprobe.d/a.conf", "blacklist own\n");
	tree_file("/usr/lib/modprobe.d/a.conf", "blacklist vendor\n");
	tree_file("/usr/lib/modprobe.d/b.conf", "install x /bin/false\n");
	tree_link("/lib", "usr/lib");
	tree_link("/etc/modprobe.d/b.conf", "/dev/null"); /* a device is not read, and masks all the same */
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_root_blacklist(&root, &l), 0);
	expect_list(&l, "own\t/etc/modprobe.d/a.conf:1");
	br_root_close(&root);
}

BR_TEST(forced)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	br_autostrv struct br_strv l = {0};

	add_dirs(&b, "conf");
	add_dirs(&b, "etc/modules-load.d");
	add_dirs(&b, "etc/cmdline.d");
	add_file(&b, "conf/modules", "# comment\nvirtio-blk\nnvme io_timeout=3\n");
	add_file(&b, "etc/modules-load.d/x.conf", "; comment\nfrom_load\n");
	add_file(&b, "etc/cmdline.d/20-force.conf", "rd.driver.pre=pre1,pre2\n");
	add_file(&b, "config", "#MODULES=(no)\nMODULES=(m1 \"m2\")\nBINARIES=()\n");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_INT(br_forced_modules(&i, "root=x rd.driver.pre=cmd modules-load=late", &l), 0);
	expect_list(&l, "from_load\tblacklist|pre1|pre2|virtio_blk|nvme|m1\tblacklist|m2\tblacklist|cmd|late\tblacklist");
}

BR_TEST(names)
{
	EXPECT(br_module_same("virtio-blk", "virtio_blk"));
	EXPECT(!br_module_same("nvme", "nvmem"));
	EXPECT(!br_module_same("nvmem", "nvme"));
	EXPECT(br_module_is_file("a/b/virtio-blk.ko.zst", "virtio_blk"));
	EXPECT(br_module_is_file("nvme.ko", "nvme"));
	EXPECT(!br_module_is_file("nvmem.ko", "nvme"));
	EXPECT(!br_module_is_file("nvme.ko.bak", "nvme"));
	EXPECT(!br_module_is_file("nvme/core.ko", "nvme"));
}

BR_TEST_MAIN()
