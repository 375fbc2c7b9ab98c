/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /etc/fstab by libmount (fstab(5)), and /etc/crypttab (crypttab(5)), as facts with line numbers, and
 * what of them the boot waits for (systemd-fstab-generator(8), systemd.mount(5)).
 */
#ifndef BR_FSTAB_H
#define BR_FSTAB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/disks.h"
#include "image/root.h"

struct br_fstab_entry {
	unsigned line;
	char *source, *target, *type, *options; /* owned, unmangled (\040 -> space); never NULL */
	int freq, passno;
	struct br_spec spec; /* of source */
	bool waits;          /* the boot waits for it and fails without it */
	bool nofail, noauto, automount, netdev;
	bool swap;
};

struct br_crypttab_entry {
	unsigned line;
	char *name, *device, *key, *options; /* never NULL ("" or "none" where the field is absent) */
	struct br_spec spec;
	bool waits;
};

struct br_bad_line {
	unsigned line;
	char *text; /* owned, cut */
};

struct br_fstab {
	struct br_fstab_entry *entries; /* in file order */
	size_t n, cap;
	struct br_bad_line *bad; /* lines libmount cannot parse */
	size_t n_bad, cap_bad;
	struct br_crypttab_entry *crypt;
	size_t n_crypt, cap_crypt;
	bool absent; /* no /etc/fstab at all */
	bool too_many;
};

int br_fstab_parse(const char *buf, size_t len, struct br_fstab *ret) br_must_check;
int br_crypttab_parse(const char *buf, size_t len, struct br_fstab *ret) br_must_check;
/* Both files of a root. Absent files are no error. */
int br_fstab_read(const struct br_root *root, struct br_fstab *ret) br_must_check;
void br_fstab_free(struct br_fstab *f);

/* The entry mounted on target (last one wins, as mount -a), NULL none. */
const struct br_fstab_entry *br_fstab_target(const struct br_fstab *f, const char *target);
/* The value of option name ("" when it has none), NULL when absent; *len its length. */
const char *br_fstab_option(const struct br_fstab_entry *e, const char *name, size_t *len);

#endif
