/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/num.h"
#include "checks/drivers.h"
#include "checks/onlineresizefs.h"

#define GIB_MBR_MAX 2048

static const struct br_code codes[] = {
	{"root-not-last", BR_BASIS_BOOT, "another partition lies behind the root's: there is nothing to grow into"},
	{"growth-no-tool", BR_BASIS_BOOT, "nothing that grows the partition at boot is installed and enabled"},
	{"growth-no-resizer", BR_BASIS_BOOT, "nothing that grows the file system at boot is installed"},
	{"growth-type", BR_BASIS_BOOT, "a file system that cannot grow while it is mounted"},
	{"growth-disabled", BR_BASIS_BOOT, "growing is switched off"},
	{"growth-kernel-old", BR_BASIS_BOOT, "a kernel that cannot be told of a partition's new size while it is in use"},
	{"growth-logical", BR_BASIS_BOOT, "the root is a logical partition, which growpart does not grow"},
	{"growth-no-room", BR_BASIS_BOOT, "the root is so full that what would grow it cannot even start"},
	{"growth-stacked", BR_BASIS_POLICY, "LVM, LUKS or an array between the partition and the file system"},
	{"growth-mbr-limit", BR_BASIS_POLICY, "an MBR label ends at 2 TiB, the target's disks do not"},
	{"growth-root-unknown", BR_BASIS_POLICY, "which device holds the root could not be told"},
	{"growth-config-unread", BR_BASIS_POLICY, "what cloud-init or the initramfs would do could not be told"},
};

/* A root that stays small boots: to what that amounts the target's rules say. */
static enum br_severity severity(const struct br_image *img)
{
	return br_judge_severity(img, "OnlineResizeFS");
}

static const struct br_blk *root_of(const struct br_image *img)
{
	return img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;
}

static const char *package_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt install cloud-init cloud-guest-utils fdisk";
	case BR_FAMILY_REDHAT:
		return "dnf install cloud-init cloud-utils-growpart gdisk";
	case BR_FAMILY_SUSE:
		return "zypper install growpart-rootgrow && systemctl enable rootgrow.service";
	case BR_FAMILY_ARCH:
		return "pacman -S cloud-init cloud-guest-utils";
	default:
		return "install and enable cloud-init with growpart";
	}
}

static void judge_place(const struct br_image *img, const struct br_blk *root, struct br_result *res)
{
	const struct br_disks *d = &img->disks;
	const struct br_blk *disk = root->disk >= 0 ? &d->blk[root->disk] : NULL;

	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];

		if (b->kind != BR_BLK_PART || b->disk != root->disk || b == root || b->start <= root->start)
			continue;
		br_find(res, "root-not-last", severity(img), NULL, 0,
		        "move what is in it elsewhere (swap: a file), and remove the partition",
		        "%s, the root, is followed on its disk by %s (%s)", root->name, b->name,
		        b->type ? b->type : b->partlabel ? b->partlabel : "no file system");
		return;
	}
	if (disk && br_streq(disk->pttype, "dos") && root->partno > 4)
		br_find(res, "growth-logical", severity(img), NULL, 0, "move the root to a primary partition, or to a GPT",
		        "%s, the root, is a logical partition: growpart does not grow the extended one around it",
		        root->name);
}

/* cloud-init makes folders and growpart a copy of the table before either has grown anything. */
static void judge_room(const struct br_image *img, const char *type, struct br_result *res)
{
	for (size_t i = 0; img->usages_fact.state == BR_FACT_READ && i < img->usages.n; i++) {
		const struct br_usage *u = &img->usages.v[i];

		if (strcmp(u->mount, "/") != 0 || u->why || br_space_room(&u->space, type))
			continue;
		br_find(res, "growth-no-room", severity(img), "/", 0, "remove what is not needed: du -xh / | sort -h | tail",
		        "the root is full to the last block or inode: what grows it at the first boot cannot write what it has to");
	}
}

static void judge_label(const struct br_image *img, const struct br_blk *root, struct br_result *res)
{
	const char *gib = br_profile_get(img->profile, "OnlineResizeFS", "disk_gib");
	const struct br_blk *disk = root->disk >= 0 ? &img->disks.blk[root->disk] : NULL;
	uint64_t most;

	if (!gib || !disk || !br_streq(disk->pttype, "dos") ||
	    br_parse_uint(gib, strlen(gib), 10, 0, UINT32_MAX, &most) < 0 || most <= GIB_MBR_MAX)
		return;
	br_find(res, "growth-mbr-limit", BR_SEV_WARNING, NULL, 0, "convert the label to GPT (gdisk)",
	        "%s has an MBR label: the root cannot grow past 2 TiB, the target's disks reach %s GiB", disk->name, gib);
}

