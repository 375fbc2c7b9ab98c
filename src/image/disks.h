/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The machine's disks: block devices, partition tables, file systems and their tags, by libblkid, and the
 * answer to "what does this device specification name?".
 *
 * Tables and superblocks are read from the whole disk by offset, never through partition nodes: the same
 * code serves a disk of the running kernel and an image file. The root's own disk is read first. Other
 * disks (live, preboot) are taken from udev's database (/run/udev/data) where it has them, else read by a
 * child that may hang without holding us. Floppies, drives without medium, loop, ram, zram, empty devices
 * and the paths below a multipath map are left out. Sources: sysfs-block ABI, udev's database format as in
 * systemd's sd-device, libblkid's documentation.
 */
#ifndef BR_DISKS_H
#define BR_DISKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/macro.h"
#include "base/str.h"

enum br_blk_kind {
	BR_BLK_DISK,
	BR_BLK_PART,
	BR_BLK_MAPPED, /* device-mapper or md, from /sys/block (live, preboot) */
	BR_BLK_VOLUME, /* a logical volume that nobody opened, read where the group's metadata says it lies */
};

enum br_blk_use {
	BR_USE_NONE = 0, /* nothing recognised */
	BR_USE_FS,
	BR_USE_SWAP,
	BR_USE_LVM,  /* physical volume */
	BR_USE_RAID, /* md member */
	BR_USE_LUKS,
	BR_USE_OTHER, /* some other container: bcache, zfs member, ... */
};

struct br_blk {
	enum br_blk_kind kind;
	char *name;             /* "vda3", "dm-0"; for an image file "disk0", "disk0p3" */
	char *path;             /* "/dev/vda3", "/dev/dm-0", or the image file */
	char *mapper;           /* BR_BLK_MAPPED and _VOLUME: the /dev/mapper name, "vg-root"; else NULL */
	dev_t devno;            /* 0 for image files */
	int disk;               /* index of the disk it lies on (itself for a disk); -1 unknown or several */
	unsigned partno;        /* partition number, 0 for none */
	uint64_t start, size;   /* bytes; of a volume in several pieces those of the first */
	uint64_t whole;         /* bytes of all of a volume that lies in several pieces; 0: size is all of it */
	unsigned sector_size;   /* logical, of a disk; 512 where unknown */
	enum br_blk_use use;
	char *type;             /* libblkid's TYPE: "ext4", "LVM2_member"; NULL: none */
	char *uuid, *label;     /* of the file system; NULL: none */
	char *subuuid;          /* of this one member of a file system over several devices (btrfs); NULL */
	char *partuuid, *partlabel, *parttype; /* of the partition; parttype as GUID or "0x83" */
	char *pttype, *ptuuid;  /* of a disk: "gpt", "dos" */
	uint64_t fs_size;       /* libblkid's FSSIZE-like last block * size where known, else 0 */
	char *driver;           /* of a disk: "virtio_blk", "nvme", "sd" ...; NULL unknown */
	bool opened;            /* of a container: all that it holds is mapped and in this list too */
	bool removable;
	bool named;             /* given with --disk: it travels with the image */
	bool own;               /* lies on a disk that the root is on */
	size_t *under;          /* of what is mapped: the devices right below it, n_under indexes; owned */
	size_t n_under;
	bool partial;           /* more is below it than under shows */
	struct br_strv lvs;     /* BR_USE_LVM: the visible volumes of its group, as mapper names: "vg-root" */
	bool lvs_read;          /* the group's metadata could be read: lvs is all there is */
	unsigned group_pvs;     /* with lvs_read: how many physical volumes the group has */
	struct br_strv links;   /* udev's links below /dev that are none of a tag: "disk/by-path/pci-..." */
	char *unread;           /* why it could not be read; NULL: it was */
};

struct br_disks {
	struct br_blk *blk; /* owned; disks first-come, a disk's partitions right behind it by start */
	size_t n, cap;
	int root;           /* the device that holds the root file system; -1 unknown */
	int root_disk;      /* its disk; -1 unknown or several */
	bool known;         /* false: offline without --disk */
	bool too_many;      /* BR_BLKS_MAX reached: there are more */
	char *unread;       /* first reason why something could not be read, NULL: all was */
};

