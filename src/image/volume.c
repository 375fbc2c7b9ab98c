/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "image/blkio.h"
#include "image/fsstate.h"
#include "image/loader.h"
#include "image/mounts.h"
#include "image/volume.h"
#include "image/xfslog.h"

#define MOUNT_BASE BR_MOUNT_DIR "/volumes"

struct br_volumes {
	struct br_volume *v; /* owned; pointers to volumes are handed out, so each is allocated by itself */
	struct br_volumes *next;
	bool private_namespace; /* of the first element only */
};

struct source {
	const struct br_disks *disks;
	int blk;
};

static int read_source(void *ctx, uint64_t offset, void *buf, size_t len)
{
	const struct source *s = ctx;

	return br_blk_read(s->disks, s->blk, offset, buf, len);
}

/* A log that cannot be told is taken as one that has to be replayed. */
static bool xfs_needs_replay(const struct br_disks *d, int blk)
{
	struct source s = {d, blk};
	bool dirty;

	return br_xfs_dirty(read_source, &s, &dirty) < 0 || dirty;
}

/* ext's "needs recovery" bit, btrfs's log tree, XFS's log: what a mount without replay shows may be old. */
static bool needs_replay(const struct br_disks *d, int blk)
{
	struct br_fsstate s = {0};

	if (br_streq(d->blk[blk].type, "xfs"))
		return xfs_needs_replay(d, blk);
	return br_fsstate_read(d, blk, &s) == 0 && s.to_replay;
}

static void mount_private(struct br_image *img, struct br_volume *v)
{
	const struct br_blk *blk = &img->disks.blk[v->blk];
	br_autofree char *at = br_format(MOUNT_BASE "/%s", blk->name);
	int r = at ? 0 : -ENOMEM;

	if (r == 0 && !img->volumes->private_namespace) {
		r = br_mount_private(MOUNT_BASE);
		img->volumes->private_namespace = r == 0;
	}
	if (r == 0)
		r = br_mount_read_only(&img->disks, v->blk, at);
	if (r == 0) {
		v->mounted = BR_TAKE(at);
		v->stale = needs_replay(&img->disks, v->blk);
		r = br_root_open(&v->root, v->mounted);
	}
	if (r < 0)
		v->why = br_format("%s (%s) cannot be mounted here: %s", blk->path, blk->type ? blk->type : "?",
		                   r == -EPROTONOSUPPORT ? "no file system that we mount"
		                   : r == -ENODEV        ? "the running kernel has no driver for it"
		                   : r == -EUCLEAN       ? "files on it wait to be deleted, and to mount it would do so"
		                                         : br_strerror(-r));
}

/* The fstab entry that names this device; NULL none. */
static const struct br_fstab_entry *entry_of(const struct br_image *img, int blk)
{
	for (size_t i = 0; i < img->fstab.n; i++) {
		const struct br_fstab_entry *e = &img->fstab.entries[i];
		struct br_found f;

		if (e->swap || e->target[0] != '/')
			continue;
		br_disks_find(&img->disks, &e->spec, &f);
		if (f.blk == blk && (f.match == BR_MATCH_FOUND || f.match == BR_MATCH_SEVERAL))
			return e;
	}
	return NULL;
}

/* Is something mounted on that folder of the root? Told by its device, as mountpoint(1) does. */
bool br_is_mount_point(const struct br_root *root, const char *path)
{
	struct stat here, top;

	return br_root_stat(root, path, &here) == 0 && br_root_stat(root, "/", &top) == 0 &&
	       here.st_dev != top.st_dev;
}

static int open_below(struct br_image *img, struct br_volume *v, const char *path)
{
	int fd, r = br_root_dir(&img->root, path, &fd);

	if (r < 0)
		return r;
	v->root = (struct br_root){.fd = fd, .walk_only = img->root.walk_only};
	return 0;
}

