/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nft's files as one list of words: comments gone, includes read, definitions put in their place. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/limits.h"
#include "image/firewall-nft.h"

#define INCLUDES_DEEP 16 /* nft's own bound */

void br_nft_words_free(struct br_nft_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i].s);
	free(w->v);
	*w = (struct br_nft_words){0};
}

int br_nft_words_add(struct br_nft_words *w, const char *s, size_t len, size_t file, unsigned line, bool quoted)
{
	char *copy;

	if (w->n >= BR_FIREWALL_WORDS_MAX)
		return -E2BIG;
	copy = strndup(s, len);
	if (!copy || br_grow(&w->v, &w->cap, w->n, sizeof(*w->v)) < 0) {
		free(copy);
		return -ENOMEM;
	}
	w->v[w->n++] = (struct br_nft_word){copy, file, line, quoted};
	return 0;
}

struct reading {
	const struct br_root *root;
	struct br_fw *fw;
	struct br_nft_words words;
};

static int read_text(struct reading *r, const char *path, const char *buf, size_t len, unsigned depth);

static int read_one(struct reading *r, const char *path, unsigned depth)
{
	br_autoblob struct br_blob blob = {0};
	int e;

	if (r->fw->files.n >= BR_FIREWALL_FILES_MAX)
		return -E2BIG;
	e = br_root_read(r->root, path, BR_CONFIG_MAX, &blob);
	return e < 0 ? e : read_text(r, path, blob.data, blob.len, depth);
}

/* include "path" or "folder/" + "*.nft"; what is not absolute is looked for in /etc/nftables. */
static int include(struct reading *r, const char *name, unsigned depth)
{
	br_autofree char *path = name[0] == '/' ? strdup(name) : br_format("/etc/nftables/%s", name), *folder = NULL;
	br_autostrv struct br_strv names = {0};
	const char *last;
	int e = 0;

	if (!path)
		return -ENOMEM;
	if (!r->root || depth >= INCLUDES_DEEP)
		return -ELOOP;
	last = strrchr(path, '/') + 1;
	if (!strpbrk(last, "*?["))
		return read_one(r, path, depth + 1);
	folder = strndup(path, (size_t)(last - path));
	if (!folder)
		return -ENOMEM;
	if (br_root_list(r->root, folder, &names) < 0)
		return 0; /* a pattern may match nothing */
	for (size_t i = 0; e == 0 && i < names.n; i++) {
		br_autofree char *one = br_format("%s%s", folder, names.v[i]);

		if (!one)
			return -ENOMEM;
		if (fnmatch(last, names.v[i], FNM_PERIOD) == 0)
			e = read_one(r, one, depth + 1);
	}
	return e;
}

/* The length of the word at s, which is not empty. */
static size_t word_at(const char *s, const char *end)
{
	size_t n = 0, left = (size_t)(end - s);

	if (strchr("{};,()&|^\n", *s))
		return 1;
	if (strchr("=!<>", *s))
		return left > 1 && s[1] == '=' ? 2 : 1;
	while (n < left && s[n] && !strchr(" \t\r\n{};,()&|^=!<>#\"", s[n]))
		n++;
	return n ? n : 1;
}

static int read_text(struct reading *r, const char *path, const char *buf, size_t len, unsigned depth)
{
	const char *at = buf, *end = buf + len;
	unsigned line = 1;
	size_t file;
	int e = memchr(buf, '\0', len) ? -EBADMSG : br_fw_file(r->fw, path, &file);

	while (e == 0 && at < end) {
		size_t n;

		if (*at == '#') {
			while (at < end && *at != '\n')
				at++;
			continue;
		}
		if (*at == ' ' || *at == '\t' || *at == '\r') {
			at++;
			continue;
		}
		if (*at == '\\' && at + 1 < end && at[1] == '\n') {
			line++;
			at += 2;
			continue;
		}
		if (*at == '"') {
			const char *stop = memchr(at + 1, '"', (size_t)(end - at - 1));
			const struct br_nft_word *before = r->words.n ? &r->words.v[r->words.n - 1] : NULL;

			stop = stop ? stop : end;
			e = br_nft_words_add(&r->words, at + 1, (size_t)(stop - at - 1), file, line, true);
			if (e == 0 && before && r->words.n > 1 && strcmp(r->words.v[r->words.n - 2].s, "include") == 0 &&
			    !r->words.v[r->words.n - 2].quoted) {
				br_autofree char *name = strdup(r->words.v[r->words.n - 1].s);

				e = name ? include(r, name, depth) : -ENOMEM;
			}
			for (const char *c = at; c < stop; c++)
				line += *c == '\n';
			at = stop < end ? stop + 1 : end;
			continue;
		}
		n = word_at(at, end);
		e = br_nft_words_add(&r->words, at, n, file, line, false);
		line += *at == '\n';
		at += n;
	}
	return e == 0 ? br_nft_words_add(&r->words, "\n", 1, file, line, false) : e;
}

