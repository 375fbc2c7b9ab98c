/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A /usr of its own. Nearly everything that is looked for lies below it (/lib is a link there): without it a
 * root looks empty. preboot mounts it, read-only and for this process alone, where the initramfs has not done
 * so yet; elsewhere it has to be mounted below the root.
 */
#ifndef BR_USR_H
#define BR_USR_H

#include "image/image.h"

/* Needs fstab and disks. Fills img->usr_fact: unreadable with why and img->usr_fix. */
void br_usr_look(struct br_image *img);

/* The layout of a root that is not known here, and where its systems are, in one phrase; NULL: as everywhere. */
const char *br_usr_layout(const struct br_root *root);

#endif
