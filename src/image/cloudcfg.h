/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys of cloud-init's configuration that decide whether the root grows, out of /etc/cloud/cloud.cfg and
 * /etc/cloud/cloud.cfg.d. The files are YAML; what is read of it is a subset, by lines: plain and quoted
 * scalars, block lists and mappings, flow lists and mappings, all else skipped by its indentation. Whatever
 * the subset cannot place for certain makes the file unreadable (-EBADMSG and a line), never a guess.
 * Merging as cloud-init does it: of a key the lexically last file of cloud.cfg.d has the say, cloud.cfg the
 * last; the keys within growpart each for itself.
 */
#ifndef BR_CLOUDCFG_H
#define BR_CLOUDCFG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"

/* A value and where it stands. */
struct br_cloud_value {
	bool set;
	char *text; /* owned; a scalar; NULL: null, or no scalar at all */
	unsigned line;
};

struct br_cloud_list {
	bool set;
	struct br_strv items; /* of an item that is itself a list its first, of a mapping its name */
	unsigned line;
};

enum br_cloud_stage {
	BR_CLOUD_INIT,
	BR_CLOUD_CONFIG,
	BR_CLOUD_FINAL,
	BR_CLOUD_STAGES
};

/* One file. All-zero is a valid empty value. */
struct br_cloudcfg {
	struct br_cloud_list modules[BR_CLOUD_STAGES];
	bool growpart_set;
	bool growpart_odd; /* no mapping: cloud-init then does nothing */
	unsigned growpart_line;
	struct br_cloud_value mode, ignore_disabled;
	struct br_cloud_list devices;
	struct br_cloud_value resize_rootfs;
};

/* *ret_line: of what cannot be understood, on -EBADMSG. */
int br_cloudcfg_parse(const char *buf, size_t len, struct br_cloudcfg *ret, unsigned *ret_line) br_must_check;
void br_cloudcfg_free(struct br_cloudcfg *c);

/* A line as cloudcfg-lines.c makes them: blank ones, comments and the inside of block scalars are gone. */
struct br_yaml_line {
	unsigned number, indent;
	char *text; /* owned; from its first byte on; a flow value that goes on over lines is joined */
};

struct br_yaml {
	struct br_yaml_line *v;
	size_t n, cap;
};

int br_yaml_lines(const char *buf, size_t len, struct br_yaml *ret, unsigned *ret_line) br_must_check;
void br_yaml_free(struct br_yaml *y);
/* If text is "key: value" or "key:", the length of the key (with its quotes), and *value; else 0. */
size_t br_yaml_key(const char *text, const char **value);

#endif
