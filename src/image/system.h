/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the root says it is: os-release(5) (else /etc/redhat-release, /etc/debian_version), adjtime(5), machine-id(5); for the table's head and the report. */
#ifndef BR_SYSTEM_H
#define BR_SYSTEM_H

#include "base/macro.h"
#include "image/root.h"

struct br_system {
	/* All owned; NULL unknown. */
	char *os;         /* PRETTY_NAME */
	char *os_id;      /* ID: "debian" */
	char *os_like;    /* ID_LIKE */
	char *os_version; /* VERSION_ID */
	char *arch;       /* "x86_64", by the ELF header of the root's own loader or shell */
	char *rtc;        /* "utc" or "local" */
	char *boot_mode;  /* of this machine: "legacy" or "uefi" (live, preboot) */
	char *machine_id;
};

void br_system_read(const struct br_root *root, struct br_system *ret);
void br_system_free(struct br_system *s);

/* Families, for fixes that can be typed on that root. */
enum br_family {
	BR_FAMILY_OTHER = 0,
	BR_FAMILY_DEBIAN,
	BR_FAMILY_REDHAT,
	BR_FAMILY_SUSE,
	BR_FAMILY_ARCH,
};
enum br_family br_system_family(const struct br_system *s);

#endif
