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
	bool waits;          /* the boot waits for it and fails without it; "/" among them */
	bool nofail, noauto, automount, netdev;
	bool swap;
	bool ignored;  /* systemd mounts it not at all: a relative target, the kernel's own, a second one */
	bool unparsed; /* libmount cannot parse the line (it is in bad too); read as getmntent(3) would */
};

/* The key of an encrypted volume, as far as the root's own files tell. */
enum br_key {
	BR_KEY_UNKNOWN = 0, /* on another file system, from a key server, by a helper: could not tell */
	BR_KEY_THERE,       /* a file that is there, or /dev/urandom */
	BR_KEY_MISSING,     /* a file that is not there */
	BR_KEY_ASKED,       /* a person is asked for a passphrase */
	BR_KEY_HARDWARE,    /* sealed by hardware of the machine: TPM, FIDO2, PKCS#11 */
};

struct br_crypttab_entry {
	unsigned line;
	char *name, *device, *key, *options; /* never NULL ("" or "none" where the field is absent) */
	struct br_spec spec;
	bool waits; /* the boot waits for it: neither nofail nor noauto */
	enum br_key key_state;
};

struct br_bad_line {
	unsigned line;
	char *text; /* owned, cut */
	bool crypttab;
};

struct br_fstab {
	struct br_fstab_entry *entries; /* in file order */
	size_t n, cap;
	struct br_bad_line *bad; /* lines libmount (systemd, of crypttab) cannot parse */
	size_t n_bad, cap_bad;
	struct br_crypttab_entry *crypt;
	size_t n_crypt, cap_crypt;
	bool absent; /* no /etc/fstab at all */
	bool too_many;
	int crypttab_err; /* -errno: there is an /etc/crypttab that could not be read; 0 read, or there is none */
};

/* Both append to *ret, which is valid but incomplete on failure. -EBADMSG: binary bytes, no text file. */
int br_fstab_parse(const char *buf, size_t len, struct br_fstab *ret) br_must_check;
int br_crypttab_parse(const char *buf, size_t len, struct br_fstab *ret) br_must_check;
/* Both files of a root. Absent files are no error. Errors are those of /etc/fstab, as br_root_read's. */
int br_fstab_read(const struct br_root *root, struct br_fstab *ret) br_must_check;
void br_fstab_free(struct br_fstab *f);

/* Fills waits, nofail, noauto, automount, netdev, swap and ignored of all entries; the parsers call it. */
void br_fstab_waits(struct br_fstab *f);
/* Fills key_state of the crypttab entries from the root's files. */
void br_crypttab_keys(const struct br_root *root, struct br_fstab *f);

/* The entry that is mounted on target, NULL none. Of several the first counts, as for systemd. */
const struct br_fstab_entry *br_fstab_target(const struct br_fstab *f, const char *target);
/* The value of option name ("" when it has none), NULL when absent; *len its length. The last one wins. */
const char *br_fstab_option(const struct br_fstab_entry *e, const char *name, size_t *len);
/* The same in any comma-separated list. */
const char *br_option(const char *options, const char *name, size_t *len);
/* Is it mounted from a server: by its type, or by _netdev? */
bool br_fstab_is_network_type(const char *type);

#endif
