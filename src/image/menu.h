/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A boot loader's menu, whichever loader reads it: its entries in the order shown, the one that starts by
 * itself, and what was noted on the way to it. Each loader's reader fills one.
 */
#ifndef BR_MENU_H
#define BR_MENU_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"

/* A file that a boot loader names. Devices are small numbers >= 0 that the reader's caller understands. */
struct br_place {
	int dev;    /* -1: unknown or none */
	char *path; /* as the loader names it on that device; NULL none */
};

struct br_boot_entry {
	char *title, *id;  /* id: GRUB's --id, or the name of the entry's own file without .conf; else NULL */
	char *menu_path;   /* "a>b" of titles, for messages */
	char *index_path;  /* "1>0" */
	bool submenu;
	bool unrestricted; /* GRUB's --unrestricted: no password asked */
	char *users;       /* GRUB's --users, NULL */
	char *source;      /* file it stands in, as given to read() */
	int source_dev;
	unsigned line;     /* where it begins in source, 0: source is all its own */
	/* What it loads (GRUB: its body, run with the variables as they are then). Files that are not there are named too. */
	struct br_place kernel;
	struct br_place *initrds;
	size_t n_initrds, cap_initrds;
	char *cmdline;      /* kernel arguments, expanded, one blank between; NULL when there is no kernel and no other loader gets any */
	struct br_place chain; /* another loader that it hands over to */
	bool unified;       /* kernel is a unified kernel image: initramfs and command line are in it */
	unsigned profile;   /* of it */
	char *defect;       /* why the unified kernel image does not start, in words; NULL */
};

#define BR_MENU_FIRST_DISABLED "the first line is a disabled one, which ends the countdown"

enum br_menu_trouble {
	BR_MENU_NO_CONFIG,      /* the file asked for, or one it hands over to (configfile), is not there */
	BR_MENU_SYNTAX,
	BR_MENU_SEARCH_NONE,    /* a search on the way names nothing; root_kept: $root stayed as it was */
	BR_MENU_SEARCH_UNKNOWN, /* could not tell */
	BR_MENU_DEFAULT_STALE,  /* the wanted default is not in the menu; another is taken */
	BR_MENU_ENV_BAD,        /* grubenv not a 1024-byte block with its signature */
	BR_MENU_VAR_EMPTY,      /* a variable that the default entry needs is empty ($kernelopts) */
	BR_MENU_PASSWORD,       /* superusers set and the default entry is restricted */
	BR_MENU_NO_TIMEOUT,     /* waits for a key for ever: "timeout=-1", "menu-force", BR_MENU_FIRST_DISABLED ... */
	BR_MENU_UNSUPPORTED,    /* something that decides could not be evaluated; what says what */
	BR_MENU_LIMIT,          /* a cap was hit */
	BR_MENU_NO_MODULE,      /* a part of the loader that it has to load itself is not there */
	BR_MENU_NO_TRIES,       /* systemd-boot: an entry whose boot counter stands at 0; in_default: it boots all the same */
	BR_MENU_FS_UNREADABLE,  /* a file system with entries that the loader's firmware does not read: what says which */
};

struct br_menu_note {
	enum br_menu_trouble trouble;
	char *what; /* owned: UUID, variable name, command ... */
	char *file; /* owned: as given to read(), NULL */
	int dev;
	unsigned line;
	bool in_default; /* it lies on the path to the default entry: top level outside menuentries, or its body */
	bool root_kept;  /* BR_MENU_SEARCH_NONE: $root held a usable device all the same */
	bool inside;     /* in what the loader carries itself, which is no file */
	int root_dev;    /* the device that $root named after it, -1 */
};

struct br_menu {
	struct br_boot_entry *entries; /* in menu order, submenu content right behind its submenu */
	size_t n, cap;
	int boots;       /* index of the entry that starts by itself, after a timeout or a key; -1: none */
	int fell_from;   /* index of the default that could not start, whose fallback boots is; -1 */
	bool undetermined; /* could not tell which (see notes) */
	char *wanted;    /* what asks for the default: GRUB's $default or next_entry; NULL */
	long timeout;    /* seconds; -1 waits for ever; LONG_MIN: not set */
	struct br_menu_note *notes;
	size_t n_notes, cap_notes;
	struct br_strv files; /* every configuration file read, "dev:path" order of reading, for `inputs` */
};

/* Adds a zeroed entry; a note, whose texts are copied. NULL: -ENOMEM. */
struct br_boot_entry *br_menu_add(struct br_menu *m);
struct br_menu_note *br_menu_note_add(struct br_menu *m, enum br_menu_trouble trouble, const char *what,
                                      const struct br_place *at);
/* Notes that a file was read. */
void br_menu_read_file(struct br_menu *m, int dev, const char *path);
void br_boot_entry_free(struct br_boot_entry *e);
void br_menu_free(struct br_menu *m);

#endif
