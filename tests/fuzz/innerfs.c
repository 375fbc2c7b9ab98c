/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* squashfs and erofs images: names that could lead out of an archive, bodies of another length than was said. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image/innerfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct state {
	uint64_t said, came;
	int open;
};

static int on_entry(void *ctx, const struct br_cpio_entry *e)
{
	struct state *s = ctx;
	size_t n = strlen(e->name);

	if (!n || *e->name == '/' || e->name[n - 1] == '/' || strstr(e->name, "//") || n > BR_PATH_MAX ||
	    strcmp(e->name, "..") == 0 || strncmp(e->name, "../", 3) == 0 || strstr(e->name, "/../") || (s->open && s->came))
		abort();
	if (S_ISLNK(e->mode) && !e->target)
		abort();
	/* Only so much as is kept of a real one. */
	s->open = S_ISREG(e->mode) && e->size < 65536;
	s->said = e->size;
	s->came = 0;
	return s->open;
}

static int on_data(void *ctx, const void *buf, size_t len)
{
	struct state *s = ctx;
	volatile unsigned char last;

	s->came += len;
	if (!s->open || s->came > s->said)
		abort();
	for (size_t i = 0; i < len; i++)
		last = ((const unsigned char *)buf)[i];
	(void)last;
	return 0;
}

static int on_done(void *ctx)
{
	struct state *s = ctx;

	if (!s->open || s->came != s->said)
		abort();
	s->open = 0;
	return 0;
}

static void one(const struct br_extent *e,
                int (*read)(const struct br_extent *, const struct br_innerfs_ops *, void *, struct br_innerfs *))
{
	static const struct br_innerfs_ops ops = {on_entry, on_data, on_done};
	struct state s = {0};
	struct br_innerfs f;
	int r = read(e, &ops, &s, &f);

	if (r < 0 && r != -ENOMEM)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct br_extent e = {.fd = -1, .size = size, .mem = data};

	one(&e, br_squashfs_read);
	one(&e, br_erofs_read);
	return 0;
}
