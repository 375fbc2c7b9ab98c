/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The image that dracut's squash modules put most files into. At boot it is mounted and becomes the root, or
 * (in the older ones) is laid over it: what it holds counts as if it were in the archive, and in place of
 * a file of that name there. In an archive that is not packed, as dracut leaves it then, it is read where it
 * lies; out of a packed one it has to be held first, for its tables stand at its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "image/initramfs-internal.h"

/* The newer, the older and the oldest squash, and erofs. */
static const struct {
	const char *path;
	int (*read)(const struct br_extent *image, const struct br_innerfs_ops *ops, void *ctx, struct br_innerfs *ret);
} images[] = {
	{"squashfs-root.img", br_squashfs_read},
	{"squash-root.img", br_squashfs_read},
	{"squash/root.img", br_squashfs_read},
	{"erofs-root.img", br_erofs_read},
};

bool br_hold_wants(const char *path)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(images); i++)
		if (strcmp(path, images[i].path) == 0)
			return true;
	return false;
}

void br_hold_init(struct br_hold *h)
{
	*h = (struct br_hold){.fd = -1};
}

void br_hold_free(struct br_hold *h)
{
	br_closep(&h->fd);
	free(h->path);
	br_hold_init(h);
}

/* A file without a name, in memory: the root at hand is not written to, and it may be all that is mounted. */
static int nameless(void)
{
	static const char *const places[] = {"/run", "/dev/shm", "/tmp"};
	int fd = memfd_create("bootready", MFD_CLOEXEC);

	for (size_t i = 0; fd < 0 && i < BR_ARRAY_SIZE(places); i++) {
		br_autofree char *path = br_format("%s/bootready.image.XXXXXX", places[i]);

		fd = path ? mkostemp(path, O_CLOEXEC) : -1;
		if (fd >= 0)
			unlink(path);
	}
	return fd < 0 ? -errno : fd;
}

int br_hold_begin(struct br_hold *h, const char *path, uint64_t size, const struct br_extent *where)
{
	br_hold_free(h);
	h->path = strdup(path);
	if (!h->path)
		return -ENOMEM;
	if (where) {
		h->image = *where;
	} else if (size > BR_INITRAMFS_INNER_MAX) {
		h->why = "it is packed once more, and too large to be held";
	} else if ((h->fd = nameless()) < 0) {
		h->why = "there is no place to hold it";
	} else {
		h->image = (struct br_extent){.fd = h->fd, .size = size};
		h->collecting = true;
	}
	h->open = true;
	return 0;
}

int br_hold_data(struct br_hold *h, const void *buf, size_t len)
{
	if (h->open && h->collecting && br_write_all(h->fd, buf, len) < 0) {
		h->collecting = false;
		h->why = "there is no room to hold it";
	}
	return 0;
}

void br_hold_end(struct br_hold *h)
{
	h->whole = h->whole || h->open;
	h->open = h->collecting = false;
}

struct merge {
	struct br_tree *tree;
	struct br_keep *keep;
	char path[BR_PATH_MAX + 1];
};

static int on_entry(void *ctx, const struct br_cpio_entry *e)
{
	struct merge *m = ctx;
	int r = br_tree_add(m->tree, e->name, e->mode, e->target, m->path);

	m->keep->collecting = false;
	if (r > 0)
		r = br_keep_begin(m->keep, m->path, e);
	return r < 0 ? r : m->keep->collecting;
}

static int on_data(void *ctx, const void *buf, size_t len)
{
	return br_keep_data(((struct merge *)ctx)->keep, buf, len);
}

static int on_done(void *ctx)
{
	return br_keep_end(((struct merge *)ctx)->keep);
}

static const struct br_innerfs_ops ops = {on_entry, on_data, on_done};

static int say(struct br_initramfs *i, const struct br_hold *h)
{
	const struct br_innerfs *f = &i->inner;

	if (f->defect && !i->defect) {
		i->defect = br_format("byte %llu of %s inside: it %s", (unsigned long long)f->at, h->path, f->defect);
		return i->defect ? 0 : -ENOMEM;
	}
	if (!h->why && !f->unread)
		return 0;
	i->squash_why = h->why ? strdup(h->why) : br_format("it %s", f->unread);
	i->squash = strdup(h->path);
	return i->squash && i->squash_why ? 0 : -ENOMEM;
}

int br_hold_read(struct br_hold *h, struct br_tree *t, struct br_keep *k, struct br_initramfs *i)
{
	struct merge *m;
	int r = 0;

	if (!h->path || !h->whole)
		return 0;
	m = malloc(sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->tree = t;
	m->keep = k;
	for (size_t n = 0; !r && !h->why && n < BR_ARRAY_SIZE(images); n++)
		if (strcmp(h->path, images[n].path) == 0)
			r = images[n].read(&h->image, &ops, m, &i->inner);
	k->collecting = false;
	free(m);
	return r < 0 ? r : say(i, h);
}
