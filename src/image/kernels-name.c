/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pure text: which kernel a file in /boot is, or is for. */
#include <string.h>

#include "image/kernels.h"

static const char *const kernel_prefixes[] = {"vmlinuz-", "kernel-", "bzImage-", "Image-"};

/* Signatures and sums beside a kernel, and copies that package managers and people put aside. */
static const char *const not_it[] = {
	".hmac", ".sig", ".asc",      ".sha256", ".sha512", ".gz",      ".bak",      ".old",      ".orig",
	".new",  ".tmp", ".dpkg-bak", ".rpmnew", ".rpmsave", ".dpkg-new", ".dpkg-tmp", ".old-dkms", "~",
};

const char *const br_initramfs_names[] = {
	"initrd.img-%s", "initramfs-%s.img", "initrd-%s", "initrd-%s.img", "initramfs-%s", NULL,
};

static const struct {
	const char *before, *after;
} initramfs_names[] = {
	{"initrd.img-", ""}, {"initramfs-", ".img"}, {"initramfs-", ""}, {"initrd-", ".img"}, {"initrd-", ""},
};

static bool is_aside(const char *name)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(not_it); i++)
		if (br_ends(name, not_it[i]))
			return true;
	return false;
}

char *br_kernel_key(const char *name)
{
	if (is_aside(name))
		return NULL;
	for (size_t i = 0; i < BR_ARRAY_SIZE(kernel_prefixes); i++) {
		size_t n = strlen(kernel_prefixes[i]);

		if (br_starts(name, kernel_prefixes[i]) && name[n])
			return strdup(name + n);
	}
	return NULL;
}

/* kdump's and mkinitcpio's second initramfs of the same kernel. */
static size_t without_purpose(const char *key, size_t n)
{
	static const char *const ends[] = {"-kdump", "kdump", "-fallback"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(ends); i++) {
		size_t len = strlen(ends[i]);

		if (n > len && memcmp(key + n - len, ends[i], len) == 0)
			return n - len;
	}
	return n;
}

char *br_initramfs_key(const char *name)
{
	if (is_aside(name))
		return NULL;
	for (size_t i = 0; i < BR_ARRAY_SIZE(initramfs_names); i++) {
		const char *key = name + strlen(initramfs_names[i].before);

		if (!br_starts(name, initramfs_names[i].before) || !br_ends(key, initramfs_names[i].after) || !*key)
			continue;
		return strndup(key, without_purpose(key, strlen(key) - strlen(initramfs_names[i].after)));
	}
	return NULL;
}
