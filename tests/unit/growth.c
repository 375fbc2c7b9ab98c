/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/growth.h"
#include "base/str.h"
#include "test.h"
#include "tree.h"

#define MODULES "cloud_init_modules:\n - migrator\n - growpart\n - resizefs\n"
#define LIB     "/usr/lib/systemd/system/"
#define ETC     "/etc/systemd/system/"
#define SERVICE "[Service]\n[Install]\nWantedBy=cloud-init.target\n"

/* A root whose init is systemd. */
static void booting(void)
{
	tree_new();
	tree_program("/usr/lib/systemd/systemd");
	tree_file("/etc/machine-id", "");
	tree_file(LIB "multi-user.target", "[Unit]\nRequires=sysinit.target\n");
	tree_file(LIB "sysinit.target", "[Unit]\n");
	tree_link(ETC "default.target", LIB "multi-user.target");
}

static void enable(const char *service)
{
	br_autofree char *file = br_format(LIB "%s", service);
	br_autofree char *link = br_format(ETC "cloud-init.target.wants/%s", service);

	tree_file(file, SERVICE);
	tree_link(link, file);
}

static void cloud(const char *cfg)
{
	booting();
	tree_program("/usr/bin/cloud-init");
	tree_program("/usr/lib/systemd/system-generators/cloud-init-generator");
	tree_file(LIB "cloud-init.target", "[Unit]\n");
	enable("cloud-init.service");
	enable("cloud-config.service");
	tree_file("/etc/cloud/cloud.cfg", cfg);
}

static void read_growth(struct br_growth *g)
{
	br_cleanup(br_units_free) struct br_units units = {0};
	br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
	br_autofree char *why = NULL;
	struct br_root root;

	br_growth_free(g);
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_units_read(&root, &units, &why), 0);
	EXPECT_INT(br_cloudinit_read(&root, &ci), 0);
	EXPECT_INT(br_growth_read(&root, &units, &ci, g), 0);
	br_root_close(&root);
}

BR_TEST(an_empty_root_has_nothing)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	tree_new();
	read_growth(&g);
	EXPECT(!g.growpart && !g.table_tool && !g.repart && !g.installed.growroot && !g.installed.kiwi_repart);
	EXPECT(!g.rootgrow && !g.disk_expand && !g.resize2fs && !g.xfs_growfs && !g.btrfs && !g.growfs);
	EXPECT(!g.installed.disk_expand && !g.defines_root && !g.no_growpart.what && !g.no_resizefs.what);
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
	EXPECT(g.growpart && g.table_tool && g.resize2fs && g.installed.growroot && g.installed.kiwi_repart);
	EXPECT(!g.xfs_growfs && !g.btrfs && !g.installed.disk_expand);
	tree_file("/usr/share/initramfs-tools/scripts/local-premount/expand_root", "");
	read_growth(&g);
	EXPECT(g.installed.disk_expand && !g.disk_expand);
}

BR_TEST(services_count_when_the_boot_comes_to_them)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	booting();
	tree_program("/usr/sbin/rootgrow");
	tree_program("/usr/bin/google_disk_expand");
	tree_program("/usr/bin/systemd-repart");
	tree_file(LIB "rootgrow.service", SERVICE);
	tree_file(LIB "google-disk-expand.service", SERVICE);
	tree_file(LIB "systemd-repart.service", "[Service]\n");
	tree_file("/usr/lib/repart.d/50-root.conf", "[Partition]\n Type = root-x86-64\n");
	/* What the initramfs comes to the root's boot does not; nor to what hangs on a target of its own. */
	tree_link(LIB "initrd-root-fs.target.wants/systemd-repart.service", "../systemd-repart.service");
	tree_link(ETC "graphical.target.wants/rootgrow.service", LIB "rootgrow.service");
	read_growth(&g);
	EXPECT(!g.rootgrow && !g.disk_expand && !g.repart && g.defines_root);
	tree_link(ETC "multi-user.target.wants/rootgrow.service", LIB "rootgrow.service");
	tree_file(ETC "multi-user.target.d/more.conf", "[Unit]\nWants=google-disk-expand.service\n");
	tree_link(LIB "sysinit.target.wants/systemd-repart.service", "../systemd-repart.service");
	read_growth(&g);
	EXPECT(g.rootgrow && g.disk_expand && g.repart);
	tree_link(ETC "rootgrow.service", "/dev/null");
	tree_link(ETC "sysinit.target.wants/systemd-repart.service", "/dev/null");
	read_growth(&g);
	EXPECT(!g.rootgrow && !g.repart && g.disk_expand);
	unlink(tree_at(ETC "sysinit.target.wants/systemd-repart.service"));
	tree_file("/usr/lib/repart.d/50-root.conf", "[Partition]\nType=swap\n#Type=root\n");
	read_growth(&g);
	EXPECT(!g.repart && !g.defines_root);
}

