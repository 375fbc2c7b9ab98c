/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A root that has not come, on a machine made of files. */
#include "base/str.h"
#include "missing/missing.h"
#include "test.h"
#include "tree.h"

#define VDA "pci0000:00/0000:00:05.0/virtio2"

static void cmdline(const char *text)
{
	tree_file("/proc/cmdline", text);
}

/* A disk of one partition, which udev says these words about. */
static void machine(const char *udev)
{
	tree_new();
	tree_file("/etc/initrd-release", "ID=debian\n");
	tree_file("/sys/devices/" VDA "/block/vda/dev", "253:0\n");
	tree_file("/sys/devices/" VDA "/block/vda/size", "20971520\n");
	tree_file("/sys/devices/" VDA "/block/vda/queue/logical_block_size", "512\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda3/dev", "253:3\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda3/partition", "3\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda3/start", "2048\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda3/size", "204800\n");
	tree_link("/sys/block/vda", "../devices/" VDA "/block/vda");
	tree_file("/run/udev/data/b253:0", "I:1\nE:ID_PART_TABLE_TYPE=gpt\n");
	tree_file("/run/udev/data/b253:3", udev);
	tree_folder("/dev");
}

#define EXT4 "I:1\nE:ID_FS_TYPE=ext4\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=0de1e7ed-0000-4000-8000-000000000001\n" \
	"E:ID_FS_LABEL_ENC=system\nE:ID_PART_ENTRY_UUID=aaaaaaaa-0000-4000-8000-00000000000a\n"

static int ask(struct br_missing *m)
{
	const struct br_missing_ask a = {.self = tree_dir, .machine = tree_dir};

	return br_missing_read(&a, m);
}

static const struct br_told *told(const struct br_missing *m, const char *code)
{
	for (size_t i = 0; i < m->n_told; i++)
		if (br_streq(m->told[i].code, code))
			return &m->told[i];
	return NULL;
}

static const char *fix(const struct br_missing *m, const char *code)
{
	return told(m, code) ? told(m, code)->fix : NULL;
}

static bool says(const struct br_missing *m, const char *code, const char *words)
{
	bool said = told(m, code) && strstr(told(m, code)->message, words);

	for (size_t i = 0; !said && i < m->n_told; i++)
		printf("# %s: %s\n", m->told[i].code, m->told[i].message);
	return said;
}

#define MISSING br_cleanup(br_missing_free) struct br_missing m = {0}

BR_TEST(nothing_is_asked_for)
{
	MISSING;

	machine(EXT4);
	cmdline("quiet ro\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-not-given", "no root="));
	EXPECT(!m.root_text);
}

BR_TEST(a_uuid_that_no_device_has)
{
	MISSING;

	machine(EXT4);
	cmdline("root=UUID=0de1e7ed-0000-4000-8000-000000000099 rootflags=noatime\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-not-found", "no device has it"));
	EXPECT_STR(m.flags, "noatime");
	/* Two letters of it differ. */
	EXPECT(says(&m, "nearest", "/dev/vda3 (ext4): its UUID differs in a few letters"));
	EXPECT_STR(fix(&m, "nearest"), "root=UUID=0de1e7ed-0000-4000-8000-000000000001");
}

BR_TEST(a_uuid_that_is_like_none)
{
	MISSING;

	machine(EXT4);
	cmdline("root=UUID=ffffffff-ffff-4fff-8fff-ffffffffffff\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(told(&m, "root-not-found") && !told(&m, "nearest"));
}

BR_TEST(a_tag_of_another_kind)
{
	MISSING;

	machine(EXT4);
	cmdline("root=UUID=AAAAAAAA-0000-4000-8000-00000000000A\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "nearest", "has this as its PARTUUID"));
}

BR_TEST(other_letters_count)
{
	MISSING;

	machine(EXT4);
	cmdline("root=UUID=0DE1E7ED-0000-4000-8000-000000000001\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-other-case", "vda3"));
}

BR_TEST(a_name_that_the_disk_has_here_no_more)
{
	MISSING;

	machine(EXT4);
	cmdline("root=/dev/sda3\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-not-found", "/dev/sda3"));
	EXPECT(says(&m, "nearest", "has the number of sda3 on a disk of another name"));
}

BR_TEST(the_device_is_there_and_not_mounted)
{
	MISSING;

	machine(EXT4);
	cmdline("root=LABEL=system rootfstype=xfs\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-other-type", "on it is ext4, and rootfstype= says xfs"));
	EXPECT_STR(fix(&m, "root-other-type"), "rootfstype=ext4, or none");
}

BR_TEST(no_file_system_is_known_on_it)
{
	MISSING;

	machine("I:1\nE:ID_PART_ENTRY_UUID=aaaaaaaa-0000-4000-8000-00000000000a\n");
	cmdline("root=PARTUUID=aaaaaaaa-0000-4000-8000-00000000000a\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-unknown-content", "vda3"));
}

