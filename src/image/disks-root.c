/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which device the root is mounted from: st_dev, and proc(5)'s mountinfo where that is no device's. */
#include <errno.h>
#include <sys/sysmacros.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/disks-internal.h"
#include "image/fstab-internal.h"

#define MOUNTINFO_MAX (4 * BR_MIB)

int br_machine_open(const char *folder, struct br_machine *ret)
{
	br_autofree char *sys = br_format("%s/sys", folder), *udev = br_format("%s/run/udev/data", folder);
	br_autofree char *proc = br_format("%s/proc", folder);
	struct br_machine m = {.sys = {.fd = -1}, .udev = {.fd = -1}, .proc = {.fd = -1}};

	m.dev = br_format("%s/dev", folder);
	if (!sys || !udev || !proc || !m.dev) {
		free(m.dev);
		return -ENOMEM;
	}
	/* Each may be absent: what it would tell is then not known. */
	if (br_root_open(&m.sys, sys) < 0)
		m.sys.fd = -1;
	if (br_root_open(&m.udev, udev) < 0)
		m.udev.fd = -1;
	if (br_root_open(&m.proc, proc) < 0)
		m.proc.fd = -1;
	*ret = m;
	return 0;
}

void br_machine_close(struct br_machine *m)
{
	br_root_close(&m->sys);
	br_root_close(&m->udev);
	br_root_close(&m->proc);
	free(m->dev);
	m->dev = NULL;
}

/* The mount id that /proc/self/fdinfo shows since kernel 3.15; -1 before. */
static int64_t mount_id(const struct br_machine *m, int fd)
{
	br_autoblob struct br_blob blob = {0};
	char path[64], *line;
	uint64_t id;

	snprintf(path, sizeof(path), "/self/fdinfo/%d", fd);
	if (br_root_read(&m->proc, path, BR_CONFIG_MAX, &blob) < 0)
		return -1;
	line = strstr(blob.data, "mnt_id:");
	if (!line)
		return -1;
	line += strlen("mnt_id:");
	line += strspn(line, " \t");
	return br_parse_uint(line, strcspn(line, "\n"), 10, 0, INT32_MAX, &id) < 0 ? -1 : (int64_t)id;
}

/*
 * The source of a line "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" if
 * it is the mount of that id, or without an id of that device number.
 */
static char *source_of(const char *line, int64_t id, dev_t dev)
{
	br_autostrv struct br_strv words = {0};
	br_autofree char *number = br_format("%u:%u", major(dev), minor(dev));
	uint64_t got;
	size_t i;

	br_strv_split(&words, line, " ");
	if (words.oom || !number || words.n < 9 ||
	    br_parse_uint(words.v[0], strlen(words.v[0]), 10, 0, INT32_MAX, &got) < 0)
		return NULL;
	if (id >= 0 ? (int64_t)got != id : strcmp(words.v[2], number) != 0)
		return NULL;
	for (i = 6; i < words.n && strcmp(words.v[i], "-") != 0; i++)
		;
	return i + 2 < words.n ? br_unmangle(words.v[i + 2], strlen(words.v[i + 2])) : NULL;
}

static char *mount_source(const struct br_machine *m, dev_t dev, int fd)
{
	int64_t id = fd >= 0 ? mount_id(m, fd) : -1;
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};
	char *source = NULL;

	if (br_root_read(&m->proc, "/self/mountinfo", MOUNTINFO_MAX, &blob) < 0)
		return NULL;
	br_strv_split(&lines, blob.data, "\n");
	for (size_t i = 0; i < lines.n && !source; i++)
		source = source_of(lines.v[i], id, dev);
	return source;
}

/* "vda3" of "/dev/vda3", "dm-0" of "/dev/mapper/vg-root": by name in /dev, never opened. */
static int device_name(const struct br_machine *m, const char *source, char **ret)
{
	br_autofree char *node = NULL;
	struct stat st;

	if (!br_starts(source, "/dev/"))
		return -ENOENT;
	node = br_format("%s/%s", m->dev, source + strlen("/dev/"));
	if (!node)
		return -ENOMEM;
	if (stat(node, &st) == 0 && S_ISBLK(st.st_mode) && br_sysfs_name(m, st.st_rdev, ret) == 0)
		return 0;
	if (strchr(source + strlen("/dev/"), '/'))
		return -ENOENT;
	*ret = strdup(source + strlen("/dev/"));
	return *ret ? 0 : -ENOMEM;
}

int br_root_source(const struct br_machine *m, dev_t dev, int root_fd, char **ret)
{
	br_autofree char *source = NULL;

	if (major(dev) && br_sysfs_name(m, dev, ret) == 0)
		return 0;
	if (!dev && root_fd < 0)
		return -ENOENT;
	source = mount_source(m, dev, root_fd);
	return source ? device_name(m, source, ret) : -ENOENT;
}
