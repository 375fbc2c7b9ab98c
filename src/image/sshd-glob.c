/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* glob(3) inside of a root. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/limits.h"
#include "image/sshd-internal.h"

static bool is_pattern(const char *s)
{
	return s[strcspn(s, "*?[")] != '\0';
}

static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		*to++ = *s;
	}
	*to = '\0';
}

static int add(struct br_strv *to, const char *folder, const char *name)
{
	br_autofree char *path = br_format("%s/%s", folder, name);

	if (!path)
		return -ENOMEM;
	if (to->n >= BR_SSHD_GLOB_MAX)
		return -E2BIG;
	br_strv_add(to, path);
	return to->oom ? -ENOMEM : 0;
}

/* What of one folder the part of a pattern matches. A folder that cannot be listed has nothing. */
static int in_folder(const struct br_root *root, const char *folder, char *part, struct br_strv *to)
{
	br_autostrv struct br_strv names = {0};
	int r;

	if (!is_pattern(part)) {
		unescape(part);
		return add(to, folder, part);
	}
	r = br_root_list(root, *folder ? folder : "/", &names);
	if (r == -ENOMEM || r == -E2BIG)
		return r;
	r = 0;
	for (size_t i = 0; r == 0 && i < names.n; i++)
		if (fnmatch(part, names.v[i], FNM_PERIOD) == 0)
			r = add(to, folder, names.v[i]);
	return r;
}

int br_sshd_glob(const struct br_root *root, const char *pattern, struct br_strv *ret)
{
	br_autofree char *copy = strdup(pattern);
	br_autostrv struct br_strv now = {0};
	char *rest = copy, *part;
	int r = 0;

	if (!copy)
		return -ENOMEM;
	/* Only a folder can end in a slash, and a folder reads as an empty file. */
	if (br_ends(pattern, "/"))
		return 0;
	br_strv_add(&now, "");
	while (r == 0 && (part = strsep(&rest, "/"))) {
		br_autostrv struct br_strv then = {0};

		if (!*part)
			continue;
		for (size_t i = 0; r == 0 && i < now.n; i++) {
			br_autofree char *again = strdup(part);

			r = again ? in_folder(root, now.v[i], again, &then) : -ENOMEM;
		}
		br_strv_free(&now);
		now = then;
		then = (struct br_strv){0};
	}
	for (size_t i = 0; r == 0 && i < now.n; i++) {
		struct stat st;

		/* A link that leads nowhere is found by glob(3), too. */
		if (*now.v[i] && br_root_lstat(root, now.v[i], &st) == 0)
			br_strv_add(ret, now.v[i]);
	}
	br_strv_sort(ret);
	return ret->oom ? -ENOMEM : r;
}
