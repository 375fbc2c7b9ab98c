/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder made from text at test time: a root, or a machine's /sys and /run. */
#ifndef BR_TEST_TREE_H
#define BR_TEST_TREE_H

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char tree_dir[64];

static inline int tree_remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void tree_remove(void)
{
	if (tree_dir[0])
		nftw(tree_dir, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	tree_dir[0] = '\0';
}

/* An empty folder; the one before is gone. */
static inline const char *tree_new(void)
{
	static int once;

	tree_remove();
	if (!once++)
		atexit(tree_remove);
	snprintf(tree_dir, sizeof(tree_dir), "%s/bootready-unit-XXXXXX", "/tmp");
	if (!mkdtemp(tree_dir)) {
		perror("mkdtemp");
		exit(1);
	}
	return tree_dir;
}

static inline const char *tree_at(const char *path)
{
	static char at[4][PATH_MAX];
	static unsigned next;
	char *s = at[next++ % 4];

	snprintf(s, PATH_MAX, "%s%s", tree_dir, path);
	return s;
}

static inline const char *tree_parents(const char *path)
{
	const char *at = tree_at(path);
	char up[PATH_MAX];

	snprintf(up, sizeof(up), "%s", at);
	for (char *s = up + strlen(tree_dir) + 1; (s = strchr(s, '/')); s++) {
		*s = '\0';
		if (mkdir(up, 0755) < 0 && errno != EEXIST)
			perror(up);
		*s = '/';
	}
	return at;
}

static inline void tree_bytes(const char *path, const void *data, size_t len, mode_t mode)
{
	const char *at = tree_parents(path);
	FILE *f = fopen(at, "w");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0 || chmod(at, mode) < 0) {
		perror(at);
		exit(1);
	}
}

static inline void tree_file(const char *path, const char *text)
{
	tree_bytes(path, text, strlen(text), 0644);
}

static inline void tree_program(const char *path)
{
	tree_bytes(path, "#!", 2, 0755);
}

static inline void tree_link(const char *path, const char *target)
{
	if (symlink(target, tree_parents(path)) < 0)
		perror(path);
}

static inline void tree_folder(const char *path)
{
	if (mkdir(tree_parents(path), 0755) < 0)
		perror(path);
}

#endif
