/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>

#include "base/json.h"
#include "report/escape.h"

/* What XML 1.0 does not have, what is not seen, and what changes how its neighbours are seen. */
static const struct {
	uint32_t from, to;
} unseen[] = {
	{0x00ad, 0x00ad}, /* soft hyphen */
	{0x061c, 0x061c}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, /* widths, breaks and directions */
	{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}, /* marks and tags */
	{0xfdd0, 0xfdef}, /* no characters, as are the last two of each plane */
};

static bool is_unseen(uint32_t c)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(unseen); i++)
		if (c >= unseen[i].from && c <= unseen[i].to)
			return true;
	return (c & 0xfffe) == 0xfffe;
}

/* The character at s of valid UTF-8, and its length. */
static uint32_t character(const char *s, size_t *ret_len)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? u[0] : u[0] & (0xffU >> (n + 1));

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (u[i] & 0x3f);
	*ret_len = n;
	return c;
}

char *br_plain(const char *s)
{
	br_autostr struct br_str shown = {0}, out = {0};

	br_str_add_shown(&shown, s, strlen(s));
	br_str_add(&out, "", 0);
	for (size_t i = 0, n; i < shown.len; i += n) {
		bool hide = is_unseen(character(shown.s + i, &n));

		for (size_t k = 0; hide && k < n; k++)
			br_str_printf(&out, "\\x%02X", (unsigned char)shown.s[i + k]);
		if (!hide)
			br_str_add(&out, shown.s + i, n);
	}
	return shown.oom ? NULL : br_str_take(&out);
}

/* The text, or words in its place that are safe in every format: what is missing is seen to be missing. */
static char *plain_for(FILE *out, const char *s)
{
	char *plain = br_plain(s ? s : "");

	if (!plain)
		fputs("(out of memory)", out);
	return plain;
}

void br_xml_text(FILE *out, const char *s)
{
	br_autofree char *plain = plain_for(out, s);

	for (const char *c = plain ? plain : ""; *c; c++) {
		switch (*c) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*c, out);
		}
	}
}

/* What has a meaning within a line; text of a report never begins one. The dollar is mathematics to some. */
#define MARKDOWN_SPECIAL "\\`*_[]{}<>|~&$#"

static size_t longest_run(const char *s, size_t len, char of)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < len; i++) {
		run = s[i] == of ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void times(FILE *out, size_t n, char c)
{
	while (n--)
		fputc(c, out);
}

/* The blanks beside the backticks are for a text that begins or ends with one; renderers take one of each away. */
static void code(FILE *out, const char *s, size_t len, bool in_table)
{
	size_t ticks = longest_run(s, len, '`') + 1;
	bool pad = *s == '`' || s[len - 1] == '`' || (*s == ' ' && s[len - 1] == ' ');

	times(out, ticks, '`');
	fputs(pad ? " " : "", out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, in_table && s[i] == '|' ? "\\%c" : "%c", s[i]);
	fputs(pad ? " " : "", out);
	times(out, ticks, '`');
}

/* Bare addresses, and names that a forge would tell of being named. */
static bool becomes_a_link(const char *word, size_t len)
{
	br_autofree char *w = strndup(word, len);

	return !w || strchr(w, '@') || strstr(w, "://") || strcasestr(w, "www.") || strcasestr(w, "mailto:") ||
	       strcasestr(w, "xmpp:");
}

static void markdown_text(FILE *out, const char *s, bool in_table)
{
	br_autofree char *plain = plain_for(out, s);

	for (const char *w = plain ? plain : ""; *w;) {
		size_t n = strcspn(w, " ");

		if (becomes_a_link(w, n)) {
			code(out, w, n, in_table);
		} else {
			for (size_t i = 0; i < n; i++)
				fprintf(out, strchr(MARKDOWN_SPECIAL, w[i]) ? "\\%c" : "%c", w[i]);
		}
		w += n;
		if (*w) {
			fputc(' ', out);
			w += strspn(w, " ");
		}
	}
}

void br_markdown_text(FILE *out, const char *s)
{
	markdown_text(out, s, false);
}

void br_markdown_cell(FILE *out, const char *s)
{
	markdown_text(out, s, true);
}

void br_markdown_code(FILE *out, const char *s)
{
	br_autofree char *plain = plain_for(out, s);

	if (plain && *plain)
		code(out, plain, strlen(plain), false);
}

void br_markdown_block(FILE *out, size_t indent, const char *s)
{
	br_autofree char *plain = plain_for(out, s);
	size_t ticks = plain ? longest_run(plain, strlen(plain), '`') + 1 : 0;

	if (!plain)
		return;
	ticks = ticks < 3 ? 3 : ticks;
	times(out, indent, ' ');
	times(out, ticks, '`');
	fprintf(out, "\n%*s%s\n%*s", (int)indent, "", plain, (int)indent, "");
	times(out, ticks, '`');
	fputc('\n', out);
}

void br_tap_text(FILE *out, const char *s)
{
	br_autofree char *plain = plain_for(out, s);

	for (const char *c = plain ? plain : ""; *c; c++)
		fprintf(out, *c == '\\' || *c == '#' ? "\\%c" : "%c", *c);
}

void br_tap_quoted(FILE *out, const char *s)
{
	br_autofree char *plain = plain_for(out, s);
	br_autojson cJSON *j = plain ? cJSON_CreateString(plain) : NULL;
	br_autofree char *quoted = j ? cJSON_PrintUnformatted(j) : NULL;

	fputs(quoted ? quoted : "\"\"", out);
}
