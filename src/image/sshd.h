/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The SSH server of a root: its program and release, what its configuration says to that release, its host keys and
 * who would make them. Sources: sshd(8), sshd_config(5), authfile.c for permissions of keys; the packages of Debian,
 * Red Hat, SUSE, Arch and cloud-init for who makes keys.
 */
#ifndef BR_SSHD_H
#define BR_SSHD_H

#include "image/fstab.h"
#include "image/sshd-conf.h"
#include "image/units.h"

enum br_sshd_key_state {
	BR_SSHD_KEY_THERE,
	BR_SSHD_KEY_MISSING,
	BR_SSHD_KEY_REFUSED, /* sshd goes on without it: its mode, a passphrase, no key at all */
	BR_SSHD_KEY_UNREAD,
};

struct br_sshd_key {
	char *path;  /* owned */
	char *why;   /* owned; one phrase; NULL where it is there or missing */
	enum br_sshd_key_state state;
	bool usual;  /* where those who make keys put them */
	char *named_in; /* owned; the file with the line HostKey; NULL: the release's own */
	unsigned line;
};

struct br_sshd {
	char *program;    /* owned; "/usr/sbin/sshd"; NULL: there is none */
	unsigned release; /* 902; 0 unknown */
	char *version;    /* owned; "OpenSSH_9.2p1 Debian-2"; NULL unknown */
	char *config;     /* owned; "/etc/ssh/sshd_config"; NULL: there is none */
	char *config_why; /* owned; why it could not be read; NULL: conf holds */
	struct br_sshd_conf conf;
	struct br_sshd_key *keys; /* those that sshd would load */
	size_t n_keys, cap_keys;
	char *maker;      /* owned; the file of what makes host keys that are missing; NULL: nothing known */
	bool no_user;     /* nobody is called sshd, and nothing makes that user */
	char *no_folder;  /* owned; the folder for privilege separation, on the root, that is not there; NULL */
	bool folder_hidden; /* it would be on a file system that is not mounted */
	bool held_back;   /* /etc/ssh/sshd_not_to_be_run */
	char *open_folder; /* owned; what of root's others can write to, so that sshd passes over root's keys; NULL */
};

/* units: NULL where they could not be read. -ENOMEM, or what keeps the program from being read. */
int br_sshd_read(const struct br_root *root, enum br_family family, const struct br_fstab *fstab,
                 const struct br_units *units, struct br_sshd *ret) br_must_check;
void br_sshd_free(struct br_sshd *s);

/* "OpenSSH_9.2p1 Debian-2" somewhere in it: 902 and, owned, the text. 0: nowhere. */
unsigned br_sshd_release(const char *buf, size_t len, char **ret);
/* The version of a package in dpkg's status file, without its epoch; owned, NULL: not installed. */
char *br_dpkg_version(const char *buf, const char *package);
/* A private key's file: NULL good, else why sshd would not take it. */
const char *br_sshd_key_text(const char *buf);

/* sshd-keys.c; what they find goes into s. -ENOMEM. */
int br_sshd_keys(const struct br_root *root, enum br_family family, struct br_sshd *s) br_must_check;
int br_sshd_key_maker(const struct br_root *root, const struct br_units *units, struct br_sshd *s) br_must_check;

#endif
