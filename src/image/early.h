/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an initramfs does before the root is there: the devices that it waits for by files and parameters of its
 * own, made on the source machine, and what root= lies in. As dracut's modules do it (99base wait_for_dev,
 * 90lvm, 90mdraid, 90crypt: parse-*.sh of releases 051 to 111), initramfs-tools' scripts (local, resume,
 * cryptsetup's cryptroot) and systemd-fstab-generator(8).
 */
#ifndef BR_EARLY_H
#define BR_EARLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/disks.h"
#include "image/lvmconf.h"

struct br_early_wait {
	char *text;  /* the device as it is named there; owned */
	char *from;  /* the initramfs's own path of the file, or "rd.lvm.lv=" and the like; owned */
	bool cmdline; /* from is a parameter of the kernel's command line */
	bool fatal;  /* the boot stops without it */
	struct br_found found;
	bool bound;  /* a name of the source machine's hardware, or one that the kernel gives */
};

/* What may lie between the partition and the root's file system. */
enum br_layer {
	BR_LAYER_LVM = 1 << 0,
	BR_LAYER_RAID = 1 << 1,
	BR_LAYER_LUKS = 1 << 2,
	BR_LAYER_OTHER = 1 << 3,
};

struct br_early {
	bool dracut, systemd, initramfs_tools; /* how it works */
	bool any_host;                         /* rd.hostonly=0: dracut forgets what was for one machine alone */
	char *params;                          /* the command line and what the initramfs adds to it; owned */
	struct br_early_wait *waits;
	size_t n, cap;
	unsigned layers;   /* BR_LAYER_*: what root= lies in, or can only lie in */
	bool layers_sure;  /* it does; else one of them */
	bool luks_asked;   /* of a root in an encrypted container: the initramfs is told to open it */
	int layer_blk;     /* the physical volume, member or container, -1 */
	enum br_lvm_view lvm_view; /* of a root on LVM: by the initramfs's own devices file and lvm.conf */
	char *lvm_why;     /* the file, and what it says; owned */
};

struct br_image;
struct br_chain;

/* Fills c->early. Needs the chain's initramfs and root= read. 0 or -ENOMEM. */
int br_early_read(const struct br_image *img, struct br_chain *c) br_must_check;
void br_early_free(struct br_early *e);
/* By the source machine's hardware or slots; maps, arrays and volumes keep their by-id names. */
struct br_spec;
bool br_early_is_bound(const struct br_spec *s);

/* early-lvm.c: how LVM sees that physical volume on the target; conf, devices: the files' text, NULL none. */
int br_early_lvm(const struct br_image *img, int pv, const char *conf, const char *devices, enum br_lvm_view *ret,
                 char **ret_why) br_must_check;
/* rootdev.c: img->lvm_view and root_members. 0 or -ENOMEM. */
int br_rootdev_read(struct br_image *img) br_must_check;
/* early-layers.c */
void br_early_layers(const struct br_image *img, struct br_chain *c);
int br_early_lvm_initramfs(const struct br_image *img, struct br_chain *c) br_must_check;

#endif
