/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What root= lies in: LVM, arrays, encryption; and whether LVM's own files let it see the root's volume. */
#include <errno.h>
#include <string.h>

#include "image/image.h"

#define DEPTH_MAX 16
/* Disk names of a profile. */
#define NAMES_MAX 8

static unsigned layer_of(const struct br_blk *b)
{
	switch (b->use) {
	case BR_USE_LVM:
		return BR_LAYER_LVM;
	case BR_USE_RAID:
		return BR_LAYER_RAID;
	case BR_USE_LUKS:
		return BR_LAYER_LUKS;
	case BR_USE_OTHER:
		return BR_LAYER_OTHER;
	default:
		return 0;
	}
}

static unsigned layers_under(const struct br_disks *d, int blk, unsigned depth, int *ret_lowest)
{
	unsigned layers = 0;

	for (size_t i = 0; i < d->blk[blk].n_under && depth < DEPTH_MAX; i++) {
		int under = (int)d->blk[blk].under[i];

		layers |= layer_of(&d->blk[under]) | layers_under(d, under, depth + 1, ret_lowest);
		if (layer_of(&d->blk[under]))
			*ret_lowest = under;
	}
	return layers;
}

/* Nothing has the tag, and what has not been looked into is this: it can only be in one of them. */
static unsigned layers_closed(const struct br_disks *d, int *ret_blk)
{
	unsigned layers = 0;

	for (size_t i = 0; i < d->n; i++)
		if (!d->blk[i].opened && layer_of(&d->blk[i])) {
			layers |= layer_of(&d->blk[i]);
			*ret_blk = (int)i;
		}
	return layers;
}

/* Names that only the running machine's udev gives. */
static bool is_bound_name(const struct br_chain *c)
{
	return c->root_spec.kind == BR_SPEC_BY_ID || c->root_spec.kind == BR_SPEC_BY_PATH ||
	       c->root_spec.kind == BR_SPEC_KERNEL_NAME || c->root_spec.kind == BR_SPEC_DEV_OTHER;
}

static bool is_one(unsigned layers)
{
	return layers && !(layers & (layers - 1));
}

/* Is one of these values the container's UUID, or a piece of it, as dracut's rules compare? "luks-" may precede it. */
static bool names_container(const struct br_strv *values, const char *uuid)
{
	for (size_t i = 0; i < values->n; i++) {
		const char *v = values->v[i];
		size_t n;

		v += br_starts(v, "luks-") ? strlen("luks-") : 0;
		n = strcspn(v, "=");
		if (n && (!uuid || memmem(uuid, strlen(uuid), v, n)))
			return true;
	}
	return false;
}

/*
 * Shown by boots (dracut 059, with systemd and with its own init): nothing is asked without one of these. With
 * a crypttab of the initramfs, or a container that is named by its partition or serial number, it may be.
 */
static bool luks_is_asked(const struct br_image *img, const struct br_chain *c)
{
	static const char *const by_uuid[] = {"rd.luks.uuid", "rd.luks.name", "luks.uuid", "luks.name", "rd_LUKS_UUID"};
	static const char *const otherwise[] = {"rd.luks.partuuid", "rd.luks.serial", "rd.luks.data", "luks.data"};
	const char *uuid = c->early.layer_blk >= 0 && img->disks.blk[c->early.layer_blk].use == BR_USE_LUKS ?
	                           img->disks.blk[c->early.layer_blk].uuid : NULL;
	br_autostrv struct br_strv values = {0}, others = {0};
	br_autofree char *automatic = NULL;

	for (size_t i = 0; i < BR_ARRAY_SIZE(by_uuid); i++)
		br_cmdline_all(c->early.params, by_uuid[i], &values);
	for (size_t i = 0; i < BR_ARRAY_SIZE(otherwise); i++)
		br_cmdline_all(c->early.params, otherwise[i], &others);
	automatic = br_cmdline_get(c->early.params, "rd.auto");
	return values.oom || others.n || names_container(&values, uuid) || (automatic && !br_cmdline_is_no(automatic)) ||
	       br_initramfs_has(&c->initramfs, "etc/crypttab");
}

void br_early_layers(const struct br_image *img, struct br_chain *c)
{
	const struct br_found *f = &c->root_found;
	struct br_early *e = &c->early;

	if (!c->root_text || c->root_spec.kind == BR_SPEC_OTHER || !img->disks.known)
		return;
	if (f->match == BR_MATCH_CONTAINED) {
		e->layers = layer_of(&img->disks.blk[f->blk]);
		e->layer_blk = f->blk;
		e->layers_sure = true;
	} else if (f->match == BR_MATCH_FOUND && f->blk >= 0) {
		e->layers = layers_under(&img->disks, f->blk, 0, &e->layer_blk);
		e->layers_sure = true;
	} else if (f->match == BR_MATCH_UNKNOWN && !img->disks.unread && !img->disks.too_many && !is_bound_name(c)) {
		e->layers = layers_closed(&img->disks, &e->layer_blk);
		e->layers_sure = is_one(e->layers);
	}
	if (e->layers & BR_LAYER_LUKS)
		e->luks_asked = !e->dracut || luks_is_asked(img, c);
}

