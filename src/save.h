/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report as a file on the examined root: whole or not at all, and the root's mount flags as they were. */
#ifndef BR_SAVE_H
#define BR_SAVE_H

#include "options.h"
#include "report/report.h"

/* The report's place on a root. */
#define BR_REPORT_PATH "/etc/bootready/report.json"

/*
 * Writes /etc/bootready/report.json (opt->report "auto") or the path opt->report of the examined root, and
 * the table beside it as .txt. 0, or -errno with *ret_why (owned) saying why the root cannot take it.
 * preboot remounts a read-only root for that moment, from a child that may be killed or hang.
 */
int br_save(const struct br_options *opt, const struct br_report *rep, char **ret_why) br_must_check;

/* The report in a format, as text; caller frees. NULL: memory. */
char *br_report_text(const struct br_report *rep, const char *format);

/* Writes name in the folder dirfd, mode 0600: temporary name, fsync, rename, fsync of the folder. */
int br_write_whole(int dirfd, const char *name, const char *text) br_must_check;

#endif
