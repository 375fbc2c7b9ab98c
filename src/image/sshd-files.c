/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sshd_config line by line, and the files that it includes. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/sshd-internal.h"

#define BLANK " \t\r\n"

bool br_sshd_in_program(const struct br_sshd_ask *ask, const char *keyword)
{
	size_t n = strlen(keyword) + 1;
	br_autofree char *low = strdup(keyword);

	/* Short words may be anything. */
	if (!ask->program.data || !low || n < 9)
		return false;
	for (char *c = low; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (ask->lookups && !*ask->lookups)
		return true; /* br_sshd_finish() says that it is not known */
	if (ask->lookups)
		--*ask->lookups;
	/* A word of the table of keywords, with the NUL behind it and that of the one before. */
	for (const char *at = ask->program.data, *end = at + ask->program.len;
	     (at = memmem(at, (size_t)(end - at), low, n)); at++)
		if (at > ask->program.data && at[-1] == '\0')
			return true;
	return false;
}

static void unknown_keyword(struct br_sshd_state *st, const struct br_sshd_keyword *other)
{
	unsigned release = st->ask->release;
	const char *why = !other              ? ""
	                  : other->families   ? ": it is another distribution's"
	                  : other->since > release ? ": it is a newer one's"
	                                           : ": it is an older one's";

	if (release > BR_SSHD_NEWEST || release < BR_SSHD_OLDEST)
		br_sshd_problem(st, BR_SSHD_UNSURE,
		                "the keywords of this release are not known here, and %s is none of OpenSSH %u.%u", st->keyword,
		                BR_SSHD_NEWEST / 100, BR_SSHD_NEWEST % 100);
	else if (br_sshd_in_program(st->ask, st->keyword))
		br_sshd_problem(st, BR_SSHD_UNSURE,
		                "%s is a keyword that this sshd's makers added, and what it takes is not known here", st->keyword);
	else
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s is no keyword of OpenSSH %u.%u%s", st->keyword, release / 100,
		                release % 100, why);
}

static void garbage(struct br_sshd_state *st)
{
	const char *word;

	if (st->words.split ? st->words.next >= st->words.argv.n
	                    : !(word = br_sshd_delim(&st->words.rest, true)) || !*word)
		return;
	br_sshd_problem(st, BR_SSHD_REFUSED, "%s: there is more on the line than it takes", st->keyword);
}

/* The words behind a keyword. False: the line is refused as it stands. */
static bool take_apart(struct br_sshd_state *st, char *rest)
{
	int r;

	st->words.rest = rest;
	if (st->ask->release < 807)
		return true;
	if (!rest || !*rest) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
		return false;
	}
	st->words.split = true;
	r = br_sshd_split(rest, &st->words.argv);
	if (r == -EINVAL)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: a quote is not closed", st->keyword);
	else if (r < 0)
		st->oom = true;
	return r == 0;
}

static void keyword(struct br_sshd_state *st, char *rest)
{
	const struct br_sshd_keyword *other, *row = br_sshd_keyword(st->keyword, st->ask, &other);
	size_t before = st->conf->n_problems;

	if (!take_apart(st, rest))
		return;
	if (!row) {
		unknown_keyword(st, other);
		return;
	}
	st->row = row;
	if (!st->active && !row->match) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s may not stand in a Match block", st->keyword);
		return;
	}
	br_sshd_args(st);
	if (st->conf->n_problems == before || row->arg == BR_ARG_INCLUDE)
		garbage(st);
}

static void one_line(struct br_sshd_state *st, char *text)
{
	size_t n = strlen(text);
	char *rest = text, *word;

	if (st->ask->release >= 705)
		while (n > 1 && strchr(BLANK "\f", text[n - 1]))
			text[--n] = '\0';
	word = br_sshd_delim(&rest, true);
	if (word && !*word)
		word = br_sshd_delim(&rest, true);
	if (!word || !*word || *word == '#')
		return;
	st->keyword = word;
	keyword(st, rest);
	br_strv_free(&st->words.argv);
	st->words = (struct br_sshd_words){0};
}

