/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* * and ? in paths, which GRUB fills in once its regexp module is loaded. */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

#define GLOB_PATHS_MAX 256

/* Pattern of [p, end) against name; iterative, so no pattern takes more than both lengths
 * multiplied. */
static bool fits(const char *p, const char *end, const char *name)
{
	const char *star = NULL, *back = NULL;

	while (*name) {
		if (p < end && *p == '*') {
			star = ++p;
			back = name;
			continue;
		}
		if (p < end && *p == '?') {
			p++;
			name++;
			continue;
		}
		if (p < end && (*p == '\\' && p + 1 < end ? p[1] : *p) == *name) {
			p += *p == '\\' && p + 1 < end ? 2 : 1;
			name++;
			continue;
		}
		if (!star)
			return false;
		p = star;
		name = ++back;
	}
	while (p < end && *p == '*')
		p++;
	return p == end;
}

static bool has_magic(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '*' || *p == '?')
			return true;
	}
	return false;
}

static void add_plain(struct br_str *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		br_str_putc(s, *p);
	}
}

/* Every path in `in` and one more part of the pattern onto it. */
static void fill_part(struct grub_run *r, const struct br_strv *in, const char *p, const char *end,
		      struct br_strv *out)
{
	for (size_t i = 0; i < in->n && r->halt == RUN_ON && out->n < GLOB_PATHS_MAX; i++) {
		br_autostrv struct br_strv names = {0};
		const char *path;
		int dev = br_gs_place(r, in->v[i], &path);

		if (dev < 0 || !br_gs_charge(r, GRUB_IO_STEPS) ||
		    r->io->list(r->io->ctx, dev, *path ? path : "/", &names) < 0 ||
		    !br_gs_charge(r, names.n))
			continue;
		for (size_t k = 0; k < names.n && out->n < GLOB_PATHS_MAX; k++) {
			br_autofree char *full = NULL;

			if (strcmp(names.v[k], ".") == 0 || strcmp(names.v[k], "..") == 0 ||
			    !fits(p, end, names.v[k]))
				continue;
			full = br_format("%s%s", in->v[i], names.v[k]);
			if (full)
				br_strv_add(out, full);
		}
	}
}

/* false: the word stays as it is, for nothing fits it. */
bool br_gs_glob(struct grub_run *r, const char *pattern, struct br_strv *ret)
{
	br_autostrv struct br_strv now = {0};
	const char *p = pattern;

	if (*p != '/' && *p != '(') {
		/* "*" alone stands for every device. */
		if (*p == '*' || *p == '?')
			br_gs_note(r, BR_MENU_UNSUPPORTED, pattern);
		return false;
	}
	if (*p == '(' && has_magic(p, p + strcspn(p, ")"))) {
		br_gs_note(r, BR_MENU_UNSUPPORTED, pattern);
		return false;
	}
	br_strv_add(&now, "");
	while (*p && now.n) {
		const char *end = strchr(p, '/');
		br_strv_free(ret);

		end = end ? end : p + strlen(p);
		if (has_magic(p, end)) {
			fill_part(r, &now, p, end, ret);
		} else {
			for (size_t i = 0; i < now.n; i++) {
				br_autostr struct br_str s = {0};

				br_str_puts(&s, now.v[i]);
				add_plain(&s, p, end);
				br_strv_add(ret, s.s);
			}
		}
		for (size_t i = 0; *end && i < ret->n; i++) {
			char *longer = br_format("%s/", ret->v[i]);

			if (!longer)
				return false;
			free(ret->v[i]);
			ret->v[i] = longer;
		}
		p = *end ? end + 1 : end;
		br_strv_free(&now);
		now = *ret;
		*ret = (struct br_strv){0};
	}
	*ret = now;
	now = (struct br_strv){0};
	return ret->n && !ret->oom;
}
