/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exit statuses (contract with scripts), and the sub-commands. */
#ifndef BR_CLI_H
#define BR_CLI_H

#include <stdbool.h>

#include "base/macro.h"

enum br_exit {
	BR_EXIT_READY = 0,
	BR_EXIT_NOT_READY = 1,
	BR_EXIT_UNDETERMINED = 2,
	BR_EXIT_USAGE = 64,
	BR_EXIT_INTERNAL = 70,
};

struct br_command {
	const char *name;
	const char *arguments; /* for --help */
	const char *help;      /* one line */
	int (*run)(int argc, char **argv); /* argv[0] is the sub-command's name */
};

extern const struct br_command br_command_check, br_command_list, br_command_explain, br_command_profiles,
	br_command_initramfs, br_command_missing, br_command_decide, br_command_convert;

int br_check_help(void);

struct br_profile;
/* By name or from a file. 0, or the exit status after saying what is wrong. */
int br_load_profile(const char *name, struct br_profile *ret);

/* --deadline's value; 0, or an exit status. */
int br_take_deadline(const char *value, unsigned *ret);

/* A terminal that knows colours, and nobody asked for none (NO_COLOR). */
bool br_stream_has_color(FILE *out);

/* The image that a report is about, as --subject [NAME=]sha256:DIGEST names it. */
struct br_subject {
	const char *name; /* borrowed, of name_len bytes; 0: it has none */
	size_t name_len;
	char sha256[65]; /* in lower case; empty: not given */
};
/* 0, or the exit status after saying what is wrong. */
int br_subject_parse(const char *text, struct br_subject *ret);

/* "bootready: ..." on standard error, one line; gives BR_EXIT_USAGE. */
int br_usage_error(const char *fmt, ...) br_printf(1, 2);
int br_internal_error(const char *fmt, ...) br_printf(1, 2);

/* Flushes standard output: a full disk behind it is an internal error, never a lost verdict. */
int br_finish_output(int status);

#endif
