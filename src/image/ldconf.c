/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fnmatch.h>

#include "base/limits.h"
#include "image/ldconf.h"

static const char *const known[] = {"/lib64", "/usr/lib64", "/lib", "/usr/lib", "/lib32", "/usr/lib32", "/usr/local/lib"};
static const char *const machines[] = {
	"x86_64", "aarch64", "i386", "arm", "powerpc64le", "s390x", "riscv64",
};

int br_ldconf_parse(const char *buf, size_t len, struct br_strv *dirs, struct br_strv *includes)
{
	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, (size_t)((stop ? stop : end) - at));
		br_autostrv struct br_strv words = {0};

		if (!line)
			return -ENOMEM;
		at = stop ? stop + 1 : end;
		line[strcspn(line, "#\r")] = '\0';
		br_strv_split(&words, line, " \t:,");
		for (size_t i = 0; i < words.n; i++) {
			/* "/usr/lib=libc6": a word that old releases wrote behind it. */
			words.v[i][strcspn(words.v[i], "=")] = '\0';
			if (strcmp(words.v[0], "include") == 0 && i && includes->n < BR_LDCONF_MAX)
				br_strv_add(includes, words.v[i]);
			else if (words.v[i][0] == '/' && dirs->n < BR_LDCONF_MAX && !br_strv_has(dirs, words.v[i]))
				br_strv_add(dirs, words.v[i]);
		}
		if (words.oom)
			return -ENOMEM;
	}
	return dirs->oom || includes->oom ? -ENOMEM : 0;
}

static int take_file(const struct br_root *root, const char *path, struct br_strv *dirs, struct br_strv *includes)
{
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &b);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return br_ldconf_parse(b.data, b.len, dirs, includes);
}

/* A pattern in the last part of the path alone: nobody writes others. */
static int take_pattern(const struct br_root *root, const char *pattern, struct br_strv *dirs, struct br_strv *includes)
{
	br_autofree char *full = pattern[0] == '/' ? strdup(pattern) : br_format("/etc/%s", pattern);
	br_autostrv struct br_strv names = {0};
	char *slash = full ? strrchr(full, '/') : NULL;
	int r;

	if (!slash)
		return -ENOMEM;
	*slash = '\0';
	r = br_root_list(root, *full ? full : "/", &names);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *path = br_format("%s/%s", full, names.v[i]);

		if (!path)
			return -ENOMEM;
		if (fnmatch(slash + 1, names.v[i], FNM_PERIOD) == 0)
			r = take_file(root, path, dirs, includes);
		if (r < 0)
			return r;
	}
	return 0;
}

static int take_musl(const struct br_root *root, const char *machine, struct br_strv *dirs)
{
	br_autofree char *path = br_format("/etc/ld-musl-%s.path", machine);
	br_autoblob struct br_blob b = {0};
	int r = path ? br_root_read(root, path, BR_CONFIG_MAX, &b) : -ENOMEM;

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	br_strv_split(dirs, b.data, ":\n");
	return dirs->oom ? -ENOMEM : 0;
}

/* "/lib/x86_64-linux-gnu" and its like. */
static void add_multiarch(struct br_strv *dirs, const char *machine)
{
	static const char *const tops[] = {"/lib", "/usr/lib"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(tops); i++) {
		br_autofree char *dir = br_format("%s/%s-linux-gnu%s", tops[i], machine,
		                                  strcmp(machine, "arm") == 0 ? "eabihf" : "");

		if (dir)
			br_strv_add(dirs, dir);
		else
			dirs->oom = true;
	}
}

int br_loader_paths_read(const struct br_root *root, struct br_loader_paths *ret)
{
	br_autostrv struct br_strv dirs = {0}, includes = {0};
	int r = take_file(root, "/etc/ld.so.conf", &dirs, &includes);

	for (size_t i = 0; r == 0 && i < includes.n && i < BR_LDCONF_MAX; i++)
		r = take_pattern(root, includes.v[i], &dirs, &includes);
	for (size_t i = 0; i < BR_ARRAY_SIZE(known); i++)
		br_strv_add(&dirs, known[i]);
	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(machines); i++) {
		add_multiarch(&dirs, machines[i]);
		r = take_musl(root, machines[i], &dirs);
	}
	if (r < 0 || dirs.oom)
		return -ENOMEM;
	br_strv_free(&ret->dirs);
	*ret = (struct br_loader_paths){true, dirs};
	dirs = (struct br_strv){0};
	return 0;
}
