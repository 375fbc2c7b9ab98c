/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An XFS superblock and log: an answer after a bounded number of reads, whatever they hold. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/xfslog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
	unsigned reads;
};

/* What lies behind the end reads as the same bytes again. */
static int read_input(void *ctx, uint64_t offset, void *buf, size_t len)
{
	struct input *i = ctx;

	if (++i->reads > 2000)
		abort();
	for (size_t n = 0; n < len; n++)
		((uint8_t *)buf)[n] = i->size ? i->data[(offset + n) % i->size] : 0;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input i = {data, size, 0};
	bool dirty;

	(void)!br_xfs_dirty(read_input, &i, &dirty);
	return 0;
}
