/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts as SARIF writes them. Each owned by the caller, NULL when memory ran out. */
#ifndef BR_SARIF_H
#define BR_SARIF_H

/* An absolute path as a URI reference relative to the root: percent-encoded, and nothing in it leads out. */
char *br_sarif_uri(const char *path);
/* Text as the value of a message's "text". */
char *br_sarif_message(const char *s);

#endif
