/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "image/lvm.h"
#include "image/lvmconf.h"

/* Patterns of one filter; people write two or three. */
#define PATTERNS_MAX 64

static int take_string(struct br_lvm_conf *c, const char *key, const char *value)
{
	struct br_strv *list = strcmp(key, "filter") == 0 ? &c->filter : &c->global_filter;

	if (list->n < PATTERNS_MAX)
		br_strv_add(list, value);
	return list->oom ? -ENOMEM : 0;
}

/* "devices/filter" is another way to write filter within devices { }. */
static const char *plain_key(const char *key, const char *section)
{
	if (br_starts(key, "devices/"))
		return key + strlen("devices/");
	return strcmp(section, "devices") == 0 ? key : "";
}

int br_lvm_conf_parse(const char *buf, size_t len, struct br_lvm_conf *ret)
{
	br_cleanup(br_lvm_conf_free) struct br_lvm_conf c = {.use_devicesfile = -1};
	struct br_lvm_words w = {.at = buf, .end = buf + len};
	char name[BR_LVM_WORD_MAX] = "", key[BR_LVM_WORD_MAX] = "", section[BR_LVM_WORD_MAX] = "";
	bool value = false;
	int r = 0;

	for (br_lvm_word(&w); w.kind && r == 0; br_lvm_word(&w)) {
		const char *k = plain_key(key, section);

		if (w.kind == '{') {
			strcpy(section, name);
		} else if (w.kind == '}') {
			section[0] = '\0';
		} else if (w.kind == '=') {
			strcpy(key, name);
			value = true;
			/* A later setting takes the place of an earlier one. */
			k = plain_key(key, section);
			if (strcmp(k, "filter") == 0)
				br_strv_free(&c.filter);
			if (strcmp(k, "global_filter") == 0)
				br_strv_free(&c.global_filter);
		} else if (w.kind == '"') {
			if (value && (strcmp(k, "filter") == 0 || strcmp(k, "global_filter") == 0))
				r = take_string(&c, k, w.word);
		} else if (w.kind == 'w') {
			if (value && strcmp(k, "use_devicesfile") == 0)
				c.use_devicesfile = strcmp(w.word, "0") != 0;
			else
				strcpy(name, w.word);
			value = false;
		}
	}
	if (r < 0)
		return r;
	*ret = c;
	c = (struct br_lvm_conf){0};
	return 0;
}

void br_lvm_conf_free(struct br_lvm_conf *c)
{
	br_strv_free(&c->filter);
	br_strv_free(&c->global_filter);
}

/* Forms that a matcher may take for ever over, or that other matchers read otherwise, are not tried. */
static bool is_plain(const char *pattern)
{
	return !strchr(pattern, '{') && !strchr(pattern, '\\');
}

/* 1 accepts, 0 refuses, -1 does not fit, -2 not tried. */
static int try(const char *pattern, const char *name)
{
	br_autofree char *text = NULL;
	size_t n = strlen(pattern);
	char close;
	regex_t re;
	int fits;

	if (n < 3 || (pattern[0] != 'a' && pattern[0] != 'r'))
		return -2;
	close = pattern[1] == '(' ? ')' : pattern[1] == '[' ? ']' : pattern[1] == '{' ? '}' : pattern[1];
	if (pattern[n - 1] != close)
		return -2;
	text = strndup(pattern + 2, n - 3);
	if (!text || !is_plain(text) || regcomp(&re, text, REG_EXTENDED | REG_NOSUB) != 0)
		return -2;
	fits = regexec(&re, name, 0, NULL, 0) == 0;
	regfree(&re);
	return fits ? pattern[0] == 'a' : -1;
}

/* 1 taken, 0 refused, -1 could not be told. */
static int decide(const struct br_strv *patterns, const char *name)
{
	for (size_t i = 0; i < patterns->n; i++) {
		int r = try(patterns->v[i], name);

		if (r == -2)
			return -1;
		if (r >= 0)
			return r;
	}
	return 1;
}

static bool takes_links(const struct br_strv *patterns)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (patterns->v[i][0] == 'a' && (strstr(patterns->v[i], "disk") || strstr(patterns->v[i], "by-") || strstr(patterns->v[i], "mapper")))
			return true;
	return false;
}

enum br_lvm_view br_lvm_filter(const struct br_strv *patterns, const char *const *names, size_t n_names)
{
	size_t taken = 0, refused = 0;

	for (size_t i = 0; i < n_names; i++) {
		int r = decide(patterns, names[i]);

		taken += r == 1;
		refused += r == 0;
	}
	if (taken == n_names)
		return BR_LVM_SEEN;
	/* A device is taken by any of its names, and those of udev's links are not known before. */
	if (taken == 0 && takes_links(patterns))
		return BR_LVM_MAYBE;
	return refused == n_names ? BR_LVM_HIDDEN : BR_LVM_MAYBE;
}

/* The value of KEY= on a line of blank-separated pairs; its length in *len. */
static const char *field(const char *line, size_t n, const char *key, size_t *len)
{
	size_t k = strlen(key);

	for (size_t i = 0; i + k <= n; i++) {
		if ((i && line[i - 1] != ' ' && line[i - 1] != '\t') || memcmp(line + i, key, k) != 0)
			continue;
		*len = 0;
		while (i + k + *len < n && line[i + k + *len] != ' ' && line[i + k + *len] != '\t')
			(*len)++;
		return line + i + k;
	}
	return NULL;
}

static bool is(const char *value, size_t len, const char *word)
{
	return value && strlen(word) == len && memcmp(value, word, len) == 0;
}

/* Kinds of names that stay with the data. lvm looks for one of kind devname by its PVID where the name has changed. */
static bool comes_along(const char *type, size_t len)
{
	static const char *const kinds[] = {"devname", "md_uuid", "crypt_uuid", "lvmlv_uuid", "loop_file"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(kinds); i++)
		if (is(type, len, kinds[i]))
			return true;
	return false;
}

enum br_lvm_view br_lvm_devices(const char *buf, size_t len, const char *pvid, unsigned *ret_line)
{
	bool machine = false, listed = false;
	unsigned line = 0;

	*ret_line = 0;
	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = stop ? (size_t)(stop - at) : (size_t)(end - at), value, kind;
		const char *type, *id;

		line++;
		/* The machine that wrote it: lvm 2.03.23 and newer, which look anew on another one. */
		machine |= (n > 13 && memcmp(at, "PRODUCT_UUID=", 13) == 0) || (n > 9 && memcmp(at, "HOSTNAME=", 9) == 0);
		id = n && *at != '#' ? field(at, n, "PVID=", &value) : NULL;
		type = id && is(id, value, pvid) ? field(at, n, "IDTYPE=", &kind) : NULL;
		if (type) {
			*ret_line = line;
			if (comes_along(type, kind))
				return BR_LVM_SEEN;
			listed = true;
		}
		at = stop ? stop + 1 : end;
	}
	return listed && machine ? BR_LVM_MAYBE : BR_LVM_HIDDEN;
}
