/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a machine leaves behind in its root and a clone should not have: its id (machine-id(5)), SSH host keys, shell
 * histories, authorized keys, DHCP leases, and packages or package managers that were stopped in the middle of their work
 * (dpkg(1), the status field of /var/lib/dpkg/status; dpkg's journal, pacman's lock).
 */
#ifndef BR_LEFTOVERS_H
#define BR_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/fstab.h"

enum br_machine_id {
	BR_ID_UNREAD = 0,   /* id_err says */
	BR_ID_ABSENT,
	BR_ID_EMPTY,
	BR_ID_UNINITIALIZED, /* the word: the first boot makes one, and is known to be the first */
	BR_ID_VALUE,
	BR_ID_GARBAGE,      /* zeros, other lengths, no hexadecimal digits */
};

enum br_leftover_kind {
	BR_LEFT_HOST_KEY,
	BR_LEFT_HISTORY,
	BR_LEFT_AUTHORIZED_KEYS,
	BR_LEFT_LEASE,
	BR_LEFT_PACKAGE,      /* half installed or half configured; what: its name and state */
	BR_LEFT_PACKAGE_WORK, /* a journal or lock of a package manager */
	BR_LEFT_KINDS
};

struct br_leftover {
	enum br_leftover_kind kind;
	char *path; /* owned; the root's own */
	unsigned line;
	char *what; /* owned; NULL: the path says all */
};

struct br_leftovers {
	enum br_machine_id id, dbus_id; /* of /etc/machine-id and of dbus's own file */
	int id_err;
	bool dbus_link;                 /* dbus's is a link to /etc/machine-id: one id */
	struct br_leftover *v;          /* a few of each kind */
	size_t n, cap;
	size_t count[BR_LEFT_KINDS];    /* how many there are in all */
	struct br_strv hidden;          /* where fstab mounts a file system that is not mounted here */
	int err[BR_LEFT_KINDS];         /* positive errno where something could not be looked at */
};

enum br_machine_id br_machine_id_parse(const char *buf, size_t len);
/* /var/lib/dpkg/status: appends packages that are not as they should be. */
int br_dpkg_status_parse(const char *buf, size_t len, const char *path, struct br_leftovers *ret) br_must_check;

/* 0 or -ENOMEM. */
int br_leftovers_read(const struct br_root *root, const struct br_fstab *fstab, struct br_leftovers *ret) br_must_check;
void br_leftovers_free(struct br_leftovers *l);

#endif
