/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The folders that every program comes from: /bin, /sbin, /lib, /lib64 and their like, which are folders or links (file
 * system hierarchy standard; hier(7), file-hierarchy(7)), and whether the first programs behind them run: init, the
 * shell, and the loader and libraries that they ask for.
 */
#ifndef BR_LIBDIRS_H
#define BR_LIBDIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/program.h"

enum br_libdir_kind {
	BR_LIBDIR_ABSENT = 0,
	BR_LIBDIR_FOLDER,
	BR_LIBDIR_LINK,    /* leads to a folder */
	BR_LIBDIR_DANGLING, /* leads to nothing */
	BR_LIBDIR_CIRCLE,  /* leads round in a circle */
	BR_LIBDIR_OTHER,   /* or leads to what is no folder */
	BR_LIBDIR_UNREAD,
};

struct br_libdir {
	const char *path; /* static */
	enum br_libdir_kind kind;
	char *target;     /* owned; what the link says; NULL: no link */
	bool absolute;    /* of a link: from "/", which an initramfs takes for its own */
	bool elsewhere;   /* of a link: its folder is not the one that the name stands for (/lib -> usr/lib64) */
	int err;          /* UNREAD: positive errno */
};

enum br_libdir_program_role {
	BR_ROLE_INIT,
	BR_ROLE_SHELL,
};

struct br_libdir_program {
	enum br_libdir_program_role role;
	char *path; /* owned */
	struct br_program look;
};

#define BR_LIBDIRS 14

struct br_libdirs {
	struct br_libdir dirs[BR_LIBDIRS];
	size_t n;
	struct br_libdir_program programs[2];
	size_t n_programs;
};

struct br_system;
/* 0 or -ENOMEM: what cannot be read is told in it. */
int br_libdirs_read(const struct br_root *root, const struct br_system *system, struct br_libdirs *ret) br_must_check;
void br_libdirs_free(struct br_libdirs *l);

#endif
