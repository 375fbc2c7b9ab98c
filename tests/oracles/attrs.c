/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attrs PATH...: the flags as lsattr(1) prints them, or "none" where the file system knows none. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>

#include "image/attrs.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		unsigned flags = 0;
		br_autoclose int fd = open(argv[i], O_RDONLY | O_NONBLOCK);
		int r = fd < 0 ? -errno : br_attr_flags(fd, &flags);

		if (r == -ENOTTY)
			puts("none");
		else if (r < 0)
			printf("error %d\n", -r);
		else
			printf("%s%s\n", flags & FS_IMMUTABLE_FL ? "i" : "-", flags & FS_APPEND_FL ? "a" : "-");
	}
	return 0;
}