/*
 * As sshd loads a file: each line without its leading blanks, up to a NUL; that of the line ends the line, so that
 * the next one goes on where a NUL cut the end off. Before 8.7 comments go too, wherever they begin.
 */
static char *load(const char *buf, size_t len, bool comments)
{
	char *text = malloc(len + 2), *to = text;

	if (!text)
		return NULL;
	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *from = at;

		at = stop ? stop + 1 : end;
		while (from < at && (*from == ' ' || *from == '\t' || *from == '\r'))
			from++;
		while (from < at && *from && !(comments && *from == '#'))
			*to++ = *from++;
		if (from < at && *from == '#')
			*to++ = '\n';
	}
	*to = '\0';
	return text;
}

void br_sshd_text(struct br_sshd_state *st, const char *path, const char *buf, size_t len)
{
	const struct br_sshd_state outer = *st;
	br_autofree char *text = load(buf, len, st->ask->release < 807);
	char *rest = text, *line;

	if (!text) {
		st->oom = true;
		return;
	}
	st->path = path;
	st->line = 0;
	st->words = (struct br_sshd_words){0};
	while ((line = strsep(&rest, "\n"))) {
		st->line++;
		one_line(st, line);
	}
	st->path = outer.path;
	st->line = outer.line;
	st->keyword = outer.keyword;
	st->row = outer.row;
	st->words = outer.words;
}

static void include_file(struct br_sshd_state *st, const char *path)
{
	br_autoblob struct br_blob blob = {0};
	bool active = st->active, never = st->never;
	int r = br_root_read(st->ask->root, path, BR_CONFIG_MAX, &blob);
	struct stat s;

	if ((r == -EMEDIUMTYPE || r == -EISDIR) && br_root_stat(st->ask->root, path, &s) == 0 && S_ISDIR(s.st_mode))
		return; /* a folder reads as an empty file */
	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s cannot be included: %s", path, br_strerror(-r));
		return;
	}
	if (r < 0) {
		br_sshd_problem(st, BR_SSHD_UNSURE, "%s could not be read: %s", path, br_strerror(-r));
		return;
	}
	st->never = !active;
	st->depth++;
	br_sshd_text(st, path, blob.data, blob.len);
	st->depth--;
	st->active = active;
	st->never = never;
}

static void include_pattern(struct br_sshd_state *st, const char *word)
{
	br_autofree char *pattern = br_format("%s%s", *word == '/' || *word == '~' ? "" : "/etc/ssh/", word);
	br_autostrv struct br_strv paths = {0};
	int r = pattern && *word != '~' && st->ask->root ? br_sshd_glob(st->ask->root, pattern, &paths) : 0;

	st->oom |= !pattern || r == -ENOMEM;
	if (r < 0)
		br_sshd_problem(st, BR_SSHD_UNSURE, "%s: %s", word, br_strerror(-r));
	for (size_t i = 0; i < paths.n && !st->too_deep; i++) {
		if (++st->parses > BR_SSHD_FILES_MAX) {
			br_sshd_problem(st, BR_SSHD_UNSURE, "more than %u files are included", BR_SSHD_FILES_MAX);
			return;
		}
		include_file(st, paths.v[i]);
	}
}

void br_sshd_include(struct br_sshd_state *st)
{
	char *word;
	unsigned n = 0;

	if (st->too_deep) {
		br_sshd_consume(&st->words);
		return;
	}
	while (br_sshd_goes_on(&st->words, word = br_sshd_next(&st->words))) {
		n++;
		if (!*word) {
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s: an empty name", st->keyword);
			return;
		}
		if (st->depth >= 16) {
			/* Once is enough: it is so on every way that leads here. */
			br_sshd_problem(st, BR_SSHD_REFUSED, "files include each other more than 16 deep");
			st->too_deep = true;
			return;
		}
		include_pattern(st, word);
	}
	if (!n)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
}
