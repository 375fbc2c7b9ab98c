/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* syslinux on a BIOS: from the disk's first sector to its configuration. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/bios.h"
#include "image/blkio.h"
#include "image/loader-internal.h"
#include "image/syslinux.h"
#include "image/volume.h"

#define SECTOR 512
/* gptmbr.bin reads what is here too: 128 entries of 128 bytes is what every tool writes. */
#define GPT_ENTRIES_BYTES (32 * BR_KIB)
/* What installing wrote into ldlinux.sys stands about 5 KiB behind its start (6.04). */
#define LDLINUX_HEAD (16 * BR_KIB)

static const char *disk_name(const struct br_image *img)
{
	return img->disks.blk[img->disks.root_disk].name;
}

/* The command that puts boot code and loader back; GPT disks have boot code of their own. */
static char *install_fix(const struct br_image *img, const struct br_loader *l, bool gpt)
{
	return br_format("extlinux --install %s && dd if=%s of=%s bs=440 count=1 conv=notrunc",
	                 l->modules && *l->modules ? l->modules : "/boot/extlinux",
	                 gpt ? "/usr/lib/EXTLINUX/gptmbr.bin" : "/usr/lib/EXTLINUX/mbr.bin",
	                 img->disks.blk[img->disks.root_disk].path);
}

/* The partition that starts at a sector of the disk; -1 none. */
static int partition_at(const struct br_image *img, uint64_t sector)
{
	int disk = img->disks.root_disk;

	for (size_t i = 0; i < img->disks.n; i++)
		if (img->disks.blk[i].kind == BR_BLK_PART && img->disks.blk[i].disk == disk &&
		    img->disks.blk[i].start == sector * SECTOR)
			return (int)i;
	return -1;
}

/* mbr.bin: the one partition that is active. */
static int active_partition(struct br_image *img, struct br_loader *l, const unsigned char *sector, int *ret)
{
	int found = -1;

	for (int i = 0; i < 4; i++) {
		const unsigned char *e = sector + 446 + (ptrdiff_t)i * 16;

		if (!(e[0] & 0x80))
			continue;
		if (found >= 0) {
			br_loader_problem(l, "syslinux-no-partition",
			                  br_format("syslinux's boot code starts the active partition of %s, and several are active",
			                            disk_name(img)),
			                  br_format("sfdisk --activate %s %d", img->disks.blk[img->disks.root_disk].path, found + 1));
			return 0;
		}
		found = i;
	}
	if (found >= 0)
		*ret = partition_at(img, br_le32(sector + 446 + (ptrdiff_t)found * 16 + 8));
	if (*ret < 0)
		br_loader_problem(l, "syslinux-no-partition",
		                  br_format("syslinux's boot code starts the active partition of %s, and none is active",
		                            disk_name(img)),
		                  br_format("sfdisk --activate %s 1", img->disks.blk[img->disks.root_disk].path));
	return 0;
}

/* gptmbr.bin: the one partition with the attribute "legacy BIOS bootable". */
static int legacy_partition(struct br_image *img, struct br_loader *l, int *ret)
{
	br_autofree unsigned char *entries = malloc(GPT_ENTRIES_BYTES);
	unsigned char h[SECTOR];
	uint64_t at;
	size_t n, size;
	int r, disk = img->disks.root_disk;
	const char *path = img->disks.blk[disk].path;

	if (!entries)
		return -ENOMEM;
	r = br_blk_read(&img->disks, disk, SECTOR, h, sizeof(h));
	at = br_le64(h + 72);
	n = br_le32(h + 80);
	size = br_le32(h + 84);
	if (r == 0 && (memcmp(h, "EFI PART", 8) != 0 || size < 128 || size > SECTOR || n > GPT_ENTRIES_BYTES / size ||
	               at > UINT64_MAX / SECTOR / 2))
		r = -EBADMSG;
	if (r == 0)
		r = br_blk_read(&img->disks, disk, at * SECTOR, entries, n * size);
	if (r < 0 && r != -EBADMSG) {
		l->unknown = br_format("the partition table of %s: %s", disk_name(img), br_strerror(-r));
		return l->unknown ? 0 : -ENOMEM;
	}
	r = r < 0 ? -ENOENT : br_gpt_legacy_boot(entries, n, size);
	if (r >= 0)
		*ret = partition_at(img, br_le64(entries + (size_t)r * size + 32));
	if (*ret < 0)
		br_loader_problem(l, "syslinux-no-partition",
		                  br_format("syslinux's boot code starts the partition of %s with the attribute LegacyBIOSBootable, "
		                            "and %s", disk_name(img), r == -E2BIG ? "several have it" : "none has it"),
		                  br_format("sfdisk --part-attrs %s 1 LegacyBIOSBootable", path));
	return 0;
}

/* Where installing may have put it: the folder itself is written in the file, but that has to be found. */
static int open_ldlinux(struct br_image *img, int blk, int *ret_fd)
{
	static const char *const folders[] = {"/boot/extlinux", "/extlinux", "/boot/syslinux", "/syslinux", "/boot", ""};
	const struct br_volume *v = br_volume(img, blk);
	int r = -ENOENT;

	for (size_t i = 0; v && r == -ENOENT && i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_format("%s%s/ldlinux.sys", v->subroot ? v->subroot : "", folders[i]);

		r = path ? br_volume_open(img, blk, path, ret_fd) : -ENOMEM;
	}
	return v ? r : -ENOMEM;
}

