/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the modules*.c. */
#ifndef BR_MODULES_INTERNAL_H
#define BR_MODULES_INTERNAL_H

#include <libkmod.h>

#include "image/modules.h"

enum br_index {
	BR_INDEX_DEP,
	BR_INDEX_ALIAS,
	BR_INDEX_BUILTIN,
	BR_INDEX_BUILTIN_ALIAS,
	BR_INDEX_SYMBOLS, /* never read: libkmod wants one to be there */
	BR_INDEXES
};
extern const char *const br_index_names[BR_INDEXES]; /* "modules.dep.bin" ... */

struct br_modtree {
	char *release, *base;        /* base: "usr/lib/modules/RELEASE", no slash before it */
	const struct br_initramfs *i; /* one of them, not owned */
	const struct br_root *root;
	char *damaged;          /* an index that is broken: which and how; NULL */
	char *unread;           /* an index that could not be read; NULL */
	struct kmod_ctx *ctx;   /* NULL with one of the two */
	struct br_blob dep;     /* modules.dep.bin, checked; len 0: absent */
	struct br_strv builtin; /* names of the modules in the kernel itself, with _ */
	struct br_blob modinfo; /* modules.builtin.modinfo; len 0: absent */
	struct br_strv blacklist; /* of a root's modprobe.d */
};

/*
 * modules-kmod.c: a libkmod context on indexes that were checked. It gets copies in a folder of its own,
 * gone before this returns: libkmod opens by path, and a path below the root may lead anywhere.
 */
int br_kmod_open(const struct br_blob indexes[BR_INDEXES], struct kmod_ctx **ret) br_must_check;
static inline void br_kmod_unref(struct kmod_ctx **ctx)
{
	kmod_unref(*ctx);
}
/* Does the modalias lead to that module? 1, 0, -errno. */
int br_kmod_leads(struct kmod_ctx *ctx, const char *alias, const char *module) br_must_check;
/* Does libkmod know the module by its name? 1, 0, -errno. */
int br_kmod_knows(struct kmod_ctx *ctx, const char *module) br_must_check;

/* modules.c: a file below the tree's base, or at an absolute path of the same root. */
int br_modtree_file(const struct br_modtree *t, const char *path, char **ret) br_must_check;
bool br_modtree_has(const struct br_modtree *t, const char *path);
/* Its bytes: -ENODATA where they were not kept. */
int br_modtree_read(const struct br_modtree *t, const char *path, struct br_blob *ret) br_must_check;
/* A module's file that no index need know; NULL in *ret when there is none. */
int br_modtree_search(const struct br_modtree *t, const char *module, char **ret) br_must_check;

/* modules-look.c: the line of modules.dep.bin about a module, "FILE: WHAT IT NEEDS"; NULL none. */
const char *br_modtree_line(const struct br_modtree *t, const char *module);
/* Sets state and what, which it takes: 1, or -ENOMEM where what is NULL. */
int br_driver_say(struct br_driver *d, enum br_driver_state state, char *what) br_must_check;
/* modules-build.c: of the driver's file and of those it needs, by its line: 1 something was said, 0, -errno. */
int br_driver_build(const struct br_modtree *t, const struct br_driver_ask *ask, const char *line,
                    struct br_driver *d) br_must_check;
/* The same: are they what was signed? Told by the root's own copies, of which ask has to know. */
int br_driver_signed(const struct br_modtree *t, const struct br_driver_ask *ask, const char *line,
                     struct br_driver *d) br_must_check;

#endif
