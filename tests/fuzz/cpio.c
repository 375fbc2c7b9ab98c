/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cpio reader: what it tells must not depend on the pieces that the bytes come in. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/cpio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t told; /* of everything, in order */
};

static void mix(struct sum *s, const void *buf, size_t len)
{
	const unsigned char *p = buf;

	for (size_t i = 0; i < len; i++)
		s->told = s->told * 31 + p[i] + 1;
}

static int on_entry(void *ctx, const struct br_cpio_entry *e)
{
	mix(ctx, e->name, strlen(e->name));
	if (e->target)
		mix(ctx, e->target, strlen(e->target));
	return 0;
}

static int on_data(void *ctx, const void *buf, size_t len)
{
	mix(ctx, buf, len);
	return 0;
}

static int on_done(void *ctx)
{
	mix(ctx, "", 1);
	return 0;
}

static const struct br_cpio_ops ops = {on_entry, on_data, on_done, on_done};

static uint64_t read_pieces(const uint8_t *data, size_t size, size_t piece)
{
	struct br_cpio *c = calloc(1, sizeof(*c));
	struct sum s = {0};

	if (!c)
		return 0;
	c->ops = &ops;
	c->ctx = &s;
	for (size_t at = 0, used = 0; at < size; at += used) {
		size_t n = size - at < piece ? size - at : piece;

		if (br_cpio_push(c, data + at, n, &used) < 0 || used < n)
			break;
	}
	mix(&s, &c->at, c->defect ? 0 : sizeof(c->at));
	free(c);
	return s.told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t whole = read_pieces(data, size, size + 1);

	/* A defect in a piece ends the body before it sooner or later: only sound reads can be compared. */
	if (read_pieces(data, size, 1) != whole || read_pieces(data, size, 7) != whole)
		abort();
	return 0;
}
