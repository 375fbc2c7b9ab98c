/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * LVM's own files: whether its devices file or the filters of lvm.conf keep it from using a physical volume on
 * another machine (lvmdevices(8), lvm.conf(5), and lvm2's lib/device/device_id.c for the forms of its lines).
 */
#ifndef BR_LVMCONF_H
#define BR_LVMCONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"

/* What lvm.conf says. */
struct br_lvm_conf {
	struct br_strv filter, global_filter; /* "a|...|", "r|...|" in their order; n 0: everything is taken */
	int use_devicesfile;                  /* -1 not said */
};
int br_lvm_conf_parse(const char *buf, size_t len, struct br_lvm_conf *ret) br_must_check;
void br_lvm_conf_free(struct br_lvm_conf *c);

enum br_lvm_view {
	BR_LVM_SEEN = 0,
	BR_LVM_HIDDEN,  /* it would not be used */
	BR_LVM_MAYBE,   /* by some names that the target may give it, or could not be told */
};

/*
 * Is the device of one of these names taken by a filter? The first pattern that fits decides, as lvm does it;
 * HIDDEN: refused under every name. MAYBE: under some, or a pattern is of a form that is not tried.
 */
enum br_lvm_view br_lvm_filter(const struct br_strv *patterns, const char *const *names, size_t n_names);

/*
 * The devices file: is the volume of that PVID (32 letters) in it, by something that comes along to another
 * machine? MAYBE: only by the old machine's hardware, in a file that names that machine as well: newer lvm then
 * looks for its volumes anew. *ret_line: the line about it, 0 none.
 */
enum br_lvm_view br_lvm_devices(const char *buf, size_t len, const char *pvid, unsigned *ret_line);

#endif
