/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the Grub check: each judges one stretch of a chain. Private to the check. */
#ifndef BR_CHECK_GRUB_H
#define BR_CHECK_GRUB_H

#include "check.h"
#include "image/image.h"

/* grub-loader.c: firmware to menu. false: nothing behind it can be judged. */
bool br_grub_judge_loader(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* grub-menu.c: the menu, its default entry, what was noted on the way. false: no entry to go on with. */
bool br_grub_judge_menu(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* grub-files.c: kernel, initramfs, the root's modules. */
void br_grub_judge_files(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* Is root= of a kind that the kernel finds by itself, without an initramfs? */
bool br_grub_kernel_resolves(const struct br_chain *c);
/* grub-cmdline.c: root=, resume=, fips, console. */
void br_grub_judge_cmdline(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* grub-early.c: the devices that the initramfs waits for by files and parameters of its own. */
void br_grub_judge_early(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* grub-init.c: the first programs of initramfs and root. */
void br_grub_judge_init(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* grub-root.c: what root= lies in is opened, and its file system mounted. */
void br_grub_judge_mount(const struct br_image *img, const struct br_chain *c, struct br_result *res);
/* grub-defaults.c: /etc/default/grub, what the next run of update-grub would bring back. */
void br_grub_judge_defaults(const struct br_image *img, struct br_result *res);

/* grub-fix.c: the command that writes grub.cfg anew on this distribution. */
const char *br_grub_mkconfig(const struct br_image *img);
/* What reads the chain's menu, by its name. */
const char *br_grub_loader_name(const struct br_chain *c);
/* The command that writes the chain's entries anew, whichever loader reads them; owned. */
char *br_grub_remake(const struct br_image *img, const struct br_chain *c);
/* How to change one setting of the loader; owned. */
enum br_grub_setting {
	BR_GRUB_SET_TIMEOUT,
	BR_GRUB_SET_DEFAULT,
};
char *br_grub_setting(const struct br_image *img, const struct br_chain *c, enum br_grub_setting what);

#endif
