/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The BIOS's side: boot code, core image, and where GRUB's configuration is. */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "image/bios.h"
#include "image/blkio.h"
#include "image/loader-internal.h"
#include "image/volume.h"

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
 * The prefix in the compressed core image is not read; where it leads by all that installs GRUB is looked for:
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

/* The core image's blocks: the list of them stands at the end of its first sector (struct grub_boot_blocklist). */
static bool core_is_empty(const struct br_disks *d, int disk, const unsigned char *first)
{
	uint64_t start = br_le64(first + 500);
	unsigned sectors = br_le16(first + 508);
	static const unsigned char nothing[512];
	unsigned char sector[512];

	if (!sectors || start > UINT64_MAX / 1024)
		return true;
	for (unsigned i = 0; i < sectors; i++) {
		if (br_blk_read(d, disk, (start + i) * 512, sector, sizeof(sector)) < 0)
			return true;
		if (memcmp(sector, nothing, sizeof(sector)) != 0)
			return false;
		if (i == 63) /* what is there is packed: nothing in it stays empty for so long */
			break;
	}
	return true;
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
	unsigned char sector[512];
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
	if (bios.kind == BR_BIOS_SYSLINUX || bios.kind == BR_BIOS_OTHER) {
		l->bootable = true;
		l->what = strdup(bios.kind == BR_BIOS_SYSLINUX ? "syslinux" : "boot code that we do not know");
		l->unknown = br_format("the BIOS starts %s, whose configuration is not read", l->what);
		return 0;
	}
	r = bios.core_sector > UINT64_MAX / 512
	            ? -ERANGE
	            : br_blk_read(&img->disks, disk, bios.core_sector * 512, sector, sizeof(sector));
	if (r == -ERANGE || (r == 0 && (!br_bios_is_core(sector) || core_is_empty(&img->disks, disk, sector)))) {
		br_loader_problem(l, "bios-no-core-image",
		        br_format("GRUB's boot code looks for its core image at sector %llu of %s, where none is",
		                  (unsigned long long)bios.core_sector, img->disks.blk[disk].name),
		        br_format("grub-install --target=i386-pc %s", img->disks.blk[disk].path));
		return 0;
	}
	if (r < 0) {
		l->unknown = br_format("GRUB's core image: %s", br_strerror(-r));
		return 0;
	}
	l->what = strdup("grub");
	l->bootable = true;
	return find_grub_cfg(img, l);
}
