/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Fstab check on lists of disks made by hand: which code, how severe, for which line. */
#include "image/image.h"
#include "check.h"
#include "test.h"

extern const struct br_check br_check_fstab;

static struct br_blk blks[] = {
	{.kind = BR_BLK_DISK, .disk = 0, .name = "vda", .devno = 1, .own = true, .pttype = "gpt"},
	{.kind = BR_BLK_PART, .disk = 0, .partno = 1, .name = "vda1", .devno = 1, .own = true, .use = BR_USE_FS,
         .type = "vfat", .uuid = "AB-CD", .partuuid = "pu1"},
	{.kind = BR_BLK_PART, .disk = 0, .partno = 2, .name = "vda2", .devno = 1, .own = true, .use = BR_USE_SWAP,
         .type = "swap", .uuid = "u-swap"},
	{.kind = BR_BLK_PART, .disk = 0, .partno = 3, .name = "vda3", .devno = 1, .own = true, .use = BR_USE_FS,
         .type = "ext4", .uuid = "u-root", .label = "twice"},
	{.kind = BR_BLK_PART, .disk = 0, .partno = 4, .name = "vda4", .devno = 1, .own = true, .use = BR_USE_FS,
         .type = "xfs", .uuid = "u-srv", .label = "twice"},
	{.kind = BR_BLK_PART, .disk = 0, .partno = 5, .name = "vda5", .devno = 1, .own = true, .use = BR_USE_LUKS,
         .type = "crypto_LUKS", .uuid = "u-luks", .opened = true},
	{.kind = BR_BLK_DISK, .disk = 6, .name = "vdb", .devno = 1, .use = BR_USE_FS, .type = "ext4", .uuid = "u-other"},
};

static struct br_profile_value values[] = {{"Fstab", "disk_names", "vd nvme"}};

struct setting {
	const char *cmdline; /* NULL: the chains were not read */
	const char *crypttab;
	enum br_key key;
	bool unknown_disks, virtio_only;
};

static void run(const char *fstab, const struct setting *set, struct br_result *res)
{
	struct br_profile profile = {.values = values, .n = 1};
	struct br_boot_entry entry = {.source = "/boot/grub/grub.cfg"};
	struct br_chain chain = {.offered = true, .entry = &entry, .cmdline = set->cmdline};
	struct br_image img = {
		.root.fd = -1,
		.profile = &profile,
		.fstab_fact.state = BR_FACT_READ,
		.disks_fact.state = BR_FACT_READ,
		.disks = {.blk = blks, .n = BR_ARRAY_SIZE(blks), .root = 3, .root_disk = 0, .known = !set->unknown_disks},
	};

	values[0].value = set->virtio_only ? "vd" : "vd nvme";
	if (set->cmdline) {
		img.chains_fact.state = BR_FACT_READ;
		img.chains = &chain;
		img.n_chains = 1;
	}
	if (fstab)
		EXPECT_INT(br_fstab_parse(fstab, strlen(fstab), &img.fstab), 0);
	img.fstab.absent = !fstab;
	if (set->crypttab)
		EXPECT_INT(br_crypttab_parse(set->crypttab, strlen(set->crypttab), &img.fstab), 0);
	for (size_t i = 0; i < img.fstab.n_crypt; i++)
		img.fstab.crypt[i].key_state = set->key;
	res->check = &br_check_fstab;
	br_check_fstab.run(&img, res);
	br_fstab_free(&img.fstab);
}

#define ROOT "UUID=u-root / ext4 defaults 0 1\n"

/* Findings as "line:code:severity", the infos left out. */
static char *summary(const struct br_result *res)
{
	br_autostr struct br_str out = {0};

	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].severity != BR_SEV_INFO)
			br_str_printf(&out, "%s%u:%s:%s", out.len ? " " : "", res->findings[i].line,
			              res->findings[i].code, br_severity_name(res->findings[i].severity));
	return br_str_take(&out);
}

