/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/num.h"
#include "base/str.h"
#include "image/looproot.h"

/* One line of an attribute of the loop device, without its newline; NULL none. */
static char *attribute(dev_t dev, const char *name)
{
	br_autofree char *path = br_format("/sys/dev/block/%u:%u/loop/%s", major(dev), minor(dev), name);
	br_autofclose FILE *f = path ? fopen(path, "re") : NULL;
	br_autofree char *line = NULL;
	size_t cap = 0;

	if (!f || getline(&line, &cap, f) < 0)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return BR_TAKE(line);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int br_loop_root(const struct br_disks *d, dev_t dev)
{
	br_autofree char *file = attribute(dev, "backing_file"), *text = attribute(dev, "offset");
	uint64_t offset;

	if (!file || !text || br_parse_uint(text, strlen(text), 10, 0, UINT64_MAX, &offset) < 0)
		return -1;
	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i], *disk = b->disk >= 0 ? &d->blk[b->disk] : NULL;
		bool whole = b->kind == BR_BLK_DISK && b->use == BR_USE_FS && offset == 0;
		bool part = (b->kind == BR_BLK_PART || b->kind == BR_BLK_VOLUME) && b->start == offset;

		if (disk && (whole || part) && same_file(disk->path, file))
			return (int)i;
	}
	return -1;
}
