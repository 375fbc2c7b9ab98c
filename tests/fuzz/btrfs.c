/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A btrfs's trees: an answer after a bounded number of reads; what comes out has names and paths. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/btrfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

/* The corpus leaves out the empty first 64 KiB; behind the end everything is the same bytes again. */
static int read_input(void *ctx, uint64_t offset, void *buf, size_t len)
{
	const struct input *i = ctx;

	for (size_t n = 0; n < len; n++)
		((uint8_t *)buf)[n] = i->size ? i->data[(offset - 65536 + n) % i->size] : 0;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_subvolumes_free) struct br_subvolumes l = {0};
	struct input i = {data, size};

	if (br_btrfs_subvolumes(read_input, &i, &l) < 0)
		return 0;
	for (size_t n = 0; n < l.n; n++)
		if (!l.v[n].name || !l.v[n].path || !*l.v[n].path)
			abort();
	return 0;
}
