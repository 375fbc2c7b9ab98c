/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Would udev find and load this driver? Answered by libkmod on a kernel's module index (depmod(8)), of an
 * initramfs or of a root, plus what is there as files, plus blacklists (modprobe.d(5), kernel command line).
 * An index is checked for loops and bounds by modindex.c before libkmod sees it.
 */
#ifndef BR_MODULES_H
#define BR_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/initramfs.h"
#include "image/root.h"

/* One lib/modules/RELEASE folder with its index loaded into libkmod. Opaque. */
struct br_modtree;

/*
 * Of an initramfs: 0, or -ENOENT no folder of that release (*ret_why says, owned). An index that is broken or
 * could not be read is told by br_driver_look(). What it was made of must outlive it.
 */
int br_modtree_initramfs(const struct br_initramfs *i, const char *release, struct br_modtree **ret,
                         char **ret_why) br_must_check;
/* Of a root: /lib/modules/RELEASE (or /usr/lib/modules), and the root's own modprobe.d as its blacklist. */
int br_modtree_root(const struct br_root *root, const char *release, struct br_modtree **ret,
                    char **ret_why) br_must_check;
void br_modtree_free(struct br_modtree *t);
/* Removes what a process that was killed left behind: the folder its index files were in for libkmod to map. */
void br_kmod_clean(pid_t pid);

enum br_driver_state {
	BR_DRIVER_UNKNOWN = 0, /* could not tell: what says why */
	BR_DRIVER_BUILTIN,
	BR_DRIVER_PRESENT,     /* with every dependency, and reachable by its modalias or loaded by name */
	BR_DRIVER_ABSENT,      /* neither in the index nor as a file */
	BR_DRIVER_NO_FILE,     /* in the index; the .ko is not there: what names it */
	BR_DRIVER_NO_DEP,      /* a dependency is missing: what names it */
	BR_DRIVER_NOT_INDEXED, /* the .ko is there; modules.dep does not list it: what names it */
	BR_DRIVER_NO_ALIAS,    /* there; the modalias does not lead to it: udev would not load it */
	BR_DRIVER_BLACKLISTED, /* what says by which file or parameter */
	BR_DRIVER_WRONG_BUILD, /* of another machine or kernel: what names file and reason */
	BR_DRIVER_BAD_INDEX,   /* an index is damaged, nothing can be loaded by it: what says which */
};

struct br_driver {
	enum br_driver_state state;
	char *what; /* owned; the module, file or parameter the state is about; NULL */
	struct br_strv chain; /* the modules it takes, dependencies first (names with _) */
};

/*
 * Blacklists are lists of "module\treason" or "module\treason\tkind". Without a kind only loading by
 * modalias is forbidden; "install": by name and as a dependency too; "kernel": the kernel itself refuses.
 */
struct br_driver_ask {
	const char *name;  /* exact module name, - and _ equal */
	const char *alias; /* a modalias a device of that kind announces; NULL: by name only */
	const struct br_strv *blacklist; /* NULL none */
	const struct br_strv *forced;    /* br_forced_modules(); NULL none */
	uint16_t machine;                /* the kernel's, as ELF numbers them (e_machine); 0 unknown */
	const struct br_modtree *beside; /* the root's own modules, of an initramfs made from them; NULL not known */
};

int br_driver_look(const struct br_modtree *t, const struct br_driver_ask *ask, struct br_driver *ret) br_must_check;
void br_driver_free(struct br_driver *d);
#define br_autodriver br_cleanup(br_driver_free)

const char *br_driver_state_name(enum br_driver_state s); /* "built-in", "present", "absent" ... */

/* Drivers of disks and network cards that clouds have, and what such a device announces to udev. */
struct br_known_driver {
	const char *name, *alias;
};
extern const struct br_known_driver br_known_drivers[];
extern const size_t br_n_known_drivers;
const char *br_known_alias(const char *driver); /* NULL: not one of them */

/* Module names as the kernel compares them: - and _ equal, exactly. */
bool br_module_same(const char *a, const char *b);
/* Is path the file of that module: NAME.ko, plain or compressed? */
bool br_module_is_file(const char *path, const char *name);

/*
 * modprobe.c. modprobe.d text: adds "module\tPATH:LINE" for blacklist, with kind install for
 * install MODULE /bin/true|false; "modalias\tPATH:LINE\talias\tMODULE" for an alias of a device.
 */
int br_modprobe_parse(const char *buf, size_t len, const char *path, struct br_strv *ret) br_must_check;
/*
 * modprobe.blacklist= and module_blacklist= of a command line, and what the initramfs of made_by (NULL: not known) reads
 * beside them: dracut rd.driver.blacklist=, initramfs-tools blacklist=. "module\tPARAMETER".
 */
int br_cmdline_blacklist(const char *cmdline, const char *made_by, struct br_strv *ret) br_must_check;
/* All of an initramfs's modprobe.d (etc, run, usr/lib, lib; a file of the same name: the first folder wins). */
int br_initramfs_blacklist(const struct br_initramfs *i, struct br_strv *ret) br_must_check;
int br_root_blacklist(const struct br_root *root, struct br_strv *ret) br_must_check;
/* The value that modprobe.d of an initramfs gives to a module's parameter; caller frees. -ENOENT none. */
int br_initramfs_option(const struct br_initramfs *i, const char *module, const char *parameter,
                        char **ret) br_must_check;
/*
 * Modules that the initramfs loads by name: conf/modules (initramfs-tools), modules-load.d, the MODULES of
 * mkinitcpio's config, rd.driver.pre= and modules_load= of the command line (NULL none) and of the
 * initramfs's own cmdline.d. "\tblacklist" follows the name where a blacklist is heeded all the same.
 */
int br_forced_modules(const struct br_initramfs *i, const char *cmdline, struct br_strv *ret) br_must_check;

/*
 * What a module's parameter is, by its .ko's or built-in's modinfo "parmtype" where it can be read:
 * "uint", "byte", ...; caller frees. -ENOENT: the module has no such parameter; -ENODATA: could not tell.
 */
int br_module_parmtype(const struct br_modtree *t, const char *module, const char *parameter,
                       char **ret) br_must_check;

#endif
