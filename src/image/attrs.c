/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>

#include "image/attrs.h"

static const struct {
	const char *path;
	enum br_attr_rule rule;
	bool folder;
} rows[] = {
	{"/etc", BR_ATTR_PUBLIC, true},
	{"/etc/passwd", BR_ATTR_PUBLIC, false},
	{"/etc/group", BR_ATTR_PUBLIC, false},
	{"/etc/shadow", BR_ATTR_SECRET, false},
	{"/etc/gshadow", BR_ATTR_SECRET, false},
	{"/etc/fstab", BR_ATTR_OWN, false},
	{"/etc/hostname", BR_ATTR_OWN, false},
	{"/etc/hosts", BR_ATTR_PUBLIC, false},
	{"/etc/resolv.conf", BR_ATTR_FLAGS, false},
	{"/etc/machine-id", BR_ATTR_PUBLIC, false},
	{"/etc/sudoers", BR_ATTR_OWN, false},
	{"/etc/ssh", BR_ATTR_OWN, true},
	{"/etc/ssh/sshd_config", BR_ATTR_OWN, false},
	{"/boot/grub/grub.cfg", BR_ATTR_OWN, false},
	{"/boot/grub2/grub.cfg", BR_ATTR_OWN, false},
	{"/root", BR_ATTR_OWN, true},
	{"/root/.ssh", BR_ATTR_OWN, true},
	{"/root/.ssh/authorized_keys", BR_ATTR_OWN, false},
};
_Static_assert(BR_ARRAY_SIZE(rows) <= BR_ATTRS_MAX, "a place for each");

int br_attr_flags(int fd, unsigned *ret)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS ? -ENOTTY : -errno;
	*ret = (unsigned)flags;
	return 0;
}

static void look(int fd, struct br_attr *a)
{
	struct statfs fs;
	struct stat st;
	unsigned flags = 0;
	int r;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0) {
		a->err = errno;
		return;
	}
	a->there = true;
	a->mode = st.st_mode & 07777;
	a->uid = st.st_uid;
	a->gid = st.st_gid;
	a->plain_modes = (unsigned long)fs.f_type != MSDOS_SUPER_MAGIC;
	r = br_attr_flags(fd, &flags);
	a->no_flags = r == -ENOTTY;
	if (r < 0 && r != -ENOTTY)
		a->err = -r;
	a->immutable = flags & FS_IMMUTABLE_FL;
	a->append = flags & FS_APPEND_FL;
}

int br_attrs_read(const struct br_root *root, struct br_attrs *ret)
{
	struct br_attrs attrs = {.n = BR_ARRAY_SIZE(rows)};
	struct stat top;
	int r = br_root_stat(root, "/", &top);

	if (r < 0)
		return r;
	attrs.root_uid = top.st_uid;
	for (size_t i = 0; i < attrs.n; i++) {
		struct br_attr *a = &attrs.v[i];
		br_autoclose int fd = -1;

		a->path = rows[i].path;
		a->rule = rows[i].rule;
		a->folder = rows[i].folder;
		r = a->folder ? br_root_dir(root, a->path, &fd) : br_root_file(root, a->path, &fd);
		if (r == 0)
			look(fd, a);
		else if (r != -ENOENT && r != -ENOTDIR && r != -ELOOP && r != -EISDIR && r != -EMEDIUMTYPE)
			a->err = -r;
	}
	*ret = attrs;
	return 0;
}
