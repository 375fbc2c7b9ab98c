/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A boot as a chain of links, for people: what each is, and which one breaks. Worked out from what a report holds: the
 * values of its "boot", and the findings of the checks that are about the way to the root.
 */
#ifndef BR_CHAINVIEW_H
#define BR_CHAINVIEW_H

#include "report/report.h"

enum br_link_kind {
	BR_LINK_LOADER, /* firmware and boot loader */
	BR_LINK_ENTRY,
	BR_LINK_KERNEL,
	BR_LINK_INITRAMFS,
	BR_LINK_DRIVER, /* the target's disk controllers */
	BR_LINK_ROOT,
	BR_LINK_SYSTEM, /* the first program, and what its start waits for */
	BR_LINKS
};

enum br_link_state {
	BR_LINK_OPEN = 0, /* not known whether it holds */
	BR_LINK_HOLDS,
	BR_LINK_WEAK, /* a warning */
	BR_LINK_BROKEN,
};

struct br_link {
	enum br_link_state state;
	bool behind;       /* a link before it is broken: the boot does not come here */
	const char *title; /* "Kernel" */
	char *value;       /* owned, may hold any byte that a report may; NULL: not known */
	const struct br_finding *why;    /* the worst finding about it, borrowed; NULL: none */
	const struct br_result *why_of; /* whose it is */
};

struct br_chainview {
	struct br_link link[BR_LINKS];
};

/* How many chains there are to show: one for a report that knows no boot, and one where all are the same. */
size_t br_chains(const struct br_report *rep);
/* "BIOS", "UEFI", "BIOS and UEFI", or "Unknown firmware". */
const char *br_chain_name(const struct br_report *rep, size_t at);
/* 0; -ENOMEM. */
int br_chain_links(const struct br_report *rep, size_t at, struct br_chainview *ret) br_must_check;
void br_chain_free(struct br_chainview *c);

/* Which link a finding is about; -1: none. */
int br_link_of(const char *check, const char *code);

#endif
