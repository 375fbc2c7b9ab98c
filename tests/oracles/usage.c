/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage FOLDER | usage --ext IMAGE: size used available per-cent inodes used per-cent, as df prints them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "image/usage.h"

static int show(const struct br_space *s)
{
	if (s->sealed)
		puts("sealed");
	else
		printf("%llu %llu %llu %u %llu %llu %u\n", (unsigned long long)s->total, (unsigned long long)s->used,
		       (unsigned long long)s->avail, br_space_percent(s, false), (unsigned long long)s->files,
		       (unsigned long long)s->files_used, br_space_percent(s, true));
	return 0;
}

int main(int argc, char **argv)
{
	struct br_space s;
	char buf[BR_EXT_SUPER];
	int fd, r = -1;

	if (argc == 3 && strcmp(argv[1], "--ext") == 0) {
		fd = open(argv[2], O_RDONLY);
		r = br_pread_all(fd, buf, sizeof(buf), 1024);
		if (r == 0)
			r = br_space_ext(buf, sizeof(buf), &s);
	} else if (argc == 2) {
		fd = open(argv[1], O_RDONLY);
		r = br_space_of(fd, &s);
	}
	if (r == 0)
		return show(&s);
	printf("error %d\n", -r);
	return 1;
}
