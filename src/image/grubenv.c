/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/grubenv.h"

static const char signature[] = "# GRUB Environment Block\n";

/* Just behind the end of the line at p; a backslash takes the next byte along, newline or not. */
static size_t skip_line(const char *buf, size_t len, size_t p)
{
	while (p < len && buf[p] != '\n')
		p += buf[p] == '\\' ? 2 : 1;
	return p + 1;
}

static int add(struct br_grubenv *e, const char *name, size_t name_len, const char *value,
	       size_t value_len)
{
	br_autostr struct br_str text = {0};
	br_autofree char *n = strndup(name, name_len), *v = NULL;

	for (size_t i = 0; i < value_len; i++) {
		if (value[i] == '\\' && i + 1 < value_len)
			i++;
		br_str_putc(&text, value[i]);
	}
	br_str_puts(&text, "");
	v = br_str_take(&text);
	if (!n || !v || br_grow(&e->names, &e->cap_names, e->n, sizeof(*e->names)) < 0 ||
	    br_grow(&e->values, &e->cap_values, e->n, sizeof(*e->values)) < 0)
		return -ENOMEM;
	e->names[e->n] = BR_TAKE(n);
	e->values[e->n++] = BR_TAKE(v);
	return 0;
}

int br_grubenv_parse(const char *buf, size_t len, struct br_grubenv *ret)
{
	br_autogrubenv struct br_grubenv e = {.odd_size = len != BR_GRUBENV_SIZE};
	size_t p = sizeof(signature) - 1;

	if (len < sizeof(signature) || memcmp(buf, signature, p) != 0)
		return -EINVAL;
	while (p < len && e.n < BR_GRUB_VARS_MAX) {
		size_t name = p, value, end;
		const char *eq;
		int r;

		if (buf[p] == '#') {
			p = skip_line(buf, len, p);
			continue;
		}
		/* A line without = runs into the next one, as in GRUB. */
		eq = memchr(buf + p, '=', len - p);
		if (!eq) {
			e.cut = true;
			break;
		}
		value = (size_t)(eq - buf) + 1;
		end = skip_line(buf, len, value);
		if (end > len) {
			e.cut = true;
			break;
		}
		r = add(&e, buf + name, value - 1 - name, buf + value, end - 1 - value);
		if (r < 0)
			return r;
		p = end;
	}
	*ret = e;
	e = (struct br_grubenv){0};
	return 0;
}

const char *br_grubenv_get(const struct br_grubenv *env, const char *name)
{
	for (size_t i = env->n; i-- > 0;)
		if (strcmp(env->names[i], name) == 0)
			return env->values[i];
	return NULL;
}

void br_grubenv_free(struct br_grubenv *env)
{
	for (size_t i = 0; i < env->n; i++) {
		free(env->names[i]);
		free(env->values[i]);
	}
	free(env->names);
	free(env->values);
	*env = (struct br_grubenv){0};
}
