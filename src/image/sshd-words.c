/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of a line of sshd_config, and the numbers that may stand there. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "image/sshd-internal.h"

#define BLANK " \t\r\n"

char *br_sshd_delim(char **at, bool equals)
{
	char *word = *at, *end;
	bool equal;

	if (!word)
		return NULL;
	end = word + strcspn(word, equals ? BLANK "\"=" : BLANK "\"");
	if (!*end) {
		*at = NULL;
		return word;
	}
	if (*end == '"') {
		/* The quoted part belongs to what stands before it. */
		memmove(end, end + 1, strlen(end));
		end += strcspn(end, "\"");
		if (!*end) {
			*at = NULL;
			return NULL;
		}
		*end++ = '\0';
		*at = end + strspn(end, BLANK);
		return word;
	}
	equal = *end == '=';
	*end++ = '\0';
	end += strspn(end, BLANK);
	if (equals && !equal && *end == '=') {
		end++;
		end += strspn(end, BLANK);
	}
	*at = end;
	return word;
}

/* One word from *at on, unquoted, into word (large enough). False: a quote stays open. */
static bool split_word(const char **at, char *word)
{
	const char *s = *at;
	char quote = '\0';

	for (; *s && (quote || (*s != ' ' && *s != '\t')); s++) {
		if (*s == '\\' && (s[1] == '\'' || s[1] == '"' || s[1] == '\\' || (!quote && s[1] == ' ')))
			*word++ = *++s;
		else if (!quote && (*s == '"' || *s == '\''))
			quote = *s;
		else if (quote && *s == quote)
			quote = '\0';
		else
			*word++ = *s;
	}
	*word = '\0';
	*at = s;
	return !quote;
}

int br_sshd_split(const char *s, struct br_strv *ret)
{
	br_autofree char *word = malloc(strlen(s) + 1);

	if (!word)
		return -ENOMEM;
	for (;;) {
		s += strspn(s, " \t");
		if (!*s || *s == '#')
			return ret->oom ? -ENOMEM : 0;
		if (!split_word(&s, word))
			return -EINVAL;
		br_strv_add(ret, word);
	}
}

char *br_sshd_next(struct br_sshd_words *w)
{
	if (!w->split)
		return br_sshd_delim(&w->rest, true);
	return w->next < w->argv.n ? w->argv.v[w->next++] : NULL;
}

bool br_sshd_goes_on(const struct br_sshd_words *w, const char *word)
{
	return word && (w->split || *word);
}

bool br_sshd_more(const struct br_sshd_words *w)
{
	return w->split ? w->next < w->argv.n : w->rest != NULL;
}

void br_sshd_consume(struct br_sshd_words *w)
{
	w->rest = NULL;
	w->next = w->argv.n;
}

bool br_sshd_number(const char *s, long long min, long long max, long long *ret)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(s, &end, 10);
	if (end == s || *end || errno || v < min || v > max)
		return false;
	*ret = v;
	return true;
}

/* Since 10.3: seconds may have a fraction, "s" may be used once, and a number may not have a sign. */
static bool time_with_fraction(const char *s)
{
	double sum = 0;
	bool seconds = false;

	while (*s) {
		static const char units[] = "sSmMhHdDwW";
		static const double factor[] = {1, 60, 3600, 86400, 604800};
		size_t n = strspn(s, "0123456789."), unit = 0;
		const char *dot = memchr(s, '.', n), *found;
		char *end;
		double v = strtod(s, &end);

		if (!n || end != s + n)
			return false;
		found = s[n] ? strchr(units, s[n]) : NULL;
		if (s[n] && !found)
			return false;
		unit = found ? (size_t)(found - units) / 2 : 0;
		if (unit == 0 && seconds)
			return false;
		seconds |= unit == 0;
		if (dot && (unit || !isdigit((unsigned char)s[n - 1])))
			return false;
		sum += v * factor[unit];
		s += n + (s[n] != '\0');
	}
	return sum <= INT_MAX;
}

bool br_sshd_time(const char *s, unsigned release)
{
	long limit = release >= 805 ? INT_MAX : LONG_MAX, sum = 0;

	if (!*s)
		return false;
	if (release >= 1003)
		return time_with_fraction(s);
	while (*s) {
		char *end;
		long v, factor = 1;

		errno = 0;
		v = strtol(s, &end, 10);
		/* Since 9.8 no sign may stand there, nor a blank. */
		if (end == s || errno || v < 0 || (release >= 908 && !isdigit((unsigned char)*s)))
			return false;
		switch (tolower((unsigned char)*end)) {
		case '\0':
		case 's': break;
		case 'm': factor = 60; break;
		case 'h': factor = 3600; break;
		case 'd': factor = 86400; break;
		case 'w': factor = 604800; break;
		default: return false;
		}
		if (v > limit / factor || sum > limit - v * factor)
			return false;
		sum += v * factor;
		s = end + (*end != '\0');
	}
	return true;
}

bool br_sshd_scaled(const char *s, long long *ret)
{
	static const char units[] = "BKMGTPE";
	int sign = 0;
	unsigned digits = 0;
	bool fraction = false;
	long double v = 0, place = 1;

	s += strspn(s, " \t\r\n\v\f");
	for (; *s == '-' || *s == '+'; s++) {
		if (sign)
			return false;
		sign = *s == '-' ? -1 : 1;
	}
	for (; isdigit((unsigned char)*s) || *s == '.'; s++) {
		if (*s == '.' && fraction)
			return false;
		if (*s == '.') {
			fraction = true;
		} else if (fraction) {
			place /= 10;
			v += (*s - '0') * place;
		} else {
			/* So many digits as its largest unit could need. */
			if (++digits >= 21)
				return false;
			v = v * 10 + (*s - '0');
		}
	}
	if (*s) {
		const char *unit = strchr(units, toupper((unsigned char)*s));

		if (!unit || isalnum((unsigned char)s[1]))
			return false;
		for (; unit > units; unit--)
			v *= 1024;
	}
	if (v >= 9223372036854775807.0L)
		return false;
	*ret = (long long)v * (sign < 0 ? -1 : 1);
	return true;
}
