/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statfs.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/blkio.h"
#include "image/usage.h"
#include "image/volume.h"

#define EROFS_MAGIC 0xE0F5E1E2
#define ISOFS_MAGIC 0x9660

/* Offsets of the superblock's fields. */
enum {
	S_INODES = 0x0,
	S_BLOCKS = 0x4,
	S_R_BLOCKS = 0x8,
	S_FREE_BLOCKS = 0xc,
	S_FREE_INODES = 0x10,
	S_LOG_BLOCK_SIZE = 0x18,
	S_LOG_CLUSTER_SIZE = 0x1c,
	S_MAGIC = 0x38,
	S_INCOMPAT = 0x60,
	S_BLOCKS_HI = 0x150,
	S_R_BLOCKS_HI = 0x154,
	S_FREE_BLOCKS_HI = 0x158,
	S_OVERHEAD = 0x248,
};
#define INCOMPAT_EXTENTS 0x40
#define INCOMPAT_64BIT   0x80
/* What the ext4 driver keeps back from everybody: a fiftieth, and at most so many clusters. */
#define RESERVED_CLUSTERS_MAX 4096

static uint64_t both(const char *buf, size_t low, size_t high, bool wide)
{
	return br_le32(buf + low) | (wide ? (uint64_t)br_le32(buf + high) << 32 : 0);
}

int br_space_ext(const char *buf, size_t len, struct br_space *ret)
{
	uint64_t blocks, kept, bfree, overhead, clusters;
	uint32_t log_block, log_cluster, incompat;
	struct br_space s = {0};
	bool wide;

	if (len < BR_EXT_SUPER || br_le16(buf + S_MAGIC) != EXT4_SUPER_MAGIC)
		return -EBADMSG;
	log_block = br_le32(buf + S_LOG_BLOCK_SIZE);
	log_cluster = br_le32(buf + S_LOG_CLUSTER_SIZE);
	incompat = br_le32(buf + S_INCOMPAT);
	wide = incompat & INCOMPAT_64BIT;
	blocks = both(buf, S_BLOCKS, S_BLOCKS_HI, wide);
	kept = both(buf, S_R_BLOCKS, S_R_BLOCKS_HI, wide);
	bfree = both(buf, S_FREE_BLOCKS, S_FREE_BLOCKS_HI, wide);
	overhead = br_le32(buf + S_OVERHEAD);
	/* Bigalloc and what no mkfs wrote is not counted here; without the overhead df's total cannot be told. */
	if (log_block > 6 || log_cluster != log_block || !overhead || overhead >= blocks || bfree > blocks - overhead ||
	    blocks > UINT64_MAX >> (log_block + 10))
		return -EBADMSG;
	clusters = blocks / 50 < RESERVED_CLUSTERS_MAX ? blocks / 50 : RESERVED_CLUSTERS_MAX;
	if (kept > blocks)
		return -EBADMSG;
	if (incompat & INCOMPAT_EXTENTS)
		kept += clusters;
	s.total = (blocks - overhead) << (log_block + 10);
	s.used = (blocks - overhead - bfree) << (log_block + 10);
	s.avail = (bfree > kept ? bfree - kept : 0) << (log_block + 10);
	s.files = br_le32(buf + S_INODES);
	if (br_le32(buf + S_FREE_INODES) > s.files)
		return -EBADMSG;
	s.files_used = s.files - br_le32(buf + S_FREE_INODES);
	*ret = s;
	return 0;
}

unsigned br_space_percent(const struct br_space *s, bool files)
{
	uint64_t used = files ? s->files_used : s->used;
	uint64_t all = files ? s->files : s->used + s->avail;

	if (!all || all < used)
		return used ? 100 : 0;
	/* No overflow: a hundredth of what a file system can count is far from 64 bits, but the numbers are not ours. */
	while (used > UINT64_MAX / 100) {
		used >>= 1;
		all >>= 1;
	}
	return (unsigned)(used * 100 / all + (used * 100 % all != 0));
}

/* 4096 clusters, of 4 KiB where nobody asks for others. */
#define EXT_OWN_MAX (16 * BR_MIB)

bool br_space_room(const struct br_space *s, const char *type)
{
	/* ext4 keeps clusters for itself that nobody can have, root neither (the kernel's ext4_calculate_resv_clusters). */
	uint64_t own = br_starts(type, "ext") ? s->total / 50 : 0;

	own = own < EXT_OWN_MAX ? own : EXT_OWN_MAX;
	if (s->sealed || s->total < s->used)
		return true;
	if (s->files && (s->files < s->files_used || s->files - s->files_used < BR_GROWTH_FILES))
		return false;
	return s->total - s->used >= own + BR_GROWTH_ROOM;
}

static bool is_sealed(unsigned long magic)
{
	switch (magic) {
	case SQUASHFS_MAGIC:
	case CRAMFS_MAGIC:
	case EROFS_MAGIC:
	case ISOFS_MAGIC:
		return true;
	default:
		return false;
	}
}

int br_space_of(int fd, struct br_space *ret)
{
	struct br_space s = {0};
	struct statfs fs;
	uint64_t unit;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	unit = (uint64_t)(fs.f_frsize > 0 ? fs.f_frsize : fs.f_bsize);
	if (!unit || fs.f_blocks > UINT64_MAX / unit || fs.f_bfree > fs.f_blocks)
		return -EBADMSG;
	s.total = fs.f_blocks * unit;
	s.used = (fs.f_blocks - fs.f_bfree) * unit;
	/* Below what is kept for root some file systems say a negative number. */
	s.avail = fs.f_bavail > fs.f_bfree ? 0 : fs.f_bavail * unit;
	s.sealed = is_sealed((unsigned long)fs.f_type & 0xffffffffUL);
	/* btrfs and vfat say 0, others that count none have them all free for ever. */
	s.files = fs.f_files;
	s.files_used = fs.f_ffree > fs.f_files ? 0 : fs.f_files - fs.f_ffree;
	*ret = s;
	return 0;
}

