/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The evaluator on a machine whose every answer comes from the input: pieces between 0xff bytes are
 * its files (the first one is the configuration it starts with), the last piece says yes and no to
 * its questions.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "image/grub.h"

#define PIECES_MAX 8

struct machine {
	const uint8_t *piece[PIECES_MAX];
	size_t len[PIECES_MAX], n;
	size_t asked;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned answer(struct machine *m)
{
	size_t last = m->n - 1;

	return m->len[last] ? m->piece[last][m->asked++ % m->len[last]] : 0;
}

static int fuzz_search(void *ctx, enum br_grub_by by, const char *value, int *ret_dev)
{
	unsigned a = answer(ctx);

	(void)by;
	(void)value;
	if (a % 8 == 0)
		return -ENODATA;
	if (a % 8 == 1)
		return -ENOENT;
	*ret_dev = (int)(a % 3);
	return 0;
}

static int fuzz_device(void *ctx, const char *name, int *ret_dev)
{
	(void)ctx;
	if (strncmp(name, "hd", 2) != 0 || name[2] < '0' || name[2] > '2')
		return -ENOENT;
	*ret_dev = name[2] - '0';
	return 0;
}

static int fuzz_name(void *ctx, int dev, char **ret)
{
	(void)ctx;
	*ret = br_format("hd%d", dev);
	return *ret ? 0 : -ENOMEM;
}

static int fuzz_read(void *ctx, int dev, const char *path, char **ret, size_t *ret_len)
{
	struct machine *m = ctx;
	size_t k =
	    strcmp(path, "/grub.cfg") == 0
		? 0
		: ((size_t)dev + strlen(path) + (unsigned char)path[strlen(path) / 2]) % m->n;

	if (m->asked && answer(m) == 0)
		return -ENOENT;
	*ret = malloc(m->len[k] + 1);
	if (!*ret)
		return -ENOMEM;
	if (m->len[k])
		memcpy(*ret, m->piece[k], m->len[k]);
	*ret_len = m->len[k];
	return 0;
}

static int fuzz_test(void *ctx, int dev, const char *path, enum br_grub_file what)
{
	unsigned a = answer(ctx);

	(void)dev;
	(void)path;
	(void)what;
	return a % 7 == 0 ? -ENODATA : (int)(a % 2);
}

static int fuzz_list(void *ctx, int dev, const char *path, struct br_strv *ret)
{
	unsigned a = answer(ctx);

	(void)dev;
	(void)path;
	if (a % 4 == 0)
		return -ENOENT;
	for (unsigned i = 0; i < a % 9; i++) {
		br_autofree char *name =
		    br_format("m-%u.%u-%c.conf", a, i * 7 % 5, 'a' + (int)(a % 26));

		if (name)
			br_strv_add(ret, name);
	}
	return ret->oom ? -ENOMEM : 0;
}

static int fuzz_uuid(void *ctx, int dev, char **ret)
{
	(void)ctx;
	*ret = br_format("uuid-%d", dev);
	return *ret ? 0 : -ENOMEM;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine m = {.n = 1, .piece[0] = data};
	struct br_grub_io io = {&m,        fuzz_search, fuzz_device, fuzz_name,
				fuzz_read, fuzz_test,   fuzz_list,   fuzz_uuid};
	struct br_grub_start start = {
	    .path = "/grub.cfg", .dev = 1, .platform = "efi", .cpu = "x86_64"};
	struct br_menu menu;

	for (size_t i = 0; i < size; i++) {
		if (data[i] == 0xff && m.n < PIECES_MAX) {
			m.piece[m.n] = data + i + 1;
			m.n++;
		} else {
			m.len[m.n - 1]++;
		}
	}
	if (br_grub_boot(&io, &start, &menu) == 0) {
		/* What every reader relies on. */
		if (menu.boots >= (int)menu.n || menu.fell_from >= (int)menu.n)
			abort();
		for (size_t i = 0; i < menu.n; i++)
			if (!menu.entries[i].title || !menu.entries[i].menu_path ||
			    !menu.entries[i].index_path)
				abort();
		br_menu_free(&menu);
	}
	return 0;
}
