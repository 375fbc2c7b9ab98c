/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs checks in a worker process and collects what it sends. The worker reads the hostile root: it may
 * crash or hang (a disk that never answers), and only the check at hand becomes UNKNOWN for a crash, all
 * that are left for the deadline.
 */
#ifndef BR_RUNNER_H
#define BR_RUNNER_H

#include "options.h"
#include "report/report.h"

/* 0 with *rep filled (all checks of the registry in their order), or -errno: the program itself failed. */
int br_run(const struct br_options *opt, const struct br_profile *profile, struct br_report *rep) br_must_check;

/* worker.c: the other side. Writes records to fd from check number first on; never returns. */
_Noreturn void br_worker(const struct br_options *opt, const struct br_profile *profile, size_t first, int fd);

/* Is this check to run? When not, *ret_why says: "excluded" or "not-wanted". */
bool br_selected(const struct br_options *opt, const struct br_profile *profile, const struct br_check *check,
                 const char **ret_why);

/* wire.c: a record is a 32-bit length in host order and so much JSON. 0, -errno; read: 1 a record, 0 end. */
int br_wire_send(int fd, const char *kind, void *json) br_must_check;

struct br_wire {
	char *buf;
	size_t len, cap;
};
/* Takes what is there to read; -EBADMSG: a record longer than BR_RECORD_MAX. */
int br_wire_fill(struct br_wire *w, int fd) br_must_check;
/* The next whole record, parsed: a cJSON object {kind: value}; NULL none yet. -EBADMSG no JSON. */
int br_wire_next(struct br_wire *w, void **ret) br_must_check;
void br_wire_free(struct br_wire *w);

#endif