/* Fedora's and Red Hat's lvm uses the devices file unless told otherwise, the others' does not. */
static bool default_devicesfile(const struct br_image *img)
{
	return br_system_family(&img->system) == BR_FAMILY_REDHAT;
}

/* What the target's kernels may call that partition: vda2, nvme0n1p2. */
static size_t target_names(const struct br_image *img, int blk, char **names)
{
	const char *list = br_profile_get(img->profile, "Fstab", "disk_names");
	br_autostrv struct br_strv prefixes = {0};
	unsigned part = img->disks.blk[blk].partno;
	size_t n = 0;

	br_strv_split(&prefixes, list ? list : "", " ");
	for (size_t i = 0; i < prefixes.n && n < NAMES_MAX; i++) {
		const char *p = prefixes.v[i];
		bool nvme = strcmp(p, "nvme") == 0;

		if (part)
			names[n] = br_format("/dev/%s%s%u", p, nvme ? "0n1p" : "a", part);
		else
			names[n] = br_format("/dev/%s%s", p, nvme ? "0n1" : "a");
		if (names[n])
			n++;
	}
	return n;
}

static void pvid_of(const char *uuid, char *ret, size_t size)
{
	size_t n = 0;

	for (; uuid && *uuid && n + 1 < size; uuid++)
		if (*uuid != '-')
			ret[n++] = *uuid;
	ret[n] = '\0';
}

static int say(char **ret_why, char *why)
{
	*ret_why = why;
	return why ? 0 : -ENOMEM;
}

static int look_filters(const struct br_image *img, int pv, const struct br_lvm_conf *conf, enum br_lvm_view *ret,
                        char **ret_why)
{
	static const char *const keys[] = {"global_filter", "filter"};
	const struct br_strv *lists[] = {&conf->global_filter, &conf->filter};
	char *names[NAMES_MAX];
	size_t n = target_names(img, pv, names);
	int r = 0;

	for (size_t i = 0; r == 0 && n && i < BR_ARRAY_SIZE(lists); i++) {
		enum br_lvm_view view = br_lvm_filter(lists[i], (const char *const *)names, n);

		if (view == BR_LVM_SEEN || *ret == BR_LVM_HIDDEN)
			continue;
		*ret = view;
		free(*ret_why);
		r = say(ret_why, view == BR_LVM_HIDDEN ?
		                         br_format("etc/lvm/lvm.conf: its %s refuses %s", keys[i], names[0]) :
		                         br_format("etc/lvm/lvm.conf: its %s does not take all of what the target may call "
		                                   "the volume (%s)", keys[i], names[0]));
	}
	while (n--)
		free(names[n]);
	return r;
}

int br_early_lvm(const struct br_image *img, int pv, const char *conf, const char *devices, enum br_lvm_view *ret,
                 char **ret_why)
{
	br_cleanup(br_lvm_conf_free) struct br_lvm_conf c = {.use_devicesfile = -1};
	char pvid[64];
	unsigned line = 0;
	int r;

	*ret = BR_LVM_SEEN;
	*ret_why = NULL;
	pvid_of(img->disks.blk[pv].uuid, pvid, sizeof(pvid));
	r = conf ? br_lvm_conf_parse(conf, strlen(conf), &c) : 0;
	if (r < 0)
		return r;
	if (devices && *pvid && (c.use_devicesfile == 1 || (c.use_devicesfile < 0 && default_devicesfile(img)))) {
		*ret = br_lvm_devices(devices, strlen(devices), pvid, &line);
		if (*ret == BR_LVM_SEEN)
			return 0; /* with a devices file in use filters are not looked at */
		return say(ret_why, line ? br_format("etc/lvm/devices/system.devices:%u: it knows the volume by the old "
		                                     "machine's hardware", line) :
		                           br_format("etc/lvm/devices/system.devices: it does not list the volume"));
	}
	return look_filters(img, pv, &c, ret, ret_why);
}

static const char *text_of(const struct br_initramfs *i, const char *path)
{
	const struct br_blob *b = br_initramfs_file(i, path);

	return b ? b->data : NULL;
}

int br_early_lvm_initramfs(const struct br_image *img, struct br_chain *c)
{
	struct br_early *e = &c->early;
	br_autofree char *off = NULL;
	const char *conf = text_of(&c->initramfs, "etc/lvm/lvm.conf");

	if (!(e->layers & BR_LAYER_LVM) || !e->layers_sure || e->layer_blk < 0 ||
	    img->disks.blk[e->layer_blk].use != BR_USE_LVM || !c->initramfs_read)
		return 0;
	off = br_cmdline_get(e->params, "rd.lvm.conf");
	if (e->dracut && br_cmdline_is_no(off)) /* dracut takes the file away before lvm runs */
		conf = NULL;
	return br_early_lvm(img, e->layer_blk, conf, text_of(&c->initramfs, "etc/lvm/devices/system.devices"), &e->lvm_view,
	                    &e->lvm_why);
}
