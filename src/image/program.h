/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Could the system that boots from the root run a program of it, as the kernel and ld.so(8) start one? Links are
 * followed inside the root, a script's interpreter and an ELF program's loader are looked at there, and the libraries
 * that the loader would look for: by RPATH and RUNPATH, /etc/ld.so.conf, and the folders that glibc and musl know by themselves.
 */
#ifndef BR_PROGRAM_H
#define BR_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/root.h"

enum br_program_state {
	BR_PROGRAM_UNREAD = 0,     /* could not tell: err says */
	BR_PROGRAM_RUNS,
	BR_PROGRAM_MISSING,        /* no such file, or links that lead nowhere or in a circle */
	BR_PROGRAM_NO_FILE,        /* a folder, a device ... */
	BR_PROGRAM_NO_PERMISSION,  /* nobody may execute it */
	BR_PROGRAM_EMPTY,
	BR_PROGRAM_NO_FORMAT,      /* neither ELF nor a script */
	BR_PROGRAM_CUT,            /* ELF, and not whole */
	BR_PROGRAM_OTHER_MACHINE,
	BR_PROGRAM_NO_INTERPRETER, /* the script's, or the ELF loader, which is itself not there or does not run */
	BR_PROGRAM_NO_LIBRARY,     /* one that it needs is in none of the places */
	BR_PROGRAM_BAD_LIBRARY,    /* one that it needs is there, empty, cut or of another machine */
};

struct br_program {
	enum br_program_state state;
	int err;     /* positive errno; UNREAD, MISSING */
	char *which; /* owned; the interpreter or the library that is meant; else NULL */
	char *by;    /* owned; of libraries: the file that needs it */
};

/* What is known about a root's libraries; filled by the first question. All-zero is valid. */
struct br_loader_paths {
	bool read;
	struct br_strv dirs;
};

struct br_programs {
	const struct br_root *root;
	unsigned machine; /* EM_* that the root's kernel runs; 0: not known, any will do */
	struct br_loader_paths paths;
};

/* 0 or -ENOMEM. libraries: those that it needs too. */
int br_program_look(struct br_programs *p, const char *path, bool libraries, struct br_program *ret) br_must_check;
void br_program_free(struct br_program *p);
void br_programs_free(struct br_programs *p);

/* "is not there", "is empty" ...; with which: "needs WHICH, which is not there". */
const char *br_program_state_text(enum br_program_state state);
/* EM_* of a system's arch ("x86_64"), 0 unknown. */
unsigned br_program_machine(const char *arch);

/* Appends the folders that a text of ld.so.conf(5) names, and the patterns of its include lines. */
int br_ldconf_parse(const char *buf, size_t len, struct br_strv *dirs, struct br_strv *includes) br_must_check;

#endif
