/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What ds-identify makes of its files: by lines, as the shell's read and its own trim and unquote do it. */
#include <errno.h>

#include "image/cloudcfg.h"
#include "image/cloudinit.h"

struct lines {
	const char *at, *end;
	unsigned number; /* of the last line that was read */
};

/*
 * As the shell's read (without -r): blanks at both ends go, a backslash takes the next byte as it is, before a
 * newline it joins the lines. A last line without a newline is not seen. *ret owned; NULL at the end.
 */
static int shell_read(struct lines *l, char **ret)
{
	br_autostr struct br_str b = {0};

	br_autofree char *text = NULL;
	const char *start;
	size_t n;

	*ret = NULL;
	if (!memchr(l->at, '\n', (size_t)(l->end - l->at)))
		return 0;
	br_str_puts(&b, "");
	for (l->number++; l->at < l->end && *l->at != '\n'; l->at++) {
		if (*l->at != '\\') {
			br_str_putc(&b, *l->at);
			continue;
		}
		if (++l->at == l->end)
			return 0;
		if (*l->at == '\n')
			l->number++;
		else
			br_str_putc(&b, *l->at);
	}
	if (l->at == l->end)
		return 0;
	l->at++;
	text = br_str_take(&b);
	if (!text)
		return -ENOMEM;
	start = text + strspn(text, " \t");
	for (n = strlen(start); n && (start[n - 1] == ' ' || start[n - 1] == '\t'); n--)
		;
	*ret = strndup(start, n);
	return *ret ? 0 : -ENOMEM;
}

/* Its trim: words, one blank between them. Appended. */
static void add_trimmed(struct br_str *b, const char *s, size_t len)
{
	bool first = true;

	for (size_t i = 0; i < len;) {
		size_t n;

		while (i < len && strchr(" \t\n", s[i]))
			i++;
		for (n = i; n < len && !strchr(" \t\n", s[n]); n++)
			;
		if (n > i && !first)
			br_str_putc(b, ' ');
		if (n > i)
			first = false;
		br_str_add(b, s + i, n - i);
		i = n;
	}
}

/* Trimmed, then one pair of quotes off. */
static char *plain(const char *s, size_t len)
{
	br_autostr struct br_str b = {0};
	char *text;
	size_t n;

	br_str_puts(&b, "");
	add_trimmed(&b, s, len);
	text = br_str_take(&b);
	n = text ? strlen(text) : 0;
	if (n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n - 1] == text[0]) {
		memmove(text, text + 1, n - 2);
		text[n - 2] = '\0';
	}
	return text;
}

/* Its parse_yaml_array: "[ a, 'b' ]", one bracket off at either end where it is the very first or last byte. */
static char *array_words(const char *s)
{
	br_autostr struct br_str b = {0};
	size_t len = strlen(s);

	if (len && s[0] == '[') {
		s++;
		len--;
	}
	if (len && s[len - 1] == ']')
		len--;
	br_str_puts(&b, "");
	for (size_t i = 0; i < len;) {
		const char *comma = memchr(s + i, ',', len - i);
		size_t n = comma ? (size_t)(comma - (s + i)) : len - i;
		br_autofree char *word = plain(s + i, n);

		if (!word)
			return NULL;
		br_str_puts(&b, b.len && word[0] ? " " : "");
		br_str_puts(&b, word);
		i += n + 1;
	}
	return br_str_take(&b);
}

int br_identify_list(const char *buf, size_t len, char **ret, unsigned *ret_line)
{
	static const char key[] = "datasource_list:";
	struct lines l = {buf, buf + len, 0};

	for (;;) {
		br_autofree char *line = NULL;
		unsigned number = l.number + 1;
		const char *value;
		int r = shell_read(&l, &line);

		if (r < 0 || !line)
			return r;
		line[strcspn(line, "#")] = '\0';
		if (!br_starts(line, key) || (line[strlen(key)] && line[strlen(key)] != ' '))
			continue;
		value = line + strlen(key);
		free(*ret);
		*ret = array_words(value + (*value == ' '));
		*ret_line = number;
		if (!*ret)
			return -ENOMEM;
	}
}

int br_identify_cfg(const char *buf, size_t len, struct br_cloudinit *ret)
{
	struct lines l = {buf, buf + len, 0};

	for (;;) {
		br_autofree char *line = NULL, *key = NULL;
		struct br_cloud_word *to;
		unsigned number = l.number + 1;
		char *colon;
		int r = shell_read(&l, &line);

		if (r < 0 || !line)
			return r;
		line[strcspn(line, "#")] = '\0';
		colon = strchr(line, ':');
		if (!colon)
			continue;
		key = plain(line, (size_t)(colon - line));
		to = br_streq(key, "policy") ? &ret->policy : br_streq(key, "datasource") ? &ret->source : NULL;
		if (!key)
			return -ENOMEM;
		if (!to)
			continue;
		free(to->text);
		to->text = plain(colon + 1, strlen(colon + 1));
		to->line = number;
		if (!to->text)
			return -ENOMEM;
	}
}

int br_identify_builtin(const char *script, struct br_strv *ret)
{
	static const char key[] = "\nDI_DSLIST_DEFAULT=\"";
	const char *at = strstr(script, key);
	br_autofree char *text = NULL;

	if (!at)
		return 0;
	at += strlen(key);
	text = strndup(at, strcspn(at, "\""));
	if (!text)
		return -ENOMEM;
	br_strv_split(ret, text, " \t\n\\");
	return ret->oom ? -ENOMEM : 0;
}

/* The first quoted text that begins with a number, on a line that speaks of a version: of 0.7.5 to today's. */
char *br_cloudinit_version(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), n;
		const char *quote = text;
		br_autofree char *line = strndup(text, len);

		if (!line)
			return NULL;
		text += len + (text[len] == '\n');
		if (!strstr(line, "ersion") && !strstr(line, "VERSION"))
			continue;
		for (quote = strpbrk(line, "\"'"); quote; quote = strpbrk(quote + 1, "\"'")) {
			n = strspn(quote + 1, "0123456789");
			if (n && quote[n + 1] == '.')
				return strndup(quote + 1, strcspn(quote + 1, "\"' "));
		}
	}
	return NULL;
}
