/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/strictjson.h"

struct scan {
	const char *s;
	size_t len, at;
	unsigned line, depth;
	struct br_json_doc *doc;
	const char *why; /* the first thing wrong */
	bool oom;
};

static bool refuse(struct scan *s, const char *why)
{
	if (!s->why)
		s->why = why;
	return false;
}

static int peek(const struct scan *s)
{
	return s->at < s->len ? (unsigned char)s->s[s->at] : -1;
}

static bool take(struct scan *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void blanks(struct scan *s)
{
	for (int c; (c = peek(s)) == ' ' || c == '\t' || c == '\n' || c == '\r'; s->at++)
		s->line += c == '\n';
}

static bool note_line(struct scan *s)
{
	struct br_json_doc *d = s->doc;

	if (d->n == BR_JSON_VALUES_MAX)
		return refuse(s, "more values than are read");
	if (br_grow(&d->lines, &d->cap, d->n, sizeof(*d->lines)) < 0) {
		s->oom = true;
		return refuse(s, "out of memory");
	}
	d->lines[d->n++] = s->line;
	return true;
}

/* The four digits behind \u. */
static bool hex4(struct scan *s, unsigned *ret)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++, s->at++) {
		int c = peek(s);

		if (c >= '0' && c <= '9')
			v = v << 4 | (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | (unsigned)((c | 0x20) - 'a' + 10);
		else
			return refuse(s, "\\u without four hexadecimal digits");
	}
	*ret = v;
	return true;
}

static bool unicode_escape(struct scan *s)
{
	unsigned high, low;

	if (!hex4(s, &high))
		return false;
	if (high == 0)
		return refuse(s, "a text with a NUL in it");
	if (high >= 0xdc00 && high < 0xe000)
		return refuse(s, "half of a surrogate pair");
	if (high < 0xd800 || high >= 0xdc00)
		return true;
	if (!take(s, '\\') || !take(s, 'u'))
		return refuse(s, "half of a surrogate pair");
	return hex4(s, &low) && ((low >= 0xdc00 && low < 0xe000) || refuse(s, "half of a surrogate pair"));
}

static bool escape(struct scan *s)
{
	int c = peek(s);

	if (c < 0 || !strchr("\"\\/bfnrtu", c))
		return refuse(s, "an unknown escape in a text");
	s->at++;
	return c != 'u' || unicode_escape(s);
}

/* Behind the opening quote. That it is UTF-8 was seen for the whole text. */
static bool string(struct scan *s)
{
	while (s->at < s->len) {
		unsigned char c = (unsigned char)s->s[s->at++];

		if (c == '"')
			return true;
		if (c < 0x20)
			return refuse(s, "a control character in a text");
		if (c == '\\' && !escape(s))
			return false;
	}
	return refuse(s, "a text without an end");
}

static size_t digits(struct scan *s)
{
	size_t start = s->at;

	for (int c; (c = peek(s)) >= '0' && c <= '9';)
		s->at++;
	return s->at - start;
}

static bool number(struct scan *s)
{
	size_t start = s->at;
	bool zero;

	take(s, '-');
	zero = peek(s) == '0';
	if (digits(s) == 0 || (zero && s->at - start > (s->s[start] == '-' ? 2U : 1U)))
		return refuse(s, "no value");
	if (take(s, '.') && digits(s) == 0)
		return refuse(s, "a number without digits behind its point");
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->at++;
		if (!take(s, '+'))
			take(s, '-');
		if (digits(s) == 0)
			return refuse(s, "a number without an exponent behind its e");
	}
	return s->at - start <= BR_JSON_NUMBER_MAX || refuse(s, "a number of too many digits");
}

static bool word(struct scan *s, const char *w)
{
	size_t n = strlen(w);

	if (s->len - s->at < n || memcmp(s->s + s->at, w, n) != 0)
		return refuse(s, "no value");
	s->at += n;
	return true;
}

static bool value(struct scan *s);

static bool member(struct scan *s, bool keyed)
{
	blanks(s);
	if (keyed) {
		if (!take(s, '"'))
			return refuse(s, "no key");
		if (!string(s))
			return false;
		blanks(s);
		if (!take(s, ':'))
			return refuse(s, "no \":\" behind a key");
	}
	return value(s);
}