static int by_superblock(const struct br_image *img, int blk, struct br_space *ret)
{
	char buf[BR_EXT_SUPER];
	int r;

	if (blk < 0 || !img->disks.blk[blk].type || !br_starts(img->disks.blk[blk].type, "ext"))
		return -EMEDIUMTYPE;
	r = br_blk_read(&img->disks, blk, 1024, buf, sizeof(buf));
	return r < 0 ? r : br_space_ext(buf, sizeof(buf), ret);
}

static struct br_usage *add(struct br_usages *u, const char *mount)
{
	struct br_usage *new;

	if (br_grow(&u->v, &u->cap, u->n, sizeof(*u->v)) < 0)
		return NULL;
	new = &u->v[u->n];
	new->mount = strdup(mount);
	if (!new->mount)
		return NULL;
	u->n++;
	return new;
}

/* Is the root a file system's own top, or a folder on the file system of whoever unpacked it there? */
static bool is_unpacked(const struct br_image *img)
{
	struct stat here, up;

	return img->context == BR_OFFLINE && fstatat(img->root.fd, ".", &here, 0) == 0 &&
	       fstatat(img->root.fd, "..", &up, 0) == 0 && here.st_dev == up.st_dev && here.st_ino != up.st_ino;
}

static int add_root(struct br_image *img, struct br_usages *u)
{
	struct br_usage *new = add(u, "/");
	int r;

	if (!new)
		return -ENOMEM;
	new->needed = true;
	if (!is_unpacked(img)) {
		r = br_space_of(img->root.fd, &new->space);
		if (r < 0)
			new->why = br_format("%s", br_strerror(-r));
	} else if (by_superblock(img, img->disks.root, &new->space) < 0) {
		new->why = strdup("the root lies in a folder, not on a file system of its own");
		new->fix = strdup(img->disks.root >= 0 ? "mount the image's root instead of unpacking it"
		                                       : "name the disk with --disk");
	}
	return 0;
}

/* /boot is as needed as the root, but for an ESP there, which one keeps unmounted. */
static bool is_needed(const struct br_fstab_entry *e)
{
	return strcmp(e->target, "/boot") == 0 && !br_streq(e->type, "vfat") && e->waits;
}

static int add_entry(struct br_image *img, const struct br_fstab_entry *e, struct br_usages *u)
{
	struct br_found f = {.blk = -1};
	const struct br_volume *v = NULL;
	struct br_usage *new;
	int r = -ENOENT;

	br_disks_find(&img->disks, &e->spec, &f);
	/* Nothing can be mounted there: that is Fstab's to say. */
	if (f.match == BR_MATCH_NONE && !is_needed(e) && !br_is_mount_point(&img->root, e->target))
		return 0;
	if (!br_is_mount_point(&img->root, e->target)) {
		/* Another part of the root's own file system (a subvolume) is as full as the root. */
		if (f.blk >= 0 && f.blk == img->disks.root)
			return 0;
		if (f.blk >= 0 && img->context == BR_PREBOOT && br_starts(e->target, "/boot"))
			v = br_volume(img, f.blk);
	}
	new = add(u, e->target);
	if (!new)
		return -ENOMEM;
	new->needed = is_needed(e);
	if (v && v->root.fd >= 0) {
		r = br_space_of(v->root.fd, &new->space);
	} else if (br_is_mount_point(&img->root, e->target)) {
		br_autoclose int fd = -1;

		r = br_root_path(&img->root, e->target, false, &fd);
		if (r == 0)
			r = br_space_of(fd, &new->space);
	} else if (by_superblock(img, f.blk, &new->space) == 0) {
		r = 0;
	}
	if (r == 0)
		return 0;
	new->why = r == -ENOENT ? br_format("%s is not mounted", e->target) : strdup(br_strerror(-r));
	if (r == -ENOENT && f.match != BR_MATCH_NONE)
		new->fix = br_format("mount -o ro %s %s%s", e->source, img->ask.root, e->target);
	return new->why ? 0 : -ENOMEM;
}

/* A disk's file system, mounted in the order of the file; the root comes apart. */
static bool is_wanted(const struct br_fstab_entry *e)
{
	return e->target[0] == '/' && e->target[1] && !e->swap && !e->ignored && !e->netdev &&
	       e->spec.kind != BR_SPEC_OTHER && !br_fstab_is_network_type(e->type);
}

int br_usage_read(struct br_image *img, struct br_usages *ret)
{
	br_cleanup(br_usage_free) struct br_usages u = {0};
	int r = add_root(img, &u);

	for (size_t i = 0; r == 0 && i < img->fstab.n && u.n < BR_USAGES_MAX; i++)
		if (is_wanted(&img->fstab.entries[i]))
			r = add_entry(img, &img->fstab.entries[i], &u);
	if (r < 0)
		return r;
	*ret = u;
	u = (struct br_usages){0};
	return 0;
}

void br_usage_free(struct br_usages *u)
{
	for (size_t i = 0; i < u->n; i++) {
		free(u->v[i].mount);
		free(u->v[i].why);
		free(u->v[i].fix);
	}
	free(u->v);
	*u = (struct br_usages){0};
}
