/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /etc/fstab by libmount, a line at a time, so that every entry has its line number. */
#include <errno.h>
#include <libmount/libmount.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/fstab-internal.h"

#define BAD_TEXT_MAX 80

static void free_table(struct libmnt_table **t)
{
	mnt_unref_table(*t);
}

static void free_iter(struct libmnt_iter **i)
{
	mnt_free_iter(*i);
}

static void entry_free(struct br_fstab_entry *e)
{
	free(e->source);
	free(e->target);
	free(e->type);
	free(e->options);
	br_spec_free(&e->spec);
	*e = (struct br_fstab_entry){0};
}

void br_fstab_free(struct br_fstab *f)
{
	for (size_t i = 0; i < f->n; i++)
		entry_free(&f->entries[i]);
	for (size_t i = 0; i < f->n_bad; i++)
		free(f->bad[i].text);
	for (size_t i = 0; i < f->n_crypt; i++) {
		free(f->crypt[i].name);
		free(f->crypt[i].device);
		free(f->crypt[i].key);
		free(f->crypt[i].options);
		br_spec_free(&f->crypt[i].spec);
	}
	free(f->entries);
	free(f->bad);
	free(f->crypt);
	*f = (struct br_fstab){0};
}

int br_fstab_bad(struct br_fstab *f, unsigned line, const char *text, bool crypttab)
{
	if (br_grow(&f->bad, &f->cap_bad, f->n_bad, sizeof(*f->bad)) < 0)
		return -ENOMEM;
	f->bad[f->n_bad] = (struct br_bad_line){line, strndup(text, BAD_TEXT_MAX), crypttab};
	if (!f->bad[f->n_bad].text)
		return -ENOMEM;
	f->n_bad++;
	return 0;
}

char *br_unmangle(const char *s, size_t len)
{
	br_autostr struct br_str out = {0};
	uint64_t byte;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && len - i >= 4 && br_parse_uint(s + i + 1, 3, 8, 1, 255, &byte) == 0) {
			br_str_putc(&out, (char)byte);
			i += 3;
		} else {
			br_str_putc(&out, s[i]);
		}
	}
	return br_str_take(&out);
}

static int add(struct br_fstab *f, struct br_fstab_entry *e)
{
	int r;

	if (!e->source || !e->target || !e->type || !e->options)
		return -ENOMEM;
	if (br_grow(&f->entries, &f->cap, f->n, sizeof(*f->entries)) < 0)
		return -ENOMEM;
	r = br_spec_parse(e->source, &e->spec);
	if (r < 0)
		return r;
	f->entries[f->n++] = *e;
	*e = (struct br_fstab_entry){0};
	return 0;
}

static char *copy(const char *s)
{
	return strdup(s ? s : "");
}

static int errors_are_ours(struct libmnt_table *t, const char *name, int line)
{
	(void)t;
	(void)name;
	(void)line;
	return 1; /* go on, without a word on stderr */
}

/* Parses one line into a table; entries there may be one or, when libmount refuses it, none. */
static int parse_line(const char *line, struct libmnt_table *t)
{
	br_autofclose FILE *in = fmemopen((void *)(uintptr_t)line, strlen(line), "r");

	if (!in)
		return -ENOMEM;
	mnt_table_set_parser_errcb(t, errors_are_ours);
	return mnt_table_parse_stream(t, in, "fstab") < 0 ? -EBADMSG : 0;
}

/* What getmntent(3), and so systemd, makes of a line that libmount refuses: up to four words. */
static int add_as_getmntent(struct br_fstab *f, const char *line, unsigned number)
{
	br_cleanup(entry_free) struct br_fstab_entry e = {.line = number, .unparsed = true};
	char **const fields[] = {&e.source, &e.target, &e.type, &e.options};

	for (size_t i = 0; i < BR_ARRAY_SIZE(fields); i++) {
		size_t n;

		line += strspn(line, " \t");
		n = strcspn(line, " \t");
		*fields[i] = br_unmangle(line, n);
		line += n;
	}
	return e.target && e.target[0] ? add(f, &e) : 0;
}

