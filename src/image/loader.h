/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first link of the chain: what a firmware finds on the root's disk, and where its configuration is. */
#ifndef BR_LOADER_H
#define BR_LOADER_H

#include "image/image.h"

/* The text of br_loader.cfg_path when GRUB's own embedded configuration comes first. */
#define BR_EMBEDDED_CONFIG "(embedded)"

/* -ENOMEM alone is an error; everything else is told in *ret. */
int br_loader_look(struct br_image *img, enum br_firmware fw, struct br_loader *ret) br_must_check;
void br_loader_free(struct br_loader *l);
/* The first configuration file is not there: a menu that holds nothing else, told as of one that another file names. */
int br_loader_no_config(const struct br_loader *l, struct br_menu *ret) br_must_check;
/* What a GRUB carries led to other files: the first grub.cfg of them is the configuration for people. */
int br_loader_found(struct br_loader *l, const struct br_menu *m) br_must_check;
/* "zipl (s390x)": what boots a machine whose firmware is neither BIOS nor UEFI; NULL: it is one of the two. */
const char *br_loader_foreign(const struct br_image *img);

/* The name in a folder that equals wanted whatever its case (as on FAT); NULL none; caller frees. */
char *br_name_any_case(const struct br_root *root, const char *dir, const char *wanted);
/* A path on a file system that ignores case, in the case its names really have; NULL: some part is absent. */
char *br_path_any_case(const struct br_root *root, const char *path);

#endif
