/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/growth.h"
#include "base/str.h"
#include "test.h"
#include "tree.h"

#define MODULES "cloud_init_modules:\n - migrator\n - growpart\n - resizefs\n"

static void cloud(const char *cfg)
{
	tree_new();
	tree_program("/usr/bin/cloud-init");
	tree_file("/usr/lib/systemd/system-generators/cloud-init-generator", "");
	tree_file("/etc/cloud/cloud.cfg", cfg);
}

static void read_growth(struct br_growth *g)
{
	struct br_root root;

	br_growth_free(g);
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_growth_read(&root, g), 0);
	br_root_close(&root);
}

BR_TEST(an_empty_root_has_nothing)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	tree_new();
	read_growth(&g);
	EXPECT(!g.growpart && !g.table_tool && !g.cloud_init && !g.repart && !g.initramfs && !g.kiwi_repart);
	EXPECT(!g.rootgrow && !g.disk_expand && !g.resize2fs && !g.xfs_growfs && !g.btrfs && !g.growfs);
	EXPECT(!g.disabled.what && !g.no_growpart.what && !g.unread.what);
}

BR_TEST(programs)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	tree_new();
	tree_program("/usr/bin/growpart");
	tree_program("/sbin/sfdisk");
	tree_program("/usr/sbin/resize2fs");
	tree_file("/usr/sbin/xfs_growfs", "not executable");
	tree_link("/usr/sbin/btrfs", "nowhere");
	tree_file("/usr/share/initramfs-tools/scripts/local-bottom/growroot", "");
	tree_folder("/usr/lib/dracut/modules.d/90kiwi-repart");
	read_growth(&g);
	EXPECT(g.growpart && g.table_tool && g.resize2fs && g.initramfs && g.kiwi_repart);
	EXPECT(!g.xfs_growfs && !g.btrfs && !g.disk_expand);
}

BR_TEST(services_count_when_they_are_enabled)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	tree_new();
	tree_program("/usr/sbin/rootgrow");
	tree_program("/usr/bin/google_disk_expand");
	tree_program("/usr/bin/systemd-repart");
	tree_file("/usr/lib/repart.d/50-root.conf", "[Partition]\n Type = root-x86-64\n");
	read_growth(&g);
	EXPECT(!g.rootgrow && !g.disk_expand && !g.repart);
	tree_link("/etc/systemd/system/multi-user.target.wants/rootgrow.service", "/x");
	tree_link("/etc/systemd/system/multi-user.target.wants/google-disk-expand.service", "/x");
	tree_link("/usr/lib/systemd/system/sysinit.target.wants/systemd-repart.service", "../x");
	read_growth(&g);
	EXPECT(g.rootgrow && g.disk_expand && g.repart);
	tree_link("/etc/systemd/system/rootgrow.service", "/dev/null");
	tree_file("/usr/lib/repart.d/50-root.conf", "[Partition]\nType=swap\n#Type=root\n");
	read_growth(&g);
	EXPECT(!g.rootgrow && !g.repart);
}

BR_TEST(a_plain_cloud_init_grows)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud(MODULES);
	read_growth(&g);
	EXPECT(g.cloud_init);
	EXPECT_STR(g.disabled.what, NULL);
	EXPECT_STR(g.no_growpart.what, NULL);
	EXPECT_STR(g.no_resizefs.what, NULL);
	EXPECT_STR(g.unread.what, NULL);
}

static const struct {
	const char *cfg, *extra; /* cloud.cfg, cloud.cfg.d/90.cfg */
	const char *growpart, *resizefs, *path;
} stops[] = {
	{MODULES "growpart: {mode: off}\n", NULL, "growpart: mode: off", NULL, "/etc/cloud/cloud.cfg"},
	{MODULES, "growpart:\n  mode: false\n", "growpart: mode: false", NULL, "/etc/cloud/cloud.cfg.d/90.cfg"},
	{MODULES "growpart: {mode: off}\n", "growpart: {mode: auto}\n", NULL, NULL, NULL},
	{MODULES "growpart: {mode: off}\n", "growpart: {devices: [/]}\n", "growpart: mode: off", NULL,
         "/etc/cloud/cloud.cfg"},
	{MODULES "growpart: off\n", NULL, "growpart is no mapping", NULL, "/etc/cloud/cloud.cfg"},
	{MODULES "growpart: off\n", "growpart: {mode: auto}\n", NULL, NULL, NULL},
	{MODULES "growpart: {mode: gpart}\n", NULL, "growpart: mode: gpart", NULL, "/etc/cloud/cloud.cfg"},
	{MODULES "growpart: {devices: [/home]}\n", NULL, "growpart: devices: / is not among them", NULL,
         "/etc/cloud/cloud.cfg"},
	{"cloud_init_modules: [resizefs]\n", NULL, "the module growpart is in none of cloud-init's lists", NULL,
         "/etc/cloud/cloud.cfg"},
	{MODULES, "cloud_init_modules: [growpart]\n", NULL, "the module resizefs is in none of cloud-init's lists",
         "/etc/cloud/cloud.cfg.d/90.cfg"},
	{"cloud_init_modules: [resizefs]\n", "cloud_config_modules: [growpart]\n", NULL, NULL, NULL},
	{MODULES "resize_rootfs: false\n", NULL, NULL, "resize_rootfs: false", "/etc/cloud/cloud.cfg"},
	{MODULES "resize_rootfs: noblock\n", NULL, NULL, NULL, NULL},
	{MODULES "resize_rootfs: false\n", "resize_rootfs: True\n", NULL, NULL, NULL},
};

