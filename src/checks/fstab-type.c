/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver mounts what: fstab's third field against what libblkid found on the device. */
#include <string.h>

#include "checks/fstab.h"

/* A type of fstab, and the types of libblkid that its driver mounts. */
struct driver {
	const char *type;
	const char *mounts[4];
};

static const struct driver drivers[] = {
	/* The ext4 driver mounts all three; what it is told to be it refuses to be beyond. */
	{"ext4", {"ext4", "ext3", "ext2"}},
	{"ext3", {"ext3"}}, /* ext2 has not the journal it asks for */
	{"ext2", {"ext2", "ext3"}},
	{"ext4dev", {"ext4dev", "ext4"}},
	{"xfs", {"xfs"}},
	{"btrfs", {"btrfs"}},
	{"vfat", {"vfat"}},
	{"msdos", {"vfat"}},
	{"exfat", {"exfat"}},
	{"f2fs", {"f2fs"}},
	{"jfs", {"jfs"}},
	{"reiserfs", {"reiserfs"}},
	{"nilfs2", {"nilfs2"}},
	{"iso9660", {"iso9660", "udf"}}, /* discs that are both */
	{"udf", {"udf", "iso9660"}},
	{"ntfs", {"ntfs"}},
	{"ntfs3", {"ntfs"}},
	{"ntfs-3g", {"ntfs"}},
	{"hfsplus", {"hfsplus", "hfs"}},
	{"minix", {"minix"}},
	{"erofs", {"erofs"}},
	{"squashfs", {"squashfs"}},
	{"bcachefs", {"bcachefs"}},
};

static const struct driver *driver_of(const char *type, size_t len)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(drivers); i++)
		if (strlen(drivers[i].type) == len && memcmp(drivers[i].type, type, len) == 0)
			return &drivers[i];
	return NULL;
}

static bool mounts(const struct driver *d, const char *found)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(d->mounts); i++)
		if (br_streq(d->mounts[i], found))
			return true;
	return false;
}

bool br_fstab_type_is_block(const char *type)
{
	return strcmp(type, "auto") == 0 || driver_of(type, strlen(type));
}

bool br_fstab_type_refused(const char *type, const struct br_blk *b)
{
	bool known = b->type && !b->unread;

	if (!known)
		return false;
	/* Whatever the type says: a container is no file system. */
	if (b->use == BR_USE_LVM || b->use == BR_USE_LUKS || b->use == BR_USE_RAID || b->use == BR_USE_SWAP)
		return strcmp(type, "none") != 0 && strncmp(type, "fuse", 4) != 0;
	if (!*type || strcmp(type, "auto") == 0 || b->use != BR_USE_FS)
		return false;
	/* A list: the first that works. One that is not in the table may. */
	while (*type) {
		size_t n = strcspn(type, ",");
		const struct driver *d = driver_of(type, n);

		if (!d || mounts(d, b->type))
			return false;
		type += n;
		type += *type == ',';
	}
	return true;
}
