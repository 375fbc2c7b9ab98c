/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Add-ons of a unified kernel image: small EFI programs whose .cmdline the stub appends, those for every image
 * (/loader/addons) before its own (IMAGE.extra.d). Source: systemd-stub(7), 254 and newer. Whether Secure Boot lets one
 * through is not looked at.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/loader-internal.h"
#include "image/uki.h"
#include "image/volume.h"

#define SUFFIX ".addon.efi"

static bool is_addon(const char *name)
{
	size_t n = strlen(name), k = strlen(SUFFIX);

	return n > k && strcasecmp(name + n - k, SUFFIX) == 0;
}

static int append(struct br_image *img, int dev, const char *path, char **cmdline)
{
	br_autouki struct br_uki u = {0};
	br_autoclose int fd = -1;
	int r = br_volume_open(img, dev, path, &fd);
	char *joined;

	if (r == 0)
		r = br_uki_read(fd, 0, &u);
	if (r < 0 || !u.cmdline || !*u.cmdline)
		return r == -ENOMEM ? r : 0; /* the stub passes over one that it cannot load */
	joined = br_format("%s%s%s", *cmdline, **cmdline ? " " : "", u.cmdline);
	if (!joined)
		return -ENOMEM;
	free(*cmdline);
	*cmdline = joined;
	return 0;
}

static int append_all(struct br_image *img, int dev, const char *dir, char **cmdline)
{
	const struct br_volume *v = br_volume(img, dev);
	br_autostrv struct br_strv names = {0};
	br_autofree char *own = NULL;
	int r = v ? br_volume_locate(img, v, dir, &own) : -ENOMEM;

	if (r == 0)
		r = br_root_list(&v->root, own, &names);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		br_autofree char *path = is_addon(names.v[i]) ? br_format("%s/%s", dir, names.v[i]) : NULL;

		if (path)
			r = append(img, dev, path, cmdline);
	}
	return r;
}

int br_uki_addons(struct br_image *img, int dev, const char *image, char **cmdline)
{
	br_autofree char *own = br_format("%s.extra.d", image);
	int r = own ? append_all(img, dev, "/loader/addons", cmdline) : -ENOMEM;

	return r == 0 ? append_all(img, dev, own, cmdline) : r;
}
