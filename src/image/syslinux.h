/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * syslinux and extlinux: their configuration, and the label that starts by itself; what their installer left in the
 * boot sector and in ldlinux.sys. Pure but for the files that INCLUDE names, which come through a callback. Sources:
 * syslinux's doc/syslinux.txt and doc/menu.txt, and its reading of them at 6.04 (com32/elflink/ldlinux/readconfig.c,
 * ldlinux.c, kernel.c; mbr/mbr.S and gptmbr.S; libinstaller/syslxint.h for the patch area).
 */
#ifndef BR_SYSLINUX_H
#define BR_SYSLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"

enum br_syslinux_type {
	BR_SYSLINUX_KERNEL = 0, /* by the name's end: a kernel, or a program of syslinux's */
	BR_SYSLINUX_LINUX,
	BR_SYSLINUX_OTHER,      /* another loader, a local boot, a submenu */
};

struct br_syslinux_label {
	enum br_syslinux_type type;
	char *name, *title;     /* title: MENU LABEL without its ^, NULL */
	char *kernel;           /* with what stands behind it on its line */
	char *append, *initrd;  /* NULL none of its own */
	unsigned menu;          /* 0 the top one */
	bool hidden, disabled, menu_default, password;
	char *file;             /* that it stands in */
	unsigned line;
};

struct br_syslinux {
	struct br_syslinux_label *labels; /* owned */
	size_t n, cap;
	char *append;    /* for labels without; NULL */
	char *wanted;    /* DEFAULT; NULL */
	char *ui;        /* UI; NULL */
	char *ontimeout; /* NULL */
	long timeout;    /* tenths of a second without a key; 0: none */
	long total;      /* TOTALTIMEOUT, whatever keys are pressed; 0: none */
	bool prompt, noescape, implicit, saves, submenu_first;
	bool too_many;   /* a BR_SYSLINUX_* cap was hit */
	char *missing;   /* the first file that INCLUDE names and is not there; NULL */
};

/* The file that INCLUDE names: 0, -ENOENT, -errno; *ret is the caller's. */
typedef int br_syslinux_read(void *ctx, const char *name, char **ret, size_t *ret_len);

int br_syslinux_parse(const char *buf, size_t len, const char *file, br_syslinux_read *include, void *ctx,
                      struct br_syslinux *ret) br_must_check;
void br_syslinux_free(struct br_syslinux *s);

enum br_syslinux_verdict {
	BR_SYSLINUX_STARTS,    /* label, with args behind its own */
	BR_SYSLINUX_IMPLICIT,  /* DEFAULT names a file: args, the file first */
	BR_SYSLINUX_NOTHING,   /* neither DEFAULT nor UI, or what they name is no label and may not be a file */
	BR_SYSLINUX_UNDETERMINED,
};

struct br_syslinux_choice {
	enum br_syslinux_verdict verdict;
	int label;          /* index, -1 */
	const char *args;   /* into the configuration; "" none */
	bool waits;         /* for a key, for ever */
	bool stepped;       /* it waits because the menu's first line is a disabled one, which ends the countdown */
	bool stale;         /* DEFAULT is no label: the menu takes its first */
	bool menu;          /* a menu program is started first: module is its name */
	char module[64];
	const char *why;    /* UNDETERMINED: constant */
};

void br_syslinux_choose(const struct br_syslinux *s, struct br_syslinux_choice *ret);
/* By its name, does a file count as a program of syslinux's own, not as a kernel? */
bool br_syslinux_is_program(const char *kernel);
/* The first word, owned; *ret_rest the text behind it. */
char *br_syslinux_word(const char *s, const char **ret_rest);
/* A path from the folder dir on, without "." and ".."; owned. */
char *br_syslinux_path(const char *dir, const char *path);

/* What installing left in ldlinux.sys's first bytes. */
struct br_ldlinux {
	char dir[256];    /* the folder that it was installed to, from the file system's top; "" unknown */
	unsigned sect[2]; /* offsets in the boot sector of the low and high half of ldlinux.sys's first sector */
};
/* false: no ldlinux.sys. */
bool br_ldlinux_parse(const unsigned char *buf, size_t len, struct br_ldlinux *ret);

/*
 * The GPT entry that gptmbr.bin starts, in n entries of size bytes each: its number from 0, -ENOENT none has the
 * attribute, -E2BIG more than one.
 */
int br_gpt_legacy_boot(const unsigned char *entries, size_t n, size_t size) br_must_check;

#endif
