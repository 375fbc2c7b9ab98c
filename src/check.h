/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * THE contract between checks, runner and writers.
 *
 * A check is one file in checks/ that ends in one const struct check, and one CHECK(name) line in
 * checks/list.h. It reads facts of struct br_image and leaves findings in a result: it opens, parses,
 * allocates and frees nothing itself. A result starts as UNKNOWN and stays it until br_conclude(), so
 * that a check which returns early has not passed.
 */
#ifndef BR_CHECK_H
#define BR_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

struct br_image;

enum br_status {
	BR_UNKNOWN = 0, /* could not tell */
	BR_OK,
	BR_WARNING,
	BR_FAILED,
	BR_SKIPPED, /* excluded, or the profile does not want it */
	BR_STATUSES
};

/* Ordered: of a check's findings the greatest decides. */
enum br_severity {
	BR_SEV_INFO = 0,
	BR_SEV_WARNING,
	BR_SEV_UNKNOWN,
	BR_SEV_FAILED,
};

enum br_basis {
	BR_BASIS_POLICY = 0, /* the target cloud's rule */
	BR_BASIS_BOOT,       /* shown by a boot test: does not come up, or loses that function */
};

enum br_level {
	BR_LEVEL_HIGH,
	BR_LEVEL_WARNING,
};

/* A kind of finding. Stable, kebab-case, of exactly one check (a house test sees to it). */
struct br_code {
	const char *name;
	enum br_basis basis;
	const char *meaning; /* one line, shown by `explain` */
};

/* What a check reads; the runner loads it first and says UNKNOWN, once and in one wording, where it can't. */
enum br_need {
	BR_NEED_DISKS = 1 << 0,   /* img->disks: block devices, partitions, tags */
	BR_NEED_FSTAB = 1 << 1,   /* img->fstab */
	BR_NEED_CHAINS = 1 << 2,  /* img->chains: boot loader to root, one a firmware */
	BR_NEED_DRIVERS = 1 << 3, /* chains with initramfs and module indexes read */
	BR_NEED_GROWTH = 1 << 4,  /* img->growth: what makes the root grow */
	BR_NEED_USR = 1 << 5,     /* what lies below /usr can be seen */
	BR_NEED_KERNELS = 1 << 6, /* img->kernels: every installed kernel */
	BR_NEED_REPLAYED = 1 << 7, /* the root's journal needs no recovery: its files are what will boot */
	BR_NEED_NETWORK = 1 << 12, /* img->network: interfaces and how they get their addresses */
	BR_NEED_UNITS = 1 << 8, /* img->units: services and what starts them */
	BR_NEED_ROOTFS = 1 << 21, /* img->rootfs: what the root's superblock says */
	BR_NEED_TABLE = 1 << 22, /* img->parttable: the copies of the partition table */
	BR_NEED_SERVICES = 1 << 9, /* img->services: programs of agents and guest tools, firewalls' rules */
	BR_NEED_CLOUDINIT = 1 << 18, /* img->cloudinit: what is installed, and where it looks */
	BR_NEED_SELINUX = 1 << 19, /* img->selinux: the root's files of it */
	BR_NEED_LEFTOVERS = 1 << 24, /* img->leftovers: the machine's id, keys, histories, packages half done */
	BR_NEED_ACCOUNTS = 1 << 14, /* img->accounts: users and groups */
	BR_NEED_ATTRS = 1 << 16,   /* img->attrs: flags, owner and mode of system files */
	BR_NEED_LIBDIRS = 1 << 17, /* img->libdirs: the folders of programs and libraries, and the first programs */
	BR_NEED_USAGE = 1 << 15,   /* img->usages: how full the file systems are */
	BR_NEED_SSHD = 1 << 10, /* img->sshd: the SSH server */
};

struct br_finding {
	char *code; /* owned; a row of the check's table, or "<check>-not-read" and the like by the runner */
	enum br_basis basis;
	enum br_severity severity;
	char *message; /* owned; one sentence, already safe to show */
	char *path;    /* owned, the root's own path from "/"; NULL: about no file */
	unsigned line; /* from 1; 0: about no line */
	char *fix;     /* owned; what to type; NULL: nothing to type */
};

struct br_result {
	const struct br_check *check;
	enum br_status status;
	bool concluded;
	uint64_t elapsed_us;
	struct br_finding *findings; /* owned */
	size_t n_findings, cap_findings;
	bool oom;
};

struct br_check {
	const char *id; /* as the reference tool prints it: "Virtio" */
	enum br_level level;
	bool own;          /* one of our own, beyond the reference tool's: it follows those, with sums of its own */
	const char *title; /* one line, shown by `list` */
	unsigned needs;    /* BR_NEED_*: without them the check is UNKNOWN */
	unsigned wants;    /* BR_NEED_*: read too; the check says itself what it cannot tell without them */
	const struct br_code *codes;
	size_t n_codes;
	/* The four parts of `explain`; whole sentences, wrapped by the writer. */
	const char *reads, *fails, *why, *mend;
	void (*run)(const struct br_image *img, struct br_result *res);
};

/* The registry, in report order. */
extern const struct br_check *const br_checks[];
extern const size_t br_n_checks;
const struct br_check *br_check_by_id(const char *id);
/* The one check that has such findings: by a row of its table, or one of the runner's own about it; NULL: none. */
const struct br_check *br_check_of_code(const char *code);

/*
 * Leaves a finding. code names a row of the check's own table (anything else aborts: a defect of the
 * program). path and fix may be NULL, line 0. The message is cut at BR_MESSAGE_MAX and made safe to show.
 */
void br_find(struct br_result *res, const char *code, enum br_severity sev, const char *path, unsigned line,
             const char *fix, const char *fmt, ...) br_printf(7, 8);

/* Says that everything the check decides was looked at: the worst finding now gives the status. */
void br_conclude(struct br_result *res);

const char *br_status_name(enum br_status s);     /* "FAILED" */
const char *br_severity_name(enum br_severity s); /* "failed" */
const char *br_basis_name(enum br_basis b);       /* "boot" */
const char *br_level_name(enum br_level l);       /* "high" */

void br_result_free(struct br_result *res);

#endif
