/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The BIOS's side: boot code, core image, and where GRUB's configuration is. */
#include <errno.h>
#include <string.h>

#include "image/bios.h"
#include "image/blkio.h"
#include "image/grubcore.h"
#include "image/loader-internal.h"
#include "image/volume.h"

#define SECTOR 512

/* Another file system is mounted on /boot: what the root's own folder holds is not what boots. */
static bool boot_is_apart(const struct br_image *img)
{
	const struct br_fstab_entry *e = br_fstab_target(&img->fstab, "/boot");
	struct br_found f;

	if (!e)
		return false;
	br_disks_find(&img->disks, &e->spec, &f);
	return f.match == BR_MATCH_FOUND && f.blk != img->disks.root;
}

/* The first configuration on a device, in the place that its mount point makes it GRUB's. */
static int cfg_on(struct br_image *img, struct br_loader *l, int blk, bool *ret_unread)
{
	static const char *const folders[] = {"/boot/grub", "/boot/grub2", "/grub", "/grub2"};
	const struct br_volume *v = br_volume(img, blk);
	bool hidden = blk == img->disks.root && boot_is_apart(img);
	bool from_top = v && v->subroot && br_system_family(&img->system) != BR_FAMILY_SUSE;

	if (!v)
		return -ENOMEM;
	if (v->root.fd < 0) {
		*ret_unread = true;
		if (!l->fix && v->fix)
			l->fix = strdup(v->fix);
		return 0;
	}
	for (size_t k = 0; k < BR_ARRAY_SIZE(folders) && !l->cfg_path; k++) {
		br_autofree char *cfg = br_format("%s/grub.cfg", folders[k]);

		if (!cfg)
			return -ENOMEM;
		if ((hidden && br_starts(cfg, "/boot/")) || !br_root_exists(&v->root, cfg))
			continue;
		/* As grub-install names it: from the top of the file system, but for SUSE. */
		l->prefix = br_format("%s%s", from_top ? v->subroot : "", folders[k]);
		l->cfg_path = br_format("%s/grub.cfg", l->prefix);
		l->cfg_dev = blk;
	}
	return 0;
}

/*
 * A core image that does not unpack: where its prefix leads by all that installs GRUB is looked for,
 * fstab's /boot, the root, and only where neither has one the other file systems of the disk.
 */
static int find_grub_cfg(struct br_image *img, struct br_loader *l)
{
	const struct br_fstab_entry *boot = br_fstab_target(&img->fstab, "/boot");
	struct br_found f = {.blk = -1};
	bool unread = false;
	int r = 0;

	if (boot)
		br_disks_find(&img->disks, &boot->spec, &f);
	if (f.blk >= 0 && f.match == BR_MATCH_FOUND)
		r = cfg_on(img, l, f.blk, &unread);
	if (r == 0 && !l->cfg_path && !unread && img->disks.root >= 0)
		r = cfg_on(img, l, img->disks.root, &unread);
	for (size_t i = 0; r == 0 && !l->cfg_path && !unread && i < img->disks.n; i++) {
		const struct br_blk *b = &img->disks.blk[i];

		/* A logical volume that is neither the root nor /boot holds no GRUB that anything installs. */
		if (b->use == BR_USE_FS && b->kind != BR_BLK_VOLUME && b->disk == img->disks.root_disk && (int)i != l->esp &&
		    !br_streq(b->type, "vfat"))
			r = cfg_on(img, l, (int)i, &unread);
	}
	if (r == 0 && !l->cfg_path && unread)
		l->unknown = br_format("no grub.cfg where one could be looked for, and not every file system could");
	return r;
}

/*
 * All behind the core image's first sector, by its list of blocks. An empty one, or one that lies outside the disk,
 * is none: ret_len 0.
 */
static int read_core(const struct br_disks *d, int disk, const unsigned char *first, unsigned char **ret, size_t *ret_len)
{
	static const unsigned char nothing[SECTOR];
	struct br_grub_blocks list[BR_GRUB_BLOCKS_MAX];
	size_t n = br_grub_blocks(first, list), len = 0;
	br_autofree unsigned char *buf = malloc(BR_GRUBCORE_MAX);
	bool empty = true;

	*ret_len = 0;
	if (!buf)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		size_t more = (size_t)list[i].n * SECTOR;
		int r;

		if (more > BR_GRUBCORE_MAX - len)
			more = BR_GRUBCORE_MAX - len;
		if (list[i].sector > UINT64_MAX / SECTOR)
			return 0;
		r = br_blk_read(d, disk, list[i].sector * SECTOR, buf + len, more);
		if (r < 0)
			return r == -ERANGE ? 0 : r;
		len += more;
	}
	for (size_t i = 0; empty && i + SECTOR <= len; i += SECTOR)
		empty = memcmp(buf + i, nothing, SECTOR) == 0;
	if (!empty) {
		*ret = BR_TAKE(buf);
		*ret_len = len;
	}
	return 0;
}

