/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's configuration, evaluated as GRUB does it: the menu that a boot would have, and the entry it
 * would start by itself. Pure: all it sees of disks and files comes through struct br_grub_io.
 * Source of the language: the GRUB manual, "Writing full configuration files directly" and "Commands";
 * of blscfg: the Boot Loader Specification and Fedora's documentation of BLS with GRUB.
 */
#ifndef BR_GRUB_H
#define BR_GRUB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"

enum br_grub_by {
	BR_GRUB_BY_UUID,
	BR_GRUB_BY_LABEL,
	BR_GRUB_BY_FILE,
};

enum br_grub_file {
	BR_GRUB_FILE,     /* [ -f ] */
	BR_GRUB_DIR,      /* [ -d ] */
	BR_GRUB_EXISTS,   /* [ -e ] */
	BR_GRUB_NONEMPTY, /* [ -s ] */
};

/* Devices are small numbers >= 0 that the owner of ctx understands. All calls give 0 or -errno. */
struct br_grub_io {
	void *ctx;
	/* -ENOENT: no device has it; -ENODATA: could not tell. */
	int (*search)(void *ctx, enum br_grub_by by, const char *value, int *ret_dev);
	/* "hd0,gpt3", "hd0", "lvm/vg-root", "md/0": -ENOENT none such; -ENODATA could not tell. */
	int (*device)(void *ctx, const char *name, int *ret_dev);
	/* The name GRUB would give to a device ("hd0,gpt3"), for $root; caller frees. */
	int (*device_name)(void *ctx, int dev, char **ret);
	/* A whole file of at most BR_GRUBCFG_MAX bytes; caller frees. -ENOENT, -ENODATA (device unreadable). */
	int (*read)(void *ctx, int dev, const char *path, char **ret, size_t *ret_len);
	/* 1 yes, 0 no, -errno could not tell. */
	int (*test)(void *ctx, int dev, const char *path, enum br_grub_file what);
	/* Names in a folder, sorted; -ENOENT. */
	int (*list)(void *ctx, int dev, const char *path, struct br_strv *ret);
	/* File system UUID of a device (probe -u), caller frees. */
	int (*uuid)(void *ctx, int dev, char **ret);
};

struct br_grub_place {
	int dev;    /* -1: unknown or none */
	char *path; /* as GRUB names it on that device; NULL none */
};

struct br_grub_entry {
	char *title, *id;  /* id: --id, or BLS file name without .conf, else NULL */
	char *menu_path;   /* "a>b" of titles, for messages */
	char *index_path;  /* "1>0" */
	bool submenu;
	bool unrestricted; /* --unrestricted: no password asked */
	char *users;       /* --users, NULL */
	char *source;      /* file it stands in, as given to read() */
	int source_dev;
	unsigned line;     /* of `menuentry`, 0 for BLS */
	/* What its body loads, run with the variables as they are then. Files that are not there are named too. */
	struct br_grub_place kernel;
	struct br_grub_place *initrds;
	size_t n_initrds, cap_initrds;
	char *cmdline;      /* kernel arguments, expanded, one blank between; NULL when there is no kernel */
	struct br_grub_place chain; /* chainloader */
};

enum br_grub_trouble {
	BR_GRUB_NO_CONFIG,      /* the file asked for, or one it hands over to (configfile), is not there */
	BR_GRUB_SYNTAX,
	BR_GRUB_SEARCH_NONE,    /* a search on the way names nothing; root_kept: $root stayed as it was */
	BR_GRUB_SEARCH_UNKNOWN, /* could not tell */
	BR_GRUB_DEFAULT_STALE,  /* the wanted default is not in the menu; GRUB takes the first entry */
	BR_GRUB_ENV_BAD,        /* grubenv not a 1024-byte block with its signature */
	BR_GRUB_VAR_EMPTY,      /* a variable that the default entry needs is empty ($kernelopts) */
	BR_GRUB_PASSWORD,       /* superusers set and the default entry is restricted */
	BR_GRUB_NO_TIMEOUT,     /* timeout=-1: waits for a key for ever */
	BR_GRUB_UNSUPPORTED,    /* something that decides could not be evaluated; what says what */
	BR_GRUB_LIMIT,          /* a cap was hit */
};

struct br_grub_note {
	enum br_grub_trouble trouble;
	char *what; /* owned: UUID, variable name, command ... */
	char *file; /* owned: as given to read(), NULL */
	int dev;
	unsigned line;
	bool in_default; /* it lies on the path to the default entry: top level outside menuentries, or its body */
	bool root_kept;  /* BR_GRUB_SEARCH_NONE: $root held a usable device all the same */
	int root_dev;    /* the device that $root named after it, -1 */
};

struct br_grub_menu {
	struct br_grub_entry *entries; /* in menu order, submenu content right behind its submenu */
	size_t n, cap;
	int boots;       /* index of the entry that starts by itself, after a timeout or a key; -1: none */
	int fell_from;   /* index of the default that could not start, whose fallback boots is; -1 */
	bool undetermined; /* could not tell which (see notes) */
	char *wanted;    /* the text of $default (or next_entry), NULL */
	long timeout;    /* seconds; -1 waits for ever; LONG_MIN: not set */
	struct br_grub_note *notes;
	size_t n_notes, cap_notes;
	struct br_strv files; /* every configuration file read, "dev:path" order of reading, for `inputs` */
};

struct br_grub_start {
	const char *path;     /* configuration file on dev */
	int dev;              /* $root at the start */
	const char *prefix;   /* "(hd0,gpt3)/boot/grub"; NULL: folder of path on dev */
	const char *platform; /* "pc" or "efi" */
	const char *cpu;      /* "x86_64", "i386", "arm64" */
};

/*
 * 0 with *ret filled even where the menu is broken (see notes); -ENOENT when the first file is absent;
 * -ENOMEM. Never runs for ever: BR_GRUB_* caps.
 */
int br_grub_boot(const struct br_grub_io *io, const struct br_grub_start *start,
                 struct br_grub_menu *ret) br_must_check;
void br_grub_menu_free(struct br_grub_menu *m);

#endif
