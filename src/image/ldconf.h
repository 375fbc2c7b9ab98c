/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a root's dynamic loader looks for libraries: /etc/ld.so.conf with what it includes (ldconfig(8)), the folders
 * that glibc and Debian's multiarch know by themselves (ld.so(8)), and musl's /etc/ld-musl-ARCH.path.
 */
#ifndef BR_LDCONF_H
#define BR_LDCONF_H

#include "image/program.h"

/* 0 or -ENOMEM: a file that cannot be read names no folders. */
int br_loader_paths_read(const struct br_root *root, struct br_loader_paths *ret) br_must_check;

#endif
