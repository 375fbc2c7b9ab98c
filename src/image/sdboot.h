/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * systemd-boot: its loader.conf, the entries it shows, their order, and the one that starts by itself. Sources:
 * UAPI.1 (Boot Loader Specification: entries of type 1 and 2, boot counting), UAPI.10 (order of versions),
 * loader.conf(5), systemd-boot(7), and the loader's own reading of them at 247, 252 and 257 (boot.c).
 *
 * A new machine has none of the loader's EFI variables (LoaderEntryDefault, LoaderEntryOneShot,
 * LoaderEntryPreferred, LoaderEntryLastBooted, LoaderConfigTimeout): only what lies on the disk counts here.
 */
#ifndef BR_SDBOOT_H
#define BR_SDBOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"

/* Versions at which the reading changes, as major * 1000 + minor. 0 stands for one that could not be told: as new. */
#define BR_SD_SORT_KEYS 251000 /* newest first, sort-key, the first match; before: newest last, the last match */
#define BR_SD_PROFILES  257000 /* profiles of a unified image are entries; "auto-" in any case is none */
#define BR_SD_BARE_IDS  257010 /* the boot counter is no part of the id */
#define BR_SD_UKI_KEY   258000 /* `uki` in an entry */
#define BR_SD_PREFERRED 260000 /* loader.conf's `preferred`, which passes over entries without tries */

struct br_sdboot_conf {
	char *wanted;    /* `default`, in lower case; NULL none */
	char *preferred; /* `preferred`, in lower case; NULL none */
	bool menu_force; /* the menu waits for a key for ever */
	long timeout;    /* seconds the menu stays, 0 no menu */
};

enum br_sdboot_type {
	BR_SDBOOT_NONE = 0, /* names nothing to start: not shown */
	BR_SDBOOT_LINUX,
	BR_SDBOOT_EFI,
	BR_SDBOOT_UNIFIED,
};

struct br_sdboot_entry {
	enum br_sdboot_type type;
	char *file;    /* name as it lies there: "Fedora+3-1.conf" */
	char *id;      /* in lower case; a further profile's ends in "@name" */
	char *id_base; /* of a further profile: the id without it; NULL */
	unsigned profile;
	char *title, *version, *machine_id, *sort_key, *options; /* NULL none */
	char *loader, *devicetree; /* paths from the file system's top, "/" between; NULL none */
	struct br_strv initrds;
	bool foreign;  /* `architecture` names another one: not shown */
	bool counted;  /* boot counting: the name ends in +LEFT or +LEFT-DONE */
	uint64_t left, done;
	int dev;       /* the reader's own */
};

int br_sdboot_conf_parse(const char *buf, size_t len, unsigned version, struct br_sdboot_conf *ret) br_must_check;
void br_sdboot_conf_free(struct br_sdboot_conf *c);

/* An entry of type 1. arch: as systemd names it ("x64", "aa64", "ia32"). */
int br_sdboot_entry_parse(const char *buf, size_t len, const char *file, const char *arch, unsigned version,
                          struct br_sdboot_entry *ret) br_must_check;
/* One of type 2, by its os-release and its .profile (NULL). Without a name in osrel: type BR_SDBOOT_NONE. */
int br_sdboot_unified_parse(const char *osrel, const char *profile_text, unsigned profile, const char *file,
                            unsigned version, struct br_sdboot_entry *ret) br_must_check;
void br_sdboot_entry_free(struct br_sdboot_entry *e);

/* UAPI.10: < 0 when a is older; NULL is as good as "". */
int br_sdboot_vercmp(const char *a, const char *b);
/* Before 251: numbers by value, letters before the rest. */
int br_sdboot_vercmp_old(const char *a, const char *b);
/* Both in lower case: * ? [a-z] and \ before a character. */
bool br_sdboot_match(const char *pattern, const char *text);
/* The boot counter at the end of a file name, before suffix: where the name without it ends, 0 none. */
size_t br_sdboot_tries(const char *file, const char *suffix, uint64_t *ret_left, uint64_t *ret_done);
/* Is it a file that systemd-boot takes as an entry, by its name? suffix ".conf" or ".efi". */
bool br_sdboot_is_entry(const char *file, const char *suffix, unsigned version);

/* In the order of the menu; equal ones stay as they are. */
void br_sdboot_sort(struct br_sdboot_entry *entries, size_t n, unsigned version);
/* The entry that starts by itself: its index, -1 none. *ret_stale: `default` matches no entry. */
int br_sdboot_choose(const struct br_sdboot_entry *entries, size_t n, const struct br_sdboot_conf *conf,
                     unsigned version, bool *ret_stale);

#endif