BR_TEST(what_is_not_opened)
{
	MISSING;

	machine("I:1\nE:ID_FS_TYPE=crypto_LUKS\nE:ID_FS_USAGE=crypto\nE:ID_FS_UUID_ENC=0de1e7ed-0000-4000-8000-00000000000c\n");
	cmdline("root=UUID=0de1e7ed-0000-4000-8000-000000000001\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "luks-not-opened", "vda3"));
	EXPECT_STR(fix(&m, "luks-not-opened"), "dracut --force --add crypt, and rd.luks.uuid=0de1e7ed-0000-4000-8000-00000000000c");
}

/* What is in the initramfs is not what is missing. */
BR_TEST(what_waits_for_something_else)
{
	MISSING;

	machine("I:1\nE:ID_FS_TYPE=crypto_LUKS\nE:ID_FS_USAGE=crypto\nE:ID_FS_UUID_ENC=0de1e7ed-0000-4000-8000-00000000000c\n");
	cmdline("root=UUID=0de1e7ed-0000-4000-8000-000000000001\n");
	tree_file("/usr/lib/systemd/systemd-cryptsetup", "");
	EXPECT_INT(ask(&m), 0);
	EXPECT_STR(fix(&m, "luks-not-opened"), "its passphrase or key, where rd.luks.uuid=0de1e7ed-0000-4000-8000-00000000000c asks for it");
}

/* It may be in the encrypted volume: that is not known, and what is like it is shown all the same. */
BR_TEST(what_is_near_beside_what_is_not_opened)
{
	MISSING;

	machine(EXT4);
	tree_file("/sys/devices/" VDA "/block/vda/vda4/dev", "253:4\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda4/partition", "4\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda4/start", "206848\n");
	tree_file("/sys/devices/" VDA "/block/vda/vda4/size", "2048\n");
	tree_file("/run/udev/data/b253:4", "I:1\nE:ID_FS_TYPE=crypto_LUKS\nE:ID_FS_USAGE=crypto\nE:ID_FS_UUID_ENC=c\n");
	cmdline("root=UUID=0de1e7ed-0000-4000-8000-000000000099\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-not-found", "encrypted volume that is not opened"));
	EXPECT(says(&m, "luks-not-opened", "vda4"));
	EXPECT(says(&m, "nearest", "its UUID differs in a few letters"));
}

