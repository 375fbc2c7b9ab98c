/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SELinux as the boot will have it: the root's files, the kernel's own configuration and the command line together.
 * Sources: the kernel's security/security.c (lsm=, security=, one exclusive module at most) and selinux_enabled_boot;
 * libselinux's selinux_init_load_policy() and selinux_getenforcemode(), which PID 1 calls; selinux(8).
 */
#ifndef BR_SELINUX_H
#define BR_SELINUX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/root.h"

enum br_selinux_mode {
	BR_SELINUX_UNSET = 0, /* no such line, or no such word: permissive to libselinux */
	BR_SELINUX_DISABLED,
	BR_SELINUX_PERMISSIVE,
	BR_SELINUX_ENFORCING,
};

/* What the kernel's configuration says; a kernel whose file is not there is told by the distribution. */
struct br_selinux_kernel {
	bool known;      /* /boot/config-RELEASE or its like was read */
	bool built_in;   /* CONFIG_SECURITY_SELINUX */
	bool can_disable; /* CONFIG_SECURITY_SELINUX_DISABLE: SELINUX=disabled switches it off while running */
	char *order;     /* owned; CONFIG_LSM, or CONFIG_DEFAULT_SECURITY of older ones; NULL: not told */
};

struct br_selinux {
	bool config;          /* /etc/selinux/config is there */
	enum br_selinux_mode mode;
	unsigned mode_line;   /* 0: no such line */
	char *type;           /* owned; SELINUXTYPE, "targeted" where nothing says */
	bool policy;          /* a compiled policy of that type is there */
	bool autorelabel;     /* /.autorelabel */
	struct br_selinux_kernel kernel; /* of the default entry */
};

/* release: of the default kernel; NULL: not known. 0 or -errno (the configuration cannot be read). */
int br_selinux_read(const struct br_root *root, const char *release, struct br_selinux *ret) br_must_check;
void br_selinux_free(struct br_selinux *s);

/* Pure readers: 0 or -ENOMEM. */
int br_selinux_parse(const char *buf, size_t len, struct br_selinux *ret) br_must_check;
int br_selinux_parse_kernel(const char *buf, size_t len, struct br_selinux_kernel *ret) br_must_check;

enum br_selinux_effect {
	BR_SELINUX_NONE = 0,  /* the system has none */
	BR_SELINUX_OFF,
	BR_SELINUX_NO_POLICY, /* the kernel has it on, and nothing is loaded: nothing is denied */
	BR_SELINUX_TELLS,     /* permissive */
	BR_SELINUX_DENIES,    /* enforcing */
	BR_SELINUX_STOPS,     /* enforcing without a policy: PID 1 goes no further */
};

/* Of distributions whose kernel's file is not there. */
struct br_selinux_release {
	bool by_default;  /* the kernel starts with SELinux unless told otherwise: Red Hat's family */
	bool can_disable; /* before EL 9, Fedora 34 */
};

enum br_selinux_effect br_selinux_effect(const struct br_selinux *s, const char *cmdline,
                                         const struct br_selinux_release *release);

#endif
