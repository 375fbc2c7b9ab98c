/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Boot loader entries ("BLS" snippets, /loader/entries/NAME.conf) as Fedora's GRUB reads them. It
 * is stricter than the specification: the first line without a value, an empty one too, ends the
 * file; where a line has a blank anywhere, the key ends at the first blank and not at a tab; of a
 * key that stands twice GRUB takes the first, but for initrd, grub_class and grub_arg.
 */
#ifndef BR_BLS_H
#define BR_BLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

struct br_bls {
	char *id;   /* file name without .conf */
	char *path; /* of the file, NULL */
	int dev;
	char **keys, **values; /* n of each */
	size_t n, cap_keys, cap_values;
	unsigned ended_at; /* line that ended the reading early though more followed; 0: read to the
			      end */
};

int br_bls_parse(const char *buf, size_t len, struct br_bls *ret) br_must_check;
void br_bls_free(struct br_bls *b);

/* Next value of key from *at on (0 at first); NULL: no more. */
const char *br_bls_next(const struct br_bls *b, const char *key, size_t *at);
const char *br_bls_get(const struct br_bls *b, const char *key);

/* Versions as rpm compares them ("~" older than nothing, "+" newer): < 0, 0, > 0. */
int br_rpm_vercmp(const char *a, const char *b);
/* By name, version and release as the ids are cut at their last two dashes; > 0: a stands before b
 * in the menu. */
int br_bls_cmp(const char *id_a, const char *id_b);

/*
 * $variables of a value put in as GRUB does it: each with a blank behind, unset ones left out. A
 * last piece of one character is lost, as in GRUB. *ret NULL: nothing came of it. -ENOMEM.
 */
int br_bls_expand(const char *value, const char *(*get)(void *ctx, const char *name), void *ctx,
		  char **ret) br_must_check;

#endif