BR_TEST(an_array_that_is_not_assembled)
{
	MISSING;

	machine("I:1\nE:ID_FS_TYPE=linux_raid_member\nE:ID_FS_USAGE=raid\n");
	cmdline("root=/dev/md0\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "raid-not-assembled", "vda3"));
	EXPECT_STR(fix(&m, "raid-not-assembled"), "dracut --force --add mdraid, and rd.md.uuid= or rd.auto=1");
}

BR_TEST(an_array_whose_program_is_there)
{
	MISSING;

	machine("I:1\nE:ID_FS_TYPE=linux_raid_member\nE:ID_FS_USAGE=raid\n");
	cmdline("root=/dev/md0\n");
	tree_file("/sbin/mdadm", "");
	EXPECT_INT(ask(&m), 0);
	EXPECT_STR(fix(&m, "raid-not-assembled"), "rd.md.uuid= or rd.auto=1, and every member that it needs");
}

BR_TEST(the_initramfs_adds_to_the_command_line)
{
	MISSING;

	machine(EXT4);
	cmdline("quiet\n");
	tree_file("/etc/cmdline.d/95-root-dev.conf", "root=LABEL=gone rootfstype=ext4\n");
	tree_file("/etc/cmdline.d/90-other.conf", "root=LABEL=older\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT_STR(m.root_text, "LABEL=gone");
	EXPECT_STR(m.fstype, "ext4");
}

BR_TEST(the_kernels_own_word_is_the_last)
{
	MISSING;

	machine(EXT4);
	cmdline("root=LABEL=mine\n");
	tree_file("/etc/cmdline.d/95-root-dev.conf", "root=LABEL=gone\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT_STR(m.root_text, "LABEL=mine");
}

/* One that has a driver, one that wants none of ours, and one that stands there without. */
static void buses(void)
{
	tree_file("/usr/lib/bootready/modules.alias", "alias pci:v*d*sv*sd*bc01sc08i02* nvme\n"
	                                              "alias virtio:d00000002v* virtio_blk\nnonsense\nalias\n");
	tree_file("/sys/devices/pci0000:00/0000:00:04.0/modalias", "pci:v00001B36d00000010sv00001AF4sd00001100bc01sc08i02\n");
	tree_link("/sys/bus/pci/devices/0000:00:04.0", "../../../devices/pci0000:00/0000:00:04.0");
	tree_file("/sys/devices/pci0000:00/0000:00:02.0/modalias", "pci:v00001234d00001111sv00001AF4sd00001100bc03sc00i00\n");
	tree_link("/sys/bus/pci/devices/0000:00:02.0", "../../../devices/pci0000:00/0000:00:02.0");
	tree_file("/sys/devices/" VDA "/modalias", "virtio:d00000002v00001AF4\n");
	tree_link("/sys/devices/" VDA "/driver", "../../../../bus/virtio/drivers/virtio_blk");
	tree_link("/sys/bus/virtio/devices/virtio2", "../../../devices/" VDA);
}

BR_TEST(a_device_without_a_driver)
{
	MISSING;

	machine(EXT4);
	cmdline("root=UUID=ffffffff-ffff-4fff-8fff-ffffffffffff\n");
	buses();
	EXPECT_INT(ask(&m), 0);
	EXPECT_INT(m.n_unbound, 1);
	EXPECT_STR(m.n_unbound ? m.unbound[0].device : NULL, "pci 0000:00:04.0");
	EXPECT_STR(m.n_unbound ? m.unbound[0].module : NULL, "nvme");
	EXPECT(says(&m, "driver-missing", "nvme would drive it, and is not in this initramfs"));
}

BR_TEST(of_the_kernels_words_those_about_disks)
{
	MISSING;

	machine(EXT4);
	cmdline("root=LABEL=system\n");
	tree_file("/dev/kmsg", "3,510,1000,-;EXT4-fs (vda3): VFS: Can't find ext4 filesystem\n SUBSYSTEM=x\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT_INT(m.words.n, 1);
	EXPECT_STR(m.words.n ? m.words.v[0] : NULL, "EXT4-fs (vda3): VFS: Can't find ext4 filesystem");
}

BR_TEST(not_what_is_no_warning_or_about_else)
{
	static const char *const others[] = {
		"6,510,1000,-;EXT4-fs (vda3): mounted filesystem\n", "3,510,1000,-;usb 1-1: device descriptor read, error\n",
		"12,510,1000,-;mount: said a program\n", "no record\n", "",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(others); i++) {
		MISSING;

		machine(EXT4);
		cmdline("root=LABEL=system\n");
		tree_file("/dev/kmsg", others[i]);
		EXPECT_INT(ask(&m), 0);
		EXPECT_INT(m.words.n, 0);
	}
}

BR_TEST(what_drives_a_device_is_not_known)
{
	MISSING;

	machine(EXT4);
	cmdline("root=UUID=ffffffff-ffff-4fff-8fff-ffffffffffff\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(told(&m, "devices-not-looked-at"));
}

BR_TEST(modules_of_another_kernel)
{
	MISSING;

	machine(EXT4);
	cmdline("root=LABEL=system\n");
	tree_file("/usr/lib/modules/5.0.0-none/modules.dep", "");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "initramfs-other-kernel", "this initramfs has modules of 5.0.0-none"));
}

BR_TEST(a_disk_is_no_partition)
{
	MISSING;

	machine(EXT4);
	cmdline("root=/dev/vda\n");
	EXPECT_INT(ask(&m), 0);
	EXPECT(says(&m, "root-partitioned", "a whole disk with partitions on it (gpt)"));
}

BR_TEST(one_driver_of_several_types)
{
	static const char *const lists[] = {"ext4", "xfs,ext4", "auto", "ext3,ext4"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(lists); i++) {
		br_autofree char *line = br_format("root=UUID=0de1e7ed-0000-4000-8000-000000000001 rootfstype=%s\n", lists[i]);
		MISSING;

		machine("I:1\nE:ID_FS_TYPE=ext3\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=0de1e7ed-0000-4000-8000-000000000001\n");
		cmdline(line);
		EXPECT_INT(ask(&m), 0);
		EXPECT(told(&m, "root-not-mounted") && !told(&m, "root-other-type"));
	}
}

BR_TEST(both_forms_hold_all_of_it)
{
	MISSING;
	char *text = NULL;
	size_t len;
	FILE *f;

	machine(EXT4);
	cmdline("root=UUID=ffffffff-ffff-4fff-8fff-ffffffffffff\n");
	buses();
	EXPECT_INT(ask(&m), 0);
	m.after = 30;
	for (int json = 0; json < 2; json++) {
		f = open_memstream(&text, &len);
		EXPECT_INT(br_missing_write(&m, json, f), 0);
		fclose(f);
		EXPECT(strstr(text, "ffffffff-ffff-4fff-8fff-ffffffffffff") && strstr(text, "driver-missing"));
		EXPECT(strstr(text, "vda3") && strstr(text, "nvme") && strstr(text, "30"));
		EXPECT(json ? strstr(text, "\"bootready-missing/1\"") : strstr(text, "\nbootready: NO ROOT\n"));
		free(text);
	}
}

BR_TEST_MAIN()
