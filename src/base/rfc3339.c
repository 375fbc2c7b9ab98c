/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/rfc3339.h"

/* form: letters stand for digits, everything else for itself. */
static int parse(const char *s, const char *form, time_t *ret)
{
	struct tm tm = {.tm_mday = 1}, asked;
	struct {
		char letter;
		int *to, less;
	} parts[] = {{'Y', &tm.tm_year, 1900}, {'M', &tm.tm_mon, 1}, {'D', &tm.tm_mday, 0},
	             {'h', &tm.tm_hour, 0}, {'m', &tm.tm_min, 0}, {'s', &tm.tm_sec, 0}};
	time_t t;

	if (strlen(s) != strlen(form))
		return -EINVAL;
	for (size_t i = 0; form[i]; i++)
		if (!strchr("YMDhms", form[i]) && s[i] != form[i])
			return -EINVAL;
	for (size_t i = 0; i < BR_ARRAY_SIZE(parts); i++) {
		const char *at = strchr(form, parts[i].letter);
		uint64_t n;

		if (!at)
			continue;
		if (br_parse_uint(s + (at - form), parts[i].letter == 'Y' ? 4 : 2, 10, 0, 9999, &n) < 0)
			return -EINVAL;
		*parts[i].to = (int)n - parts[i].less;
	}
	asked = tm;
	t = timegm(&tm);
	/* It corrects what it is given: a 30 February or an hour 24 has become another. */
	if (asked.tm_year != tm.tm_year || asked.tm_mon != tm.tm_mon || asked.tm_mday != tm.tm_mday ||
	    asked.tm_hour != tm.tm_hour || asked.tm_min != tm.tm_min || asked.tm_sec != tm.tm_sec)
		return -EINVAL;
	*ret = t;
	return 0;
}

int br_time_parse(const char *s, time_t *ret)
{
	return parse(s, "YYYY-MM-DDThh:mm:ssZ", ret);
}

int br_date_parse(const char *s, time_t *ret)
{
	return parse(s, "YYYY-MM-DD", ret);
}

char *br_time_text(time_t t)
{
	char buf[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return strdup(buf);
}
