/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cloud-init's configuration: /etc/cloud/cloud.cfg and the *.cfg of /etc/cloud/cloud.cfg.d, as far as it decides
 * what a first boot does. Source: cloud-init's util.py (read_conf_with_confd, mergemanydict) and mergers: of a key the
 * lexically last file of cloud.cfg.d has the say, cloud.cfg the last; lists are replaced, mappings merged key by key.
 * A file that asks for another way of merging (merge_how, merge_type) or another folder (conf_d), is a template or no
 * YAML is unread (-EBADMSG and a line), never guessed at.
 */
#ifndef BR_CLOUDCFG_H
#define BR_CLOUDCFG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/root.h"

/* A value and where it stands. */
struct br_cloud_value {
	bool set;
	char *text;    /* owned; a scalar; NULL: null */
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

	struct br_cloud_list datasource_list;
	struct br_cloud_list datasource;      /* the sources that "datasource:" has settings for */
	struct br_cloud_value network;        /* network: {config: disabled}: "disabled"; settings of a network: NULL */
	struct br_cloud_list users;           /* names; "default" */
	struct br_cloud_value disable_root, ssh_pwauth;
	struct br_cloud_value ssh_deletekeys; /* cloud-init's ssh module takes true where it is not set */
	struct br_cloud_list ssh_genkeytypes;
};

/* -ENOMEM, -EBADMSG or -E2BIG; *ret_line: of what cannot be understood, on the last two. */
int br_cloudcfg_parse(const char *buf, size_t len, struct br_cloudcfg *ret, unsigned *ret_line) br_must_check;
void br_cloudcfg_free(struct br_cloudcfg *c);

/* All files, the one that counts first at 0; a file that is not there is none. */
struct br_cloud {
	struct br_cloud_file {
		char *path; /* owned, from "/" */
		struct br_cloudcfg cfg;
	} *v;
	size_t n, cap;
	/* A file that could not be understood, and nothing can be said for certain; NULL: all were. Owned. */
	char *unread, *unread_path;
	unsigned unread_line;
};

/* 0 or -ENOMEM: what cannot be read is told by unread. */
int br_cloud_read(const struct br_root *root, struct br_cloud *ret) br_must_check;
void br_cloud_free(struct br_cloud *c);

/* The list or value at that place (offsetof) of struct br_cloudcfg that counts, and its file; NULL: set nowhere. */
const struct br_cloud_list *br_cloud_list(const struct br_cloud *c, size_t place, const char **ret_path);
const struct br_cloud_value *br_cloud_value(const struct br_cloud *c, size_t place, const char **ret_path);
/* The list of that stage's modules that counts names this one. */
bool br_cloud_runs(const struct br_cloud *c, const char *module, enum br_cloud_stage stage);
/* Words of cloud-init's util.is_false() and is_true(); NULL is neither. */
bool br_cloud_is_false(const char *s);
bool br_cloud_is_true(const char *s);

/* Does a file switch cloud-init off? Its generator asks for cloud-init.enabled before cloud-init.disabled. */
bool br_cloud_off_by_file(const struct br_root *root);

#endif
