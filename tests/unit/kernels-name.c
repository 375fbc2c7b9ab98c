/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/kernels.h"
#include "test.h"

static void expect_key(char *(*key_of)(const char *), const char *name, const char *want)
{
	br_autofree char *key = key_of(name);

	if (!br_streq(key, want))
		printf("# %s: %s\n", name, key ? key : "(none)");
	EXPECT(br_streq(key, want));
}

BR_TEST(kernels)
{
	expect_key(br_kernel_key, "vmlinuz-6.1.0-9-amd64", "6.1.0-9-amd64");
	expect_key(br_kernel_key, "vmlinuz-linux-lts", "linux-lts");
	expect_key(br_kernel_key, "vmlinuz-0-rescue-0123", "0-rescue-0123");
	expect_key(br_kernel_key, "kernel-6.6.1-gentoo", "6.6.1-gentoo");
	expect_key(br_kernel_key, "Image-5.14.21-default", "5.14.21-default");
	expect_key(br_kernel_key, "vmlinuz", NULL);
	expect_key(br_kernel_key, "vmlinuz-", NULL);
	expect_key(br_kernel_key, ".vmlinuz-5.14.0.hmac", NULL);
	expect_key(br_kernel_key, "vmlinux-6.4.0-default.gz", NULL);
	expect_key(br_kernel_key, "vmlinuz-5.14.0.hmac", NULL);
	expect_key(br_kernel_key, "vmlinuz-5.14.0.old", NULL);
	expect_key(br_kernel_key, "config-6.1.0", NULL);
}

BR_TEST(initramfs)
{
	expect_key(br_initramfs_key, "initrd.img-6.1.0-9-amd64", "6.1.0-9-amd64");
	expect_key(br_initramfs_key, "initramfs-5.14.0-1.el9.x86_64.img", "5.14.0-1.el9.x86_64");
	expect_key(br_initramfs_key, "initramfs-5.14.0-1.el9.x86_64kdump.img", "5.14.0-1.el9.x86_64");
	expect_key(br_initramfs_key, "initrd-6.4.0-1-default", "6.4.0-1-default");
	expect_key(br_initramfs_key, "initrd-6.4.0-1-default-kdump", "6.4.0-1-default");
	expect_key(br_initramfs_key, "initramfs-linux-fallback.img", "linux");
	expect_key(br_initramfs_key, "initramfs-lts", "lts");
	expect_key(br_initramfs_key, "initramfs-0-rescue-0123.img", "0-rescue-0123");
	expect_key(br_initramfs_key, "initrd.img-6.1.0-9-amd64.old-dkms", NULL);
	expect_key(br_initramfs_key, "initrd.img-6.1.0.dpkg-bak", NULL);
	expect_key(br_initramfs_key, "initrd.img", NULL);
	expect_key(br_initramfs_key, "initrd-", NULL);
	expect_key(br_initramfs_key, "intel-ucode.img", NULL);
}

BR_TEST_MAIN()
