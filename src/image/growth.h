/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of a root would make its root partition and file system grow at the first boot on a larger disk:
 * which tools are there, and what has been told to leave it alone. Sources: cloud-init's documentation of
 * its growpart and resizefs modules and of cloud.cfg.d, repart.d(5), systemd-growfs(8), and the file lists of
 * the packages cloud-guest-utils, cloud-initramfs-growroot, growpart-rootgrow, gce-disk-expand and kiwi.
 */
#ifndef BR_GROWTH_H
#define BR_GROWTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/root.h"

/* Something that keeps cloud-init from growing the root, and where it is written. */
struct br_growth_stop {
	char *what;    /* owned; one phrase: "growpart: mode: off"; NULL: nothing does */
	char *path;    /* owned, the root's own */
	unsigned line; /* 0: the file as a whole */
};

struct br_growth {
	/* Of the partition. */
	bool growpart;      /* the program growpart */
	bool table_tool;    /* sfdisk or sgdisk, which growpart needs */
	bool cloud_init;    /* cloud-init, whose growpart module runs growpart */
	bool repart;        /* systemd-repart with a definition that says what to grow */
	bool initramfs;     /* cloud-initramfs-growroot or its like for dracut: grows before the root is mounted */
	bool kiwi_repart;   /* kiwi's dracut modules for images that resize themselves once */
	bool rootgrow;      /* SUSE's rootgrow with its service enabled; the file system too */
	bool disk_expand;   /* gce-disk-expand; the file system too */
	/* Of the file system. */
	bool resize2fs, xfs_growfs, btrfs;
	bool growfs;        /* systemd-growfs, for x-systemd.growfs and repart */
	/* What stops it. */
	struct br_growth_stop disabled;   /* cloud-init as a whole */
	struct br_growth_stop no_growpart; /* its growpart */
	struct br_growth_stop no_resizefs; /* its resizefs */
	struct br_growth_stop growroot_disabled; /* /etc/growroot-disabled: growpart and growroot both obey it */
	struct br_growth_stop unread;     /* a file of cloud-init's that could not be understood: what and why */
};

/* -ENOMEM only: what cannot be read is told by unread. */
int br_growth_read(const struct br_root *root, struct br_growth *ret) br_must_check;
void br_growth_free(struct br_growth *g);

#endif
