/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries that name no device: an image file or a swap file of this root, a folder that the source machine's host shares. */
#include <errno.h>
#include <string.h>

#include "checks/fstab.h"
#include "image/volume.h"

/*
 * Types whose source is a share of the hypervisor. systemd takes none of them for a network file system: the mount is
 * local-fs.target's, and fails on a machine that is not offered the share.
 */
static const char *const host_types[] = {"9p", "virtiofs", "vboxsf", "vmhgfs", "fuse.vmhgfs-fuse", "prl_fs"};

/* Made anew at each boot, by whom and in time for what is not told by the root. */
static const char *const volatile_places[] = {"/dev/", "/proc/", "/run/", "/sys/", "/tmp/", "/var/run/"};

static bool one_of(const char *type, const char *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static bool is_volatile(const char *path)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(volatile_places); i++)
		if (br_starts(path, volatile_places[i]))
			return true;
	return false;
}

/* Is a file of the root what the kernel is to mount or to swap to? mount(8) puts a loop device before a regular file. */
static bool wants_file(const struct br_fstab_entry *e)
{
	size_t len;

	if (e->source[0] != '/' || is_volatile(e->source))
		return false;
	return e->swap || br_fstab_option(e, "loop", &len) || br_fstab_type_is_block(e->type);
}

static void judge_file(const struct br_image *img, const struct br_fstab_entry *e, enum br_severity harm,
                       const char *waiting, struct br_result *res)
{
	const struct br_fstab_entry *hidden;
	struct stat st;
	/* Where a link leads is not judged: it may be to a device. */
	int r = br_root_lstat(&img->root, e->source, &st);

	if (r >= 0)
		return;
	hidden = br_hidden_by(&img->root, &img->fstab, e->source);
	if (hidden) {
		br_find(res, "fstab-unknown", harm == BR_SEV_FAILED ? BR_SEV_UNKNOWN : BR_SEV_INFO, BR_FSTAB, e->line, NULL,
		        "%s for %s: it lies on %s, which is not mounted here", e->source, e->target, hidden->target);
		return;
	}
	if (r == -ENOENT || r == -ENOTDIR)
		br_find(res, "fstab-file-missing", harm, BR_FSTAB, e->line, "take the line out, or add nofail to its options",
		        "%s for %s: there is no such file: %s", e->source, e->swap ? "swap" : e->target,
		        e->swap ? "no swap" : waiting);
}

void br_fstab_judge_place(const struct br_image *img, const struct br_fstab_entry *e, enum br_severity harm,
                          const char *waiting, struct br_result *res)
{
	if (one_of(e->type, host_types, BR_ARRAY_SIZE(host_types)) && !e->netdev)
		br_find(res, "fstab-host-share", harm, BR_FSTAB, e->line, "take the line out, or add nofail to its options",
		        "%s for %s is shared by the host of the source machine (%s): %s", e->source, e->target, e->type, waiting);
	else if (wants_file(e))
		judge_file(img, e, harm, waiting, res);
	else if (e->source[0] != '/' && strcmp(e->target, "/") != 0 && strcmp(e->type, "auto") != 0 &&
	         br_fstab_type_is_block(e->type))
		br_find(res, "fstab-tag-missing", harm, BR_FSTAB, e->line, "name the device by its UUID (see blkid)",
		        "%s for %s is no device: %s", e->source, e->target, waiting);
}
