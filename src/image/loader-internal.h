/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the parts of loader.h: the two firmwares' sides, and what reads each loader's menu. */
#ifndef BR_LOADER_INTERNAL_H
#define BR_LOADER_INTERNAL_H

#include "image/grubmods.h"
#include "image/loader.h"

/* Takes text and fix over; code is constant. */
void br_loader_problem(struct br_loader *l, const char *code, char *text, char *fix);
int br_loader_bios(struct br_image *img, struct br_loader *l) br_must_check;
/* The disk's first sector holds syslinux's boot code: what that starts. */
int br_loader_syslinux(struct br_image *img, struct br_loader *l, const unsigned char *sector) br_must_check;

/*
 * A loader's menu from where l says that it is configured. 0 also where it could not be told: l->unknown says why.
 * -ENOMEM.
 */
int br_sdboot_menu(struct br_image *img, struct br_loader *l, struct br_menu *m) br_must_check;
int br_uki_menu(struct br_image *img, struct br_loader *l, struct br_menu *m) br_must_check;
int br_syslinux_menu(struct br_image *img, struct br_loader *l, struct br_menu *m) br_must_check;

/*
 * The EFI program at e->kernel or, without one, e->chain: a unified kernel image becomes what e boots, e->cmdline
 * the command line that the loader hands to it (NULL none). *ret_other: what else it is, constant; NULL: it is one, or cannot be opened. 0, -errno of
 * opening or reading.
 */
int br_uki_adopt(struct br_image *img, struct br_boot_entry *e, const char **ret_other) br_must_check;

/* Where a GRUB was started from. */
struct br_grub_from {
	const char *device;   /* as it names it: "hd0", "hd0,gpt1" */
	const char *path;     /* of its own folder there: "/EFI/BOOT"; "" none */
	const char *platform; /* "i386-pc", "x86_64-efi": the folder of its modules */
	bool efi;
};

/*
 * loader-grub.c: where it begins to read, or what is not there. 1; 0: could not be told, what was filled is to be
 * forgotten; -ENOMEM.
 */
int br_loader_grub(struct br_image *img, struct br_loader *l, const struct br_grub_mods *mods,
                   const struct br_grub_from *from) br_must_check;
void br_loader_forget(struct br_loader *l);

#endif
