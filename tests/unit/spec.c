/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/disks-internal.h"
#include "test.h"

static const struct {
	const char *text;
	enum br_spec_kind kind;
	const char *value;
} cases[] = {
	{"UUID=9cc84cb5-4310-4517-a07d-a4eca0aa7485", BR_SPEC_UUID, "9cc84cb5-4310-4517-a07d-a4eca0aa7485"},
	{"UUID=\"ABCD-1234\"", BR_SPEC_UUID, "ABCD-1234"},
	{"UUID='x'", BR_SPEC_UUID, "x"},
	{"UUID=\"", BR_SPEC_UUID, "\""},
	{"UUID=", BR_SPEC_UUID, ""},
	{"uuid=1", BR_SPEC_OTHER, "uuid=1"},
	{"LABEL=cloudimg-rootfs", BR_SPEC_LABEL, "cloudimg-rootfs"},
	{"LABEL=a b", BR_SPEC_LABEL, "a b"},
	{"PARTUUID=1234-01", BR_SPEC_PARTUUID, "1234-01"},
	{"PARTLABEL=root", BR_SPEC_PARTLABEL, "root"},
	{"ID=virtio-1", BR_SPEC_BY_ID, "virtio-1"},
	{"/dev/disk/by-uuid/ABCD-1234", BR_SPEC_UUID, "ABCD-1234"},
	{"/dev/disk/by-label/a\\x20b\\x2fc", BR_SPEC_LABEL, "a b/c"},
	{"/dev/disk/by-label/a\\x2", BR_SPEC_LABEL, "a\\x2"},
	{"/dev/disk/by-label/a\\xzz", BR_SPEC_LABEL, "a\\xzz"},
	{"/dev/disk/by-partuuid/1-2", BR_SPEC_PARTUUID, "1-2"},
	{"/dev/disk/by-partlabel/EFI\\x20System", BR_SPEC_PARTLABEL, "EFI System"},
	{"/dev/disk/by-id/virtio-123-part1", BR_SPEC_BY_ID, "virtio-123-part1"},
	{"/dev/disk/by-id/dm-name-vg-root", BR_SPEC_MAPPER, "vg-root"},
	{"/dev/disk/by-path/pci-0000:00:05.0-part3", BR_SPEC_BY_PATH, "pci-0000:00:05.0-part3"},
	{"/dev/disk/cloud/azure_resource-part1", BR_SPEC_DEV_OTHER, "disk/cloud/azure_resource-part1"},
	{"/dev/sda1", BR_SPEC_KERNEL_NAME, "sda1"},
	{"/dev//sda1", BR_SPEC_KERNEL_NAME, "sda1"},
	{"/dev/./sda1", BR_SPEC_KERNEL_NAME, "sda1"},
	{"/dev/sdaa12", BR_SPEC_KERNEL_NAME, "sdaa12"},
	{"/dev/vdb", BR_SPEC_KERNEL_NAME, "vdb"},
	{"/dev/xvda1", BR_SPEC_KERNEL_NAME, "xvda1"},
	{"/dev/hda", BR_SPEC_KERNEL_NAME, "hda"},
	{"/dev/dasda1", BR_SPEC_KERNEL_NAME, "dasda1"},
	{"/dev/nvme0n1p2", BR_SPEC_KERNEL_NAME, "nvme0n1p2"},
	{"/dev/nvme0c1n1", BR_SPEC_KERNEL_NAME, "nvme0c1n1"},
	{"/dev/mmcblk0p1", BR_SPEC_KERNEL_NAME, "mmcblk0p1"},
	{"/dev/cciss/c0d0p1", BR_SPEC_KERNEL_NAME, "cciss/c0d0p1"},
	{"/dev/sda1x", BR_SPEC_DEV_OTHER, "sda1x"},
	{"/dev/sd1", BR_SPEC_DEV_OTHER, "sd1"},
	{"/dev/nvme-fabrics", BR_SPEC_DEV_OTHER, "nvme-fabrics"},
	{"/dev/sr0", BR_SPEC_DEV_OTHER, "sr0"},
	{"/dev/root", BR_SPEC_DEV_OTHER, "root"},
	{"/dev/mapper/vg--a-root", BR_SPEC_MAPPER, "vg--a-root"},
	{"/dev/rhel/root", BR_SPEC_MAPPER, "rhel-root"},
	{"/dev/my-vg/ro-ot", BR_SPEC_MAPPER, "my--vg-ro--ot"},
	{"/dev/dm-0", BR_SPEC_MAPPER, "dm-0"},
	{"/dev/dm-x", BR_SPEC_DEV_OTHER, "dm-x"},
	{"/dev/a/b/c", BR_SPEC_DEV_OTHER, "a/b/c"},
	{"/dev/zvol/tank", BR_SPEC_DEV_OTHER, "zvol/tank"},
	{"/dev/md0", BR_SPEC_MD, "md0"},
	{"/dev/md_d0p1", BR_SPEC_MD, "md_d0p1"},
	{"/dev/md127p2", BR_SPEC_MD, "md127p2"},
	{"/dev/md/home", BR_SPEC_MD, "md/home"},
	{"/dev/mdx", BR_SPEC_DEV_OTHER, "mdx"},
	{"tmpfs", BR_SPEC_OTHER, "tmpfs"},
	{"server:/export", BR_SPEC_OTHER, "server:/export"},
	{"/swapfile", BR_SPEC_OTHER, "/swapfile"},
	{"/device/sda1", BR_SPEC_OTHER, "/device/sda1"},
	{"", BR_SPEC_OTHER, ""},
};

BR_TEST(kinds_and_values)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		br_autospec struct br_spec s = {0};

		EXPECT_INT(br_spec_parse(cases[i].text, &s), 0);
		if (s.kind != cases[i].kind)
			printf("# %s\n", cases[i].text);
		EXPECT_INT(s.kind, cases[i].kind);
		EXPECT_STR(s.value, cases[i].value);
	}
}

BR_TEST_MAIN()
