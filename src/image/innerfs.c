/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "image/innerfs.h"

int br_innerfs_bad(struct br_innerfs *i, uint64_t at, const char *defect)
{
	i->defect = defect;
	i->at = at;
	return -EBADMSG;
}

int br_innerfs_unread(struct br_innerfs *i, uint64_t at, const char *why)
{
	i->unread = why;
	i->at = at;
	return -EBADMSG;
}

int br_innerfs_pread(const struct br_extent *image, struct br_innerfs *i, uint64_t at, void *buf, size_t len)
{
	int r;

	if (at > image->size || len > image->size - at)
		return br_innerfs_bad(i, at, "points behind its end");
	if (image->mem) {
		memcpy(buf, (const char *)image->mem + at, len);
		return 0;
	}
	r = br_pread_all(image->fd, buf, len, image->offset + at);
	return r == -ENODATA ? br_innerfs_bad(i, at, "is cut short") : r;
}

int br_innerfs_down(char path[BR_PATH_MAX + 1], const char *name, size_t len, size_t *ret_len)
{
	size_t n = strlen(path);

	if (!len || memchr(name, '/', len) || memchr(name, '\0', len) || (len == 1 && *name == '.') ||
	    (len == 2 && memcmp(name, "..", 2) == 0))
		return -EBADMSG;
	if (n + 1 + len > BR_PATH_MAX)
		return -ENAMETOOLONG;
	*ret_len = n;
	if (n)
		path[n++] = '/';
	memcpy(path + n, name, len);
	path[n + len] = '\0';
	return 0;
}
