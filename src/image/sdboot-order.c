/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, versions, globs: which of systemd-boot's entries stands where, and which one starts. */
#include <limits.h>
#include <string.h>

#include "base/num.h"
#include "image/sdboot.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int sign(long n)
{
	return (n > 0) - (n < 0);
}

static size_t span(const char *s, bool (*is)(char))
{
	size_t n = 0;

	while (is(s[n]))
		n++;
	return n;
}

static const char *skip_junk(const char *s)
{
	while (*s && !is_digit(*s) && !is_alpha(*s) && !strchr("~-^.", *s))
		s++;
	return s;
}

/* Two numbers, or two words; *a and *b then stand behind them. One that is no number is older than one. */
static int compare_segments(const char **a, const char **b)
{
	bool number = is_digit(**a) || is_digit(**b);
	size_t n = span(*a, number ? is_digit : is_alpha), m = span(*b, number ? is_digit : is_alpha);
	const char *end_a = *a + n, *end_b = *b + m;
	int c;

	if (number) {
		if (!n != !m)
			return n ? 1 : -1;
		while (**a == '0')
			++*a;
		while (**b == '0')
			++*b;
		n = (size_t)(end_a - *a);
		m = (size_t)(end_b - *b);
		c = n != m ? (n > m ? 1 : -1) : sign(strncmp(*a, *b, n));
	} else {
		c = sign(strncmp(*a, *b, n < m ? n : m));
		if (!c)
			c = (n > m) - (n < m);
	}
	*a = end_a;
	*b = end_b;
	return c;
}

int br_sdboot_vercmp(const char *a, const char *b)
{
	a = a ? a : "";
	b = b ? b : "";
	for (;;) {
		int c;

		a = skip_junk(a);
		b = skip_junk(b);
		/* ~ is older than the end, everything else newer; - and ^ and . are older than none of them. */
		for (const char *mark = "~-^."; *mark; mark++) {
			if (*a == *mark || *b == *mark) {
				if (*a != *b)
					return *a == *mark ? -1 : 1;
				a++;
				b++;
			}
			if (*mark == '~' && (!*a || !*b))
				return (*a != '\0') - (*b != '\0');
		}
		c = compare_segments(&a, &b);
		if (c)
			return c;
	}
}

static long old_order(char c)
{
	if (!c || is_digit(c))
		return 0;
	return c >= 'a' && c <= 'z' ? c : 0x10000L + (unsigned char)c;
}

int br_sdboot_vercmp_old(const char *a, const char *b)
{
	const char *s = a, *t = b;

	while (*s || *t) {
		int first = 0;

		while ((*s && !is_digit(*s)) || (*t && !is_digit(*t))) {
			long order = old_order(*s) - old_order(*t);

			if (order)
				return sign(order);
			s++;
			t++;
		}
		while (*s == '0')
			s++;
		while (*t == '0')
			t++;
		for (; is_digit(*s) && is_digit(*t); s++, t++)
			if (!first)
				first = *s - *t;
		if (is_digit(*s) || is_digit(*t))
			return is_digit(*s) ? 1 : -1;
		if (first)
			return sign(first);
	}
	return sign(strcmp(a, b));
}

/* The character at *p, which then stands behind it: UTF-8, a byte that is none by itself. */
static unsigned take_char(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	unsigned n = s[0] >= 0xf0 ? 3 : s[0] >= 0xe0 ? 2 : s[0] >= 0xc0 ? 1 : 0, c = s[0];

	for (unsigned i = 1; i <= n; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			++*p;
			return s[0];
		}
		c = c << 6 | (s[i] & 0x3f);
	}
	*p += n + 1;
	return c;
}

/* Is c in the set whose '[' *p stands behind? *p then stands behind its ']'; a set without end matches nothing. */
static bool in_set(const char **p, unsigned c)
{
	bool match = false, can_range = true;
	unsigned last = 0;

	for (bool first = true;; first = false) {
		const char *at = *p;
		unsigned k;

		if (!*at)
			return false;
		k = take_char(p);
		if (k == ']' && !first)
			return match;
		if (k == '-' && can_range && !first && **p != ']') {
			if (**p == '\\')
				++*p;
			if (!**p)
				return false;
			k = take_char(p);
			match |= last <= c && c <= k;
			can_range = false;
			continue;
		}
		if (k == '\\') {
			if (!**p)
				return false;
			k = take_char(p);
		}
		match |= k == c;
		can_range = true;
		last = k;
	}
}

/* Up to the pattern's first star: false, no match; *p stands behind the stars, or at the end with text at its. */
static bool match_simple(const char **p, const char **text, bool *ret_star)
{
	*ret_star = false;
	for (;;) {
		unsigned want, have;

		if (**p == '*') {
			while (**p == '*')
				++*p;
			*ret_star = true;
			return true;
		}
		if (!**p || !**text)
			return !**p && !**text;
		want = take_char(p);
		have = take_char(text);
		if (want == '?' || (want == '[' && in_set(p, have)))
			continue;
		if (want == '[' || (want == '\\' && !**p))
			return false;
		if (want == '\\')
			want = take_char(p);
		if (want != have)
			return false;
	}
}

