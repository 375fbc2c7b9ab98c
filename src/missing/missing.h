/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an initramfs can tell of a root that has not come: what the command line asks for, what there is on the
 * machine's disks, which devices no driver has taken, and what the kernel said meanwhile. No root is judged here, and
 * none is waited for.
 */
#ifndef BR_MISSING_H
#define BR_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/disks.h"
#include "image/initramfs.h"
#include "image/modules.h"

/* A device on a bus that no driver has taken, and a module that would take it. */
struct br_unbound {
	char *device; /* "pci 0000:00:04.0": bus and name in sysfs */
	char *alias;  /* its modalias */
	char *module; /* as modules.alias names it */
	enum br_driver_state state; /* of the module, in the initramfs that runs */
	char *what;   /* as br_driver's; NULL */
};

/* A file system that may be the root that was meant. */
struct br_near {
	int blk;
	char *why;        /* "has this as its PARTUUID"; never NULL */
	char *os;         /* os-release's PRETTY_NAME where a system is on it; NULL */
	char *fstab_root; /* what its fstab mounts on /; NULL */
};

struct br_told {
	const char *code; /* stable, kebab-case */
	char *message;
	char *fix; /* NULL none */
};

/* Which module drives what: made by the dracut module. */
#define BR_MISSING_ALIASES "/usr/lib/bootready/modules.alias"

#define BR_MISSING_WORDS_MAX   12   /* lines of the kernel's that are shown */
#define BR_MISSING_NEAR_MAX    3
#define BR_MISSING_UNBOUND_MAX 32
#define BR_BUS_DEVICES_MAX     8192 /* devices of all buses that are looked at */

/* All owned. Strings are NULL where unknown. */
struct br_missing {
	char *cmdline;            /* the kernel's, and the initramfs's own before it: the last of a parameter counts */
	char *root_text;          /* root=; NULL none given */
	char *fstype, *flags;     /* rootfstype=, rootflags= */
	struct br_spec spec;
	struct br_found found;
	struct br_disks disks;
	char *release;            /* of the running kernel */
	struct br_initramfs initramfs;
	struct br_modtree *modules;
	struct br_strv blacklist, forced;
	struct br_unbound *unbound;
	size_t n_unbound, cap_unbound;
	bool more_unbound;
	bool lvm, mdadm, cryptsetup; /* the program is in the initramfs: what is closed waits for something else */
	bool unlisted;            /* which module drives what is not known: devices were not looked at */
	struct br_near near[BR_MISSING_NEAR_MAX];
	size_t n_near;
	struct br_strv words;     /* the kernel's warnings and errors about disks and file systems, oldest first */
	struct br_told *told;
	size_t n_told, cap_told;
	unsigned after;           /* seconds it was waited for; 0 not known */
	bool came;                /* it was missing and has come: nothing else is filled in */
};

struct br_missing_ask {
	const char *self;    /* the initramfs: "/" */
	const char *machine; /* tests: as br_disks_ask's; NULL: "/" */
	bool look_inside;    /* mount what may be the root meant, read-only and for this process alone; not beside a boot
	                        that goes on, whose own mounts would meet ours */
};

/* 0, -ENOMEM, or -errno where the initramfs itself cannot be read. */
int br_missing_read(const struct br_missing_ask *ask, struct br_missing *m) br_must_check;
void br_missing_free(struct br_missing *m);

/* The parts of br_missing_read, each of a file of its own; 0 or -ENOMEM. */
int br_missing_buses(const struct br_root *sys, const struct br_root *self, struct br_missing *m) br_must_check;
int br_missing_kernel_words(const char *path, struct br_missing *m) br_must_check;
int br_missing_near(struct br_missing *m, bool look_inside) br_must_check;
int br_missing_tell(struct br_missing *m) br_must_check;

/* report/missing.c: "table" or "json"; 0 or -errno. */
int br_missing_write(const struct br_missing *m, bool json, FILE *out) br_must_check;

#endif
