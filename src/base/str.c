/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

static bool reserve(struct br_str *b, size_t more)
{
	size_t want, cap;
	char *s;

	if (b->oom || __builtin_add_overflow(b->len, more, &want) || want > SIZE_MAX / 2 - 1) {
		b->oom = true;
		return false;
	}
	if (want + 1 <= b->cap)
		return true;
	for (cap = b->cap ? b->cap : 64; cap < want + 1;)
		cap *= 2;
	s = realloc(b->s, cap);
	if (!s) {
		b->oom = true;
		return false;
	}
	b->s = s;
	b->cap = cap;
	return true;
}

void br_str_add(struct br_str *b, const char *s, size_t len)
{
	if (!reserve(b, len))
		return;
	if (len)
		memcpy(b->s + b->len, s, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void br_str_puts(struct br_str *b, const char *s)
{
	br_str_add(b, s, strlen(s));
}

void br_str_putc(struct br_str *b, char c)
{
	br_str_add(b, &c, 1);
}

void br_str_vprintf(struct br_str *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0) {
		b->oom = true;
		return;
	}
	if (!reserve(b, (size_t)n))
		return;
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
}

void br_str_printf(struct br_str *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	br_str_vprintf(b, fmt, ap);
	va_end(ap);
}

char *br_str_take(struct br_str *b)
{
	char *s;

	if (!b->oom && !b->s)
		br_str_add(b, "", 0);
	s = b->oom ? NULL : BR_TAKE(b->s);
	br_str_free(b);
	return s;
}

void br_str_free(struct br_str *b)
{
	free(b->s);
	*b = (struct br_str){0};
}

char *br_format(const char *fmt, ...)
{
	struct br_str b = {0};
	va_list ap;

	va_start(ap, fmt);
	br_str_vprintf(&b, fmt, ap);
	va_end(ap);
	return br_str_take(&b);
}

bool br_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

int br_grow(void *array, size_t *cap, size_t n, size_t elem)
{
	size_t want = *cap ? *cap : 8, bytes;
	char *p;

	if (n < *cap)
		return 0;
	while (want <= n)
		if (__builtin_mul_overflow(want, (size_t)2, &want))
			return -ENOMEM;
	if (__builtin_mul_overflow(want, elem, &bytes))
		return -ENOMEM;
	p = realloc(*(void **)array, bytes);
	if (!p)
		return -ENOMEM;
	memset(p + *cap * elem, 0, (want - *cap) * elem);
	*(void **)array = p;
	*cap = want;
	return 0;
}

void br_strv_addn(struct br_strv *l, const char *s, size_t len)
{
	char *copy;

	if (l->oom || br_grow(&l->v, &l->cap, l->n, sizeof(*l->v)) < 0 || !(copy = malloc(len + 1))) {
		l->oom = true;
		return;
	}
	memcpy(copy, s, len);
	copy[len] = '\0';
	l->v[l->n++] = copy;
}

void br_strv_add(struct br_strv *l, const char *s)
{
	br_strv_addn(l, s, strlen(s));
}

bool br_strv_has(const struct br_strv *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return true;
	return false;
}

void br_strv_split(struct br_strv *l, const char *s, const char *sep)
{
	while (*s) {
		size_t n = strcspn(s, sep);

		if (n)
			br_strv_addn(l, s, n);
		s += n;
		s += strspn(s, sep);
	}
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void br_strv_sort(struct br_strv *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_bytes);
}

void br_strv_free(struct br_strv *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct br_strv){0};
}

/* Length of the valid UTF-8 sequence at s, 0 when there is none. */
static size_t utf8_len(const unsigned char *s, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c = s[0];
	size_t n;

	if (c < 0x80)
		return 1;
	n = c >= 0xf0 && c < 0xf8 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc0 && c < 0xe0 ? 2 : 0;
	if (!n || n > len)
		return 0;
	c &= 0xffU >> (n + 1);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	/* Overlong forms, surrogates, past Unicode's end. */
	return c < least[n] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff ? 0 : n;
}

bool br_utf8_valid(const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_len((const unsigned char *)s + i, len - i);
		if (!n)
			return false;
	}
	return true;
}

/* The same, 0 too for the control characters of ASCII and the C1 ones that terminals obey. */
static size_t shown_len(const unsigned char *s, size_t len)
{
	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	return s[0] == 0xc2 && len > 1 && s[1] < 0xa0 ? 0 : utf8_len(s, len);
}

void br_str_add_shown(struct br_str *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = shown_len((const unsigned char *)s + i, len - i);

		if (n)
			br_str_add(b, s + i, n);
		else
			br_str_printf(b, "\\x%02X", (unsigned char)s[i]);
		i += n ? n : 1;
	}
}

void br_str_vshown(struct br_str *b, size_t max, const char *fmt, va_list ap)
{
	br_autostr struct br_str text = {0};

	br_str_vprintf(&text, fmt, ap);
	if (text.s)
		br_str_add_shown(b, text.s, text.len < max ? text.len : max);
	b->oom |= text.oom;
}

const char *br_strerror(int err)
{
	switch (err) {
	case EBADMSG:
		return "it holds bytes that are no text";
	case EMEDIUMTYPE:
		return "it is no regular file";
	case EFBIG:
		return "it is larger than any that is read";
	case ENODATA:
		return "its file system could not be looked into";
	default:
		return strerror(err);
	}
}
