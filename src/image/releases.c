/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "base/str.h"
#include "image/releases.h"

const struct br_release br_releases[] = {
#define RELEASE(id, version, y, m, d) {id, version, (y) * 10000 + (m) * 100 + (d)},
#define ROLLING(id)                   {id, NULL, 0},
#include "image/releases.list"
};
const size_t br_n_releases = BR_ARRAY_SIZE(br_releases);
const unsigned br_releases_as_of = BR_RELEASES_AS_OF;

const char *br_release_id(const struct br_system *s)
{
	/* The two shared an ID for a while. */
	if (br_streq(s->os_id, "centos") && s->os && strstr(s->os, "Stream"))
		return "centos-stream";
	return br_streq(s->os_id, "sles_sap") || br_streq(s->os_id, "SLES") ? "sles" : s->os_id;
}

const struct br_release *br_release_find(const char *id, const char *version)
{
	const struct br_release *found = NULL;

	for (size_t i = 0; id && i < br_n_releases; i++) {
		const struct br_release *r = &br_releases[i];
		size_t n = r->version ? strlen(r->version) : 0;

		if (strcmp(r->id, id) != 0)
			continue;
		if (!r->version)
			return r;
		if (!version || strncmp(version, r->version, n) != 0 || (version[n] && version[n] != '.'))
			continue;
		if (!found || n > strlen(found->version))
			found = r;
	}
	return found;
}

unsigned br_release_today(void)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");
	time_t now = time(NULL);
	struct tm tm;
	unsigned today;
	uint64_t n;

	if (given && br_parse_uint(given, strlen(given), 10, 0, UINT32_MAX, &n) == 0)
		now = (time_t)n;
	if (!gmtime_r(&now, &tm) || tm.tm_year > 8099)
		return br_releases_as_of;
	today = (unsigned)(tm.tm_year + 1900) * 10000 + (unsigned)(tm.tm_mon + 1) * 100 + (unsigned)tm.tm_mday;
	return today > br_releases_as_of ? today : br_releases_as_of;
}

bool br_release_less(const char *a, const char *b)
{
	for (;;) {
		size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
		uint64_t x = 0, y = 0;

		if (!m)
			return false;
		if (n && br_parse_uint(a, n, 10, 0, UINT32_MAX, &x) < 0)
			return false;
		if (br_parse_uint(b, m, 10, 0, UINT32_MAX, &y) < 0)
			return false;
		if (x != y)
			return x < y;
		a += n + (a[n] == '.');
		b += m + (b[m] == '.');
	}
}
