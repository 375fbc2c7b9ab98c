/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every installed kernel: what lies where the default entry's kernel lies and in /boot, and what the menu's
 * other entries load; with the initramfs that belongs to each by its entry, else by its name. Names as the
 * distributions give them: Debian's kernel-img.conf(5) (initrd.img-VERSION), dracut(8) (initramfs-VERSION.img),
 * SUSE's mkinitrd (initrd-VERSION), mkinitcpio(8) (vmlinuz-linux, initramfs-linux-fallback.img), Alpine's
 * mkinitfs (initramfs-lts), kdump's (initramfs-VERSIONkdump.img, initrd-VERSION-kdump).
 */
#ifndef BR_KERNELS_H
#define BR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/chain.h"

enum br_installed_initramfs {
	BR_INSTALLED_NONE = 0, /* nothing has its name */
	BR_INSTALLED_THERE,    /* there, not read */
	BR_INSTALLED_SOUND,    /* read */
	BR_INSTALLED_EMPTY,
	BR_INSTALLED_BROKEN, /* why says */
	BR_INSTALLED_OTHER,  /* it holds modules, and none of this kernel's: why names theirs */
	BR_INSTALLED_GONE,   /* its entry names one that is not there */
	BR_INSTALLED_UNREAD, /* why says */
	BR_INSTALLED_UNUSED, /* its entry loads none, and root= is one that the kernel itself resolves */
};

struct br_installed {
	char *path; /* the root's own path; owned */
	char *key;  /* what stands behind "vmlinuz-": a release, "linux-lts"; NULL: another name */
	dev_t dev;  /* with ino the file itself, whatever links lead to it */
	ino_t ino;
	bool is_default; /* a chain's default entry loads it */
	bool rescue;     /* dracut's rescue kernel, whose modules may have gone with the release it was made of */
	const struct br_boot_entry *entry; /* of the menu, NULL: none loads it */
	enum br_kernel_state state;
	char *release; /* NULL unknown */
	char *initramfs; /* the root's own path; NULL none */
	enum br_installed_initramfs initramfs_state;
	char *why;       /* owned */
	bool modules;    /* /lib/modules/RELEASE is there, with an index */
	bool modules_unread;
};

struct br_kernels {
	struct br_installed *k;
	size_t n, cap;
	struct br_strv orphans; /* initramfs files whose kernel is not there */
	char *unread, *fix;     /* a folder that could not be looked into; NULL: all were */
	size_t more;            /* initramfs files past BR_OTHER_KERNELS_MAX, looked for and not read */
};

struct br_image;

/* Needs chains and drivers read. 0 or -ENOMEM; what cannot be read is told in it. */
int br_kernels_read(struct br_image *img, struct br_kernels *ret) br_must_check;
void br_kernels_free(struct br_kernels *k);

/* kernels-name.c. What a file's name says: the key behind the kernel's prefix, or NULL; owned. */
char *br_kernel_key(const char *name);
/* The key of the kernel that an initramfs of that name is for; NULL: no such name, or a copy that was put aside. */
char *br_initramfs_key(const char *name);
/* Names that the initramfs of a kernel with that key may have, the usual first; NULL-terminated formats of "%s". */
extern const char *const br_initramfs_names[];

#endif