static void open_mounted(struct br_image *img, struct br_volume *v, const struct br_mount *m)
{
	size_t prefix = strlen(img->ask.root);
	const char *path;
	int r;

	while (prefix && img->ask.root[prefix - 1] == '/')
		prefix--;
	path = m->target[prefix] ? m->target + prefix : "/";
	v->mount = strdup(path);
	v->subroot = m->subroot ? strdup(m->subroot) : NULL;
	r = open_below(img, v, path);
	if (r < 0)
		v->why = br_format("%s: %s", path, br_strerror(-r));
}

/*
 * Where systemd-gpt-auto-generator(8) mounts the boot partitions that fstab does not name: the extended boot loader
 * partition on /boot; the ESP on /efi where the root has that folder, else on /boot, which is believed only where
 * something is mounted.
 */
static const char *automatic_place(const struct br_image *img, int blk)
{
	const char *place = "/boot";
	struct stat st;

	if (img->disks.root_disk < 0)
		return NULL;
	if (br_disks_xbootldr(&img->disks, img->disks.root_disk) != blk) {
		if (br_disks_esp(&img->disks, img->disks.root_disk) != blk)
			return NULL;
		if (br_root_stat(&img->root, "/efi", &st) == 0 && S_ISDIR(st.st_mode))
			place = "/efi";
		else if (!br_is_mount_point(&img->root, place) ||
		         br_disks_xbootldr(&img->disks, img->disks.root_disk) >= 0)
			return NULL;
	}
	return br_fstab_target(&img->fstab, place) ? NULL : place;
}

static void open_by_fstab(struct br_image *img, struct br_volume *v)
{
	const struct br_blk *blk = &img->disks.blk[v->blk];
	const struct br_fstab_entry *e = entry_of(img, v->blk);
	const char *place = e ? e->target : automatic_place(img, v->blk);
	int r;

	if (!place) {
		v->why = br_format("%s (%s) is not mounted below the root", blk->name, blk->type ? blk->type : "?");
		return;
	}
	v->mount = strdup(place);
	if (!br_is_mount_point(&img->root, place)) {
		v->why = br_format("%s is not mounted", place);
		v->fix = br_format("mount -o ro %s%s=%s %s%s", "", blk->uuid ? "UUID" : "PARTUUID",
		                   blk->uuid ? blk->uuid : blk->partuuid ? blk->partuuid : "?", img->ask.root,
		                   place);
		return;
	}
	r = open_below(img, v, place);
	if (r < 0)
		v->why = br_format("%s: %s", place, br_strerror(-r));
}

/* The folder's own absolute path: mountinfo knows no other. */
static char *absolute(const char *dir)
{
	char *path = realpath(dir, NULL);

	return path ? path : strdup(dir);
}

static void open_volume(struct br_image *img, struct br_volume *v)
{
	const struct br_blk *blk = &img->disks.blk[v->blk];
	br_autofree char *under = absolute(img->ask.root);
	br_cleanup(br_mount_free) struct br_mount m = {0};
	bool mounted = under && br_mount_find(blk, under, v->blk == img->disks.root, &m) == 0;

	v->root.fd = -1;
	if (v->blk == img->disks.root) {
		v->mount = strdup("/");
		v->subroot = mounted && m.subroot ? strdup(m.subroot) : NULL;
		if (open_below(img, v, "/") < 0)
			v->why = br_format("the root cannot be opened");
	} else if (mounted) {
		open_mounted(img, v, &m);
	} else if (img->context == BR_PREBOOT) {
		const struct br_fstab_entry *e = entry_of(img, v->blk);

		v->mount = e ? strdup(e->target) : NULL;
		mount_private(img, v);
	} else {
		open_by_fstab(img, v);
	}
}

/*
 * A file system that others mounted: read-only with a journal that asks for recovery means that it was not
 * replayed (noload, norecovery, or a snapshot). One that is mounted read-write always asks for it, and an XFS
 * that was replayed for a read-only mount still does: there only its mount option tells.
 */
