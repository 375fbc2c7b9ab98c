/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libmount/libmount.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/str.h"
#include "image/fsstate.h"
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

/* How to mount a type so that nothing is written, not even a journal's replay (mount(8), by type). */
static const struct {
	const char *type, *driver, *options;
} read_only[] = {
	{"ext4", "ext4", "noload"},  {"ext3", "ext4", "noload"},          {"ext2", "ext4", "noload"},
	{"xfs", "xfs", "norecovery"}, {"btrfs", "btrfs", "rescue=nologreplay"}, {"btrfs", "btrfs", "nologreplay"}, {"vfat", "vfat", ""},
};

int br_mount_private(const char *at)
{
	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	/* EINVAL: the root is no mount point; then there is nothing to propagate. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 && errno != EINVAL)
		return -errno;
	(void)mkdir("/run/initramfs", 0755);
	(void)mkdir(BR_MOUNT_DIR, 0755);
	if (mkdir(at, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (mount("bootready", at, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700,size=64k") < 0)
		return -errno;
	return 0;
}

int br_mount_read_only(const struct br_disks *d, int index, const char *at)
{
	const struct br_blk *blk = &d->blk[index];
	struct br_fsstate state;
	int r = br_fsstate_read(d, index, &state);

	if (r < 0 || state.orphans)
		return r < 0 ? r : -EUCLEAN;
	r = -EPROTONOSUPPORT;

	for (size_t i = 0; i < BR_ARRAY_SIZE(read_only); i++) {
		if (!br_streq(read_only[i].type, blk->type))
			continue;
		if (mkdir(at, 0700) < 0 && errno != EEXIST)
			return -errno;
		if (mount(blk->path, at, read_only[i].driver, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		          read_only[i].options) == 0)
			return 0;
		r = -errno;
		if (r != -EINVAL) /* else a kernel that spells the option otherwise */
			return r;
	}
	return r;
}
