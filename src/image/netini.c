/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/netini.h"

void br_ini_free(struct br_ini *ini)
{
	for (size_t i = 0; i < ini->n; i++) {
		free(ini->v[i].section);
		free(ini->v[i].key);
		free(ini->v[i].value);
	}
	free(ini->v);
	*ini = (struct br_ini){0};
}

const char *br_ini_get(const struct br_ini *ini, const char *section, const char *key, unsigned *ret_line)
{
	for (size_t i = ini->n; i--;)
		if (strcmp(ini->v[i].section, section) == 0 && strcmp(ini->v[i].key, key) == 0) {
			if (ret_line)
				*ret_line = ini->v[i].line;
			return ini->v[i].value;
		}
	return NULL;
}

static void trim(char *s)
{
	size_t n = strlen(s), skip = strspn(s, " \t\r\f\v");

	memmove(s, s + skip, n - skip + 1);
	for (n -= skip; n && strchr(" \t\r\f\v", s[n - 1]); n--)
		s[n - 1] = '\0';
}

struct reader {
	const char *at, *end;
	unsigned number;
	enum br_ini_dialect dialect;
	char *section; /* owned */
};

static void reader_free(struct reader *r)
{
	free(r->section);
}

static char *next_line(struct reader *r)
{
	const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	char *line = strndup(r->at, stop ? (size_t)(stop - r->at) : (size_t)(r->end - r->at));

	r->at = stop ? stop + 1 : r->end;
	r->number++;
	return line;
}

static bool is_comment(const char *s, enum br_ini_dialect dialect)
{
	s += strspn(s, " \t\r\f\v");
	return *s == '#' || (*s == ';' && dialect == BR_INI_SYSTEMD);
}

/* Joins what a "\" at the end goes on to; comments between are left out, as systemd does. */
static int join(struct reader *r, char **line)
{
	while (r->at < r->end) {
		size_t n = strlen(*line);
		br_autofree char *more = NULL, *whole = NULL;

		if (!n || (*line)[n - 1] != '\\')
			return 0;
		more = next_line(r);
		if (!more)
			return -ENOMEM;
		if (is_comment(more, r->dialect))
			continue;
		(*line)[n - 1] = ' ';
		whole = br_format("%s%s", *line, more);
		if (!whole)
			return -ENOMEM;
		free(*line);
		*line = BR_TAKE(whole);
	}
	return 0;
}

static int add(struct br_ini *ini, const char *section, const char *key, const char *value, unsigned line)
{
	struct br_ini_item *item;

	if (ini->n >= BR_NET_ITEMS_MAX)
		return -E2BIG;
	if (br_grow(&ini->v, &ini->cap, ini->n, sizeof(*ini->v)) < 0)
		return -ENOMEM;
	item = &ini->v[ini->n++];
	*item = (struct br_ini_item){strdup(section), strdup(key), strdup(value), line};
	if (!item->section || !item->key || !item->value)
		return -ENOMEM;
	trim(item->key);
	trim(item->value);
	return 0;
}

static int take_line(struct reader *r, char *line, unsigned number, struct br_ini *ini)
{
	char *equals;

	trim(line);
	if (!*line)
		return 0;
	if (*line == '[') {
		char *close = strchr(line, ']');

		if (!close || (close[1] && r->dialect == BR_INI_KEYFILE))
			return r->dialect == BR_INI_KEYFILE ? -EBADMSG : 0;
		free(r->section);
		r->section = strndup(line + 1, (size_t)(close - line - 1));
		return r->section ? 0 : -ENOMEM;
	}
	equals = strchr(line, '=');
	if (!equals || equals == line || !r->section)
		return r->dialect == BR_INI_KEYFILE ? -EBADMSG : 0;
	*equals = '\0';
	return add(ini, r->section, line, equals + 1, number);
}

int br_ini_parse(const char *buf, size_t len, enum br_ini_dialect dialect, struct br_ini *ret, unsigned *ret_line)
{
	br_cleanup(reader_free) struct reader r = {buf, buf + len, 0, dialect, NULL};

	*ret_line = 0;
	if (memchr(buf, '\0', len))
		return -EBADMSG;
	while (r.at < r.end) {
		br_autofree char *line = next_line(&r);
		unsigned number = r.number;
		int e = line ? 0 : -ENOMEM;

		if (e == 0 && is_comment(line, dialect))
			continue;
		if (e == 0 && dialect == BR_INI_SYSTEMD)
			e = join(&r, &line);
		if (e == 0)
			e = take_line(&r, line, number, ret);
		if (e < 0) {
			*ret_line = number;
			return e;
		}
	}
	return 0;
}
