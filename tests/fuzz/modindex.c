/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is found sound must be safe for libkmod, which is then given it and asked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/modindex.h"
#include "image/modules-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_autofree char *copy = malloc(size + 1);
	br_cleanup(br_kmod_unref) struct kmod_ctx *ctx = NULL;
	struct br_blob b[BR_INDEXES];
	const char *why;

	if (!copy || br_modindex_check(data, size, &why) < 0)
		return 0;
	memcpy(copy, data, size);
	for (enum br_index i = 0; i < BR_INDEXES; i++)
		b[i] = (struct br_blob){.data = copy, .len = size};
	(void)br_modindex_find(copy, size, "virtio_blk");
	if (br_kmod_open(b, &ctx) < 0)
		return 0;
	if (br_kmod_leads(ctx, "virtio:d00000002v00001AF4", "virtio_blk") < 0 ||
	    br_kmod_leads(ctx, "ext4", "ext4") < 0 || br_kmod_knows(ctx, "virtio_blk") < 0)
		return 0;
	return 0;
}