/* Begins as the core image does; what cannot be unpacked leaves the search for a grub.cfg. */
static int start_grub(struct br_image *img, struct br_loader *l, const unsigned char *buf, size_t len)
{
	br_cleanup(br_grub_core_free) struct br_grub_core core = {0};
	br_autofree char *device = NULL;
	struct br_grub_from from = {.path = "", .platform = "i386-pc"};
	int r = br_grub_core_parse(buf, len, &core);

	l->what = strdup("grub");
	l->kind = BR_LOADER_GRUB;
	l->bootable = true;
	if (r == -EBADMSG)
		return find_grub_cfg(img, l);
	device = core.part ? br_format("hd0,%d", core.part) : strdup("hd0");
	if (r < 0 || !device)
		return -ENOMEM;
	from.device = device;
	r = br_loader_grub(img, l, &core.mods, &from);
	if (r)
		return r < 0 ? r : 0;
	br_loader_forget(l);
	return find_grub_cfg(img, l);
}

static int no_core(const struct br_image *img, struct br_loader *l, uint64_t sector)
{
	const struct br_blk *disk = &img->disks.blk[img->disks.root_disk];

	br_loader_problem(l, "bios-no-core-image",
	                  br_format("GRUB's boot code looks for its core image at sector %llu of %s, where none is",
	                            (unsigned long long)sector, disk->name),
	                  br_format("grub-install --target=i386-pc %s", disk->path));
	return 0;
}

static int look_core(struct br_image *img, struct br_loader *l, const struct br_bios *bios)
{
	unsigned char sector[SECTOR];
	br_autofree unsigned char *buf = NULL;
	size_t len = 0;
	int disk = img->disks.root_disk, r;

	if (bios->core_sector > UINT64_MAX / SECTOR)
		return no_core(img, l, bios->core_sector);
	r = br_blk_read(&img->disks, disk, bios->core_sector * SECTOR, sector, sizeof(sector));
	if (r == -ERANGE || (r == 0 && !br_bios_is_core(sector)))
		return no_core(img, l, bios->core_sector);
	if (r == 0)
		r = read_core(&img->disks, disk, sector, &buf, &len);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		l->unknown = br_format("GRUB's core image: %s", br_strerror(-r));
		return 0;
	}
	return len ? start_grub(img, l, buf, len) : no_core(img, l, bios->core_sector);
}

/* Boot code that is gone is missed where the core image that it would have started is still in its own partition. */
static bool core_waits(const struct br_disks *d, int disk)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];
		unsigned char sector[512];

		if (b->kind == BR_BLK_PART && b->disk == disk && b->parttype &&
		    strcasecmp(b->parttype, "21686148-6449-6e6f-744e-656564454649") == 0 &&
		    br_blk_read(d, (int)i, 0, sector, sizeof(sector)) == 0 && br_bios_is_core(sector))
			return true;
	}
	return false;
}

int br_loader_bios(struct br_image *img, struct br_loader *l)
{
	unsigned char sector[SECTOR];
	struct br_bios bios;
	int disk = img->disks.root_disk, r = br_blk_read(&img->disks, disk, 0, sector, sizeof(sector));

	if (r < 0) {
		l->unknown = br_format("the disk's first sector: %s", br_strerror(-r));
		return 0;
	}
	l->esp = br_disks_esp(&img->disks, disk);
	br_bios_parse(sector, &bios);
	if (bios.kind == BR_BIOS_NONE) {
		l->claimed = core_waits(&img->disks, disk);
		br_loader_problem(l, "bios-no-boot-code", br_format("the first sector of %s holds no boot code", img->disks.blk[disk].name),
		        br_format("grub-install --target=i386-pc %s", img->disks.blk[disk].path));
		return 0;
	}
	l->claimed = true;
	if (bios.kind == BR_BIOS_SYSLINUX)
		return br_loader_syslinux(img, l, sector);
	if (bios.kind == BR_BIOS_OTHER) {
		l->bootable = true;
		l->what = strdup("boot code that we do not know");
		l->unknown = br_format("the BIOS starts %s, whose configuration is not read", l->what);
		return 0;
	}
	if (bios.drive != 0xff && (bios.drive & 0x7f)) {
		l->bootable = true;
		l->what = strdup("grub");
		l->unknown = br_format("GRUB's boot code loads its core image from another disk, number %u of the BIOS", bios.drive & 0x7f);
		return 0;
	}
	return look_core(img, l, &bios);
}
