/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a reader of an image inside tells, as one text: "d/ f:700 l>d/g ", and a body where it is wanted: "f=...". */
#ifndef BR_TEST_INNERFS_H
#define BR_TEST_INNERFS_H

#include <sys/stat.h>

#include "base/str.h"
#include "image/innerfs.h"

struct told {
	struct br_str text;
	const char *want; /* the file whose body is asked for */
	size_t bodies;
	struct br_innerfs f;
	int r;
};

static inline int told_entry(void *ctx, const struct br_cpio_entry *e)
{
	struct told *t = ctx;

	br_str_puts(&t->text, e->name);
	if (S_ISDIR(e->mode))
		br_str_puts(&t->text, "/ ");
	else if (S_ISLNK(e->mode))
		br_str_printf(&t->text, ">%s ", e->target);
	else
		br_str_printf(&t->text, ":%u ", (unsigned)e->size);
	return t->want && strcmp(e->name, t->want) == 0;
}

static inline int told_data(void *ctx, const void *buf, size_t len)
{
	br_str_add(&((struct told *)ctx)->text, buf, len);
	return 0;
}

static inline int told_done(void *ctx)
{
	br_str_puts(&((struct told *)ctx)->text, "! ");
	return 0;
}

typedef int told_reader(const struct br_extent *image, const struct br_innerfs_ops *ops, void *ctx, struct br_innerfs *ret);

static inline void tell(struct told *t, told_reader *read, const struct br_str *image, const char *want)
{
	static const struct br_innerfs_ops ops = {told_entry, told_data, told_done};
	const struct br_extent e = {.fd = -1, .size = image->len, .mem = image->s};

	*t = (struct told){.want = want};
	t->r = read(&e, &ops, t, &t->f);
}

static inline void add_le(struct br_str *b, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		br_str_putc(b, (char)(i < sizeof v ? v >> 8 * i : 0));
}

static inline void put_le(struct br_str *b, size_t at, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		b->s[at + i] = (char)(i < sizeof v ? v >> 8 * i : 0);
}

static inline void fill_to(struct br_str *b, size_t at)
{
	while (b->len < at)
		br_str_putc(b, '\0');
}

#endif
