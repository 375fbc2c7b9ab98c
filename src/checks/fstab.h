/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the Fstab check. Private to the check. */
#ifndef BR_CHECK_FSTAB_H
#define BR_CHECK_FSTAB_H

#include "check.h"
#include "image/image.h"

#define BR_FSTAB    "/etc/fstab"
#define BR_CRYPTTAB "/etc/crypttab"

/* What the default entries' command lines do with the root before fstab is read. */
enum br_root_mode {
	BR_ROOT_MODE_UNKNOWN = 0,
	BR_ROOT_RO, /* at least one leaves it read-only: fstab must remount it */
	BR_ROOT_RW, /* all mount it read-write */
};
enum br_root_mode br_fstab_root_mode(const struct br_image *img);

/* fstab-entry.c: one entry by itself. */
void br_fstab_judge_entry(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res);
/* fstab-place.c: an entry that names no device; harm and waiting: what it is when it cannot be mounted. */
void br_fstab_judge_place(const struct br_image *img, const struct br_fstab_entry *e, enum br_severity harm,
                          const char *waiting, struct br_result *res);
/* fstab-crypt.c: crypttab. */
void br_fstab_judge_crypt(const struct br_image *img, struct br_result *res);
/* fstab-type.c: would a mount with that type (one, a list, "auto") refuse what is on the device? */
bool br_fstab_type_refused(const char *type, const struct br_blk *b);
/* Is it a type of file systems that lie on block devices, or auto? */
bool br_fstab_type_is_block(const char *type);
/* fstab-fix.c: what to write instead of an entry whose source is wrong; owned, NULL out of memory. */
char *br_fstab_fix(const struct br_image *img, const struct br_fstab_entry *e);
/* Has the target (of all the disks the profile offers) a disk that would not be called so? */
bool br_fstab_name_differs(const struct br_image *img, const char *kernel_name);

#endif
