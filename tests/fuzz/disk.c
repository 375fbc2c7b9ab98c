/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole disk: tables and superblocks through libblkid, and the answer's way through the pipe. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "image/disks-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One file for all inputs: the first sectors are the input, the rest of 4 MiB is empty. */
static int disk_file(void)
{
	static int fd = -1;
	FILE *f;

	if (fd < 0 && (f = tmpfile()))
		fd = fileno(f);
	if (fd < 0 || ftruncate(fd, 0) < 0 || ftruncate(fd, 4 << 20) < 0)
		abort();
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct br_dev dev = {.size = 4 << 20, .sector_size = 512};
	br_autostr struct br_str wire = {0};
	struct br_blk *blks, *again;
	size_t n, m;
	int fd = disk_file();

	if (pwrite(fd, data, size, 0) != (ssize_t)size || br_probe(fd, &dev, &blks, &n) < 0)
		return 0;
	if (n < 1 || n > BR_PARTITIONS_MAX + 1)
		abort();
	for (size_t i = 2; i < n; i++)
		if (blks[i].start < blks[i - 1].start)
			abort();
	br_wire_put(&wire, blks, n);
	if (br_wire_get(wire.s, wire.len, &again, &m) < 0 || m != n)
		abort();
	br_blks_free(again, m);
	br_blks_free(blks, n);
	return 0;
}
