/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of a root would make its root partition and file system grow at the first boot on a larger disk:
 * which tools are there, whether the boot comes to what runs them, and what has been told to leave it alone. Whether
 * cloud-init is switched off as a whole is cloudinit.h's to say. Sources: cloud-init's documentation of its growpart
 * and resizefs modules and of cloud.cfg.d, repart.d(5), systemd-growfs(8), and the file lists of the packages
 * cloud-guest-utils, cloud-initramfs-growroot, growpart-rootgrow, gce-disk-expand and kiwi.
 */
#ifndef BR_GROWTH_H
#define BR_GROWTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/cloudinit.h"
#include "image/initramfs.h"
#include "image/root.h"
#include "image/units.h"

/* Something that keeps cloud-init from growing the root, and where it is written. */
struct br_growth_stop {
	char *what;    /* owned; one phrase: "growpart: mode: off"; NULL: nothing does */
	char *path;    /* owned, the root's own */
	unsigned line; /* 0: the file as a whole */
};

/* What an initramfs does before it hands over to the root. */
struct br_growth_early {
	bool growroot;    /* cloud-initramfs-growroot or its like for dracut: runs growpart */
	bool kiwi_repart; /* kiwi's dracut modules for images that resize themselves once; the file system too */
	bool disk_expand; /* gce-disk-expand; the file system too */
	bool repart;      /* systemd-repart, by the definitions of the root */
};

struct br_growth {
	/* Of the partition. */
	bool growpart;      /* the program growpart */
	bool table_tool;    /* sfdisk or sgdisk, which growpart needs */
	bool defines_root;  /* a definition of systemd-repart's that says to grow the root */
	bool repart;        /* systemd-repart with such a one, and the boot comes to it */
	bool rootgrow;      /* SUSE's rootgrow, and the boot comes to it; the file system too */
	bool disk_expand;   /* gce-disk-expand's service, and the boot comes to it; the file system too */
	struct br_growth_early installed; /* what an initramfs made of this root could have; repart: never said */
	/* Of the file system. */
	bool resize2fs, xfs_growfs, btrfs;
	bool growfs;        /* systemd-growfs, for x-systemd.growfs and repart */
	/* What stops it. */
	struct br_growth_stop no_growpart; /* cloud-init's growpart */
	struct br_growth_stop no_resizefs; /* its resizefs */
	struct br_growth_stop growroot_disabled; /* /etc/growroot-disabled: growpart and growroot both obey it */
};

/* 0 or -ENOMEM. */
int br_growth_read(const struct br_root *root, const struct br_units *units, const struct br_cloudinit *ci,
                   struct br_growth *ret) br_must_check;
/* What that initramfs does, as far as it was read. */
void br_growth_look(const struct br_initramfs *i, struct br_growth_early *ret);
void br_growth_free(struct br_growth *g);

#endif
