/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xfslog FILE: is the log of that XFS clean or dirty, or why it cannot be told. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image/xfslog.h"

static int read_file(void *ctx, uint64_t offset, void *buf, size_t len)
{
	ssize_t n = pread(*(int *)ctx, buf, len, (off_t)offset);

	return n < 0 ? -errno : (size_t)n == len ? 0 : -EBADMSG;
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1, r;
	bool dirty;

	if (fd < 0)
		return 64;
	r = br_xfs_dirty(read_file, &fd, &dirty);
	puts(r < 0 ? strerror(-r) : dirty ? "dirty" : "clean");
	return 0;
}