struct definition {
	char *name;
	size_t from, n; /* its words, in the list that is being made; they stand there before a flag */
};

struct definitions {
	struct definition *v;
	size_t n, cap;
	struct br_nft_words words;
};

static void definitions_free(struct definitions *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i].name);
	free(d->v);
	br_nft_words_free(&d->words);
}

static bool is(const struct br_nft_word *w, const char *s)
{
	return !w->quoted && strcmp(w->s, s) == 0;
}

/* The word, or what it stands for, at the end of to. */
static int put(const struct definitions *d, const struct br_nft_word *w, struct br_nft_words *to)
{
	if (w->s[0] != '$' || w->quoted)
		return br_nft_words_add(to, w->s, strlen(w->s), w->file, w->line, w->quoted);
	for (size_t i = d->n; i--;) {
		int e = 0;

		if (strcmp(d->v[i].name, w->s + 1) != 0)
			continue;
		for (size_t j = 0; e == 0 && j < d->v[i].n; j++) {
			const struct br_nft_word *of = &d->words.v[d->v[i].from + j];

			e = br_nft_words_add(to, of->s, strlen(of->s), w->file, w->line, of->quoted);
		}
		return e;
	}
	return br_nft_words_add(to, w->s, strlen(w->s), w->file, w->line, false);
}

/* define NAME = words to the line's end, or to the brace's; *at is left behind it. */
static int define(struct definitions *d, const struct br_nft_words *from, size_t *at)
{
	unsigned depth = 0;
	size_t i = *at + 1, start = d->words.n;
	char *name;

	if (i + 1 >= from->n || !is(&from->v[i + 1], "=")) {
		*at = i;
		return 0;
	}
	name = strdup(from->v[i].s);
	if (!name || br_grow(&d->v, &d->cap, d->n, sizeof(*d->v)) < 0) {
		free(name);
		return -ENOMEM;
	}
	d->v[d->n++] = (struct definition){.name = name, .from = start};
	for (i += 2; i < from->n; i++) {
		int e;

		if (is(&from->v[i], "{"))
			depth++;
		if (is(&from->v[i], "}") && depth)
			depth--;
		if (is(&from->v[i], "\n") || (is(&from->v[i], ";") && !depth)) {
			if (!depth)
				break;
			continue;
		}
		/* Its own name is not known yet: it cannot stand for itself. */
		d->n--;
		e = put(d, &from->v[i], &d->words);
		d->n++;
		if (e < 0)
			return e;
	}
	d->v[d->n - 1].n = d->words.n - start;
	*at = i;
	return 0;
}

int br_nft_split(const struct br_root *root, const char *path, const char *buf, size_t len, struct br_fw *fw,
                 struct br_nft_words *ret)
{
	struct reading r = {.root = root, .fw = fw};
	br_cleanup(definitions_free) struct definitions d = {0};
	br_cleanup(br_nft_words_free) struct br_nft_words out = {0};
	int e = read_text(&r, path, buf, len, 0);

	for (size_t i = 0; e == 0 && i < r.words.n; i++) {
		const struct br_nft_word *w = &r.words.v[i];

		if (is(w, "include") && i + 1 < r.words.n && r.words.v[i + 1].quoted)
			i++; /* it has been read */
		else if (is(w, "define") || is(w, "redefine"))
			e = define(&d, &r.words, &i);
		else
			e = put(&d, w, &out);
	}
	br_nft_words_free(&r.words);
	if (e < 0)
		return e;
	*ret = out;
	out = (struct br_nft_words){0};
	return 0;
}