/* Which of the root's programs grows a file system of that type; NULL: none can. */
static const char *resizer(const struct br_growth *g, const char *type, bool *there)
{
	if (strcmp(type, "xfs") == 0) {
		*there = g->xfs_growfs;
		return "xfs_growfs";
	}
	if (strcmp(type, "btrfs") == 0) {
		*there = g->btrfs;
		return "btrfs";
	}
	if (strncmp(type, "ext", 3) == 0) {
		*there = g->resize2fs;
		return "resize2fs";
	}
	return NULL;
}

static bool root_has_growfs(const struct br_image *img)
{
	const struct br_fstab_entry *e = NULL;
	size_t len;

	if (img->fstab_fact.state == BR_FACT_READ)
		e = br_fstab_target(&img->fstab, "/");
	return e && img->growth.growfs && br_fstab_option(e, "x-systemd.growfs", &len);
}

/* Nothing that is sure to do it was found, and an initramfs that could not be read may. */
static bool find_unread(const struct br_growth_ways *w, bool growroot, const char *what, struct br_result *res)
{
	if (!(growroot && w->may.growroot) && !w->may.kiwi_repart && !w->may.disk_expand)
		return false;
	br_find(res, "growth-config-unread", BR_SEV_UNKNOWN, NULL, 0, NULL,
	        "whether the initramfs grows the root's %s could not be told: it was not read, and the root has what may be in it",
	        what);
	return true;
}

static void find_stop(const struct br_image *img, const struct br_growth_stop *s, struct br_result *res)
{
	br_find(res, "growth-disabled", severity(img), s->path, s->line,
	        "undo that setting, or see that something else grows the root", "%s", s->what);
}

static void find_off(const struct br_image *img, const struct br_cloud_start *cloud, struct br_result *res)
{
	const struct br_cloud_answer *a = &cloud->answer;

	br_find(res, "growth-disabled", severity(img), a->path, a->line,
	        a->from_cmdline ? "take it off the kernel command line"
	                        : "undo that setting, or see that something else grows the root",
	        a->search == BR_CLOUD_OFF ? "cloud-init is switched off: %s"
	                                  : "cloud-init stays off: %s leaves out where the target has its data",
	        a->what);
}

/* Everything that could have done it has a reason not to: say which. */
static void find_no_way(const struct br_image *img, const struct br_growth_ways *w, const struct br_growth_stop *own,
                        const char *what, const char *code, struct br_result *res)
{
	const struct br_cloudinit *ci = &img->cloudinit;
	const struct br_cloud_answer *a = &w->cloud.answer;
	bool odd = ci->config.unread;

	if (!ci->program)
		br_find(res, code, severity(img), NULL, 0, package_fix(img), "nothing grows the root's %s at boot%s", what,
		        img->growth.growpart ? ": growpart is installed, and nothing runs it" : "");
	else if (w->cloud.off)
		find_off(img, &w->cloud, res);
	else if (img->units.init == BR_INIT_UNKNOWN)
		br_find(res, "growth-config-unread", BR_SEV_UNKNOWN, NULL, 0, NULL,
		        "whether the boot comes to what grows the root's %s could not be told: its init is not known by name",
		        what);
	else if (odd || a->search == BR_CLOUD_UNTOLD)
		br_find(res, "growth-config-unread", BR_SEV_UNKNOWN, odd ? ci->config.unread_path : a->path,
		        odd ? ci->config.unread_line : a->line, NULL,
		        "whether cloud-init grows the root's %s could not be told: %s", what, odd ? ci->config.unread : a->what);
	else if (own->what)
		find_stop(img, own, res);
	else
		br_find(res, code, severity(img), NULL, 0, package_fix(img),
		        "nothing grows the root's %s at boot: cloud-init is there, and not what it runs", what);
}

static bool cloud_init_runs(const struct br_image *img, const struct br_growth_ways *w)
{
	const struct br_cloudinit *ci = &img->cloudinit;

	return ci->program && !ci->config.unread && !w->cloud.off && w->cloud.answer.search != BR_CLOUD_UNTOLD;
}