static bool is_stale(const struct br_image *img, const struct br_volume *v)
{
	struct statvfs fs;
	struct stat st;

	if (br_streq(img->disks.blk[v->blk].type, "xfs") &&
	    (fstat(v->root.fd, &st) < 0 || !br_mount_has_option(st.st_dev, "norecovery")))
		return false;

	return fstatvfs(v->root.fd, &fs) == 0 && (fs.f_flag & ST_RDONLY) && needs_replay(&img->disks, v->blk);
}

const struct br_volume *br_volume(struct br_image *img, int blk)
{
	struct br_volumes *l;

	for (l = img->volumes; l; l = l->next)
		if (l->v && l->v->blk == blk)
			return l->v;
	l = calloc(1, sizeof(*l));
	if (!l || !(l->v = calloc(1, sizeof(*l->v)))) {
		free(l);
		return NULL;
	}
	l->v->blk = blk;
	/* New ones go behind the first, which carries the namespace's state. */
	if (img->volumes) {
		l->next = img->volumes->next;
		img->volumes->next = l;
	} else {
		img->volumes = l;
	}
	open_volume(img, l->v);
	if (l->v->root.fd >= 0 && !l->v->mounted)
		l->v->stale = is_stale(img, l->v);
	return l->v;
}

char *br_volume_path(const struct br_volume *v, const char *path)
{
	size_t n = v->subroot ? strlen(v->subroot) : 0;

	if (n && strncmp(path, v->subroot, n) == 0 && (path[n] == '/' || !path[n]))
		path += n;
	return br_format("%s%s", path[0] == '/' ? "" : "/", path);
}

static bool is_seen(const struct br_image *img, const struct br_volume *v, const char *path)
{
	size_t n = v->subroot ? strlen(v->subroot) : 0;

	if (!n || br_system_family(&img->system) == BR_FAMILY_SUSE)
		return true;
	return strncmp(path, v->subroot, n) == 0 && (path[n] == '/' || !path[n]);
}

int br_volume_locate(const struct br_image *img, const struct br_volume *v, const char *path, char **ret)
{
	br_autofree char *own = NULL;

	if (v->root.fd < 0 || !is_seen(img, v, path))
		return -ENODATA;
	own = br_volume_path(v, path);
	if (!own)
		return -ENOMEM;
	/* SUSE mounts its subvolumes @/x on /x. */
	if (br_system_family(&img->system) == BR_FAMILY_SUSE && br_starts(own, "/@/") && !br_root_exists(&v->root, own))
		memmove(own, own + 2, strlen(own) - 1);
	if (br_streq(img->disks.blk[v->blk].type, "vfat")) {
		*ret = br_path_any_case(&v->root, own);
		return *ret ? 0 : -ENOENT;
	}
	*ret = BR_TAKE(own);
	return 0;
}

int br_volume_open(struct br_image *img, int blk, const char *path, int *ret_fd)
{
	const struct br_volume *v = blk >= 0 ? br_volume(img, blk) : NULL;
	br_autofree char *own = NULL;
	int r = v ? br_volume_locate(img, v, path, &own) : -ENODATA;

	return r < 0 ? r : br_root_file(&v->root, own, ret_fd);
}

char *br_volume_shown(const struct br_volume *v, const char *path)
{
	br_autofree char *own = br_volume_path(v, path);

	if (!own || !v->mount)
		return own ? BR_TAKE(own) : NULL;
	return br_format("%s%s", strcmp(v->mount, "/") == 0 ? "" : v->mount, own);
}

void br_volumes_free(struct br_image *img)
{
	bool private = img->volumes && img->volumes->private_namespace;

	while (img->volumes) {
		struct br_volumes *l = img->volumes;
		struct br_volume *v = l->v;

		br_root_close(&v->root);
		if (v->mounted)
			(void)umount2(v->mounted, MNT_DETACH);
		free(v->mount);
		free(v->subroot);
		free(v->mounted);
		free(v->why);
		free(v->fix);
		free(v);
		img->volumes = l->next;
		free(l);
	}
	if (private)
		(void)umount2(MOUNT_BASE, MNT_DETACH);
}
