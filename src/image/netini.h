/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of [sections] and key=value lines, in the two dialects that network systems read: systemd's
 * (systemd.syntax(7)) and GLib's key files (NetworkManager). Every assignment is kept, in its order.
 */
#ifndef BR_NETINI_H
#define BR_NETINI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

struct br_ini_item {
	char *section, *key, *value; /* owned; value without blanks at either end */
	unsigned line;
};

struct br_ini {
	struct br_ini_item *v;
	size_t n, cap;
};

enum br_ini_dialect {
	BR_INI_SYSTEMD, /* "\" joins lines, ";" begins a comment too; what is no assignment is passed over */
	BR_INI_KEYFILE, /* what is neither section, comment nor assignment spoils the whole file */
};

/* 0, -ENOMEM, -EBADMSG with *ret_line, -E2BIG past BR_NET_ITEMS_MAX. Adds to ret. */
int br_ini_parse(const char *buf, size_t len, enum br_ini_dialect dialect, struct br_ini *ret,
                 unsigned *ret_line) br_must_check;
void br_ini_free(struct br_ini *ini);
/* The last value of that key; NULL: none. ret_line may be NULL. */
const char *br_ini_get(const struct br_ini *ini, const char *section, const char *key, unsigned *ret_line);

#endif