/* systemd-repart works on a GPT, and grows what has the type that its definition names: a root's. */
static bool repart_fits(const struct br_image *img, const struct br_growth_ways *w)
{
	static const char generic[] = "0fc63daf-8483-4772-8e79-3d69d8477de4";
	const struct br_blk *root = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;
	const struct br_blk *disk = root && root->disk >= 0 ? &img->disks.blk[root->disk] : NULL;

	return (img->growth.repart || (w->does.repart && img->growth.defines_root)) && disk && br_streq(disk->pttype, "gpt") && root->parttype &&
	       strcasecmp(root->parttype, generic) != 0;
}

/* It would be in an initramfs that is made anew, and is not in the one that boots. */
static bool find_not_in_initramfs(const struct br_image *img, const struct br_growth_ways *w, struct br_result *res)
{
	const struct br_growth_early *in = &img->growth.installed;
	const struct br_chain *c = w->cloud.chain;
	br_autofree char *fix = NULL;

	if (!in->growroot && !in->disk_expand)
		return false;
	fix = c && c->release ? br_fix_rebuild(img, c, "") : NULL;
	br_find(res, "growth-no-tool", severity(img), NULL, 0, fix, "%s is installed, and not in the initramfs that boots",
	        in->growroot ? "growroot" : "gce-disk-expand");
	return true;
}

static void judge_partition_tool(const struct br_image *img, const struct br_growth_ways *w, struct br_result *res)
{
	const struct br_growth *g = &img->growth;
	bool growpart = g->growpart && g->table_tool, growroot = !g->growroot_disabled.what;

	if (growpart && ((cloud_init_runs(img, w) && !g->no_growpart.what) || g->rootgrow || (w->does.growroot && growroot)))
		return;
	if (repart_fits(img, w) || w->does.kiwi_repart || w->does.disk_expand || g->disk_expand)
		return;
	if (find_unread(w, growpart && growroot, "partition", res))
		return;
	if (g->growpart && !g->table_tool)
		br_find(res, "growth-no-tool", severity(img), NULL, 0, package_fix(img),
		        "growpart is there, and neither sfdisk nor sgdisk, which it needs");
	else if (!g->growpart)
		br_find(res, "growth-no-tool", severity(img), NULL, 0, package_fix(img),
		        "none of growpart, systemd-repart with a definition, or another tool that grows the partition");
	else if (w->does.growroot && !growroot)
		find_stop(img, &g->growroot_disabled, res);
	else if (img->cloudinit.program || !growroot || !find_not_in_initramfs(img, w, res))
		find_no_way(img, w, &g->no_growpart, "partition", "growth-no-tool", res);
}

static const char *resizer_fix(const struct br_image *img, const char *tool)
{
	static const struct {
		const char *tool, *with[BR_FAMILY_ARCH + 1];
	} packages[] = {
		{"resize2fs", {"install e2fsprogs", "apt-get install e2fsprogs", "dnf install e2fsprogs",
	                       "zypper install e2fsprogs", "pacman -S e2fsprogs"}},
		{"xfs_growfs", {"install xfsprogs", "apt-get install xfsprogs", "dnf install xfsprogs",
	                        "zypper install xfsprogs", "pacman -S xfsprogs"}},
		{"btrfs", {"install btrfs-progs", "apt-get install btrfs-progs", "dnf install btrfs-progs",
	                   "zypper install btrfsprogs", "pacman -S btrfs-progs"}},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(packages); i++)
		if (strcmp(packages[i].tool, tool) == 0)
			return packages[i].with[br_system_family(&img->system)];
	return NULL;
}

static void judge_resizer(const struct br_image *img, const struct br_blk *root, const struct br_growth_ways *w,
                          struct br_result *res)
{
	const struct br_growth *g = &img->growth;
	bool there = false;
	const char *tool = resizer(g, root->type, &there);

	if (!tool) {
		br_find(res, "growth-type", severity(img), NULL, 0, "make the root anew as ext4, xfs or btrfs",
		        "the root is %s, which nothing grows while it is mounted", root->type);
		return;
	}
	if (strcmp(root->type, "ext2") == 0)
		br_find(res, "growth-type", BR_SEV_WARNING, NULL, 0, "give it a journal: tune2fs -j",
		        "the root is ext2, which grows only where the ext4 driver mounts it");
	/* kiwi's module and the kernel's own calls behind systemd-growfs need no program of the root. */
	if (w->does.kiwi_repart || w->does.disk_expand || g->disk_expand || root_has_growfs(img))
		return;
	if (there && (g->rootgrow || (cloud_init_runs(img, w) && !g->no_resizefs.what)))
		return;
	if (find_unread(w, false, "file system", res))
		return;
	if (!there)
		br_find(res, "growth-no-resizer", severity(img), NULL, 0, resizer_fix(img, tool),
		        "the root is %s, and %s is not installed",
		        root->type, tool);
	else
		find_no_way(img, w, &g->no_resizefs, "file system", "growth-no-resizer", res);
}

