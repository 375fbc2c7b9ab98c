/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A machine for GRUB made of a table: hd0,gpt1 (UUID AAAA-0001, label ESP), hd0,gpt2 (UUID uuid-2,
 * label BOOT) and hd0,gpt3, which cannot be read. A search for "hidden" cannot be answered.
 */
#ifndef BR_TEST_GRUB_MACHINE_H
#define BR_TEST_GRUB_MACHINE_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "image/grub.h"

struct table_file {
	int dev;
	const char *path;
	const char *text; /* NULL: a folder */
	size_t len;       /* 0: of the string */
};

static const char *const table_names[] = {"hd0,gpt1", "hd0,gpt2", "hd0,gpt3"};
static const char *const table_uuids[] = {"AAAA-0001", "uuid-2", "uuid-3"};
static const char *const table_labels[] = {"ESP", "BOOT", ""};

static const struct table_file *table_find(const void *ctx, int dev, const char *path)
{
	for (const struct table_file *f = ctx; f->path; f++)
		if (f->dev == dev && strcmp(f->path, path) == 0)
			return f;
	return NULL;
}

static int table_test(void *ctx, int dev, const char *path, enum br_grub_file what)
{
	const struct table_file *f = table_find(ctx, dev, path);

	if (dev == 2)
		return -ENODATA;
	if (!f)
		return 0;
	if (what == BR_GRUB_DIR)
		return !f->text;
	return what == BR_GRUB_EXISTS || (f->text && (what == BR_GRUB_FILE || f->text[0]));
}

static int table_search(void *ctx, enum br_grub_by by, const char *value, int *ret_dev)
{
	if (strcmp(value, "hidden") == 0)
		return -ENODATA;
	for (int i = 0; i < 3; i++) {
		if (by == BR_GRUB_BY_UUID    ? strcasecmp(value, table_uuids[i]) != 0
		    : by == BR_GRUB_BY_LABEL ? strcmp(value, table_labels[i]) != 0
					     : table_test(ctx, i, value, BR_GRUB_FILE) <= 0)
			continue;
		*ret_dev = i;
		return 0;
	}
	return -ENOENT;
}

static int table_device(void *ctx, const char *name, int *ret_dev)
{
	(void)ctx;
	for (int i = 0; i < 3; i++)
		if (strcmp(name, table_names[i]) == 0) {
			*ret_dev = i;
			return 0;
		}
	return -ENOENT;
}

static int table_name(void *ctx, int dev, char **ret)
{
	(void)ctx;
	*ret = strdup(table_names[dev]);
	return *ret ? 0 : -ENOMEM;
}

static int table_read(void *ctx, int dev, const char *path, char **ret, size_t *ret_len)
{
	const struct table_file *f = table_find(ctx, dev, path);

	if (dev == 2)
		return -ENODATA;
	if (!f || !f->text)
		return -ENOENT;
	*ret_len = f->len ? f->len : strlen(f->text);
	*ret = malloc(*ret_len + 1);
	if (!*ret)
		return -ENOMEM;
	memcpy(*ret, f->text, *ret_len);
	return 0;
}

static int table_list(void *ctx, int dev, const char *path, struct br_strv *ret)
{
	size_t len = strlen(path);

	if (len && path[len - 1] == '/')
		len--;
	for (const struct table_file *f = ctx; f->path; f++)
		if (f->dev == dev && strncmp(f->path, path, len) == 0 && f->path[len] == '/' &&
		    !strchr(f->path + len + 1, '/'))
			br_strv_add(ret, f->path + len + 1);
	br_strv_sort(ret);
	return dev == 2 ? -ENODATA : ret->n ? 0 : -ENOENT;
}

static int table_uuid(void *ctx, int dev, char **ret)
{
	(void)ctx;
	*ret = strdup(table_uuids[dev]);
	return *ret ? 0 : -ENOMEM;
}

/* Boots files[0]; the caller frees the menu. */
static inline int table_boot(const struct table_file *files, const char *platform,
			     struct br_menu *ret)
{
	struct br_grub_io io = {(void *)files, table_search, table_device, table_name,
				table_read,    table_test,   table_list,   table_uuid};
	struct br_grub_start start = {
	    .path = files->path, .dev = files->dev, .platform = platform, .cpu = "x86_64"};

	return br_grub_boot(&io, &start, ret);
}

static inline const struct br_boot_entry *grub_booted(const struct br_menu *m)
{
	return m->boots >= 0 ? &m->entries[m->boots] : NULL;
}

static inline const struct br_menu_note *grub_noted(const struct br_menu *m,
						    enum br_menu_trouble t)
{
	for (size_t i = 0; i < m->n_notes; i++)
		if (m->notes[i].trouble == t)
			return &m->notes[i];
	return NULL;
}

#endif