enum br_match {
	BR_MATCH_UNKNOWN = 0, /* could not tell; reason says why */
	BR_MATCH_FOUND,
	BR_MATCH_SEVERAL,     /* first of several in blk */
	BR_MATCH_OTHER_DISK,  /* only a disk that is neither the root's nor named has it */
	BR_MATCH_NONE,        /* everything could be read, nothing has it */
	BR_MATCH_CONTAINED,   /* a logical volume that is there but not opened: blk is its physical volume */
};

struct br_found {
	enum br_match match;
	int blk;             /* index in disks->blk, -1 */
	int second;          /* BR_MATCH_SEVERAL: another one, else -1 */
	bool folded;         /* only if the case of letters is ignored: some boot stages do, systemd does not */
	const char *reason;  /* BR_MATCH_UNKNOWN: why; owned by disks or constant */
};

enum br_spec_kind {
	BR_SPEC_OTHER = 0, /* no block device: tmpfs, server:/path, //server/share, none, a path that is no /dev */
	BR_SPEC_UUID,
	BR_SPEC_LABEL,
	BR_SPEC_PARTUUID,
	BR_SPEC_PARTLABEL,
	BR_SPEC_KERNEL_NAME, /* /dev/sda1, vdb, xvda, nvme0n1p1, hda, mmcblk0p1, cciss/c0d0p1 */
	BR_SPEC_MAPPER,      /* /dev/mapper/NAME, by-id/dm-name-NAME, /dev/VG/LV (value "VG-LV" with - doubled as lvm
	                        does), /dev/dm-N (value "dm-N") */
	BR_SPEC_MD,          /* /dev/md0, /dev/md/NAME */
	BR_SPEC_BY_ID,       /* /dev/disk/by-id/..., ID=..., hardware-bound */
	BR_SPEC_BY_PATH,     /* /dev/disk/by-path/..., slot-bound */
	BR_SPEC_DEV_OTHER,   /* any other path below /dev */
};

struct br_spec {
	enum br_spec_kind kind;
	char *value; /* owned: tag value (by-uuid/... links unescaped), kernel name, mapper name, rest of path */
};

/* UUID=.., "UUID=" with quotes, /dev/disk/by-uuid/.., /dev/sda1 ... Never fails but for memory. */
int br_spec_parse(const char *text, struct br_spec *ret) br_must_check;
void br_spec_free(struct br_spec *s);
#define br_autospec br_cleanup(br_spec_free)

/*
 * What a specification names on these disks. Tags compare byte for byte, as udev's links and libmount do;
 * a UUID or PARTUUID that only another case of its letters would match is FOUND with folded set (the
 * kernel and some initramfs lower it, systemd waits for ever). PARTUUID=.../PARTNROFF=N is understood.
 * UNKNOWN rather than NONE while a container that could hold it is unopened or a device unread.
 */
void br_disks_find(const struct br_disks *d, const struct br_spec *s, struct br_found *ret);

struct br_disks_ask {
	const char *const *paths; /* --disk; n of them: block devices or image files */
	size_t n_paths;
	bool scan;                /* live, preboot: everything below /sys/block when no path is given;
	                             with paths: those, and the root's own disk */
	dev_t root_dev;           /* st_dev of the root; 0 unknown */
	int root_fd;              /* the root's O_PATH, for file systems whose st_dev is anonymous (btrfs); -1 */
	const char *machine;      /* tests: a folder with sys, dev, proc and run of its own; NULL: "/" */
};

int br_disks_read(const struct br_disks_ask *ask, struct br_disks *ret) br_must_check;
void br_disks_free(struct br_disks *d);

/* Says which device holds the root (an image file and a root that was unpacked from it); -1 unknown. */
void br_disks_set_root(struct br_disks *d, int blk);
/* Does the device travel with the image: is all of it on the root's own disk, or on one that was named? */
bool br_disks_travels(const struct br_disks *d, int blk);
/* The blk on this disk with that partition number, -1 none. */
int br_disks_partition(const struct br_disks *d, int disk, unsigned partno);

/* Index of the partition that an EFI firmware would take as ESP on a disk (type GUID or 0xef), -1 none. */
int br_disks_esp(const struct br_disks *d, int disk);
/* The extended boot loader partition of a GPT disk (UAPI.1), -1 none. */
int br_disks_xbootldr(const struct br_disks *d, int disk);

#endif
