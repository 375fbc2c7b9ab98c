/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the two firmwares' sides of loader.h. */
#ifndef BR_LOADER_INTERNAL_H
#define BR_LOADER_INTERNAL_H

#include "image/grubmods.h"
#include "image/loader.h"

/* Takes text and fix over; code is constant. */
void br_loader_problem(struct br_loader *l, const char *code, char *text, char *fix);
int br_loader_bios(struct br_image *img, struct br_loader *l) br_must_check;

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