/* An object or a list, behind its opening bracket. */
static bool members(struct scan *s, bool keyed)
{
	char close = keyed ? '}' : ']';

	if (++s->depth > BR_JSON_DEPTH_MAX)
		return refuse(s, "nested more deeply than is read");
	blanks(s);
	if (!take(s, close)) {
		do {
			if (!member(s, keyed))
				return false;
			blanks(s);
		} while (take(s, ','));
		if (!take(s, close))
			return refuse(s, keyed ? "no \",\" or \"}\"" : "no \",\" or \"]\"");
	}
	s->depth--;
	return true;
}

static bool value(struct scan *s)
{
	blanks(s);
	if (!note_line(s))
		return false;
	switch (peek(s)) {
	case '{':
		s->at++;
		return members(s, true);
	case '[':
		s->at++;
		return members(s, false);
	case '"':
		s->at++;
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

/* Seen for the whole text at once; the line of what is none is looked for afterwards. */
static bool utf8(struct scan *s)
{
	const char *line = s->s, *end;

	if (br_utf8_valid(s->s, s->len))
		return true;
	while ((end = memchr(line, '\n', (size_t)(s->s + s->len - line))) && br_utf8_valid(line, (size_t)(end - line))) {
		s->line++;
		line = end + 1;
	}
	return refuse(s, "bytes that are no UTF-8");
}

static bool whole(struct scan *s)
{
	if (!utf8(s))
		return false;
	if (!value(s))
		return false;
	blanks(s);
	return s->at == s->len || refuse(s, "something behind the end");
}

static char *copy_of(const char *buf, size_t len, bool comments)
{
	char *copy = malloc(len + 1), *end;

	if (!copy)
		return NULL;
	memcpy(copy, buf, len);
	copy[len] = '\0';
	/* A text cannot hold a raw line feed: what begins a line begins no part of one. */
	for (char *line = copy; comments && line < copy + len; line = end + 1) {
		char *first = line;

		end = memchr(line, '\n', (size_t)(copy + len - line));
		end = end ? end : copy + len;
		while (first < end && (*first == ' ' || *first == '\t'))
			first++;
		if (end - first >= 2 && first[0] == '/' && first[1] == '/')
			memset(line, ' ', (size_t)(end - line));
	}
	return copy;
}

/* A key twice is read one way by this reader and another way by the next. */
static const cJSON *twin(const cJSON *j, const char **ret_why)
{
	const cJSON *a, *b;
	size_t n = 0;

	cJSON_ArrayForEach(a, j)
	{
		const cJSON *inner = twin(a, ret_why);

		if (inner)
			return inner;
		if (!cJSON_IsObject(j))
			continue;
		*ret_why = "more keys than are read";
		if (++n > BR_JSON_KEYS_MAX)
			return a;
		*ret_why = "a key that was there before";
		for (b = j->child; b != a; b = b->next)
			if (strcmp(a->string, b->string) == 0)
				return a;
	}
	return NULL;
}

int br_json_strict(const char *buf, size_t len, bool comments, struct br_json_doc *ret, char **ret_why)
{
	br_autodoc struct br_json_doc doc = {0};
	br_autofree char *text = copy_of(buf, len, comments);
	struct scan s = {.s = text, .len = len, .line = 1, .doc = &doc};
	const cJSON *again;

	if (!text)
		return -ENOMEM;
	if (!whole(&s)) {
		if (s.oom)
			return -ENOMEM;
		*ret_why = br_format("line %u: %s", s.line, s.why);
		return *ret_why ? -EINVAL : -ENOMEM;
	}
	doc.top = cJSON_ParseWithLength(text, len + 1);
	if (!doc.top)
		return -ENOMEM;
	again = twin(doc.top, &s.why);
	if (again) {
		*ret_why = br_format("line %u: %s", br_json_line(&doc, again), s.why);
		return *ret_why ? -EINVAL : -ENOMEM;
	}
	*ret = doc;
	doc = (struct br_json_doc){0};
	return 0;
}

/* Counts the values in their order up to the wanted one. */
static bool find(const cJSON *j, const cJSON *wanted, size_t *at)
{
	const cJSON *c;

	if (j == wanted)
		return true;
	++*at;
	cJSON_ArrayForEach(c, j)
	{
		if (find(c, wanted, at))
			return true;
	}
	return false;
}

unsigned br_json_line(const struct br_json_doc *doc, const cJSON *v)
{
	size_t at = 0;

	return v && find(doc->top, v, &at) && at < doc->n ? doc->lines[at] : 0;
}

void br_json_doc_free(struct br_json_doc *doc)
{
	cJSON_Delete(doc->top);
	free(doc->lines);
	*doc = (struct br_json_doc){0};
}