BR_TEST(what_cloud_init_is_told)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(stops); i++) {
		br_cleanup(br_growth_free) struct br_growth g = {0};

		cloud(stops[i].cfg);
		if (stops[i].extra)
			tree_file("/etc/cloud/cloud.cfg.d/90.cfg", stops[i].extra);
		tree_file("/etc/cloud/cloud.cfg.d/99.txt", "growpart: {mode: off}\n");
		read_growth(&g);
		EXPECT_STR(g.no_growpart.what, stops[i].growpart);
		EXPECT_STR(g.no_resizefs.what, stops[i].resizefs);
		if (stops[i].path)
			EXPECT_STR(stops[i].growpart ? g.no_growpart.path : g.no_resizefs.path, stops[i].path);
	}
}

BR_TEST(the_last_file_counts)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud(MODULES);
	tree_file("/etc/cloud/cloud.cfg.d/10.cfg", "growpart: {mode: off}\n");
	tree_file("/etc/cloud/cloud.cfg.d/20.cfg", "growpart: {mode: auto}\n");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, NULL);
	tree_file("/etc/cloud/cloud.cfg.d/30.cfg", "growpart: {mode: off}\n");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.path, "/etc/cloud/cloud.cfg.d/30.cfg");
}

BR_TEST(growroot_disabled)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud(MODULES);
	tree_file("/etc/growroot-disabled", "");
	read_growth(&g);
	EXPECT(g.growroot_disabled.what && g.no_growpart.what && !g.no_resizefs.what);
	tree_file("/etc/cloud/cloud.cfg.d/1.cfg", "growpart: {ignore_growroot_disabled: true}\n");
	read_growth(&g);
	EXPECT(g.growroot_disabled.what && !g.no_growpart.what);
}

BR_TEST(cloud_init_switched_off)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud(MODULES);
	tree_file("/etc/cloud/cloud-init.disabled", "");
	read_growth(&g);
	EXPECT_STR(g.disabled.path, "/etc/cloud/cloud-init.disabled");
	tree_file("/etc/cloud/cloud-init.enabled", "");
	read_growth(&g);
	EXPECT_STR(g.disabled.what, NULL);
	cloud(MODULES);
	tree_link("/etc/systemd/system/cloud-init.service", "/dev/null");
	read_growth(&g);
	EXPECT_STR(g.disabled.what, "the unit is masked");
	cloud(MODULES);
	unlink(tree_at("/usr/lib/systemd/system-generators/cloud-init-generator"));
	read_growth(&g);
	EXPECT_STR(g.disabled.what, "none of its units is enabled");
	tree_link("/etc/systemd/system/cloud-init.target.wants/cloud-init.service", "/x");
	read_growth(&g);
	EXPECT_STR(g.disabled.what, NULL);
}

BR_TEST(odd_files_are_told)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud("a: \"\n");
	read_growth(&g);
	EXPECT_STR(g.unread.path, "/etc/cloud/cloud.cfg");
	EXPECT_INT(g.unread.line, 2);
	cloud(MODULES);
	tree_file("/etc/cloud/cloud.cfg.d/x.cfg", "");
	EXPECT_INT(truncate(tree_at("/etc/cloud/cloud.cfg.d/x.cfg"), 1 << 30), 0);
	read_growth(&g);
	EXPECT_STR(g.unread.path, "/etc/cloud/cloud.cfg.d/x.cfg");
	cloud(MODULES);
	tree_file("/etc/cloud/cloud.cfg.d", "no folder");
	read_growth(&g);
	EXPECT_STR(g.unread.what, NULL);
}

BR_TEST_MAIN()
