/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/bls.h"

#define BLS_KEYS_MAX 256

void br_bls_free(struct br_bls *b)
{
	free(b->id);
	free(b->path);
	for (size_t i = 0; i < b->n; i++) {
		free(b->keys[i]);
		free(b->values[i]);
	}
	free(b->keys);
	free(b->values);
	*b = (struct br_bls){0};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* One line without its newline. 1: go on; 0: GRUB stops here; -ENOMEM. */
static int parse_line(struct br_bls *b, const char *s)
{
	br_autofree char *key = NULL, *value = NULL;
	const char *sep;

	while (is_blank(*s))
		s++;
	if (*s == '#')
		return 1;
	sep = strchr(s, ' ');
	if (!sep)
		sep = strchr(s, '\t');
	if (!sep || !sep[1])
		return 0;
	key = strndup(s, (size_t)(sep - s));
	while (is_blank(*sep))
		sep++;
	value = strdup(sep);
	if (!key || !value || br_grow(&b->keys, &b->cap_keys, b->n, sizeof(*b->keys)) < 0 ||
	    br_grow(&b->values, &b->cap_values, b->n, sizeof(*b->values)) < 0)
		return -ENOMEM;
	b->keys[b->n] = BR_TAKE(key);
	b->values[b->n++] = BR_TAKE(value);
	return b->n < BLS_KEYS_MAX;
}

int br_bls_parse(const char *buf, size_t len, struct br_bls *ret)
{
	br_cleanup(br_bls_free) struct br_bls b = {0};
	size_t p = 0;
	unsigned line = 0;

	while (p < len) {
		const char *nl = memchr(buf + p, '\n', len - p);
		size_t end = nl ? (size_t)(nl - buf) : len;
		br_autostr struct br_str text = {0};
		int r;

		for (; p < end && buf[p]; p++)
			if (buf[p] != '\r')
				br_str_putc(&text, buf[p]);
		br_str_puts(&text, "");
		if (text.oom)
			return -ENOMEM;
		p = end + 1;
		line++;
		r = parse_line(&b, text.s);
		if (r < 0)
			return r;
		if (!r) {
			if (p < len)
				b.ended_at = line;
			break;
		}
	}
	*ret = b;
	b = (struct br_bls){0};
	return 0;
}

const char *br_bls_next(const struct br_bls *b, const char *key, size_t *at)
{
	while (*at < b->n)
		if (strcmp(b->keys[(*at)++], key) == 0)
			return b->values[*at - 1];
	return NULL;
}

const char *br_bls_get(const struct br_bls *b, const char *key)
{
	size_t at = 0;

	return br_bls_next(b, key, &at);
}

/* ASCII alone: rpm and GRUB know no locale. */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *skip_separators(const char *s)
{
	while (*s && !is_digit(*s) && !is_alpha(*s) && *s != '~' && *s != '+')
		s++;
	return s;
}

static size_t span(const char *s, bool (*is)(char))
{
	size_t n = 0;

	while (is(s[n]))
		n++;
	return n;
}

static int compare_numbers(const char *a, size_t len_a, const char *b, size_t len_b)
{
	while (len_a && *a == '0') {
		a++;
		len_a--;
	}
	while (len_b && *b == '0') {
		b++;
		len_b--;
	}
	if (len_a != len_b)
		return len_a > len_b ? 1 : -1;
	return memcmp(a, b, len_a);
}

static int compare_letters(const char *a, size_t len_a, const char *b, size_t len_b)
{
	int c = memcmp(a, b, len_a < len_b ? len_a : len_b);

	if (c || len_a == len_b)
		return c;
	return len_a > len_b ? 1 : -1;
}

int br_rpm_vercmp(const char *a, const char *b)
{
	while (*a || *b) {
		size_t len_a, len_b;
		bool num;
		int c;

		a = skip_separators(a);
		b = skip_separators(b);
		if (*a == '~' || *b == '~') {
			if (*a != *b)
				return *a == '~' ? -1 : 1;
			a++;
			b++;
			continue;
		}
		if (*a == '+' || *b == '+') {
			/* Newer than the same without it, older than one that goes on differently.
			 */
			if (*a != *b) {
				if (!*a || !*b)
					return *a ? 1 : -1;
				return *a == '+' ? -1 : 1;
			}
			a++;
			b++;
			continue;
		}
		if (!*a || !*b)
			break;
		num = is_digit(*a);
		len_a = span(a, num ? is_digit : is_alpha);
		len_b = span(b, num ? is_digit : is_alpha);
		if (!len_b)
			return num ? 1 : -1;
		c = num ? compare_numbers(a, len_a, b, len_b) : compare_letters(a, len_a, b, len_b);
		if (c)
			return c > 0 ? 1 : -1;
		a += len_a;
		b += len_b;
	}
	if (!*a && !*b)
		return 0;
	return *a ? 1 : -1;
}

struct nvr {
	const char *name, *version, *release;
};

/* Cuts s at its last two dashes; what is missing is empty, the release first. */
static struct nvr cut(char *s)
{
	struct nvr n = {.name = s, .version = "", .release = ""};
	char *last = strrchr(s, '-'), *before;

	if (!last)
		return n;
	*last++ = '\0';
	before = strrchr(s, '-');
	if (!before) {
		n.version = last;
		return n;
	}
	*before++ = '\0';
	n.version = before;
	n.release = last;
	return n;
}

int br_bls_cmp(const char *id_a, const char *id_b)
{
	br_autofree char *a = strdup(id_a), *b = strdup(id_b);
	struct nvr x, y;
	int c;

	if (!a || !b)
		return strcmp(id_a, id_b);
	x = cut(a);
	y = cut(b);
	c = br_rpm_vercmp(x.name, y.name);
	if (!c)
		c = br_rpm_vercmp(x.version, y.version);
	if (!c)
		c = br_rpm_vercmp(x.release, y.release);
	return c;
}

struct expansion {
	struct br_str text;
	bool any;
	const char *(*get)(void *ctx, const char *name);
	void *ctx;
};

static int piece(struct expansion *x, bool is_var, const char *from, const char *to)
{
	br_autofree char *s = strndup(from, to > from ? (size_t)(to - from) : 0);
	const char *value = s;

	if (!s)
		return -ENOMEM;
	if (is_var) {
		value = x->get(x->ctx, s);
		if (!value)
			return 0;
	}
	x->any = true;
	br_str_puts(&x->text, value);
	if (is_var)
		br_str_putc(&x->text, ' ');
	return x->text.oom || x->text.len > BR_GRUB_WORD_MAX ? -ENOMEM : 0;
}

int br_bls_expand(const char *value, const char *(*get)(void *ctx, const char *name), void *ctx,
		  char **ret)
{
	struct expansion x = {.get = get, .ctx = ctx};
	const char *from = value, *last = value;
	bool is_var = false;
	int r = 0;

	/* A piece runs from `from` to `last`, the character read before this one. */
	for (const char *p = value; *p && !r; last = p++) {
		if (*p == '$' && *last != '\\') {
			if (from != last)
				r = piece(&x, is_var, from, last + 1);
			is_var = true;
			from = p + 1;
		} else if (is_var && !is_digit(*p) && !is_alpha(*p) && *p != '_') {
			r = piece(&x, true, from, last + 1);
			is_var = false;
			from = *p == ' ' ? p + 1 : p;
		}
	}
	if (!r && from != last)
		r = piece(&x, is_var, from, last + 1);
	if (!r && x.any)
		br_str_puts(&x.text, "");
	if (r < 0 || x.text.oom) {
		br_str_free(&x.text);
		return -ENOMEM;
	}
	*ret = x.any ? br_str_take(&x.text) : NULL;
	if (!x.any)
		br_str_free(&x.text);
	return x.any && !*ret ? -ENOMEM : 0;
}
