/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/disks-internal.h"
#include "test.h"

/* Lists made by hand: strings are literals, so nothing here is freed. */
#define DISK(i, ...) {.kind = BR_BLK_DISK, .disk = (i), .devno = 1, __VA_ARGS__}
#define PART(i, no, ...) {.kind = BR_BLK_PART, .disk = (i), .partno = (no), .devno = 1, __VA_ARGS__}

static struct br_found find(const struct br_disks *d, const char *text)
{
	br_autospec struct br_spec s = {0};
	struct br_found f;

	EXPECT_INT(br_spec_parse(text, &s), 0);
	br_disks_find(d, &s, &f);
	return f;
}

static enum br_match match(const struct br_disks *d, const char *text)
{
	return find(d, text).match;
}

static struct br_blk two_disks[] = {
	DISK(0, .name = "vda", .own = true),
	PART(0, 1, .name = "vda1", .use = BR_USE_FS, .type = "vfat", .uuid = "ABCD-1234", .label = "ESP", .own = true),
	PART(0, 2, .name = "vda2", .use = BR_USE_FS, .type = "ext4", .uuid = "u-root", .label = "root",
             .partuuid = "aaaa-02", .partlabel = "Root", .own = true),
	DISK(3, .name = "vdb"),
	PART(3, 1, .name = "vdb1", .use = BR_USE_FS, .type = "xfs", .uuid = "u-data", .label = "root",
             .partuuid = "bbbb-01"),
};

static struct br_disks two(void)
{
	return (struct br_disks){.blk = two_disks, .n = BR_ARRAY_SIZE(two_disks), .root = 2, .root_disk = 0, .known = true};
}

