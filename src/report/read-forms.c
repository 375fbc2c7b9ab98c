/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "report/read-forms.h"
#include "result.h"

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool one_of(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}
#define ONE_OF(s, ...) one_of(s, (const char *const[]){__VA_ARGS__, NULL})

bool br_form_shown(const char *s)
{
	br_autostr struct br_str shown = {0};

	if (!s || !*s)
		return true;
	br_str_add_shown(&shown, s, strlen(s));
	return br_streq(shown.s, s);
}

bool br_form_some(const char *s)
{
	return *s != '\0';
}

bool br_form_path(const char *s)
{
	return *s == '/';
}

bool br_form_sha256(const char *s)
{
	return strlen(s) == 64 && strspn(s, DIGITS "abcdef") == 64;
}

bool br_form_content(const char *s)
{
	return br_form_sha256(s) || ONE_OF(s, "unreadable");
}

bool br_form_id(const char *s)
{
	return *s && strchr(UPPER, *s) && s[1] && !s[1 + strspn(s + 1, LOWER UPPER)];
}

bool br_form_code(const char *s)
{
	if (!*s || !strchr(LOWER, *s) || s[strspn(s, LOWER DIGITS "-")])
		return false;
	return !strstr(s, "--") && s[strlen(s) - 1] != '-';
}

/* Of the schema's pattern, what versions look like: it is shown and compared. */
bool br_form_version(const char *s)
{
	return *s && strchr(DIGITS, *s) && strlen(s) <= 64 && !s[strspn(s, LOWER UPPER DIGITS ".+~-")];
}

bool br_form_schema(const char *s)
{
	return ONE_OF(s, "bootready-report/1");
}

bool br_form_tool(const char *s)
{
	return ONE_OF(s, "bootready");
}

bool br_form_context(const char *s)
{
	return ONE_OF(s, "preboot", "live", "offline");
}

bool br_form_rtc(const char *s)
{
	return ONE_OF(s, "utc", "local");
}

bool br_form_mode(const char *s)
{
	return ONE_OF(s, "legacy", "uefi");
}

bool br_form_firmware(const char *s)
{
	return ONE_OF(s, "bios", "uefi");
}

bool br_form_choice(const char *s)
{
	return ONE_OF(s, "auto", "bios", "uefi");
}

bool br_form_level(const char *s)
{
	return ONE_OF(s, "high", "warning");
}

bool br_form_status(const char *s)
{
	return br_status_parse(s) >= 0;
}

bool br_form_severity(const char *s)
{
	return br_severity_parse(s) >= 0;
}

bool br_form_basis(const char *s)
{
	return br_basis_parse(s) >= 0;
}

bool br_form_kind(const char *s)
{
	return ONE_OF(s, "file", "link", "fact");
}
