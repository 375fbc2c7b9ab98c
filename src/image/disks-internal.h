/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files behind disks.h share. The way of a fact: disks-sysfs.c lists the devices that the kernel
 * has; disks-udev.c or a child (disks-child.c, which runs disks-probe.c and lvm.c and sends what they say
 * through disks-wire.c) tells what is on them; disks.c joins both and owns the order; disks-find.c answers.
 */
#ifndef BR_DISKS_INTERNAL_H
#define BR_DISKS_INTERNAL_H

#include "image/disks.h"
#include "image/root.h"

/* A partition as the kernel has it. */
struct br_kpart {
	char *name;
	dev_t devno;
	unsigned partno;
	uint64_t start, size; /* bytes */
	bool held;            /* something is mapped on top of it */
};

/* One thing to read: a block device of /sys/block, or an image file. */
struct br_dev {
	char *name;   /* "vda", "dm-0", "disk0" */
	char *path;   /* what to open */
	dev_t devno;  /* 0: an image file */
	uint64_t size;
	unsigned sector_size;
	bool removable, named, mapped;
	bool own;     /* the root is on it, or on top of it */
	bool held;
	char *driver; /* NULL unknown */
	char *mapper; /* mapped: device-mapper's name */
	char *dm_uuid;
	struct br_strv under; /* names of the devices right below */
	struct br_strv over;  /* names of the devices on top of the whole of it */
	struct br_kpart *parts;
	size_t n_parts, cap_parts;

	struct br_blk *found; /* what is on it: itself, then its partitions; owned; NULL: not read yet */
	size_t n_found;
	char *unread;         /* why not */
};

struct br_devs {
	struct br_dev *v;
	size_t n, cap;
	bool too_many;
};

/* Where the running machine is looked at: "/", or a test's own folder. fd -1: not there. */
struct br_machine {
	struct br_root sys, udev, proc;
	char *dev; /* the folder of device nodes, "/dev" */
};

int br_machine_open(const char *folder, struct br_machine *ret) br_must_check;
void br_machine_close(struct br_machine *m);

/* Everything below /sys/block, in the order of names, bytewise. */
int br_sysfs_list(const struct br_machine *m, struct br_devs *ret) br_must_check;
/* The name of a device number, "vda3"; -ENOENT. */
int br_sysfs_name(const struct br_machine *m, dev_t devno, char **ret) br_must_check;
/* The one that is name, or has a partition of that name; -1 none. */
int br_devs_index(const struct br_devs *d, const char *name);
/* Marks all devices that the named one (a disk, partition or mapping) lies on, and itself. */
void br_devs_mark_own(struct br_devs *d, const char *name);
/* Drops what is no disk of a server (see disks.h), after those that are own or named were marked. */
void br_devs_drop_unwanted(struct br_devs *d);
/* Keeps device i where keep[i]; keep has n. */
void br_devs_keep(struct br_devs *d, const bool *keep, size_t n);
void br_devs_free(struct br_devs *d);

/* The name of the device that the root is mounted from, by its st_dev, else by mountinfo(5); -ENOENT. */
int br_root_source(const struct br_machine *m, dev_t dev, int root_fd, char **ret) br_must_check;

/* Appends a device that was read, and its partitions, to the list. */
int br_join(const struct br_machine *m, struct br_dev *d, struct br_disks *out) br_must_check;
/* When all are there: what lies on what, and which containers are wholly opened. */
int br_relate(const struct br_devs *devs, struct br_disks *out) br_must_check;

/* What udev's database knows of a disk and all of its partitions. false: not enough, it must be read. */
bool br_udev_read(const struct br_machine *m, struct br_dev *d);
/* Only the links that udev made for a device. */
void br_udev_links(const struct br_machine *m, dev_t devno, struct br_strv *ret);

/* Reads table and superblocks from an open device or file. Appends to *ret, *n: the disk, then its partitions. */
int br_probe(int fd, const struct br_dev *d, struct br_blk **ret, size_t *ret_n) br_must_check;

/*
 * Reads n devices in a child each, all at once, for at most patience seconds altogether: fills found or
 * unread of each. A child that hangs is killed and left behind.
 */
void br_children_read(struct br_dev *const *devs, size_t n, unsigned patience);

/* found as bytes for a pipe, and back; -EBADMSG for what br_wire_put cannot have made. */
void br_wire_put(struct br_str *out, const struct br_blk *blks, size_t n);
int br_wire_get(const char *buf, size_t len, struct br_blk **ret, size_t *ret_n) br_must_check;

/* libblkid's USAGE and TYPE as what a device is used for. */
enum br_blk_use br_use_of(const char *usage, const char *type);
/* \xNN as udev writes what may not stand in a link's name, undone. */
char *br_udev_unescape(const char *s);
char *br_mapper_name(const char *group, size_t len, const char *volume);
void br_blk_free(struct br_blk *b);
void br_blks_free(struct br_blk *blks, size_t n);

#endif
