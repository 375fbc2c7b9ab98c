/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Flags, owner and mode of the files that a first boot writes anew: FS_IOC_GETFLAGS (ioctl_iflags(2), chattr(1)) and
 * stat(2). Links are followed inside the root; what is not there, or lies in /run and comes with the boot, has none.
 */
#ifndef BR_ATTRS_H
#define BR_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/macro.h"
#include "image/root.h"

/* What a file's owner and mode have to be. */
enum br_attr_rule {
	BR_ATTR_PUBLIC,  /* root's; everybody reads it, root alone writes */
	BR_ATTR_SECRET,  /* root's; others do not read it, its group (shadow) at most reads */
	BR_ATTR_OWN,     /* root's; root alone writes */
	BR_ATTR_FLAGS,   /* its flags alone are looked at */
};

struct br_attr {
	const char *path; /* static */
	enum br_attr_rule rule;
	bool folder;
	bool there;
	int err;          /* positive errno where it could not be looked at; 0 */
	bool no_flags;    /* the file system knows none */
	bool immutable, append;
	bool plain_modes; /* a file system that keeps owners and modes: not FAT */
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

#define BR_ATTRS_MAX 24

struct br_attrs {
	struct br_attr v[BR_ATTRS_MAX];
	size_t n;
	uid_t root_uid; /* owner of the root folder itself: 0, but for a root that somebody unpacked as himself */
};

int br_attrs_read(const struct br_root *root, struct br_attrs *ret) br_must_check;
/* The flags of an open file or folder as lsattr(1) shows them: 0, -ENOTTY where the file system knows none, -errno. */
int br_attr_flags(int fd, unsigned *ret) br_must_check;

#endif