bool br_sdboot_match(const char *pattern, const char *text)
{
	bool star;

	if (!match_simple(&pattern, &text, &star))
		return false;
	while (star) {
		/* The next part somewhere behind; the first place will do, for stars take up what is between. */
		for (;;) {
			const char *p = pattern, *t = text;

			if (match_simple(&p, &t, &star)) {
				pattern = p;
				text = t;
				break;
			}
			if (!*text)
				return false;
			take_char(&text);
		}
	}
	return true;
}

size_t br_sdboot_tries(const char *file, const char *suffix, uint64_t *ret_left, uint64_t *ret_done)
{
	const char *plus = strrchr(file, '+'), *p = plus ? plus + 1 : NULL;
	uint64_t left, done = 0;
	size_t n;

	if (!p || !(n = strspn(p, "0123456789")) || br_parse_uint(p, n, 10, 0, INT_MAX, &left) < 0)
		return 0;
	p += n;
	if (*p == '-') {
		n = strspn(++p, "0123456789");
		if (!n || br_parse_uint(p, n, 10, 0, INT_MAX, &done) < 0)
			return 0;
		p += n;
	}
	if (strcasecmp(p, suffix) != 0)
		return 0;
	*ret_left = left;
	*ret_done = done;
	return (size_t)(plus - file);
}

bool br_sdboot_is_entry(const char *file, const char *suffix, unsigned version)
{
	size_t n = strlen(file), k = strlen(suffix);
	bool old = version && version < BR_SD_PROFILES;

	if (*file == '.' || n < k || strcasecmp(file + n - k, suffix) != 0)
		return false;
	return old ? strncmp(file, "auto-", 5) != 0 : strncasecmp(file, "auto-", 5) != 0;
}

static bool used_up(const struct br_sdboot_entry *e)
{
	return e->counted && !e->left;
}

/* NULL before everything. */
static int compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return sign(strcmp(a, b));
}

static int compare_tries(const struct br_sdboot_entry *a, const struct br_sdboot_entry *b)
{
	if (!a->counted || !b->counted)
		return 0;
	if (a->left != b->left)
		return a->left > b->left ? -1 : 1;
	return (a->done > b->done) - (a->done < b->done);
}

static int compare(const struct br_sdboot_entry *a, const struct br_sdboot_entry *b)
{
	int c = used_up(a) - used_up(b);

	if (!c)
		c = !a->sort_key - !b->sort_key;
	if (!c && a->sort_key) {
		c = compare_text(a->sort_key, b->sort_key);
		if (!c)
			c = compare_text(a->machine_id, b->machine_id);
		if (!c)
			c = -br_sdboot_vercmp(a->version, b->version);
	}
	if (!c)
		c = -br_sdboot_vercmp(a->id_base ? a->id_base : a->id, b->id_base ? b->id_base : b->id);
	if (!c && a->id_base && b->id_base)
		c = (a->profile > b->profile) - (a->profile < b->profile);
	return c ? c : compare_tries(a, b);
}

static int compare_old(const struct br_sdboot_entry *a, const struct br_sdboot_entry *b)
{
	int c = used_up(b) - used_up(a);

	if (!c)
		c = br_sdboot_vercmp_old(a->id, b->id);
	return c ? c : -compare_tries(a, b);
}

void br_sdboot_sort(struct br_sdboot_entry *v, size_t n, unsigned version)
{
	bool old = version && version < BR_SD_SORT_KEYS;

	for (size_t i = 1; i < n; i++) {
		struct br_sdboot_entry e = v[i];
		size_t k = i;

		for (; k && (old ? compare_old(&v[k - 1], &e) : compare(&v[k - 1], &e)) > 0; k--)
			v[k] = v[k - 1];
		v[k] = e;
	}
}

static int find(const struct br_sdboot_entry *v, size_t n, const char *pattern, bool last, bool with_tries)
{
	for (size_t i = 0; i < n; i++) {
		const struct br_sdboot_entry *e = &v[last ? n - 1 - i : i];

		if (!(with_tries && used_up(e)) && br_sdboot_match(pattern, e->id))
			return (int)(e - v);
	}
	return -1;
}

int br_sdboot_choose(const struct br_sdboot_entry *v, size_t n, const struct br_sdboot_conf *conf, unsigned version,
                     bool *ret_stale)
{
	bool old = version && version < BR_SD_SORT_KEYS;
	int i = conf->preferred ? find(v, n, conf->preferred, false, true) : -1;

	*ret_stale = false;
	/* @saved is in an EFI variable that a new machine has not; the old loader takes it for a name. */
	if (i < 0 && conf->wanted && strcmp(conf->wanted, "@saved") != 0) {
		i = find(v, n, conf->wanted, old, false);
		*ret_stale = i < 0;
	}
	return i >= 0 || !n ? i : old ? (int)n - 1 : 0;
}
