/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sources: statfs(2) for the magic numbers; proc(5) for mountinfo; the ext4 superblock in the kernel's
 * Documentation/filesystems/ext4/super.rst (s_state at 0x3a, s_feature_incompat at 0x60).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libmount/libmount.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "base/num.h"
#include "base/str.h"
#include "rootfs.h"

#define EXT_SB_OFFSET   1024
#define EXT_MAGIC       0xef53
#define EXT_STATE_ERROR 0x0002
#define EXT_NEEDS_RECOVERY 0x0004

static const struct {
	uint32_t magic;
	const char *name;
} unfit[] = {
	{0x794c7630, "overlay"}, {0x01021994, "tmpfs"},      {0x858458f6, "ramfs"},
	{0x73717368, "squashfs"}, {0xe0f5e1e2, "erofs"},     {0x9660, "iso9660"},
	{0x61756673, "aufs"},    {0x28cd3d45, "cramfs"},     {0x6969, "nfs"},
};

/* A mount's options by name, as mountinfo shows them; lazytime and the like stand with the file system's. */
static unsigned long flags_of(const char *options)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} map[] = {
		{"ro", MS_RDONLY},           {"nosuid", MS_NOSUID},         {"nodev", MS_NODEV},
		{"noexec", MS_NOEXEC},       {"noatime", MS_NOATIME},       {"nodiratime", MS_NODIRATIME},
		{"relatime", MS_RELATIME},   {"sync", MS_SYNCHRONOUS},      {"dirsync", MS_DIRSYNC},
		{"mand", MS_MANDLOCK},       {"lazytime", 1UL << 25},       {"nosymfollow", 256},
	};
	unsigned long flags = 0;

	for (size_t i = 0; options && i < BR_ARRAY_SIZE(map); i++)
		if (mnt_optstr_get_option(options, map[i].name, NULL, NULL) == 0)
			flags |= map[i].flag;
	return flags;
}

/* The flags to remount with, and whether mount and superblock are read-only. -ENOENT: no such mount. */
static int look_at_mount(const char *dir, struct br_rootfs *ret, bool *ret_super_ro)
{
	struct libmnt_table *tb = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_fs *fs = tb ? mnt_table_find_target(tb, dir, MNT_ITER_BACKWARD) : NULL;
	int r = fs ? 0 : -ENOENT;

	if (fs) {
		unsigned long mount = flags_of(mnt_fs_get_vfs_options(fs)), super = flags_of(mnt_fs_get_fs_options(fs));

		ret->flags = mount | (super & ~(unsigned long)MS_RDONLY);
		if (!(mount & (MS_NOATIME | MS_RELATIME)))
			ret->flags |= MS_STRICTATIME;
		ret->read_only = mount & MS_RDONLY;
		*ret_super_ro = super & MS_RDONLY;
	}
	mnt_unref_table(tb);
	return r;
}

/* The device of the mount point's file system, by its number: a node of our own is not needed. */
static int open_device(dev_t dev)
{
	char link[64], path[256], target[192];
	ssize_t n;
	const char *name;

	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(dev), minor(dev));
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	name = strrchr(target, '/');
	snprintf(path, sizeof(path), "/dev/%s", name ? name + 1 : target);
	n = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return n < 0 ? -errno : (int)n;
}

static int look_at_device(int fd, uint32_t magic, char **ret_why)
{
	unsigned char sb[1024];
	int ro = 0;

	if (ioctl(fd, BLKROGET, &ro) == 0 && ro) {
		*ret_why = br_format("its device is read-only");
		return -EROFS;
	}
	if (magic != EXT_MAGIC)
		return 0;
	if (pread(fd, sb, sizeof(sb), EXT_SB_OFFSET) != sizeof(sb) || br_le16(sb + 0x38) != EXT_MAGIC) {
		*ret_why = br_format("its superblock cannot be read");
		return -EIO;
	}
	if (br_le16(sb + 0x3a) & EXT_STATE_ERROR) {
		*ret_why = br_format("its superblock records errors");
		return -EUCLEAN;
	}
	return 0;
}

/* "noload" and "norecovery" in the mount's options: its journal was not replayed. */
static bool journal_skipped(const char *dir)
{
	br_autofclose FILE *f = fopen("/proc/self/mounts", "re");
	br_autofree char *line = NULL;
	size_t cap = 0;
	bool skipped = false;

	while (f && getline(&line, &cap, f) > 0) {
		char where[512], options[1024];

		if (sscanf(line, "%*s %511s %*s %1023s", where, options) != 2 || strcmp(where, dir) != 0)
			continue;
		skipped = false; /* the last mount on a folder is the one that is seen */
		for (char *save = NULL, *o = strtok_r(options, ",", &save); o; o = strtok_r(NULL, ",", &save))
			skipped |= br_streq(o, "noload") || br_streq(o, "norecovery") ||
			           br_streq(o, "nologreplay") || br_streq(o, "rescue=nologreplay");
	}
	return skipped;
}

int br_rootfs_look(const char *dir, bool may_remount, struct br_rootfs *ret, char **ret_why)
{
	br_autoclose int fd = -1;
	struct statfs fs;
	struct statvfs vfs;
	struct stat st;
	bool super_ro = false;
	int r;

	if (statfs(dir, &fs) < 0 || statvfs(dir, &vfs) < 0 || stat(dir, &st) < 0)
		return -errno;
	*ret = (struct br_rootfs){.read_only = vfs.f_flag & ST_RDONLY};
	if (may_remount)
		for (size_t i = 0; i < BR_ARRAY_SIZE(unfit); i++)
			if ((uint32_t)fs.f_type == unfit[i].magic) {
				*ret_why = br_format("a root on %s cannot keep it", unfit[i].name);
				return -EOPNOTSUPP;
			}
	if (!ret->read_only)
		return 0;
	if (!may_remount) {
		*ret_why = br_format("it is mounted read-only");
		return -EROFS;
	}
	r = look_at_mount(dir, ret, &super_ro);
	if (r < 0 || !ret->read_only || !super_ro) {
		/* To change the superblock's flag would change every other mount of it. */
		*ret_why = br_format("it is a read-only mount of a file system that is writable elsewhere");
		return -EROFS;
	}
	if (journal_skipped(dir)) {
		*ret_why = br_format("its journal was not replayed");
		return -EROFS;
	}
	fd = open_device(st.st_dev);
	if (fd < 0)
		return 0; /* no block device of its own (btrfs, network): the remount itself will tell */
	r = look_at_device(fd, (uint32_t)fs.f_type, ret_why);
	return r;
}
