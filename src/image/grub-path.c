/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "(device)/path": which device, which path, and the questions asked about it. */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

int br_gs_device(struct grub_run *r, const char *name)
{
	int dev = -1, err;

	if (strcmp(name, GRUB_UNKNOWN_DEVICE) == 0)
		return -ENODATA;
	if (!*name)
		return -ENOENT;
	if (!br_gs_charge(r, GRUB_IO_STEPS))
		return -ENODATA;
	err = r->io->device(r->io->ctx, name, &dev);
	if (err == -ENOMEM)
		br_gs_oom(r);
	return err < 0 ? err : dev;
}

int br_gs_place(struct grub_run *r, const char *s, const char **ret_path)
{
	br_autofree char *name = NULL;
	const char *root, *close;

	*ret_path = s;
	if (*s != '(') {
		root = br_gs_get(r, "root");
		return root ? br_gs_device(r, root) : -ENOENT;
	}
	close = strchr(s, ')');
	if (!close)
		return -ENOENT;
	name = strndup(s + 1, (size_t)(close - s - 1));
	if (!name) {
		br_gs_oom(r);
		return -ENOMEM;
	}
	*ret_path = close + 1;
	return br_gs_device(r, name);
}

/* 1 yes, 0 no, -ENODATA could not tell. */
int br_gs_test_path(struct grub_run *r, const char *s, enum br_grub_file what)
{
	const char *path;
	int dev = br_gs_place(r, s, &path), ret;

	if (dev == -ENOENT)
		return 0;
	if (dev < 0 || !br_gs_charge(r, GRUB_IO_STEPS))
		return -ENODATA;
	/* The device alone is its top folder. */
	ret = r->io->test(r->io->ctx, dev, *path ? path : "/", what);
	if (ret == -ENOMEM)
		br_gs_oom(r);
	if (ret == -ENOENT)
		ret = 0;
	return ret < 0 ? -ENODATA : ret > 0;
}

int br_gs_read(struct grub_run *r, const char *s, char **ret, size_t *ret_len, int *ret_dev,
	       const char **ret_path)
{
	int dev, err;

	dev = br_gs_place(r, s, ret_path);
	*ret_dev = dev < 0 ? -1 : dev;
	if (dev < 0)
		return dev;
	if (!br_gs_charge(r, GRUB_IO_STEPS))
		return -ENODATA;
	/* Without a slash it would be a list of blocks. */
	if (**ret_path != '/')
		return -ENOENT;
	err = r->io->read(r->io->ctx, dev, *ret_path, ret, ret_len);
	if (err == -ENOMEM)
		br_gs_oom(r);
	if (err < 0)
		return err;
	if (*ret_len > BR_GRUBCFG_MAX) {
		free(*ret);
		*ret = NULL;
		return -EFBIG;
	}
	br_gs_read_file(r, dev, *ret_path);
	return 0;
}
