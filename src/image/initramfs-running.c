/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running initramfs, from its own "/": the folders that later questions are about, not the whole of
 * it, for an lstat of every file costs more than the rest of the program.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "image/initramfs-internal.h"

#define DEPTH_MAX 32

struct runner {
	const struct br_root *self;
	struct br_tree tree;
	struct br_keep keep;
	dev_t dev;
};

/* Everything below them is listed; of the other names only those that tell who made it. */
static const char *const folders[] = {
	"conf",
	"cryptroot",
	"etc/cmdline.d",
	"etc/lvm",
	"etc/mdadm",
	"etc/modprobe.d",
	"etc/modules-load.d",
	"lib/dracut",
	"lib/modprobe.d",
	"lib/modules",
	"run/modprobe.d",
	"usr/lib/dracut",
	"usr/lib/modprobe.d",
	"usr/lib/modules",
	"usr/lib/modules-load.d",
	"var/lib/dracut",
};
static const char *const files[] = {
	"bin/kmod",           "buildconfig",     "config",      "erofs-root.img",
	"etc/booster.init.yaml", "etc/cmdline",  "etc/crypttab", "etc/fstab",
	"etc/initrd-release", "etc/mdadm.conf",  "etc/multipath.conf", "init",
	"sbin/modprobe",      "squash-root.img", "squashfs-root.img", "usr/bin/kmod",
	"usr/lib/initrd-release", "usr/sbin/modprobe",
	"etc/systemd/system/systemd-repart.service",
	"usr/lib/systemd/system/initrd-root-fs.target.wants/systemd-repart.service",
};

static int keep_file(struct runner *r, const char *path, const struct stat *st)
{
	const struct br_cpio_entry e = {.mode = st->st_mode, .nlink = 1, .size = (uint64_t)st->st_size};
	br_autoblob struct br_blob b = {0};
	br_autofree char *full = br_format("/%s", path);
	int n;

	if (!full)
		return -ENOMEM;
	n = br_keep_begin(&r->keep, path, &e);
	if (n < 0 || !r->keep.collecting)
		return n;
	r->keep.collecting = false;
	n = br_root_read(r->self, full, (size_t)st->st_size, &b);
	if (n == -ENOMEM)
		return n;
	return n < 0 ? 0 : br_keep_put(&r->keep, path, &b);
}

static int add_path(struct runner *r, const char *path, struct stat *st)
{
	br_autofree char *full = br_format("/%s", path), *target = NULL;
	char final[BR_PATH_MAX + 1];
	int n;

	if (!full)
		return -ENOMEM;
	if (br_root_lstat(r->self, full, st) < 0)
		return 0;
	/* On overlayfs (dracut's squash modules) only folders have the device of the whole. */
	if (S_ISDIR(st->st_mode) && st->st_dev != r->dev)
		return 0;
	if (S_ISLNK(st->st_mode) && br_root_readlink(r->self, full, &target) < 0)
		return 0;
	n = br_tree_add(&r->tree, path, st->st_mode, target, final);
	if (n > 0 && S_ISREG(st->st_mode))
		n = keep_file(r, final, st);
	else if (n > 0)
		n = S_ISDIR(st->st_mode) ? 1 : 0;
	return n;
}

static int add_below(struct runner *r, const char *dir, unsigned depth)
{
	br_autostrv struct br_strv names = {0};
	br_autofree char *full = br_format("/%s", dir);
	int n = full ? br_root_list(r->self, full, &names) : -ENOMEM;

	if (n < 0 || depth > DEPTH_MAX)
		return n == -ENOMEM ? n : 0;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *path = br_format("%s/%s", dir, names.v[i]);
		struct stat st;

		n = path ? add_path(r, path, &st) : -ENOMEM;
		if (n > 0)
			n = add_below(r, path, depth + 1);
		if (n < 0)
			return n;
	}
	return 0;
}

/*
 * The folders on the way to path, and path itself: 1 when it is a folder to list. Not beyond a link:
 * where "lib" is one, what it holds is listed by its own name.
 */
static int add_way(struct runner *r, const char *path)
{
	const char *end = path;
	struct stat st;

	for (;; end++) {
		br_autofree char *part = NULL;
		int n;

		end = strchrnul(end, '/');
		part = strndup(path, (size_t)(end - path));
		n = part ? add_path(r, part, &st) : -ENOMEM;
		if (n <= 0 || !*end)
			return n;
	}
}

static int read_running(struct runner *r)
{
	struct stat st;
	int n = br_root_stat(r->self, "/", &st);

	if (n < 0)
		return n;
	r->dev = st.st_dev;
	for (size_t i = 0; i < BR_ARRAY_SIZE(files); i++)
		if ((n = add_way(r, files[i])) < 0)
			return n;
	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		n = add_way(r, folders[i]);
		if (n > 0)
			n = add_below(r, folders[i], 0);
		if (n < 0)
			return n;
	}
	return 0;
}

int br_initramfs_read_running(const struct br_root *self, struct br_initramfs *ret)
{
	br_autoinitramfs struct br_initramfs i = {0};
	struct runner r = {.self = self};
	int n;

	br_keep_init(&r.keep);
	n = br_tree_init(&r.tree);
	if (!n)
		n = read_running(&r);
	if (!n)
		n = br_initramfs_settle(&i, &r.tree, &r.keep);
	br_tree_free(&r.tree);
	br_keep_free(&r.keep);
	if (n < 0)
		return n;
	*ret = i;
	i = (struct br_initramfs){0};
	return 0;
}
