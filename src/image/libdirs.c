/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "image/libdirs.h"
#include "image/system.h"

static const char *const names[] = {
	"/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32",
	"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/libx32", "/usr/libexec",
};
_Static_assert(BR_ARRAY_SIZE(names) == BR_LIBDIRS, "one row a name");

/* Where a link with that name may lead to: its own folder below /usr, or one that distributions put together. */
static bool is_right(const char *path, const char *target)
{
	static const struct {
		const char *path, *to;
	} also[] = {
		/* Arch and Fedora 42 have one folder for programs, Arch one for libraries. */
		{"/sbin", "usr/bin"}, {"/usr/sbin", "bin"}, {"/lib64", "usr/lib"}, {"/usr/lib64", "lib"},
		{"/lib64", "lib"}, {"/sbin", "bin"}, {"/usr/lib32", "lib"}, {"/lib32", "usr/lib"},
	};
	const char *t = target;

	while (br_starts(t, "./") || br_starts(t, "../") || *t == '/')
		t += *t == '/' ? 1 : *t == '.' && t[1] == '/' ? 2 : 3;
	if (br_starts(t, "usr/") && strcmp(t + 3, path) == 0)
		return true;
	for (size_t i = 0; i < BR_ARRAY_SIZE(also); i++)
		if (strcmp(path, also[i].path) == 0 &&
		    (strcmp(t, also[i].to) == 0 || (br_starts(t, "usr/") && strcmp(t + 4, also[i].to) == 0)))
			return true;
	return false;
}

/* Is what it leads to the same folder as PATH below /usr, by whatever way? */
static bool leads_home(const struct br_root *root, const char *path)
{
	br_autofree char *home = br_starts(path, "/usr/") ? NULL : br_format("/usr%s", path);
	struct stat here, there;

	return home && br_root_stat(root, path, &here) == 0 && br_root_stat(root, home, &there) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static enum br_libdir_kind kind_of(const struct br_root *root, const char *path, bool link, int *err)
{
	struct stat st;
	int r = br_root_stat(root, path, &st);

	if (r == 0)
		return !S_ISDIR(st.st_mode) ? BR_LIBDIR_OTHER : link ? BR_LIBDIR_LINK : BR_LIBDIR_FOLDER;
	*err = -r;
	switch (r) {
	case -ELOOP:
		return BR_LIBDIR_CIRCLE;
	case -ENOENT:
	case -ENOTDIR:
		return link ? BR_LIBDIR_DANGLING : BR_LIBDIR_ABSENT;
	default:
		return BR_LIBDIR_UNREAD;
	}
}

static int read_dir(const struct br_root *root, const char *path, struct br_libdir *d)
{
	struct stat st;
	int r = br_root_lstat(root, path, &st);
	bool link = r == 0 && S_ISLNK(st.st_mode);

	d->path = path;
	if (link)
		r = br_root_readlink(root, path, &d->target);
	if (r == -ENOMEM)
		return r;
	d->kind = kind_of(root, path, link, &d->err);
	d->absolute = d->target && d->target[0] == '/';
	d->elsewhere = d->kind == BR_LIBDIR_LINK && d->target && !is_right(path, d->target) && !leads_home(root, path);
	return 0;
}

/* The kernel's own list after init= and the initramfs's; the first that is there is the one. */
static const char *init_of(const struct br_root *root)
{
	static const char *const paths[] = {"/sbin/init", "/etc/init", "/bin/init", "/usr/lib/systemd/systemd",
	                                    "/lib/systemd/systemd"};
	struct stat st;

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++)
		if (br_root_stat(root, paths[i], &st) == 0)
			return paths[i];
	return paths[0];
}

static int add_program(struct br_programs *p, enum br_libdir_program_role role, const char *path, struct br_libdirs *l)
{
	struct br_libdir_program *new = &l->programs[l->n_programs];

	new->role = role;
	new->path = strdup(path);
	if (!new->path)
		return -ENOMEM;
	l->n_programs++;
	return br_program_look(p, path, true, &new->look);
}

int br_libdirs_read(const struct br_root *root, const struct br_system *system, struct br_libdirs *ret)
{
	br_cleanup(br_libdirs_free) struct br_libdirs l = {0};
	struct br_programs programs = {.root = root, .machine = br_program_machine(system->arch)};
	int r = 0;

	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(names); i++)
		r = read_dir(root, names[i], &l.dirs[l.n++]);
	if (r == 0)
		r = add_program(&programs, BR_ROLE_INIT, init_of(root), &l);
	if (r == 0)
		r = add_program(&programs, BR_ROLE_SHELL, "/bin/sh", &l);
	br_programs_free(&programs);
	if (r < 0)
		return r;
	*ret = l;
	l = (struct br_libdirs){0};
	return 0;
}

void br_libdirs_free(struct br_libdirs *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->dirs[i].target);
	for (size_t i = 0; i < l->n_programs; i++) {
		free(l->programs[i].path);
		br_program_free(&l->programs[i].look);
	}
	*l = (struct br_libdirs){0};
}
