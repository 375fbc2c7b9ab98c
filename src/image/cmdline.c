/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel command lines: parameters separated by blanks, double quotes around blanks (the kernel's parse_args). */
#include <string.h>

#include "base/str.h"
#include "image/chain.h"

/* The next parameter, quotes still in it; false at the end. */
static bool next(const char **at, const char **ret, size_t *ret_len)
{
	const char *s = *at + strspn(*at, " \t\n");
	bool quoted = false;
	size_t n = 0;

	for (; s[n] && (quoted || !strchr(" \t\n", s[n])); n++)
		if (s[n] == '"')
			quoted = !quoted;
	*at = s + n;
	*ret = s;
	*ret_len = n;
	return n > 0;
}

/* The value of a parameter of that name, quotes taken out ("" for a bare word); NULL: another one, or memory. */
static char *value_of(const char *p, size_t n, const char *key)
{
	size_t klen = strlen(key);
	br_autostr struct br_str out = {0};

	if (n && *p == '"') { /* "key=value with blanks" */
		p++;
		n--;
	}
	if (n < klen || memcmp(p, key, klen) != 0 || (n > klen && p[klen] != '='))
		return NULL;
	for (size_t i = klen + 1; i < n; i++)
		if (p[i] != '"')
			br_str_putc(&out, p[i]);
	return br_str_take(&out);
}

char *br_cmdline_get(const char *cmdline, const char *key)
{
	char *value = NULL;
	const char *p;
	size_t n;

	while (next(&cmdline, &p, &n)) {
		char *found = value_of(p, n, key);

		if (found) {
			free(value);
			value = found;
		}
	}
	return value;
}

bool br_cmdline_is_no(const char *value)
{
	return br_streq(value, "0") || br_streq(value, "no") || br_streq(value, "off");
}

void br_cmdline_all(const char *cmdline, const char *key, struct br_strv *ret)
{
	const char *p;
	size_t n;

	while (next(&cmdline, &p, &n)) {
		br_autofree char *found = value_of(p, n, key);

		if (found)
			br_strv_add(ret, found);
	}
}

bool br_cmdline_has(const char *cmdline, const char *word)
{
	size_t wlen = strlen(word), n;
	const char *p;

	while (next(&cmdline, &p, &n))
		if (n == wlen && memcmp(p, word, n) == 0)
			return true;
	return false;
}
