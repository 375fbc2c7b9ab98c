/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>

#include "image/usr.h"
#include "image/volume.h"

static void missing(struct br_image *img, char *why, char *fix)
{
	img->usr_fact.state = BR_FACT_UNREADABLE;
	img->usr_fact.why = why;
	img->usr_fix = fix;
}

const struct br_fstab_entry *br_hidden_by(const struct br_root *root, const struct br_fstab *fstab, const char *path)
{
	for (size_t i = 0; fstab && i < fstab->n; i++) {
		const struct br_fstab_entry *e = &fstab->entries[i];
		size_t n = strlen(e->target);

		if (e->swap || e->ignored || (e->noauto && !e->automount))
			continue;
		/* What lies below a tmpfs is seen by nobody, and is in the image all the same. */
		if (n > 1 && !br_streq(e->type, "tmpfs") && strncmp(path, e->target, n) == 0 &&
		    (path[n] == '/' || !path[n]) && !br_is_mount_point(root, e->target))
			return e;
	}
	return NULL;
}

/* Shows the volume on the root's /usr in the mount namespace that the volume was mounted in. */
static int show(struct br_image *img, const struct br_volume *v)
{
	br_autofree char *at = br_format("%s/usr", img->ask.root);
	struct br_root root;
	int r;

	if (!at)
		return -ENOMEM;
	if (mount(v->mounted, at, NULL, MS_BIND, NULL) < 0)
		return -errno;
	r = br_root_open(&root, img->ask.root);
	if (r < 0)
		return r;
	br_root_close(&img->root);
	img->root = root;
	return 0;
}

/* A root that keeps its systems elsewhere in itself: nothing of what is looked for is at its top. */
const char *br_usr_layout(const struct br_root *root)
{
	if (br_root_exists(root, "/ostree/deploy") && !br_root_exists(root, "/usr/lib"))
		return "ostree: the systems are below /ostree/deploy";
	if (br_root_exists(root, "/nix/store") && !br_root_exists(root, "/usr/lib"))
		return "NixOS: the systems are below /nix/store";
	return NULL;
}

void br_usr_look(struct br_image *img)
{
	const struct br_fstab_entry *e = br_fstab_target(&img->fstab, "/usr");
	const struct br_volume *v = NULL;
	struct br_found f = {.blk = -1};
	int r = -ENOENT;

	const char *layout = br_usr_layout(&img->root);

	img->usr_fact.state = BR_FACT_READ;
	if (layout) {
		missing(img, br_format("a layout that is not known: %s", layout), NULL);
		return;
	}
	if (!e || br_is_mount_point(&img->root, "/usr"))
		return;
	br_disks_find(&img->disks, &e->spec, &f);
	if (img->context == BR_PREBOOT && f.blk >= 0 && f.blk != img->disks.root)
		v = br_volume(img, f.blk);
	if (v && v->mounted)
		r = show(img, v);
	if (r < 0)
		missing(img, br_format("/usr is a file system of its own (%s), which is not mounted%s%s", e->source,
		                       v && v->why ? ": " : "", v && v->why ? v->why : ""),
		        br_format("mount -o ro %s %s/usr", e->source, img->ask.root));
}
