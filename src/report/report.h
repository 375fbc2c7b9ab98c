/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One whole report: what the supervisor collected and what every writer reads. The writers differ in form
 * only; none can disagree with another about a verdict.
 */
#ifndef BR_REPORT_H
#define BR_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macro.h"
#include "base/str.h"
#include "check.h"

/* One firmware's chain, as far as it was worked out; NULL: unknown. All owned. */
struct br_boot {
	char *firmware, *entry, *kernel, *initramfs, *cmdline, *root, *root_device, *root_driver;
	char *release;
};

/* What a verdict rests on: a file's hash, or the value of a fact. */
struct br_input {
	char *kind;  /* "file", "link" or "fact" */
	char *name;  /* the root's own path, or the fact's name */
	char *value; /* SHA-256 in hex or "unreadable", where a link leads, or the fact; NULL: absent */
};

struct br_report {
	char *time; /* RFC 3339, UTC */
	char *context;
	/* selection */
	struct br_strv only, skip;
	char *only_firmware;    /* "bios" or "uefi"; NULL: every one that counts */
	char *other_initramfs;  /* judged instead of the entry's own; NULL */
	char *profile, *profile_sha256;
	/* system */
	char *os, *os_id, *os_version, *kernel, *arch, *rtc, *boot_mode, *machine_id;
	struct br_boot *boots;
	size_t n_boots, cap_boots;
	struct br_result *checks;
	size_t n_checks;
	struct br_input *inputs;
	size_t n_inputs, cap_inputs;
	bool whole; /* made just now: the worker came to its end, nothing of it is left out; read from a file: false */
};

enum br_verdict {
	BR_UNDETERMINED = 0,
	BR_READY,
	BR_NOT_READY,
};

struct br_sums {
	unsigned total, ok, warning, failed, unknown, skipped;
};

/* Of all checks; of the reference tool's or of our own alone, as the table has them. */
void br_report_sums(const struct br_report *rep, struct br_sums *ret);
void br_report_sums_of(const struct br_report *rep, bool own, struct br_sums *ret);
enum br_verdict br_report_verdict(const struct br_report *rep);
const char *br_verdict_name(enum br_verdict v); /* "not-ready" */
const char *br_verdict_word(enum br_verdict v); /* "NOT READY", as people are told it */
void br_report_free(struct br_report *rep);

/* Is its verdict about less than what boots, or about something else: --only, --skip, --firmware, --initramfs? */
bool br_report_is_selected(const struct br_report *rep);
/* Those of the four that it was made with, as "--only, --skip". */
void br_report_selected_by(const struct br_report *rep, struct br_str *out);

/* A report to be shown, and what is known beside it. All borrowed. */
struct br_sheet {
	const struct br_report *report;
	const char *tool_version; /* of the program that made the report */
	const char *name;         /* the image that it is about, as the caller calls it; may hold any byte; NULL: unnamed */
	const char *sha256;       /* that image's digest, 64 hexadecimal digits; NULL: not known */
	const char *stored;       /* the report's own text, where it was read from a file; NULL: made just now */
};

struct br_writer {
	const char *name;
	const char *description; /* one line of --help */
	bool needs_digest;       /* every sheet has to have its sha256 */
	bool has_inputs;         /* the report's inputs are in it */
	/* 0 or -errno; of one sheet or more. color: only where the form knows colours. */
	int (*write)(const struct br_sheet *sheets, size_t n, bool color, FILE *out);
};
extern const struct br_writer *const br_writers[];
extern const size_t br_n_writers;
const struct br_writer *br_writer_by_name(const char *name);

/*
 * What a pipeline is to count against a report, the same in every format that knows passed and failed: FAILED, and
 * UNKNOWN of a check of level high. Where one counts, the verdict is not "ready".
 */
bool br_result_counts(const struct br_result *res);
/* The verdict is not "ready" and no check counts: nothing ran. */
bool br_report_nothing_ran(const struct br_report *rep);

#endif
