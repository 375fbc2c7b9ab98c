/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sources: statfs(2) for the magic numbers; proc(5) for mountinfo; the ext4 superblock in the kernel's
 * Documentation/filesystems/ext4/super.rst (s_state at 0x3a, s_feature_incompat at 0x60).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

static unsigned long mount_flags(unsigned long st)
{
	static const struct {
		unsigned long st, ms;
	} map[] = {
		{ST_RDONLY, MS_RDONLY},   {ST_NOSUID, MS_NOSUID},   {ST_NODEV, MS_NODEV},
		{ST_NOEXEC, MS_NOEXEC},   {ST_NOATIME, MS_NOATIME}, {ST_NODIRATIME, MS_NODIRATIME},
		{ST_SYNCHRONOUS, MS_SYNCHRONOUS}, {ST_MANDLOCK, MS_MANDLOCK}, {4096 /* ST_RELATIME */, MS_RELATIME},
	};
	unsigned long flags = 0;

	for (size_t i = 0; i < BR_ARRAY_SIZE(map); i++)
		if (st & map[i].st)
			flags |= map[i].ms;
	return flags;
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
	int r;

	if (statfs(dir, &fs) < 0 || statvfs(dir, &vfs) < 0 || stat(dir, &st) < 0)
		return -errno;
	*ret = (struct br_rootfs){
		.read_only = vfs.f_flag & ST_RDONLY,
		.flags = mount_flags(vfs.f_flag),
	};
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
