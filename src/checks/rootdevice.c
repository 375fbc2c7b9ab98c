/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "image/image.h"

static const struct br_code codes[] = {
	{"root-on-several-disks", BR_BASIS_POLICY, "the root's file system or volume group takes more than one disk"},
	{"root-on-raid", BR_BASIS_POLICY, "the root is on an array"},
	{"root-key-asked", BR_BASIS_BOOT, "the root is encrypted, and a person is asked for its key"},
	{"root-multipath", BR_BASIS_POLICY, "the root is named as a multipath map"},
	{"lvm-volume-hidden", BR_BASIS_BOOT, "the root's LVM configuration hides a volume from LVM on the target"},
	{"lvm-volume-doubtful", BR_BASIS_POLICY, "whether LVM will see a volume on the target depends on its names there"},
	{"root-device-unknown", BR_BASIS_POLICY, "which device holds the root is not known"},
};

static void judge_disks(const struct br_image *img, const struct br_blk *b, struct br_result *res)
{
	if (img->root_members > 1)
		br_find(res, "root-on-several-disks", BR_SEV_WARNING, NULL, 0, "btrfs device remove all but one, or import all disks",
		        "the root's file system is of %u devices; without each of them it is not mounted", img->root_members);
	else if (b->kind == BR_BLK_MAPPED && b->disk < 0 && b->n_under)
		br_find(res, "root-on-several-disks", BR_SEV_WARNING, NULL, 0, NULL,
		        "the root (%s) lies on more than one disk; an import takes the system disk", b->name);
}

/* The group of the root's volume, by the physical volume that carries it. */
static void judge_group(const struct br_image *img, const struct br_blk *pv, struct br_result *res)
{
	unsigned here = 0;

	for (size_t i = 0; i < img->disks.n; i++) {
		const struct br_blk *b = &img->disks.blk[i];

		here += b->lvs_read && b->group_pvs == pv->group_pvs && b->disk == pv->disk && b->lvs.n == pv->lvs.n &&
		        (!b->lvs.n || strcmp(b->lvs.v[0], pv->lvs.v[0]) == 0);
	}
	if (pv->lvs_read && pv->group_pvs > here)
		br_find(res, "root-on-several-disks", BR_SEV_WARNING, NULL, 0, "pvmove what is on the other disks, then vgreduce",
		        "the root's volume group has %u physical volumes, and %u of them are on this disk", pv->group_pvs, here);
}

static const struct br_crypttab_entry *crypttab_of(const struct br_image *img, int blk)
{
	for (size_t i = 0; i < img->fstab.n_crypt; i++) {
		struct br_found f;

		br_disks_find(&img->disks, &img->fstab.crypt[i].spec, &f);
		if (f.match == BR_MATCH_FOUND && f.blk == blk)
			return &img->fstab.crypt[i];
	}
	return NULL;
}

/* One that crypttab lists, and asks for, is told by the Fstab check. */
static void judge_key(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *key = br_cmdline_get(c->early.params ? c->early.params : "", "rd.luks.key");
	const struct br_crypttab_entry *e = crypttab_of(img, c->early.layer_blk);

	if (key || e || img->fstab.crypttab_err)
		return;
	br_find(res, "root-key-asked", BR_SEV_WARNING, c->entry->source, c->entry->line,
	        "enrol a key that the target machine has, or type the passphrase at its console",
	        "root=%s is encrypted, and nothing but a person gives its key: the boot waits at the console", c->root_text);
}

static void judge_chain(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_early *e = &c->early;

	if (c->root_spec.kind == BR_SPEC_MAPPER && br_starts(c->root_spec.value, "mpath"))
		br_find(res, "root-multipath", BR_SEV_WARNING, c->entry->source, c->entry->line, "use root=UUID=...",
		        "root=%s is a multipath map: the target's disks have one path", c->root_text);
	if (!e->layers_sure || e->layer_blk < 0)
		return;
	if (e->layers & BR_LAYER_RAID)
		br_find(res, "root-on-raid", BR_SEV_WARNING, c->entry->source, c->entry->line, NULL,
		        "root=%s is on an array: with the system disk alone it is degraded, or not there", c->root_text);
	if ((e->layers & BR_LAYER_LUKS) && e->luks_asked)
		judge_key(img, c, res);
	if ((e->layers & BR_LAYER_LVM) && img->disks.blk[e->layer_blk].use == BR_USE_LVM)
		judge_group(img, &img->disks.blk[e->layer_blk], res);
}

static void judge_lvm(const struct br_image *img, struct br_result *res)
{
	size_t path = img->lvm_why ? strcspn(img->lvm_why, ":") : 0;
	br_autofree char *file = img->lvm_why ? br_format("/%.*s", (int)path, img->lvm_why) : NULL;
	const char *fix = file && br_ends(file, ".devices") ? "rm /etc/lvm/devices/system.devices, or vgimportdevices -a on the target" :
	                                                      "take the filter out of /etc/lvm/lvm.conf";

	if (img->lvm_view != BR_LVM_SEEN && file)
		br_find(res, img->lvm_view == BR_LVM_HIDDEN ? "lvm-volume-hidden" : "lvm-volume-doubtful", BR_SEV_WARNING, file, 0,
		        fix, "%s", img->lvm_why);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_blk *b = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;
	bool any = false;

	if (b)
		judge_disks(img, b, res);
	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_chain *c = &img->chains[i];

		if (!c->offered || !c->entry || !c->root_text)
			continue;
		any |= c->early.layers_sure || c->root_found.match == BR_MATCH_FOUND;
		judge_chain(img, c, res);
	}
	judge_lvm(img, res);
	if (!b && !any)
		br_find(res, "root-device-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "%s",
		        img->disks.known ? "which of the disks holds the root is not known" : "the disks are not known");
	br_conclude(res);
}

const struct br_check br_check_rootdevice = {
	.id = "RootDevice",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "nothing between disk and root depends on the old machine",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_DISKS | BR_NEED_CHAINS | BR_NEED_DRIVERS,
	.wants = BR_NEED_FSTAB,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "What root= of each default entry lies in (LVM's metadata, arrays, encrypted containers, the members of a "
		 "btrfs), /etc/lvm/devices/system.devices and the filters of /etc/lvm/lvm.conf, crypttab.",
	.fails = "Never. It warns of a root over several disks, on an array, encrypted with a key that somebody has to type, "
		 "or named as a multipath map, and of LVM configuration that knows the disks by the old machine's "
		 "hardware. What surely stops the boot (an initramfs that cannot open the root) the Grub check fails.",
	.why = "An import takes one disk, and its names, serial numbers and paths are others there. LVM's devices file then "
	       "hides every volume that the initramfs did not open, and what is mounted from them is missed.",
	.mend = "Remove the devices file (or run vgimportdevices -a on the target), take filters out of lvm.conf, and move the "
		"root to one disk.",
	.run = run,
};
