/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* subvolumes FILE: "ID PATH" of each subvolume of that btrfs, then "default ID". */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image/btrfs.h"

static int read_file(void *ctx, uint64_t offset, void *buf, size_t len)
{
	ssize_t n = pread(*(int *)ctx, buf, len, (off_t)offset);

	return n < 0 ? -errno : (size_t)n == len ? 0 : -EBADMSG;
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1, r;
	struct br_subvolumes l = {0};

	if (fd < 0)
		return 64;
	r = br_btrfs_subvolumes(read_file, &fd, &l);
	if (r < 0)
		puts(strerror(-r));
	for (size_t i = 0; i < l.n; i++)
		printf("%" PRIu64 " %s\n", l.v[i].id, l.v[i].path);
	if (r == 0)
		printf("default %" PRIu64 "\n", l.default_id);
	br_subvolumes_free(&l);
	return 0;
}