BR_TEST(tags)
{
	struct br_disks d = two();

	EXPECT_INT(match(&d, "UUID=u-root"), BR_MATCH_FOUND);
	EXPECT_INT(find(&d, "UUID=u-root").blk, 2);
	EXPECT_INT(match(&d, "PARTUUID=aaaa-02"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "PARTLABEL=Root"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "PARTLABEL=root"), BR_MATCH_NONE);
	EXPECT_INT(match(&d, "LABEL=ESP"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "LABEL=esp"), BR_MATCH_NONE);
	EXPECT_INT(match(&d, "UUID=nowhere"), BR_MATCH_NONE);
	EXPECT_INT(match(&d, "UUID="), BR_MATCH_NONE);
	EXPECT_INT(match(&d, "tmpfs"), BR_MATCH_UNKNOWN);
	EXPECT_INT(match(&d, "/dev/vda2"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/sda2"), BR_MATCH_NONE);
}

BR_TEST(case_is_told)
{
	struct br_disks d = two();

	EXPECT(!find(&d, "UUID=ABCD-1234").folded);
	EXPECT_INT(match(&d, "UUID=abcd-1234"), BR_MATCH_FOUND);
	EXPECT(find(&d, "UUID=abcd-1234").folded);
	EXPECT(find(&d, "PARTUUID=AAAA-02").folded);
}

BR_TEST(other_disks_do_not_travel)
{
	struct br_disks d = two();

	EXPECT_INT(match(&d, "UUID=u-data"), BR_MATCH_OTHER_DISK);
	EXPECT_INT(find(&d, "UUID=u-data").blk, 4);
	two_disks[3].named = two_disks[4].named = true;
	EXPECT_INT(match(&d, "UUID=u-data"), BR_MATCH_FOUND);
	two_disks[3].named = two_disks[4].named = false;
	d.root = d.root_disk = -1;
	for (size_t i = 0; i < d.n; i++)
		two_disks[i].own = false;
	EXPECT_INT(match(&d, "UUID=u-data"), BR_MATCH_UNKNOWN);
	br_disks_set_root(&d, 2);
	EXPECT_INT(d.root_disk, 0);
	EXPECT(two_disks[0].own && two_disks[1].own && !two_disks[4].own);
	EXPECT_INT(match(&d, "UUID=u-data"), BR_MATCH_OTHER_DISK);
}

BR_TEST(two_of_a_kind)
{
	struct br_disks d = two();
	struct br_found f = find(&d, "LABEL=root");

	EXPECT_INT(f.match, BR_MATCH_SEVERAL);
	EXPECT_INT(f.blk, 2);
	EXPECT_INT(f.second, 4);
}

BR_TEST(partnroff)
{
	struct br_disks d = two();

	two_disks[1].partuuid = "aaaa-01";
	EXPECT_INT(find(&d, "PARTUUID=aaaa-01/PARTNROFF=1").blk, 2);
	EXPECT_INT(match(&d, "PARTUUID=aaaa-01/PARTNROFF=7"), BR_MATCH_NONE);
	EXPECT_INT(match(&d, "PARTUUID=aaaa-01/PARTNROFF=x"), BR_MATCH_NONE);
	two_disks[1].partuuid = NULL;
}

BR_TEST(nothing_is_said_of_unknown_disks)
{
	struct br_disks d = {.root = -1, .root_disk = -1};

	EXPECT_INT(match(&d, "UUID=u-root"), BR_MATCH_UNKNOWN);
	EXPECT(find(&d, "UUID=u-root").reason != NULL);
}

BR_TEST(a_container_may_hold_it)
{
	struct br_blk blks[] = {
		DISK(0, .name = "vda", .own = true),
		PART(0, 1, .name = "vda1", .use = BR_USE_FS, .type = "ext4", .uuid = "u-root", .own = true),
		PART(0, 2, .name = "vda2", .type = "x", .uuid = "u-c", .own = true),
	};
	struct br_disks d = {.blk = blks, .n = 3, .root = 1, .root_disk = 0, .known = true};
	static const enum br_blk_use uses[] = {BR_USE_LVM, BR_USE_LUKS, BR_USE_RAID, BR_USE_OTHER};

	for (size_t i = 0; i < BR_ARRAY_SIZE(uses); i++) {
		blks[2].use = uses[i];
		blks[2].opened = false;
		EXPECT_INT(match(&d, "UUID=gone"), BR_MATCH_UNKNOWN);
		EXPECT_INT(match(&d, "LABEL=gone"), BR_MATCH_UNKNOWN);
		EXPECT_INT(match(&d, "PARTUUID=gone"),
		           uses[i] == BR_USE_RAID ? BR_MATCH_UNKNOWN : BR_MATCH_NONE);
		EXPECT_INT(match(&d, "/dev/sdb1"), BR_MATCH_NONE);
		EXPECT_INT(match(&d, "UUID=u-root"), BR_MATCH_FOUND);
		blks[2].opened = true;
		EXPECT_INT(match(&d, "UUID=gone"), BR_MATCH_NONE);
	}
	blks[2].use = BR_USE_LUKS;
	EXPECT_INT(match(&d, "UUID=u-c"), BR_MATCH_FOUND);
	blks[2].use = BR_USE_RAID;
	EXPECT_INT(match(&d, "UUID=u-c"), BR_MATCH_NONE);
}

BR_TEST(what_is_unread_may_hold_it)
{
	struct br_disks d = two();

	d.unread = "vdc: it did not answer";
	EXPECT_INT(match(&d, "UUID=gone"), BR_MATCH_UNKNOWN);
	EXPECT_STR(find(&d, "UUID=gone").reason, "vdc: it did not answer");
	EXPECT_INT(match(&d, "UUID=u-root"), BR_MATCH_FOUND);
	d.unread = NULL;
	d.too_many = true;
	EXPECT_INT(match(&d, "UUID=gone"), BR_MATCH_UNKNOWN);
}

BR_TEST(volumes_by_name)
{
	char *names[] = {"rhel-root", "rhel-home"};
	struct br_blk blks[] = {
		DISK(0, .name = "vda", .own = true),
		PART(0, 1, .name = "vda1", .use = BR_USE_LVM, .lvs = {.v = names, .n = 2}, .lvs_read = true,
	             .own = true),
		{.kind = BR_BLK_MAPPED, .name = "dm-0", .mapper = "rhel-root", .devno = 1, .disk = 0,
	         .under = (size_t[]){1}, .n_under = 1, .use = BR_USE_FS, .uuid = "u-root"},
	};
	struct br_disks d = {.blk = blks, .n = 3, .root = 2, .root_disk = 0, .known = true};

	EXPECT_INT(match(&d, "/dev/mapper/rhel-root"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/rhel/root"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/dm-0"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/mapper/rhel-home"), BR_MATCH_CONTAINED);
	EXPECT_INT(find(&d, "/dev/rhel/home").blk, 1);
	EXPECT_INT(match(&d, "/dev/rhel/var"), BR_MATCH_NONE);
	/* home is not opened: a file system in it may have any UUID. */
	EXPECT_INT(match(&d, "UUID=gone"), BR_MATCH_UNKNOWN);
	blks[1].lvs_read = false;
	blks[1].lvs.n = 0;
	EXPECT_INT(match(&d, "/dev/rhel/var"), BR_MATCH_UNKNOWN);
	EXPECT_INT(match(&d, "UUID=u-root"), BR_MATCH_FOUND);
	EXPECT(br_disks_travels(&d, 2));
	blks[2].partial = true;
	EXPECT(!br_disks_travels(&d, 2));
}

BR_TEST(one_file_system_in_several_places)
{
	struct br_blk blks[] = {
		DISK(0, .name = "vda", .own = true),
		PART(0, 1, .name = "vda1", .use = BR_USE_FS, .type = "btrfs", .uuid = "u", .subuuid = "1", .own = true),
		PART(0, 2, .name = "vda2", .use = BR_USE_FS, .type = "btrfs", .uuid = "u", .subuuid = "2", .own = true),
		{.kind = BR_BLK_MAPPED, .name = "dm-0", .disk = 0, .under = (size_t[]){1}, .n_under = 1,
	         .use = BR_USE_FS, .type = "btrfs", .uuid = "u", .subuuid = "1", .own = true},
	};
	struct br_disks d = {.blk = blks, .n = 3, .root = 1, .root_disk = 0, .known = true};

	EXPECT_INT(match(&d, "UUID=u"), BR_MATCH_FOUND);
	d.n = 4;
	EXPECT_INT(match(&d, "UUID=u"), BR_MATCH_FOUND);
	EXPECT_INT(find(&d, "UUID=u").blk, 3);
	d.n = 3;
	blks[2].subuuid = "1";
	EXPECT_INT(match(&d, "UUID=u"), BR_MATCH_SEVERAL);
}

BR_TEST(a_root_over_two_disks)
{
	struct br_blk blks[] = {
		DISK(0, .name = "vda", .use = BR_USE_FS, .type = "btrfs", .uuid = "u", .subuuid = "1"),
		DISK(1, .name = "vdb", .use = BR_USE_FS, .type = "btrfs", .uuid = "u", .subuuid = "2"),
		DISK(2, .name = "vdc", .use = BR_USE_FS, .type = "btrfs", .uuid = "v", .subuuid = "3"),
	};
	struct br_disks d = {.blk = blks, .n = 3, .root = -1, .root_disk = -1, .known = true};

	br_disks_set_root(&d, 0);
	EXPECT_INT(d.root_disk, -1);
	EXPECT(blks[0].own && blks[1].own && !blks[2].own);
	EXPECT_INT(match(&d, "UUID=u"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "UUID=v"), BR_MATCH_OTHER_DISK);
	br_disks_set_root(&d, 2);
	EXPECT_INT(d.root_disk, 2);
	EXPECT_INT(match(&d, "UUID=u"), BR_MATCH_OTHER_DISK);
	br_disks_set_root(&d, -1);
	EXPECT(!blks[0].own && !blks[2].own && d.root_disk == -1);
}

BR_TEST(links_of_udev)
{
	char *links[] = {"disk/by-path/pci-1", "disk/by-id/virtio-x", "md/home", "cdrom"};
	struct br_blk blks[] = {DISK(0, .name = "vda", .own = true, .links = {.v = links, .n = 4})};
	struct br_disks d = {.blk = blks, .n = 1, .root = 0, .root_disk = 0, .known = true};

	EXPECT_INT(match(&d, "/dev/disk/by-path/pci-1"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/disk/by-id/virtio-x"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/disk/by-id/virtio"), BR_MATCH_UNKNOWN);
	EXPECT_INT(match(&d, "/dev/md/home"), BR_MATCH_FOUND);
	EXPECT_INT(match(&d, "/dev/md/var"), BR_MATCH_NONE);
	EXPECT_INT(match(&d, "/dev/cdrom"), BR_MATCH_FOUND);
}

BR_TEST(an_image_file_has_no_kernel_names)
{
	struct br_blk blks[] = {DISK(0, .name = "disk0", .named = true)};
	struct br_disks d = {.blk = blks, .n = 1, .root = -1, .root_disk = -1, .known = true};

	blks[0].devno = 0;
	EXPECT_INT(match(&d, "/dev/sda1"), BR_MATCH_UNKNOWN);
	EXPECT_INT(match(&d, "/dev/disk0"), BR_MATCH_UNKNOWN);
}

BR_TEST(esp)
{
	struct br_disks d = two();

	EXPECT_INT(br_disks_esp(&d, 0), -1);
	two_disks[1].parttype = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
	EXPECT_INT(br_disks_esp(&d, 0), 1);
	EXPECT_INT(br_disks_esp(&d, 3), -1);
	EXPECT_INT(br_disks_esp(&d, -1), -1);
	two_disks[1].parttype = "0xef";
	EXPECT_INT(br_disks_esp(&d, 0), 1);
	two_disks[1].parttype = NULL;
	EXPECT_INT(br_disks_partition(&d, 0, 2), 2);
	EXPECT_INT(br_disks_partition(&d, 3, 2), -1);
}

BR_TEST_MAIN()
