/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A unified kernel image: kernel, initramfs and command line as sections of one EFI program, which systemd's stub
 * in it puts together. Sources: UAPI.5 (names and meaning of the sections, profiles), systemd-stub(7) (microcode
 * before the initramfs; the command line that a loader hands over counts in place of .cmdline, unless Secure Boot
 * is on and there is one), systemd's stub.c at 252 and 257.
 */
#ifndef BR_UKI_H
#define BR_UKI_H

#include <stddef.h>

#include "base/macro.h"
#include "image/source.h"

struct br_uki {
	unsigned machine;           /* PE machine */
	struct br_extent initrd[2]; /* what the kernel gets as its initramfs: microcode, initramfs */
	size_t n_initrd;
	char *cmdline;   /* .cmdline, one line; NULL: no such section */
	char *osrel;     /* .osrel, an os-release(5); NULL */
	char *profile;   /* .profile's text; NULL */
	char *defect;    /* why it does not start, in words; NULL: nothing seen */
};

/*
 * One profile of an open image; its extents read from fd. 0 also for a broken one (see defect); -ENOENT: it has no
 * such profile; -EBADMSG: no PE file; -ENOMEM; -errno of reading.
 */
int br_uki_read(int fd, unsigned profile, struct br_uki *ret) br_must_check;
void br_uki_free(struct br_uki *u);
/* uki-addons.c: what the add-ons beside an image (a path on that volume) put behind its command line. 0 or -ENOMEM. */
struct br_image;
int br_uki_addons(struct br_image *img, int dev, const char *image, char **cmdline) br_must_check;
#define br_autouki br_cleanup(br_uki_free)

#endif
