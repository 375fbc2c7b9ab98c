/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cloud-init as installed in the root, and where it would look for its instance's data. Sources: cloud-init's
 * systemd/cloud-init-generator, tools/ds-identify (a shell script that reads the configuration by lines, not as YAML;
 * what it finds outvotes the configuration) and cloudinit/util.py, releases 0.7.5 to 24.4.
 */
#ifndef BR_CLOUDINIT_H
#define BR_CLOUDINIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "image/cloudcfg.h"
#include "image/root.h"

/* A word out of a file; all-zero: not there. */
struct br_cloud_word {
	char *text; /* owned */
	char *path; /* owned */
	unsigned line;
};

struct br_cloudinit {
	char *program;    /* owned; "/usr/bin/cloud-init"; NULL: not installed */
	bool by_pip;      /* below /usr/local, or out of no package's folder */
	char *version;    /* owned; "22.4.2"; NULL: not told */
	char *generator;  /* owned; systemd's, executable; NULL: none */
	char *identify;   /* owned; ds-identify, executable; NULL: none */
	struct br_strv builtin; /* ds-identify's own list; empty: not told */
	struct br_cloud_word policy, source; /* of /etc/cloud/ds-identify.cfg */
	int identify_err; /* that file: 0 read or not there; -errno */
	struct br_cloud_word by_lines; /* the datasource_list that ds-identify reads: blank-separated */
	bool enabled_file, disabled_file; /* /etc/cloud/cloud-init.enabled, .disabled */
	bool manual_clean; /* an instance whose data is kept whatever the machine */
	char *leftover;   /* owned; what an earlier boot left of its instance; NULL: nothing */
	struct br_cloud config;
};

/* 0 or -ENOMEM. */
int br_cloudinit_read(const struct br_root *root, struct br_cloudinit *ret) br_must_check;
void br_cloudinit_free(struct br_cloudinit *ci);

enum br_cloud_search {
	BR_CLOUD_UNTOLD = 0,
	BR_CLOUD_LOOKS,    /* it looks where the target has its data */
	BR_CLOUD_EXCLUDED, /* it does not */
	BR_CLOUD_OFF,      /* it does not run at all */
};

/* What the answer rests on. Borrowed. */
struct br_cloud_answer {
	enum br_cloud_search search;
	const char *what; /* "cloud-init=disabled", "datasource_list"; NULL: the built-in list */
	const char *path; /* NULL: the kernel's command line, or no file */
	unsigned line;
	bool from_cmdline;
	bool stays_off; /* BR_CLOUD_EXCLUDED: ds-identify finds nothing, and cloud-init is not even started */
};

/* On a machine of that architecture (NULL: x86_64), with that command line; sources: the target's, blank-separated. */
void br_cloudinit_search(const struct br_cloudinit *ci, const char *cmdline, const char *arch, const char *sources,
                         struct br_cloud_answer *ret);

/* Pure readers. The words of a datasource_list as ds-identify reads it; 0 or -ENOMEM; text NULL: none. */
int br_identify_list(const char *buf, size_t len, char **ret, unsigned *ret_line) br_must_check;
/* policy: and datasource: of ds-identify.cfg. */
int br_identify_cfg(const char *buf, size_t len, struct br_cloudinit *ret) br_must_check;
/* DI_DSLIST_DEFAULT of the script. */
int br_identify_builtin(const char *script, struct br_strv *ret) br_must_check;
/* The version in cloudinit/version.py; NULL: none, or no memory. */
char *br_cloudinit_version(const char *text);

#endif
