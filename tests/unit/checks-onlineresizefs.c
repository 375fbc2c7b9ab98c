/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The OnlineResizeFS check on facts made by hand. */
#include "image/image.h"
#include "check.h"
#include "test.h"

extern const struct br_check br_check_onlineresizefs;

struct facts {
	struct br_growth growth;
	struct br_growth_early early; /* in the initramfs */
	enum { READ, CUT, UNREAD, NONE, NO_ENTRY } initramfs;
	const char *unread, *policy, *list; /* of cloud-init */
	bool cloud, off_by_file, no_init;
	const char *type, *pttype, *parttype, *release, *cmdline, *fstab, *gib, *severity;
	unsigned partno;
	bool not_last, stacked, whole_disk, no_root, in_extended;
};

#define GROWS                                                                                      \
	.growpart = true, .table_tool = true, .resize2fs = true, .xfs_growfs = true, .btrfs = true

static void run(const struct facts *f, struct br_result *res)
{
	struct br_blk blks[] = {
		{.kind = BR_BLK_DISK, .disk = 0, .name = "vda", .pttype = (char *)(f->pttype ? f->pttype : "gpt"),
	         .type = (char *)f->type, .use = BR_USE_FS},
		{.kind = BR_BLK_PART, .disk = 0, .partno = 14, .name = "vda14", .start = 1 << 20},
		{.kind = BR_BLK_PART, .disk = 0, .partno = 4, .name = "vda4", .start = 1 << 21, .parttype = "0x5"},
		{.kind = BR_BLK_PART, .disk = 0, .partno = f->partno ? f->partno : 1, .name = "vda1", .start = 1 << 22,
	         .parttype = (char *)(f->parttype ? f->parttype : "4f68bce3-e8cd-4db1-96e7-fbcaf984b709"), .type = (char *)f->type, .use = BR_USE_FS},
		{.kind = BR_BLK_PART, .disk = 0, .partno = 3, .name = "vda3", .start = f->not_last ? 1 << 23 : 512,
	         .type = "swap", .use = BR_USE_SWAP},
		{.kind = BR_BLK_MAPPED, .disk = 0, .name = "dm-0", .type = "xfs", .use = BR_USE_FS,
	         .under = (size_t[]){3}, .n_under = 1},
	};
	struct br_profile_value values[] = {{"OnlineResizeFS", "disk_gib", (char *)(f->gib ? f->gib : "2048")},
	                                    {"OnlineResizeFS", "severity", (char *)(f->severity ? f->severity : "failed")},
	                                    {"CloudInit", "datasources", "AliYun"}};
	struct br_profile profile = {.values = values, .n = BR_ARRAY_SIZE(values)};
	struct br_boot_entry entry = {.source = "/boot/grub/grub.cfg"};
	struct br_chain chain = {.offered = true,
	                         .entry = &entry,
	                         .cmdline = f->cmdline ? f->cmdline : "ro",
	                         .release = (char *)(f->release ? f->release : "6.1.0-56-amd64"),
	                         .initramfs_read = f->initramfs == READ || f->initramfs == CUT,
	                         .n_initrds = f->initramfs != NONE,
	                         .initramfs.defect = f->initramfs == CUT ? "cut" : NULL};
	char *names[4];
	struct br_cloudinit ci = {.program = f->cloud ? "/usr/bin/cloud-init" : NULL, .generator = "/g", .identify = "/d",
	                          .disabled_file = f->off_by_file, .policy.text = (char *)f->policy,
	                          .by_lines.text = (char *)f->list, .config.unread = (char *)f->unread,
	                          .config.unread_path = "/etc/cloud/cloud.cfg"};
	struct br_image img = {
		.profile = &profile,
		.growth = f->growth,
		.cloudinit = ci,
		.units.init = f->no_init ? BR_INIT_UNKNOWN : BR_INIT_SYSTEMD,
		.growth_fact.state = BR_FACT_READ,
		.fstab_fact.state = BR_FACT_READ,
		.chains_fact.state = BR_FACT_READ,
		.chains = &chain,
		.n_chains = 1,
		.disks = {.blk = blks, .n = BR_ARRAY_SIZE(blks), .root = 3, .root_disk = 0, .known = true},
	};

	if (f->early.disk_expand)
		names[chain.initramfs.names.n++] = "scripts/local-premount/expand_root";
	if (f->early.growroot)
		names[chain.initramfs.names.n++] = "scripts/local-premount/growroot";
	if (f->early.repart)
		names[chain.initramfs.names.n++] = "usr/lib/systemd/system/initrd-root-fs.target.wants/systemd-repart.service";
	if (f->early.kiwi_repart)
		names[chain.initramfs.names.n++] = "var/lib/dracut/hooks/pre-mount/20-kiwi-repart-disk.sh";
	chain.initramfs.names.v = names;
	chain.entry = f->initramfs == NO_ENTRY ? NULL : &entry;
	if (f->no_root || f->stacked || f->whole_disk)
		img.disks.root = f->no_root ? -1 : f->stacked ? 5 : 0;
	if (f->stacked)
		blks[3].use = BR_USE_LVM;
	if (f->fstab)
		EXPECT_INT(br_fstab_parse(f->fstab, strlen(f->fstab), &img.fstab), 0);
	res->check = &br_check_onlineresizefs;
	br_check_onlineresizefs.run(&img, res);
	br_fstab_free(&img.fstab);
}

