/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All facts of one examined root. Readers fill it, the image owns everything until br_image_close(), and
 * checks only look. A fact that was not read yet or could not be read is told by its br_fact.
 */
#ifndef BR_IMAGE_H
#define BR_IMAGE_H

#include <stdbool.h>

#include "base/macro.h"
#include "image/accounts.h"
#include "image/attrs.h"
#include "image/btrfs.h"
#include "image/chain.h"
#include "image/cloudinit.h"
#include "image/disks.h"
#include "image/fsstate.h"
#include "image/fstab.h"
#include "image/growth.h"
#include "image/grubdefaults.h"
#include "image/kernels.h"
#include "image/parttable.h"
#include "image/leftovers.h"
#include "image/libdirs.h"
#include "image/network.h"
#include "image/root.h"
#include "image/services.h"
#include "image/selinux.h"
#include "image/sshd.h"
#include "image/system.h"
#include "image/units.h"
#include "image/usage.h"
#include "profiles/profile.h"

enum br_context {
	BR_LIVE,
	BR_PREBOOT,
	BR_OFFLINE,
};

enum br_firmware_choice {
	BR_FIRMWARE_AUTO, /* every firmware that the disk can boot and the profile offers */
	BR_FIRMWARE_BIOS,
	BR_FIRMWARE_UEFI,
};

/* What to examine; everything borrowed and outliving the image. */
struct br_image_ask {
	enum br_context context;
	const char *root; /* folder */
	const struct br_profile *profile;
	const struct br_strv *disks; /* --disk */
	const char *initramfs;       /* a file of the caller's to judge instead of the entry's; NULL */
	enum br_firmware_choice firmware;
	bool inputs; /* br_inputs() will be asked */
};

enum br_fact_state {
	BR_FACT_NOT_READ = 0,
	BR_FACT_READ,
	BR_FACT_UNREADABLE,
};

struct br_fact {
	enum br_fact_state state;
	char *why; /* owned; BR_FACT_UNREADABLE: the reason, one phrase */
};

struct br_volumes; /* volume.h */

struct br_image {
	struct br_image_ask ask;
	enum br_context context;
	const struct br_profile *profile;
	struct br_root root; /* the examined root */
	struct br_root self; /* preboot: "/" of the running initramfs; else fd -1 */
	struct br_system system;

	struct br_fact disks_fact;
	struct br_disks disks;
	struct br_fact fstab_fact;
	struct br_fstab fstab;
	struct br_fact usr_fact; /* a /usr of its own: mounted, or what is below it cannot be seen */
	char *usr_fix;           /* owned; the command that would help */
	struct br_fact replayed_fact; /* unreadable: the root's journal was not replayed, its files may be old */
	struct br_fact rootfs_fact; /* read only where the root's device is known */
	struct br_fsstate rootfs;
	struct br_fact parttable_fact;
	struct br_parttable parttable;
	struct br_fact growth_fact;
	struct br_growth growth;
	struct br_fact network_fact;
	struct br_network network;
	struct br_fact units_fact;
	struct br_units units; /* init UNKNOWN: which one boots is not known, and no unit either */
	struct br_fact services_fact;
	struct br_services services;
	struct br_fact cloudinit_fact;
	struct br_cloudinit cloudinit;
	struct br_fact selinux_fact;
	struct br_selinux selinux;
	struct br_fact sshd_fact;
	struct br_sshd sshd;
	struct br_fact chains_fact;
	struct br_chain *chains; /* one a firmware that the disk and the profile could use */
	size_t n_chains;
	struct br_chain *others; /* kernels of entries that do not boot by themselves; read with the drivers */
	size_t n_others;
	size_t more_others;      /* kernels past BR_OTHER_KERNELS_MAX, not looked at */
	struct br_fact drivers_fact;
	struct br_fact kernels_fact;
	struct br_kernels kernels; /* all that are installed */
	struct br_grub_defaults grub_defaults; /* read with the chains; cmdline NULL: no such file */

	struct br_fact accounts_fact;
	struct br_accounts accounts;
	struct br_fact leftovers_fact;
	struct br_leftovers leftovers;
	struct br_fact attrs_fact;
	struct br_attrs attrs;
	struct br_fact libdirs_fact;
	struct br_libdirs libdirs;
	struct br_fact usages_fact;
	struct br_usages usages; /* the root's file systems */

	enum br_lvm_view lvm_view; /* read with the chains: the root's own devices file and lvm.conf on its volumes */
	char *lvm_why;             /* owned; the file, and what it says */
	struct br_subvolumes subvolumes; /* of a root on btrfs */
	int subvolumes_err; /* 0 read; -ENODATA: no btrfs; other -errno */
	unsigned root_members;     /* devices of the root's file system, by its superblock; 0 unknown */

	struct br_volumes *volumes; /* the file systems of the machine, as far as one was looked into */
};

/* 0 or -errno (the folder cannot be opened). Reads what the head of every report shows. */
int br_image_open(const struct br_image_ask *ask, struct br_image *ret) br_must_check;
/* Reads what the BR_NEED_* bits ask for, once. What fails is told by the facts. */
void br_image_load(struct br_image *img, unsigned needs);
/*
 * The first of these needs that is not there; NULL: all are. A /usr that is not mounted stands for all that lie
 * below it.
 */
const struct br_fact *br_image_unmet(const struct br_image *img, unsigned needs);
void br_image_close(struct br_image *img);

#endif
