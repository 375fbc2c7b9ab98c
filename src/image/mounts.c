/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libmount/libmount.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "image/mounts.h"

static bool is_below(const char *target, const char *under)
{
	size_t n = strlen(under);

	while (n > 1 && under[n - 1] == '/')
		n--;
	if (n == 1)
		return true;
	return strncmp(target, under, n) == 0 && (target[n] == '\0' || target[n] == '/');
}

static bool same_path(const char *target, const char *under)
{
	return is_below(target, under) && is_below(under, target);
}

static bool is_of(struct libmnt_fs *fs, const struct br_blk *blk)
{
	const char *source = mnt_fs_get_source(fs);

	if (blk->devno && mnt_fs_get_devno(fs) == blk->devno)
		return true;
	if (br_streq(source, blk->path))
		return true;
	return source && blk->mapper && br_starts(source, "/dev/mapper/") &&
	       strcmp(source + strlen("/dev/mapper/"), blk->mapper) == 0;
}

int br_mount_find(const struct br_blk *blk, const char *under, bool exact, struct br_mount *ret)
{
	struct libmnt_table *tb = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_iter *it = mnt_new_iter(MNT_ITER_BACKWARD);
	struct br_mount m = {0};
	struct libmnt_fs *fs;

	while (tb && it && (!m.target || m.subroot) && mnt_table_next_fs(tb, it, &fs) == 0) {
		const char *target = mnt_fs_get_target(fs), *root = mnt_fs_get_root(fs);

		/* The root of an image file is mounted from a loop device, which is none of the disks. */
		if (!target || !(is_of(fs, blk) || (exact && !blk->devno)) ||
		    !(exact ? same_path(target, under) : is_below(target, under)))
			continue;
		/* A bind mount of a part is no better than the whole, where that is mounted too. */
		if (!exact && root && strcmp(root, "/") != 0 && m.target)
			continue;
		br_mount_free(&m);
		m.target = strdup(target);
		m.subroot = root && strcmp(root, "/") != 0 ? strdup(root) : NULL;
	}
	mnt_free_iter(it);
	mnt_unref_table(tb);
	if (!m.target)
		return -ENOENT;
	*ret = m;
	return 0;
}

bool br_mount_has_option(dev_t dev, const char *option)
{
	struct libmnt_table *tb = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_iter *it = mnt_new_iter(MNT_ITER_BACKWARD);
	struct libmnt_fs *fs;
	bool has = false;

	while (tb && it && !has && mnt_table_next_fs(tb, it, &fs) == 0)
		has = mnt_fs_get_devno(fs) == dev && mnt_fs_match_options(fs, option) == 1;
	mnt_free_iter(it);
	mnt_unref_table(tb);
	return has;
}

void br_mount_free(struct br_mount *m)
{
	free(m->target);
	free(m->subroot);
	*m = (struct br_mount){0};
}

dev_t br_mount_device(const char *at)
{
	struct libmnt_table *tb = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_fs *fs = tb ? mnt_table_find_target(tb, at, MNT_ITER_BACKWARD) : NULL;
	const char *source = fs ? mnt_fs_get_source(fs) : NULL;
	struct stat st;
	dev_t dev = 0;

	if (source && source[0] == '/' && stat(source, &st) == 0 && S_ISBLK(st.st_mode))
		dev = st.st_rdev;
	mnt_unref_table(tb);
	return dev;
}
