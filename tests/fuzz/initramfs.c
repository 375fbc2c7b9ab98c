/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole initramfs: segments, names, kept files, and the modules folders found in it. */
#include <stdint.h>
#include <stdlib.h>

#include "image/modules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every name must lead to itself or to where its link does; what the index says must be walkable. */
static void look(const struct br_initramfs *i)
{
	br_autostrv struct br_strv list = {0};

	for (size_t n = 0; n < i->names.n; n++)
		(void)br_initramfs_has(i, i->names.v[n]);
	if (br_initramfs_blacklist(i, &list) < 0 || br_forced_modules(i, "", &list) < 0)
		return;
	for (size_t r = 0; r < i->releases.n && r < 2; r++) {
		br_autodriver struct br_driver d = {0};
		br_autofree char *why = NULL;
		struct br_modtree *t = NULL;
		const struct br_driver_ask ask = {.name = "virtio_blk", .alias = "virtio:d00000002v00001AF4"};

		if (br_modtree_initramfs(i, i->releases.v[r], &t, &why) == 0 && br_driver_look(t, &ask, &d) < 0)
			abort();
		br_modtree_free(t);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* In two files, so that the border between them is tried too. */
	const struct br_extent parts[] = {
		{.fd = -1, .size = size / 3, .mem = data},
		{.fd = -1, .size = size - size / 3, .mem = data + size / 3},
		{.fd = -1, .size = size, .mem = data},
	};
	br_autoinitramfs struct br_initramfs one = {0}, two = {0};

	if (br_initramfs_read(parts + 2, 1, &one) < 0 || br_initramfs_read(parts, 2, &two) < 0)
		abort();
	look(&one);
	return 0;
}