/* Does the partition's boot sector lead to the file that is there? On ext and FAT it names the first sector. */
static int judge_boot_sector(struct br_image *img, struct br_loader *l, int part, const unsigned char *head,
                             const struct br_ldlinux *ld, bool gpt)
{
	const struct br_blk *b = &img->disks.blk[part];
	unsigned char vbr[SECTOR], first[SECTOR];
	bool named = b->type && (br_starts(b->type, "ext") || br_streq(b->type, "vfat"));
	bool there = true;
	uint64_t lba;
	/* XFS has its own superblock where a boot sector would be. */
	int r = br_blk_read(&img->disks, part, br_streq(b->type, "xfs") ? 2048 : 0, vbr, sizeof(vbr));

	if (r < 0) {
		l->unknown = br_format("the boot sector of %s: %s", b->name, br_strerror(-r));
		return l->unknown ? 0 : -ENOMEM;
	}
	there = vbr[510] == 0x55 && vbr[511] == 0xaa && memmem(vbr, sizeof(vbr), "LINUX", 5);
	if (there && named && ld->sect[0] + 4 <= SECTOR && ld->sect[1] + 4 <= SECTOR) {
		lba = br_le32(vbr + ld->sect[0]) | (uint64_t)br_le32(vbr + ld->sect[1]) << 32;
		there = lba <= UINT64_MAX / SECTOR / 2 &&
		        br_blk_read(&img->disks, part, lba * SECTOR, first, sizeof(first)) == 0 &&
		        memcmp(first, head, sizeof(first)) == 0;
	}
	if (!there)
		br_loader_problem(l, "syslinux-no-loader",
		                  br_format("the boot sector of %s does not lead to the ldlinux.sys that is there", b->name),
		                  install_fix(img, l, gpt));
	return 0;
}

/* The first configuration in the folders that are looked through, in their order. */
static int find_cfg(struct br_image *img, struct br_loader *l, int blk)
{
	const char *const folders[] = {l->modules, "/boot/syslinux", "/syslinux", ""};
	static const char *const names[] = {"extlinux.conf", "syslinux.cfg"};
	const struct br_volume *v = br_volume(img, blk);

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders) * 2 && !l->cfg_path; i++) {
		br_autofree char *path = br_format("%s%s/%s", v->subroot ? v->subroot : "", folders[i / 2], names[i % 2]);
		br_autoclose int fd = -1;
		int r = path ? br_volume_open(img, blk, path, &fd) : -ENOMEM;

		if (r == 0)
			l->cfg_path = BR_TAKE(path);
		else if (r == -ENOMEM)
			return r;
	}
	l->cfg_dev = blk;
	return 0;
}

static int look_at_partition(struct br_image *img, struct br_loader *l, int part, bool gpt)
{
	const struct br_volume *v = br_volume(img, part);
	unsigned char head[LDLINUX_HEAD];
	struct br_ldlinux ld = {0};
	br_autoclose int fd = -1;
	ssize_t n;
	int r;

	if (!v)
		return -ENOMEM;
	if (v->root.fd < 0) {
		l->unknown = br_format("syslinux is on %s: %s", img->disks.blk[part].name, v->why ? v->why : "unreadable");
		l->fix = v->fix ? strdup(v->fix) : NULL;
		return l->unknown ? 0 : -ENOMEM;
	}
	r = open_ldlinux(img, part, &fd);
	if (r == -ENOMEM)
		return r;
	n = r == 0 ? pread(fd, head, sizeof(head), 0) : -1;
	if (n < SECTOR || !br_ldlinux_parse(head, (size_t)n, &ld)) {
		br_loader_problem(l, "syslinux-no-loader",
		                  br_format("syslinux's boot code starts %s, where no ldlinux.sys is", img->disks.blk[part].name),
		                  install_fix(img, l, gpt));
		return 0;
	}
	while (*ld.dir && ld.dir[strlen(ld.dir) - 1] == '/')
		ld.dir[strlen(ld.dir) - 1] = '\0';
	l->modules = strdup(ld.dir);
	if (!l->modules)
		return -ENOMEM;
	r = judge_boot_sector(img, l, part, head, &ld, gpt);
	if (r < 0 || l->problem || l->unknown)
		return r;
	l->bootable = true;
	return find_cfg(img, l, part);
}

int br_loader_syslinux(struct br_image *img, struct br_loader *l, const unsigned char *sector)
{
	struct br_bios bios;
	int part = -1, r;

	l->what = strdup("syslinux");
	l->kind = BR_LOADER_SYSLINUX;
	br_bios_parse(sector, &bios);
	if (bios.gpt)
		r = legacy_partition(img, l, &part);
	else
		r = active_partition(img, l, sector, &part);
	return r < 0 || l->problem || l->unknown ? r : look_at_partition(img, l, part, bios.gpt);
}
