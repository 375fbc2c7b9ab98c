/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A growing string and a growing list of strings. Both remember a failed allocation: appending goes on
 * harmlessly and the one check at the end (x.oom) tells. All-zero is a valid empty value.
 */
#ifndef BR_STR_H
#define BR_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/macro.h"

struct br_str {
	char *s; /* NUL-terminated once something was appended; NULL before */
	size_t len, cap;
	bool oom;
};

void br_str_add(struct br_str *b, const char *s, size_t len);
void br_str_puts(struct br_str *b, const char *s);
void br_str_putc(struct br_str *b, char c);
void br_str_printf(struct br_str *b, const char *fmt, ...) br_printf(2, 3);
void br_str_vprintf(struct br_str *b, const char *fmt, va_list ap);
/* The text, owned by the caller, NULL when memory ran out; b is empty after. */
char *br_str_take(struct br_str *b);
void br_str_free(struct br_str *b);
#define br_autostr br_cleanup(br_str_free)

struct br_strv {
	char **v; /* n strings, not NULL-terminated */
	size_t n, cap;
	bool oom;
};

void br_strv_add(struct br_strv *l, const char *s);
void br_strv_addn(struct br_strv *l, const char *s, size_t len);
bool br_strv_has(const struct br_strv *l, const char *s);
/* Splits at any of the bytes of sep, dropping empty parts. */
void br_strv_split(struct br_strv *l, const char *s, const char *sep);
void br_strv_sort(struct br_strv *l);
void br_strv_free(struct br_strv *l);
#define br_autostrv br_cleanup(br_strv_free)

/* strerror(3) in words that say what is wrong with a file of a root; err positive. */
const char *br_strerror(int err);

/* asprintf that gives NULL, not garbage, when memory runs out. */
char *br_format(const char *fmt, ...) br_printf(1, 2);

static inline bool br_streq(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static inline bool br_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool br_ends(const char *s, const char *suffix);

/* Grows *array so that element n exists, zeroed. elem is the element's size. -ENOMEM on overflow. */
int br_grow(void *array, size_t *cap, size_t n, size_t elem) br_must_check;

bool br_utf8_valid(const char *s, size_t len);

/*
 * Appends s to b as text that is safe to show: ASCII and valid UTF-8 stay, control characters and bytes
 * that are not UTF-8 become \xNN.
 */
void br_str_add_shown(struct br_str *b, const char *s, size_t len);
/* The same of formatted text, of which at most max bytes count. */
void br_str_vshown(struct br_str *b, size_t max, const char *fmt, va_list ap);

#endif