/* growroot in the root, and nothing else that grows the partition. */
#define WITH_GROWROOT                                                                                            \
	.growth = {.growpart = true, .table_tool = true, .growfs = true, .installed.growroot = true}, .type = "ext4", \
	.fstab = "UUID=1 / ext4 x-systemd.growfs 0 1\n"

static const struct {
	const char *want;
	struct facts facts;
} cases[] = {
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext3"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "xfs"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "btrfs"}},
	{"growth-type:failed", {.cloud = true, .growth = {GROWS}, .type = "f2fs"}},
	{"growth-type:warning", {.cloud = true, .growth = {GROWS}, .type = "ext2"}},
	{"root-not-last:failed", {.cloud = true, .growth = {GROWS}, .type = "ext4", .not_last = true}},
	{"growth-logical:failed", {.cloud = true, .growth = {GROWS}, .type = "ext4", .pttype = "dos", .partno = 5}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .pttype = "gpt", .partno = 5}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .pttype = "dos"}},
	{"growth-mbr-limit:warning", {.cloud = true, .growth = {GROWS}, .type = "ext4", .pttype = "dos", .gib = "32768"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .gib = "32768"}},
	{"growth-stacked:warning", {.cloud = true, .growth = {GROWS}, .type = "xfs", .stacked = true}},
	{"growth-root-unknown:unknown", {.cloud = true, .growth = {GROWS}, .no_root = true}},
	{"growth-root-unknown:unknown", {.cloud = true, .growth = {GROWS}, .type = NULL}},
	/* Where the target does not ask for it. */
	{"root-not-last:warning", {.cloud = true, .growth = {GROWS}, .type = "ext4", .not_last = true, .severity = "warning"}},
	{"growth-no-tool:warning", {.cloud = true, .growth = {.resize2fs = true}, .type = "ext4", .severity = "warning"}},
	{"growth-disabled:warning", {.cloud = true, .off_by_file = true, .growth = {GROWS}, .type = "ext4", .severity = "warning"}},
	/* A file system on the whole disk needs no growpart. */
	{"", {.cloud = true, .growth = {.resize2fs = true}, .type = "ext4", .whole_disk = true}},
	/* Tools of the partition. */
	{"growth-no-tool:failed", {.cloud = true, .growth = {.resize2fs = true}, .type = "ext4"}},
	{"growth-no-tool:failed", {.cloud = true, .growth = {.growpart = true, .resize2fs = true}, .type = "ext4"}},
	{"growth-no-tool:failed growth-no-resizer:failed",
         {.growth = {.growpart = true, .table_tool = true, .resize2fs = true}, .type = "ext4"}},
	{"", {.cloud = true, .growth = {.repart = true, .resize2fs = true}, .type = "ext4"}},
	{"growth-no-tool:failed",
         {.cloud = true, .growth = {.repart = true, .resize2fs = true}, .type = "ext4",
          .parttype = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"}},
	{"growth-no-tool:failed",
         {.cloud = true, .growth = {.repart = true, .resize2fs = true}, .type = "ext4", .pttype = "dos", .partno = 1}},
	{"", {.cloud = true, .early.kiwi_repart = true, .type = "ext4"}},
	{"", {.growth = {.disk_expand = true}, .type = "xfs"}},
	{"", {.growth = {.growpart = true, .table_tool = true, .rootgrow = true, .btrfs = true}, .type = "btrfs"}},
	{"", {.early.growroot = true, .growth = {.growpart = true, .table_tool = true, .growfs = true}, .type = "ext4",
              .fstab = "UUID=1 / ext4 x-systemd.growfs 0 1\n"}},
	{"growth-disabled:failed", {.early.growroot = true, .growth = {.growpart = true, .table_tool = true, .growfs = true,
                                               .growroot_disabled.what = "there"},
                                    .type = "ext4", .fstab = "UUID=1 / ext4 x-systemd.growfs 0 1\n"}},
	{"", {.early.disk_expand = true, .type = "xfs"}},
	{"", {.early.repart = true, .growth = {.defines_root = true, .growfs = true}, .type = "ext4",
              .fstab = "UUID=1 / ext4 x-systemd.growfs 0 1\n"}},
	{"growth-no-tool:failed", {.early.repart = true, .growth = {.growfs = true}, .type = "ext4",
                                   .fstab = "UUID=1 / ext4 x-systemd.growfs 0 1\n"}},
	/* In the root, and not in the initramfs: of one that was not read nothing is certain, and not where there is none. */
	{"growth-no-tool:failed", {WITH_GROWROOT, .early.growroot = false}},
	{"growth-no-tool:failed", {WITH_GROWROOT, .initramfs = NONE}},
	{"growth-config-unread:unknown", {WITH_GROWROOT, .initramfs = UNREAD}},
	{"growth-config-unread:unknown", {WITH_GROWROOT, .initramfs = CUT}},
	{"", {WITH_GROWROOT, .initramfs = CUT, .early.growroot = true}},
	{"growth-config-unread:unknown", {WITH_GROWROOT, .initramfs = NO_ENTRY}},
	{"growth-no-tool:failed growth-no-resizer:failed", {.growth = {.installed.kiwi_repart = true}, .type = "ext4"}},
	{"growth-config-unread:unknown growth-config-unread:unknown",
         {.growth = {.installed.kiwi_repart = true}, .type = "ext4", .initramfs = UNREAD}},
	{"growth-no-tool:failed growth-no-resizer:failed", {.growth = {.installed.disk_expand = true}, .type = "ext4"}},
	{"growth-config-unread:unknown growth-config-unread:unknown",
         {.growth = {.installed.disk_expand = true}, .type = "ext4", .initramfs = UNREAD}},
	{"", {.cloud = true, .growth = {GROWS, .installed = {true, true, true, false}}, .type = "ext4", .initramfs = UNREAD}},
	/* Tools of the file system. */
	{"growth-no-resizer:failed", {.cloud = true, .growth = {.growpart = true, .table_tool = true}, .type = "ext4"}},
	{"growth-no-resizer:failed",
         {.cloud = true, .growth = {.growpart = true, .table_tool = true, .resize2fs = true}, .type = "xfs"}},
	{"", {.cloud = true, .growth = {.growpart = true, .table_tool = true, .growfs = true}, .type = "xfs",
              .fstab = "UUID=1 / xfs x-systemd.growfs 0 1\n"}},
	{"growth-no-resizer:failed",
         {.cloud = true, .growth = {.growpart = true, .table_tool = true}, .type = "xfs",
          .fstab = "UUID=1 / xfs x-systemd.growfs 0 1\n"}},
	/* Switched off. */
	{"growth-disabled:failed", {.cloud = true, .growth = {GROWS, .no_growpart.what = "mode: off"}, .type = "ext4"}},
	{"growth-disabled:failed", {.cloud = true, .growth = {GROWS, .no_resizefs.what = "resize_rootfs: false"}, .type = "ext4"}},
	{"growth-disabled:failed", {.cloud = true, .off_by_file = true, .growth = {GROWS}, .type = "ext4"}},
	{"growth-disabled:failed",
         {.cloud = true, .growth = {GROWS}, .type = "ext4", .cmdline = "ro cloud-init=disabled"}},
	{"growth-config-unread:unknown growth-config-unread:unknown",
         {.cloud = true, .unread = "odd", .growth = {GROWS}, .type = "ext4"}},
	{"growth-disabled:failed", {.cloud = true, .growth = {GROWS}, .type = "ext4", .policy = "disabled"}},
	{"growth-disabled:failed",
         {.cloud = true, .growth = {GROWS}, .type = "ext4", .cmdline = "ro ci.di.policy=disabled"}},
	/* ds-identify finds nothing, and does not start it; unless it is told to, or finds the target's among them. */
	{"growth-disabled:failed", {.cloud = true, .growth = {GROWS}, .type = "ext4", .list = "Ec2 GCE"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .list = "Ec2 GCE", .policy = "search,notfound=enabled"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .list = "Ec2 AliYun"}},
	{"growth-config-unread:unknown growth-config-unread:unknown",
         {.cloud = true, .growth = {GROWS}, .type = "ext4", .cmdline = "ro cc: datasource_list: [ Ec2 ] end_cc"}},
	/* Which init starts it is not known. */
	{"growth-config-unread:unknown growth-config-unread:unknown",
         {.cloud = true, .no_init = true, .growth = {GROWS, .no_growpart.what = "x", .no_resizefs.what = "x"}, .type = "ext4"}},
	{"growth-no-tool:failed growth-no-resizer:failed", {.no_init = true, .growth = {GROWS}, .type = "ext4"}},
	/* Kernels. */
	{"growth-kernel-old:failed", {.cloud = true, .growth = {GROWS}, .type = "ext4", .release = "2.6.32-754.el6"}},
	{"growth-kernel-old:failed", {.cloud = true, .growth = {GROWS}, .type = "ext4", .release = "3.5.0"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .release = "3.10.0-1160.el7"}},
	{"", {.cloud = true, .growth = {GROWS}, .type = "ext4", .release = "custom"}},
	{"", {.cloud = true, .early.growroot = true, .growth = {GROWS}, .type = "ext4", .release = "2.6.32-754.el6"}},
	{"growth-config-unread:unknown", {.cloud = true, .growth = {GROWS, .installed.growroot = true}, .type = "ext4",
                                          .release = "2.6.32-754.el6", .initramfs = UNREAD}},
};

BR_TEST(every_case)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		br_cleanup(br_result_free) struct br_result res = {0};
		br_autostr struct br_str got = {0};

		run(&cases[i].facts, &res);
		for (size_t j = 0; j < res.n_findings; j++)
			br_str_printf(&got, "%s%s:%s", j ? " " : "", res.findings[j].code,
			              br_severity_name(res.findings[j].severity));
		if (!br_streq(got.s ? got.s : "", cases[i].want))
			printf("# case %zu\n", i);
		EXPECT_STR(got.s ? got.s : "", cases[i].want);
		EXPECT(res.concluded);
	}
}

BR_TEST_MAIN()