static int add_line(struct br_fstab *f, const char *line, unsigned number)
{
	br_cleanup(free_table) struct libmnt_table *t = mnt_new_table();
	br_cleanup(free_iter) struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	br_cleanup(entry_free) struct br_fstab_entry e = {.line = number};
	struct libmnt_fs *fs = NULL;
	int r;

	if (!t || !iter)
		return -ENOMEM;
	r = parse_line(line, t);
	if (r == -ENOMEM)
		return r;
	if (r < 0 || mnt_table_next_fs(t, iter, &fs) != 0) {
		r = br_fstab_bad(f, number, line, false);
		return r < 0 ? r : add_as_getmntent(f, line, number);
	}
	e.source = copy(mnt_fs_get_source(fs));
	e.target = copy(mnt_fs_get_target(fs));
	e.type = copy(mnt_fs_get_fstype(fs));
	e.options = copy(mnt_fs_get_options(fs));
	e.freq = mnt_fs_get_freq(fs);
	e.passno = mnt_fs_get_passno(fs);
	return add(f, &e);
}

int br_fstab_parse(const char *buf, size_t len, struct br_fstab *ret)
{
	unsigned number = 0;

	if (memchr(buf, '\0', len))
		return -EBADMSG;
	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, stop ? (size_t)(stop - at) : (size_t)(end - at));
		const char *text;
		int r;

		if (!line)
			return -ENOMEM;
		at = stop ? stop + 1 : end;
		if (++number > BR_FSTAB_LINES_MAX) {
			ret->too_many = true;
			break;
		}
		line[strcspn(line, "\r")] = '\0';
		text = line + strspn(line, " \t");
		if (!*text || *text == '#')
			continue;
		r = add_line(ret, text, number);
		if (r < 0)
			return r;
	}
	br_fstab_waits(ret);
	return 0;
}

static int read_crypttab(const struct br_root *root, struct br_fstab *f)
{
	br_autoblob struct br_blob blob = {0};
	int r = br_root_read(root, "/etc/crypttab", BR_CONFIG_MAX, &blob);

	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = br_crypttab_parse(blob.data, blob.len, f);
	if (r == -ENOMEM)
		return r;
	f->crypttab_err = r < 0 ? r : 0;
	br_crypttab_keys(root, f);
	return 0;
}

int br_fstab_read(const struct br_root *root, struct br_fstab *ret)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	br_autoblob struct br_blob blob = {0};
	int r = br_root_read(root, "/etc/fstab", BR_CONFIG_MAX, &blob);

	if (r == -ENOENT)
		f.absent = true;
	else if (r >= 0)
		r = br_fstab_parse(blob.data, blob.len, &f);
	if (r < 0 && !f.absent)
		return r;
	r = read_crypttab(root, &f);
	if (r < 0)
		return r;
	*ret = f;
	f = (struct br_fstab){0};
	return 0;
}

const struct br_fstab_entry *br_fstab_target(const struct br_fstab *f, const char *target)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct br_fstab_entry *e = &f->entries[i];
		size_t n = strlen(e->target);

		while (n > 1 && e->target[n - 1] == '/')
			n--;
		if (!e->swap && n == strlen(target) && memcmp(e->target, target, n) == 0)
			return e;
	}
	return NULL;
}

/* Commas within double quotes are no separators (SELinux contexts). */
static size_t option_end(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n] && (quoted || s[n] != ','); n++)
		quoted ^= s[n] == '"';
	return n;
}

const char *br_option(const char *options, const char *name, size_t *len)
{
	const char *value = NULL;
	size_t n = strlen(name);

	while (*options) {
		size_t all = option_end(options);

		if (all >= n && strncmp(options, name, n) == 0 && (all == n || options[n] == '=')) {
			value = options + n + (all > n);
			*len = all - n - (all > n);
		}
		options += all;
		options += *options == ',';
	}
	return value;
}

const char *br_fstab_option(const struct br_fstab_entry *e, const char *name, size_t *len)
{
	return br_option(e->options, name, len);
}