/* Without a machine's id the first boot presets what is enabled. */
BR_TEST(services_that_the_first_boot_presets)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	booting();
	tree_program("/usr/sbin/rootgrow");
	tree_file(LIB "rootgrow.service", "[Service]\n[Install]\nWantedBy=multi-user.target\n");
	tree_file("/usr/lib/systemd/system-preset/90.preset", "enable rootgrow.service\n");
	read_growth(&g);
	EXPECT(!g.rootgrow);
	tree_file("/etc/machine-id", "uninitialized\n");
	read_growth(&g);
	EXPECT(g.rootgrow);
}

static const struct {
	const char *name;
	struct br_growth_early want;
} hooks[] = {
	{"scripts/local-bottom/growroot", {.growroot = true}},
	{"usr/lib/dracut/hooks/pre-mount/00-growroot.sh", {.growroot = true}},
	{"pre-mount/00growroot.sh", {.growroot = true}},
	{"growroot", {0}},
	{"etc/growroot-disabled", {0}},
	{"scripts/local-bottom/regrowroot", {0}},
	{"var/lib/dracut/hooks/pre-mount/20-kiwi-repart-disk.sh", {.kiwi_repart = true}},
	{"usr/lib/kiwi-repart", {0}},
	{"scripts/local-premount/expand_root", {.disk_expand = true}},
	{"lib/dracut/hooks/pre-mount/50-expand_rootfs.sh", {.disk_expand = true}},
	{"usr/lib/systemd/system/initrd-root-fs.target.wants/systemd-repart.service", {.repart = true}},
	{"usr/lib/systemd/system/systemd-repart.service", {0}},
};

BR_TEST(what_an_initramfs_does)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(hooks); i++) {
		struct br_initramfs in = {.names = {.v = (char *[]){"init", (char *)hooks[i].name}, .n = 2}};
		struct br_growth_early got;

		if (strcmp(hooks[i].name, "init") < 0) {
			in.names.v[0] = (char *)hooks[i].name;
			in.names.v[1] = "init";
		}
		br_growth_look(&in, &got);
		EXPECT_INT(got.growroot, hooks[i].want.growroot);
		EXPECT_INT(got.kiwi_repart, hooks[i].want.kiwi_repart);
		EXPECT_INT(got.disk_expand, hooks[i].want.disk_expand);
		EXPECT_INT(got.repart, hooks[i].want.repart);
	}
}

BR_TEST(a_plain_cloud_init_grows)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud(MODULES);
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, NULL);
	EXPECT_STR(g.no_resizefs.what, NULL);
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

/* The service of the stage that has the module. */
BR_TEST(cloud_init_not_started)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud("cloud_init_modules: [growpart]\ncloud_config_modules: [resizefs]\n");
	tree_link(ETC "cloud-init.service", "/dev/null");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, "cloud-init.service is masked");
	EXPECT_STR(g.no_growpart.path, "/etc/systemd/system/cloud-init.service");
	EXPECT_STR(g.no_resizefs.what, NULL);
	cloud(MODULES);
	tree_link(ETC "cloud-config.service", "/dev/null");
	tree_link(ETC "cloud-init-local.service", "/dev/null");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, NULL);
	cloud(MODULES);
	tree_link(ETC "cloud-init.target", "/dev/null");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, "the boot does not come to cloud-init.service, which runs the module growpart");
	cloud(MODULES);
	unlink(tree_at("/usr/lib/systemd/system-generators/cloud-init-generator"));
	read_growth(&g);
	EXPECT(g.no_growpart.what && g.no_resizefs.what);
	tree_link(ETC "multi-user.target.wants/cloud-init.target", LIB "cloud-init.target");
	read_growth(&g);
	EXPECT(!g.no_growpart.what && !g.no_resizefs.what);
}

/* From 24.3 on one service runs the modules, and another for each stage tells it when. */
BR_TEST(one_service_for_all_stages)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	cloud(MODULES);
	unlink(tree_at(LIB "cloud-init.service"));
	unlink(tree_at(ETC "cloud-init.target.wants/cloud-init.service"));
	enable("cloud-init-network.service");
	enable("cloud-init-main.service");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, NULL);
	tree_link(ETC "cloud-init-network.service", "/dev/null");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, "cloud-init-network.service is masked");
	unlink(tree_at(ETC "cloud-init-network.service"));
	tree_link(ETC "cloud-init-main.service", "/dev/null");
	read_growth(&g);
	EXPECT_STR(g.no_growpart.what, "cloud-init-main.service is masked");
	EXPECT_STR(g.no_resizefs.what, "cloud-init-main.service is masked");
}

BR_TEST(sysv_scripts_of_cloud_init)
{
	br_cleanup(br_growth_free) struct br_growth g = {0};

	tree_new();
	tree_file("/etc/inittab", "id:3:initdefault:\n");
	tree_program("/usr/bin/cloud-init");
	tree_program("/etc/rc.d/init.d/cloud-init");
	tree_file("/etc/cloud/cloud.cfg", MODULES);
	read_growth(&g);
	EXPECT(g.no_growpart.what);
	tree_link("/etc/rc.d/rc3.d/S51cloud-init", "../init.d/cloud-init");
	read_growth(&g);
	EXPECT(!g.no_growpart.what && !g.no_resizefs.what);
}

BR_TEST_MAIN()