static const struct {
	const char *fstab, *want;
	struct setting set;
} cases[] = {
	{ROOT "UUID=AB-CD /boot/efi vfat umask=0077 0 1\nUUID=u-swap none swap sw 0 0\nUUID=u-srv /srv xfs defaults 0 2\n"
              "tmpfs /tmp tmpfs size=1G 0 0\n/dev/sr0 /media/cdrom udf,iso9660 user,noauto 0 0\n", "", {.cmdline = "ro"}},
	/* Nothing has it. */
	{ROOT "UUID=gone /srv ext4 defaults 0 2\n", "2:fstab-tag-missing:failed", {.cmdline = "ro"}},
	{ROOT "UUID=gone /srv ext4 nofail 0 2\n", "2:fstab-tag-missing:warning", {.cmdline = "ro"}},
	{ROOT "UUID=gone /srv ext4 x-systemd.automount 0 2\n", "2:fstab-tag-missing:warning", {.cmdline = "ro"}},
	{ROOT "UUID=gone /srv ext4 noauto 0 2\n", "", {.cmdline = "ro"}},
	{ROOT "UUID=gone none swap sw 0 0\n", "2:fstab-swap-missing:warning", {.cmdline = "ro"}},
	{ROOT "PARTUUID=PU1 /srv vfat defaults 0 0\n", "2:fstab-case:failed", {.cmdline = "ro"}},
	{ROOT "UUID=ab-cd /srv vfat nofail 0 0\n", "2:fstab-case:warning", {.cmdline = "ro"}},
	{ROOT "/dev/sr0 /media/cdrom udf defaults 0 0\n", "2:fstab-tag-missing:failed", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv xfs x-systemd.requires=/dev/disk/by-uuid/gone 0 0\n", "2:fstab-tag-missing:failed",
         {.cmdline = "ro"}},
	{ROOT "/dev/zram0 none swap sw 0 0\n", "", {.cmdline = "ro"}},
	/* The root: only a remount is at stake. */
	{"UUID=gone / ext4 defaults 0 1\n", "1:fstab-tag-missing:failed", {.cmdline = "ro quiet"}},
	{"UUID=gone / ext4 defaults 0 1\n", "1:fstab-tag-missing:failed", {.cmdline = NULL}},
	{"UUID=gone / ext4 defaults 0 1\n", "1:fstab-tag-missing:warning", {.cmdline = "root=UUID=u-root rw"}},
	{"UUID=u-srv / xfs defaults 0 1\n", "1:fstab-root-differs:warning", {.cmdline = "ro"}},
	{"UUID=u-root / xfs defaults 0 1\n", "1:fstab-wrong-type:warning", {.cmdline = "ro"}},
	{"/dev/vda3 / ext4 defaults 0 1\n", "1:fstab-kernel-name-rule:failed", {.cmdline = "rw"}},
	{"# nothing\n", "0:fstab-no-root:failed", {.cmdline = "rw quiet ro"}},
	{"# nothing\n", "0:fstab-no-root:failed", {.cmdline = "quiet"}},
	{"# nothing\n", "", {.cmdline = "ro quiet rw"}},
	{"# nothing\n", "0:fstab-no-root:unknown", {.cmdline = NULL}},
	{NULL, "0:fstab-no-root:failed 0:fstab-absent:warning", {.cmdline = "ro"}},
	{NULL, "0:fstab-absent:warning", {.cmdline = "rw"}},
	/* Other disks. */
	{ROOT "UUID=u-other /data ext4 defaults 0 2\n", "2:other-disk:failed", {.cmdline = "ro"}},
	{ROOT "UUID=u-other /data ext4 nofail 0 2\n", "2:other-disk:warning", {.cmdline = "ro"}},
	/* Kernel names. */
	{ROOT "/dev/sda4 /srv xfs defaults 0 2\n", "2:fstab-kernel-name:failed", {.cmdline = "ro"}},
	{ROOT "/dev/vda4 /srv xfs defaults 0 2\n", "2:fstab-kernel-name:failed", {.cmdline = "ro"}},
	{ROOT "/dev/vda4 /srv xfs defaults 0 2\n", "2:fstab-kernel-name-rule:failed", {.cmdline = "ro", .virtio_only = true}},
	{ROOT "/dev/nvme0n1p4 /srv xfs defaults 0 2\n", "2:fstab-kernel-name:failed", {.cmdline = "ro"}},
	{ROOT "/dev/sdb1 /srv xfs nofail 0 2\n", "2:fstab-kernel-name:warning", {.cmdline = "ro"}},
	{ROOT "/dev/sdb1 /mnt/usb auto noauto,user 0 0\n", "", {.cmdline = "ro"}},
	{ROOT "/dev/sda2 none swap sw 0 0\n", "2:fstab-kernel-name:warning", {.cmdline = "ro"}},
	{ROOT "/dev/sda4 /srv xfs defaults 0 2\n", "1:fstab-unknown:unknown 2:fstab-kernel-name:failed",
         {.cmdline = "ro", .unknown_disks = true}},
	/* Types. */
	{ROOT "UUID=u-srv /srv ext4 defaults 0 2\n", "2:fstab-wrong-type:failed", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv ext4,xfs defaults 0 2\n", "", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv auto defaults 0 2\n", "", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv ext4 nofail 0 2\n", "2:fstab-wrong-type:warning", {.cmdline = "ro"}},
	{ROOT "UUID=u-swap /srv auto defaults 0 2\n", "2:fstab-wrong-type:failed", {.cmdline = "ro"}},
	{ROOT "UUID=u-luks /srv ext4 defaults 0 2\n", "2:fstab-wrong-type:failed", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv none swap sw 0 0\n", "2:fstab-wrong-type:warning", {.cmdline = "ro"}},
	/* Form. */
	{ROOT "UUID=u-srv srv xfs defaults 0 2\n", "2:fstab-relative-target:warning", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv\n", "2:fstab-unparsable:warning", {.cmdline = "ro"}},
	{ROOT "UUID=gone /srv\n", "2:fstab-tag-missing:failed 2:fstab-unparsable:warning", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv xfs defaults 0 0\nUUID=gone /srv/ ext4 defaults 0 0\n", "3:fstab-duplicate-target:warning",
         {.cmdline = "ro"}},
	{ROOT "UUID=u-swap none swap sw 0 0\n/swapfile none swap sw 0 0\n", "", {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srv/x xfs defaults 0 0\ntmpfs /srv tmpfs defaults 0 0\n", "3:fstab-order:warning",
         {.cmdline = "ro"}},
	{ROOT "UUID=u-srv /srvx xfs defaults 0 0\ntmpfs /srv tmpfs defaults 0 0\n", "", {.cmdline = "ro"}},
	{ROOT "LABEL=twice /srv auto defaults 0 2\n", "2:fstab-tag-twice:warning", {.cmdline = "ro"}},
	{ROOT "/dev/disk/by-path/pci-1 /srv xfs defaults 0 2\n", "2:fstab-by-path:warning", {.cmdline = "ro"}},
	{ROOT "/dev/disk/by-id/virtio-1 /srv xfs defaults 0 2\n", "2:fstab-by-id:warning", {.cmdline = "ro"}},
	{ROOT "srv:/x /srv nfs defaults 0 0\n", "2:fstab-network:warning", {.cmdline = "ro"}},
	{ROOT "srv:/x /srv nfs noauto 0 0\n", "", {.cmdline = "ro"}},
	{ROOT "/dev/disk/cloud/azure_resource-part1 /mnt auto defaults,nofail 0 2\n", "", {.cmdline = "ro"}},
	{ROOT "/dev/disk/cloud/azure_resource-part1 /mnt auto defaults 0 2\n", "2:fstab-unknown:unknown",
         {.cmdline = "ro"}},
	/* crypttab. */
	{ROOT "/dev/mapper/data /srv xfs defaults 0 2\n", "",
         {.cmdline = "ro", .crypttab = "data UUID=u-luks /k luks\n", .key = BR_KEY_THERE}},
	{ROOT, "1:crypttab-waited-for:failed", {.cmdline = "ro", .crypttab = "data UUID=gone /k luks\n", .key = BR_KEY_THERE}},
	{ROOT "/dev/mapper/data /srv xfs defaults 0 2\n", "1:crypttab-missing:failed",
         {.cmdline = "ro", .crypttab = "data UUID=gone /k luks\n", .key = BR_KEY_THERE}},
	{ROOT "/dev/mapper/data /srv xfs nofail 0 2\n", "1:crypttab-waited-for:failed",
         {.cmdline = "ro", .crypttab = "data UUID=gone /k luks\n", .key = BR_KEY_THERE}},
	{ROOT, "1:crypttab-missing:warning",
         {.cmdline = "ro", .crypttab = "data UUID=gone /k luks,nofail\n", .key = BR_KEY_THERE}},
	{ROOT, "1:crypttab-key:failed", {.cmdline = "ro", .crypttab = "data UUID=u-luks /k luks\n", .key = BR_KEY_MISSING}},
	{ROOT, "1:crypttab-key:failed", {.cmdline = "ro", .crypttab = "data UUID=u-luks\n", .key = BR_KEY_ASKED}},
	{ROOT, "", {.cmdline = "ro", .crypttab = "data UUID=u-luks - noauto\n", .key = BR_KEY_ASKED}},
	{ROOT, "1:crypttab-hardware-key:warning",
         {.cmdline = "ro", .crypttab = "data UUID=u-luks - tpm2-device=auto\n", .key = BR_KEY_HARDWARE}},
	{ROOT, "1:crypttab-unknown:unknown", {.cmdline = "ro", .crypttab = "data UUID=u-luks k keyscript=x\n"}},
	{ROOT, "1:crypttab-waited-for:failed",
         {.cmdline = "ro", .crypttab = "swap /dev/sda2 /dev/urandom swap\n", .key = BR_KEY_THERE}},
	{ROOT "/dev/mapper/swap /srv xfs defaults 0 2\n", "1:crypttab-kernel-name:failed",
         {.cmdline = "ro", .crypttab = "swap /dev/sda2 /dev/urandom swap\n", .key = BR_KEY_THERE}},
	{ROOT, "1:crypttab-waited-for:failed",
         {.cmdline = "ro", .crypttab = "d UUID=u-other /k luks\n", .key = BR_KEY_THERE}},
	{ROOT "/dev/mapper/d /srv xfs defaults 0 2\n", "1:crypttab-other-disk:failed",
         {.cmdline = "ro", .crypttab = "d UUID=u-other /k luks\n", .key = BR_KEY_THERE}},
	{ROOT, "1:crypttab-unparsable:warning", {.cmdline = "ro", .crypttab = "data\n"}},
	{ROOT "/dev/mapper/gone /srv xfs defaults 0 2\n", "2:fstab-tag-missing:failed", {.cmdline = "ro"}},
};

BR_TEST(every_case)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		br_cleanup(br_result_free) struct br_result res = {0};
		br_autofree char *got = NULL;

		run(cases[i].fstab, &cases[i].set, &res);
		got = summary(&res);
		if (!br_streq(got, cases[i].want))
			printf("# case %zu: %s", i, cases[i].fstab ? cases[i].fstab : "(none)\n");
		EXPECT_STR(got, cases[i].want);
		EXPECT(res.concluded);
	}
}

static const struct {
	const char *line, *fix;
} fixes[] = {
	{"/dev/sda3 / ext4 errors=remount-ro 0 1", "make line 1 of /etc/fstab: UUID=u-root / ext4 errors=remount-ro 0 1"},
	{"/dev/sda4 /srv\\040x xfs defaults 0 2", "make line 1 of /etc/fstab: UUID=u-srv /srv\\040x xfs defaults 0 2"},
	{"/dev/nvme0n1p4 /srv xfs defaults 0 2", "make line 1 of /etc/fstab: UUID=u-srv /srv xfs defaults 0 2"},
	{"UUID=gone /srv xfs defaults 0 2", "make line 1 of /etc/fstab: UUID=u-srv /srv xfs defaults 0 2"},
	{"UUID=gone none swap sw 0 0", "make line 1 of /etc/fstab: UUID=u-swap none swap sw 0 0"},
	{"UUID=ab-cd /efi vfat defaults 0 2", "make line 1 of /etc/fstab: UUID=AB-CD /efi vfat defaults 0 2"},
	/* The root is no candidate; the wrong type for what is there; several that could be meant; none. */
	{"UUID=gone /srv ext4 defaults 0 2",
         "write UUID=... (see blkid) in line 1 of /etc/fstab, add nofail to its options, or remove it"},
	{"/dev/sda4 /srv ext4 defaults 0 2",
         "write UUID=... (see blkid) in line 1 of /etc/fstab, add nofail to its options, or remove it"},
	{"UUID=gone /srv auto defaults 0 2",
         "write UUID=... (see blkid) in line 1 of /etc/fstab, add nofail to its options, or remove it"},
	{"/dev/sdb1 /srv xfs defaults 0 2",
         "write UUID=... (see blkid) in line 1 of /etc/fstab, add nofail to its options, or remove it"},
};

BR_TEST(fixes_that_can_be_typed)
{
	static const struct setting set = {.cmdline = "rw"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(fixes); i++) {
		br_cleanup(br_result_free) struct br_result res = {0};

		run(fixes[i].line, &set, &res);
		EXPECT(res.n_findings >= 1);
		EXPECT_STR(res.n_findings ? res.findings[0].fix : NULL, fixes[i].fix);
		EXPECT_STR(res.n_findings ? res.findings[0].path : NULL, "/etc/fstab");
	}
}

BR_TEST(types)
{
	static const struct {
		const char *type, *found;
		bool refused;
	} pairs[] = {
		{"ext4", "ext4", false}, {"ext4", "ext3", false}, {"ext4", "ext2", false}, {"ext3", "ext4", true},
		{"ext3", "ext2", true},  {"ext2", "ext3", false}, {"ext2", "ext4", true},  {"xfs", "ext4", true},
		{"msdos", "vfat", false}, {"vfat", "exfat", true}, {"iso9660", "udf", false}, {"ntfs-3g", "ntfs", false},
		{"zfs", "ext4", false},  {"fuse.x", "ext4", false}, {"auto", "ext4", false}, {"", "ext4", false},
		{"xfs,btrfs", "ext4", true}, {"xfs,new", "ext4", false},
	};
	extern bool br_fstab_type_refused(const char *type, const struct br_blk *b);

	for (size_t i = 0; i < BR_ARRAY_SIZE(pairs); i++) {
		struct br_blk b = {.use = BR_USE_FS, .type = (char *)pairs[i].found};

		if (br_fstab_type_refused(pairs[i].type, &b) != pairs[i].refused)
			printf("# %s on %s\n", pairs[i].type, pairs[i].found);
		EXPECT(br_fstab_type_refused(pairs[i].type, &b) == pairs[i].refused);
	}
}

/* A file made to be slow: thousands of lines that name nothing. */
BR_TEST(a_hostile_fstab_ends)
{
	static const struct setting set = {.cmdline = "ro"};
	br_cleanup(br_result_free) struct br_result res = {0};
	br_autostr struct br_str text = {0};

	for (int i = 0; i < 4000; i++)
		br_str_printf(&text, "UUID=gone%d /%d/x xfs defaults 0 0\n", i, i);
	run(text.s, &set, &res);
	EXPECT_INT(res.status, BR_FAILED);
	EXPECT(res.n_findings <= 64);
}

BR_TEST_MAIN()
