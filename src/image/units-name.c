/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of units, as systemd.unit(5) has them: PREFIX[@[INSTANCE]].TYPE */
#include <string.h>

#include "image/units-internal.h"

const char *br_unit_suffix(const char *name)
{
	static const char *const types[] = {".service", ".socket", ".target", ".timer", ".path",  ".mount",
	                                    ".automount", ".swap", ".slice", ".scope", ".device"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && dot != name && i < BR_ARRAY_SIZE(types); i++)
		if (strcmp(dot, types[i]) == 0)
			return dot;
	return NULL;
}

bool br_unit_name_valid(const char *name)
{
	size_t n = strlen(name);

	return n < 256 && *name != '@' && br_unit_suffix(name) &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@") == n;
}

bool br_unit_is_template(const char *name)
{
	const char *at = strchr(name, '@');

	return at && at + 1 == br_unit_suffix(name);
}

bool br_unit_is_instance(const char *name)
{
	const char *at = strchr(name, '@'), *dot = br_unit_suffix(name);

	return at && dot && at + 1 < dot;
}

bool br_unit_is_of(const char *name, const char *tmpl)
{
	size_t n = (size_t)(strchr(tmpl, '@') + 1 - tmpl);

	return strncmp(name, tmpl, n) == 0 && br_unit_is_instance(name) && strcmp(br_unit_suffix(name), tmpl + n) == 0;
}

char *br_unit_template(const char *name)
{
	const char *at = strchr(name, '@'), *dot = br_unit_suffix(name);

	return at && dot && at + 1 < dot ? br_format("%.*s%s", (int)(at + 1 - name), name, dot) : NULL;
}

char *br_unit_instantiate(const char *tmpl, const char *instance_of)
{
	const char *at = strchr(instance_of, '@'), *dot = br_unit_suffix(instance_of);
	const char *to = strchr(tmpl, '@');

	if (!at || !dot || at > dot || !to)
		return NULL;
	return br_format("%.*s%.*s%s", (int)(to + 1 - tmpl), tmpl, (int)(dot - at - 1), at + 1, br_unit_suffix(tmpl));
}

/* What one specifier stands for, as a part of the name; *ret_len 0 where there is none. */
static const char *part(const char *name, char which, size_t *ret_len)
{
	const char *at = strchr(name, '@'), *dot = br_unit_suffix(name), *from = name, *to = dot;

	if (!dot)
		dot = to = name + strlen(name);
	if (at && at > dot)
		at = NULL;
	switch (which) {
	case 'i':
	case 'I':
		from = at ? at + 1 : dot;
		break;
	case 'p':
	case 'P':
		to = at ? at : dot;
		break;
	case 'j':
	case 'J':
		to = at ? at : dot;
		for (const char *c = from; c < to; c++)
			if (*c == '-')
				from = c + 1;
		break;
	case 'n':
		to = name + strlen(name);
		break;
	default: /* 'N' */
		break;
	}
	*ret_len = (size_t)(to - from);
	return from;
}

char *br_unit_expand(const char *name, const char *word)
{
	struct br_str out = {0};

	for (const char *s = word; *s; s++) {
		size_t n;

		if (*s == '%' && s[1] == '%') {
			br_str_putc(&out, '%');
			s++;
		} else if (*s == '%' && s[1] && strchr("iIpPjJnN", s[1])) {
			const char *text = part(name, *++s, &n);

			br_str_add(&out, text, n);
		} else {
			br_str_putc(&out, *s);
		}
	}
	return br_str_take(&out);
}
