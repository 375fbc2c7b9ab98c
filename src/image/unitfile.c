/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "image/unitfile.h"

static const struct {
	const char *section, *key;
	enum br_unit_key is;
	bool resets; /* an empty value empties the list */
} keys[] = {
	{"Install", "Alias", BR_UNIT_KEY_ALIAS, true},
	{"Install", "WantedBy", BR_UNIT_KEY_WANTED_BY, true},
	{"Install", "RequiredBy", BR_UNIT_KEY_WANTED_BY, true},
	{"Install", "UpheldBy", BR_UNIT_KEY_WANTED_BY, true},
	{"Install", "Also", BR_UNIT_KEY_ALSO, false},
	{"Install", "DefaultInstance", BR_UNIT_KEY_DEFAULT_INSTANCE, true},
	{"Unit", "Wants", BR_UNIT_KEY_WANTS, false},
	{"Unit", "Requires", BR_UNIT_KEY_WANTS, false},
	{"Unit", "BindsTo", BR_UNIT_KEY_WANTS, false},
	{"Unit", "BindTo", BR_UNIT_KEY_WANTS, false},
	{"Unit", "Upholds", BR_UNIT_KEY_WANTS, false},
	{"Unit", "DefaultDependencies", BR_UNIT_KEY_DEFAULTS, true},
	{"Service", "Sockets", BR_UNIT_KEY_WANTS, false},
	{"Socket", "Service", BR_UNIT_KEY_SERVICE, true},
	{"Socket", "Accept", BR_UNIT_KEY_ACCEPT, true},
};

static void word_free(struct br_unit_word *w)
{
	free(w->word);
	free(w->path);
}

void br_unit_file_free(struct br_unit_file *f)
{
	for (size_t i = 0; i < f->n; i++)
		word_free(&f->v[i]);
	free(f->v);
	*f = (struct br_unit_file){0};
}

const char *br_unit_file_last(const struct br_unit_file *f, enum br_unit_key key)
{
	for (size_t i = f->n; i--;)
		if (f->v[i].key == key)
			return f->v[i].word;
	return NULL;
}

bool br_unit_true(const char *word, bool otherwise)
{
	static const char *const yes[] = {"1", "yes", "y", "true", "t", "on"};
	static const char *const no[] = {"0", "no", "n", "false", "f", "off"};

	for (size_t i = 0; word && i < BR_ARRAY_SIZE(yes); i++)
		if (strcasecmp(word, yes[i]) == 0)
			return true;
	for (size_t i = 0; word && i < BR_ARRAY_SIZE(no); i++)
		if (strcasecmp(word, no[i]) == 0)
			return false;
	return otherwise;
}

static void empty_list(struct br_unit_file *f, unsigned which)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].which == which)
			word_free(&f->v[i]);
		else
			f->v[kept++] = f->v[i];
	}
	f->n = kept;
}

static int add_word(struct br_unit_file *f, unsigned which, const char *word, const char *path, unsigned line)
{
	struct br_unit_word w = {keys[which].is, strdup(word), strdup(path), line, which};

	if (!w.word || !w.path || br_grow(&f->v, &f->cap, f->n, sizeof(*f->v)) < 0) {
		word_free(&w);
		return -ENOMEM;
	}
	f->v[f->n++] = w;
	return 0;
}

struct reading {
	const char *path;
	unsigned line;
	bool dependencies;
	char section[32];
	struct br_unit_file *f;
};

static int assign(struct reading *r, const char *key, const char *value)
{
	for (unsigned i = 0; i < BR_ARRAY_SIZE(keys); i++) {
		br_autostrv struct br_strv words = {0};
		int e = 0;

		if (strcmp(keys[i].section, r->section) != 0 || strcmp(keys[i].key, key) != 0 ||
		    (r->dependencies && strcmp(r->section, "Install") == 0))
			continue;
		/* Names hold no blanks: quotes around one make no difference but that they go. */
		br_strv_split(&words, value, " \t\"'");
		if (words.oom)
			return -ENOMEM;
		if (!words.n && keys[i].resets)
			empty_list(r->f, i);
		for (size_t j = 0; j < words.n && e == 0; j++)
			e = add_word(r->f, i, words.v[j], r->path, r->line);
		return e;
	}
	return 0;
}

static char *strip(char *s)
{
	size_t n;

	s += strspn(s, " \t\f\v");
	for (n = strlen(s); n && strchr(" \t\f\v", s[n - 1]);)
		n--;
	s[n] = '\0';
	return s;
}

static int take(struct reading *r, char *line)
{
	char *l = strip(line), *equals;
	size_t n = strlen(l);

	if (!n)
		return 0;
	if (!br_utf8_valid(l, n))
		return -EBADMSG;
	if (*l == '[') {
		if (l[n - 1] != ']')
			return -EBADMSG;
		l[n - 1] = '\0';
		/* A section whose name is longer than ours is none of ours. */
		snprintf(r->section, sizeof(r->section), "%s", l + 1);
		return 0;
	}
	equals = strchr(l, '=');
	if (!equals || equals == l)
		return 0;
	*equals = '\0';
	return assign(r, strip(l), strip(equals + 1));
}

/* Does the line end in a backslash that no other one escapes? */
static bool goes_on(const char *s)
{
	bool escaped = false;

	for (; *s; s++)
		escaped = !escaped && *s == '\\';
	return escaped;
}

int br_unit_file_parse(const char *path, const char *buf, size_t len, bool dependencies, struct br_unit_file *f)
{
	struct reading r = {.path = path, .dependencies = dependencies, .f = f};
	br_cleanup(br_str_free) struct br_str whole = {0};
	size_t at = len >= 3 && memcmp(buf, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < len) {
		size_t end = at, skip, before;
		const char *text;
		int e;

		while (end < len && buf[end] != '\n' && buf[end] != '\r' && buf[end] != '\0')
			end++;
		skip = end + 1 < len && buf[end] == '\r' && buf[end + 1] == '\n' ? 2 : 1;
		text = buf + at;
		while (text < buf + end && (*text == ' ' || *text == '\t'))
			text++;
		r.line++;
		if (text < buf + end && (*text == '#' || *text == ';')) {
			at = end + skip;
			continue;
		}
		before = whole.len;
		br_str_add(&whole, buf + at, end - at);
		at = end + skip;
		if (whole.oom)
			return -ENOMEM;
		if (!whole.len)
			continue;
		if (goes_on(whole.s + before)) {
			whole.s[whole.len - 1] = ' ';
			if (at < len)
				continue;
		}
		e = take(&r, whole.s);
		if (e < 0)
			return e;
		br_str_free(&whole);
		whole = (struct br_str){0};
	}
	return whole.len ? take(&r, whole.s) : 0;
}
