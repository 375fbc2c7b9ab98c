/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's configuration, evaluated as GRUB does it: the menu that a boot would have, and the entry it
 * would start by itself. Pure: all it sees of disks and files comes through struct br_grub_io.
 * Source of the language: the GRUB manual, "Writing full configuration files directly" and "Commands";
 * of blscfg: the Boot Loader Specification and Fedora's documentation of BLS with GRUB.
 */
#ifndef BR_GRUB_H
#define BR_GRUB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/menu.h"

enum br_grub_by {
	BR_GRUB_BY_UUID,
	BR_GRUB_BY_LABEL,
	BR_GRUB_BY_FILE,
};

enum br_grub_file {
	BR_GRUB_FILE,     /* [ -f ] */
	BR_GRUB_DIR,      /* [ -d ] */
	BR_GRUB_EXISTS,   /* [ -e ] */
	BR_GRUB_NONEMPTY, /* [ -s ] */
};

/* Devices are small numbers >= 0 that the owner of ctx understands. All calls give 0 or -errno. */
struct br_grub_io {
	void *ctx;
	/* -ENOENT: no device has it; -ENODATA: could not tell. */
	int (*search)(void *ctx, enum br_grub_by by, const char *value, int *ret_dev);
	/* "hd0,gpt3", "hd0", "lvm/vg-root", "md/0": -ENOENT none such; -ENODATA could not tell. */
	int (*device)(void *ctx, const char *name, int *ret_dev);
	/* The name GRUB would give to a device ("hd0,gpt3"), for $root; caller frees. */
	int (*device_name)(void *ctx, int dev, char **ret);
	/* A whole file of at most BR_GRUBCFG_MAX bytes; caller frees. -ENOENT, -ENODATA (device unreadable). */
	int (*read)(void *ctx, int dev, const char *path, char **ret, size_t *ret_len);
	/* 1 yes, 0 no, -errno could not tell. */
	int (*test)(void *ctx, int dev, const char *path, enum br_grub_file what);
	/* Names in a folder, sorted; -ENOENT. */
	int (*list)(void *ctx, int dev, const char *path, struct br_strv *ret);
	/* File system UUID of a device (probe -u), caller frees. */
	int (*uuid)(void *ctx, int dev, char **ret);
};

struct br_grub_start {
	const char *path;     /* configuration file on dev */
	int dev;              /* $root at the start; -1 none */
	const char *root;     /* $root's text where dev is -1, for a device that is not there; else NULL: dev's name */
	const char *prefix;   /* "(hd0,gpt3)/boot/grub"; NULL: folder of path on dev */
	const char *cmdpath;  /* where GRUB itself was started from; NULL: by dev and path */
	const char *normal;   /* what `normal` needs below $prefix: "i386-pc/normal.mod"; NULL: GRUB carries it */
	const char *platform; /* "pc" or "efi" */
	const char *cpu;      /* "x86_64", "i386", "arm64" */
	bool booting;         /* a boot by this very GRUB is under way: what it has noted of it is taken back at its end */
};

/*
 * 0 with *ret filled even where the menu is broken (see notes); -ENOENT when the first file is absent;
 * -ENOMEM. Never runs for ever: BR_GRUB_* caps.
 */
int br_grub_boot(const struct br_grub_io *io, const struct br_grub_start *start,
                 struct br_menu *ret) br_must_check;

#endif
