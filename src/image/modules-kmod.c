/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "image/modindex.h"
#include "image/modules-internal.h"

const char *const br_index_names[BR_INDEXES] = {
	[BR_INDEX_DEP] = "modules.dep.bin",
	[BR_INDEX_ALIAS] = "modules.alias.bin",
	[BR_INDEX_BUILTIN] = "modules.builtin.bin",
	[BR_INDEX_BUILTIN_ALIAS] = "modules.builtin.alias.bin",
	[BR_INDEX_SYMBOLS] = "modules.symbols.bin",
};

/* A folder of the program's own; memory before disk. */
struct folder {
	char *path;
	int fd;
};

/* Where it may be made, in this order; NULL past the last. */
static const char *place(size_t i)
{
	const char *const places[] = {"/run", "/dev/shm", "/tmp"};

	return i < BR_ARRAY_SIZE(places) ? places[i] : NULL;
}

static int folder_make(struct folder *f)
{
	int r = -ENOENT;

	for (size_t i = 0; place(i) && r < 0; i++) {
		br_autofree char *path = br_format("%s/bootready.%d.XXXXXX", place(i), (int)getpid());

		if (!path)
			return -ENOMEM;
		if (!mkdtemp(path)) {
			r = -errno;
			continue;
		}
		f->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		r = f->fd < 0 ? -errno : 0;
		f->path = BR_TAKE(path);
	}
	return r;
}

static void folder_remove(struct folder *f)
{
	for (size_t i = 0; f->fd >= 0 && i < BR_INDEXES; i++)
		unlinkat(f->fd, br_index_names[i], 0);
	br_closep(&f->fd);
	if (f->path)
		rmdir(f->path);
	free(f->path);
}

/*
 * libkmod calls stat(2) on every dependency of a module it looks up, at a path made of the text in the
 * index: blanks instead, and it has none to look for. Our own reader of the index knows them.
 */
static void blank_dependencies(void *ctx br_unused, char *text)
{
	char *colon = strchr(text, ':');

	for (char *c = colon ? colon + 1 : text; *c; c++)
		*c = ' ';
}

static int put_index(const struct folder *f, enum br_index which, const struct br_blob *b)
{
	br_autoclose int fd = openat(f->fd, br_index_names[which], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	br_autofree char *copy = NULL;

	if (fd < 0)
		return -errno;
	if (!b->len)
		return br_write_all(fd, (const char *)br_modindex_empty, sizeof(br_modindex_empty));
	if (which != BR_INDEX_DEP)
		return br_write_all(fd, b->data, b->len);
	copy = malloc(b->len);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, b->data, b->len);
	br_modindex_values(copy, b->len, blank_dependencies, NULL);
	return br_write_all(fd, copy, b->len);
}

void br_kmod_clean(pid_t pid)
{
	br_autofree char *prefix = br_format("bootready.%d.", (int)pid);

	for (size_t i = 0; prefix && place(i); i++) {
		br_autoclosedir DIR *dir = opendir(place(i));
		struct dirent *e;

		while (dir && (e = readdir(dir))) {
			struct folder f = {.fd = -1};

			if (!br_starts(e->d_name, prefix))
				continue;
			f.path = br_format("%s/%s", place(i), e->d_name);
			if (f.path)
				f.fd = open(f.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
			folder_remove(&f);
		}
	}
}

int br_kmod_open(const struct br_blob indexes[BR_INDEXES], struct kmod_ctx **ret)
{
	static const char *const no_config[] = {NULL};
	br_cleanup(folder_remove) struct folder f = {.fd = -1};
	br_cleanup(br_kmod_unref) struct kmod_ctx *ctx = NULL;
	int r = folder_make(&f);

	for (enum br_index i = 0; !r && i < BR_INDEXES; i++)
		r = put_index(&f, i, &indexes[i]);
	if (r < 0)
		return r;
	ctx = kmod_new(f.path, no_config);
	if (!ctx)
		return -ENOMEM;
	kmod_set_log_fn(ctx, NULL, NULL);
	/* Maps them all: nothing is opened by path any more, and the folder may go. */
	r = kmod_load_resources(ctx);
	if (r < 0)
		return r;
	*ret = BR_TAKE(ctx);
	return 0;
}

static void free_list(struct kmod_list **l)
{
	kmod_module_unref_list(*l);
}

static void free_module(struct kmod_module **m)
{
	kmod_module_unref(*m);
}

int br_kmod_leads(struct kmod_ctx *ctx, const char *alias, const char *module)
{
	br_cleanup(free_list) struct kmod_list *list = NULL;
	struct kmod_list *l;
	int r = kmod_module_new_from_lookup(ctx, alias, &list);

	if (r < 0)
		return r;
	kmod_list_foreach(l, list) {
		br_cleanup(free_module) struct kmod_module *m = kmod_module_get_module(l);

		if (br_module_same(kmod_module_get_name(m), module))
			return 1;
	}
	return 0;
}

int br_kmod_knows(struct kmod_ctx *ctx, const char *module)
{
	br_cleanup(free_module) struct kmod_module *m = NULL;
	int r = kmod_module_new_from_name_lookup(ctx, module, &m);

	return r < 0 ? r : m != NULL;
}