/* BLKPG_RESIZE_PARTITION, which partx uses for growpart, came with 3.6. */
static bool is_old(const char *release)
{
	size_t n = strspn(release, "0123456789"), m;
	uint64_t major, minor;

	if (br_parse_uint(release, n, 10, 0, 1000, &major) < 0 || release[n] != '.')
		return false;
	m = strspn(release + n + 1, "0123456789");
	if (br_parse_uint(release + n + 1, m, 10, 0, 1000, &minor) < 0)
		return false;
	return major < 3 || (major == 3 && minor < 6);
}

static void judge_kernel(const struct br_image *img, const struct br_growth_ways *w, struct br_result *res)
{
	/* Before the root is mounted the table can be read anew by any kernel. */
	if (w->does.growroot || w->does.kiwi_repart)
		return;
	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_chain *c = &img->chains[i];

		if (!c->offered || !c->release || !is_old(c->release))
			continue;
		if (find_unread(w, true, "partition", res))
			return;
		br_find(res, "growth-kernel-old", severity(img), NULL, 0, "boot a kernel of 3.6 or newer",
		        "the default kernel %s cannot resize a partition in use", c->release);
		return;
	}
}

static const char *stacked_on(const struct br_disks *d, const struct br_blk *root)
{
	const struct br_blk *below = root->n_under ? &d->blk[root->under[0]] : NULL;

	if (below && below->use == BR_USE_LUKS)
		return "LUKS";
	if (below && below->use == BR_USE_RAID)
		return "an array";
	return below && below->use == BR_USE_LVM ? "LVM" : "a mapping";
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_blk *root = root_of(img);
	struct br_growth_ways w;

	br_growth_ways(img, &w);
	if (!root) {
		br_find(res, "growth-root-unknown", BR_SEV_UNKNOWN, NULL, 0,
		        img->disks.known ? NULL : "name the disk with --disk", "which device holds the root is not known");
	} else if (root->kind == BR_BLK_MAPPED || root->n_under) {
		br_find(res, "growth-stacked", BR_SEV_WARNING, NULL, 0, NULL,
		        "the root is on %s: growing the partition alone does not make it larger",
		        stacked_on(&img->disks, root));
	} else if (!root->type) {
		br_find(res, "growth-root-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "the type of %s could not be read%s%s",
		        root->name, root->unread ? ": " : "", root->unread ? root->unread : "");
	} else {
		if (root->kind == BR_BLK_PART) {
			judge_place(img, root, res);
			judge_label(img, root, res);
			judge_partition_tool(img, &w, res);
			judge_kernel(img, &w, res);
		}
		judge_resizer(img, root, &w, res);
		judge_room(img, root->type, res);
	}
	br_conclude(res);
}

const struct br_check br_check_onlineresizefs = {
	.id = "OnlineResizeFS",
	.level = BR_LEVEL_HIGH,
	.title = "the root grows by itself on a larger disk",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_DISKS | BR_NEED_UNITS | BR_NEED_CLOUDINIT | BR_NEED_GROWTH,
	.wants = BR_NEED_DRIVERS | BR_NEED_FSTAB | BR_NEED_USAGE,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "Where the root's partition lies on its disk and what its file system is; which of growpart, "
		 "systemd-repart, cloud-initramfs-growroot, rootgrow, kiwi's and Google's tools the root and the default "
		 "entry's initramfs have, and whether the boot comes to them; the program that grows the file system; "
		 "cloud-init's configuration, its services and what switches it off; the release of the default kernel; how full "
		 "the root is.",
	.fails = "When another partition lies behind the root's, when nothing installed and enabled grows the partition or "
		 "the file system, when it has been switched off, when the type or the kernel cannot grow in use, or when the root is so full that "
		 "what grows it cannot start.",
	.why = "A cloud gives the machine a larger disk than the image. A root that does not grow fills up, and what was "
	       "paid for is not there. Where the target does not ask for it (the profile says), each of these is a warning.",
	.mend = "Install cloud-init with growpart (or the distribution's own tool), put the root last on its disk, and "
		"take out what switches growing off.",
	.run = run,
};
