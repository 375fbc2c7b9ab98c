/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict's way out of early boot, beside the report on the root. */
#ifndef BR_ANNOUNCE_H
#define BR_ANNOUNCE_H

#include "report/report.h"

/*
 * The table to every console of /proc/consoles, the JSON as one document to the virtio-serial port
 * org.bootready.report, both to /run/initramfs/bootready/, the failing lines to the kernel log (and so to
 * the journal). Each as far as it goes: a console that takes nothing is left after a bounded wait.
 */
void br_announce(const struct br_report *rep);

/* Two forms of the same, in the same places; in /run/initramfs/bootready as NAME.json and NAME.txt. */
void br_announce_texts(const char *name, const char *json, const char *table);

/* One line to every console and the kernel log. */
void br_announce_line(const char *line);

/* One line to the kernel log alone, and so to the journal. */
void br_announce_log(const char *line);

#endif
