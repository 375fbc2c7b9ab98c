/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Can the initramfs, or the kernel alone, open what root= lies in and mount it? */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "checks/drivers.h"
#include "checks/fstab.h"
#include "checks/grub.h"

static const char *initramfs_path(const struct br_chain *c)
{
	return c->n_initrds ? c->initrds[c->n_initrds - 1].shown : NULL;
}

/* Is what was read of the initramfs all that there is? */
static bool is_seen(const struct br_chain *c)
{
	return c->initramfs_read && !c->initramfs.defect && !c->initramfs.unread && !c->initramfs.squash;
}

/* The state of a module where the root has to come from: the initramfs, or the kernel alone. */
static enum br_driver_state state_of(const struct br_image *img, const struct br_chain *c, const char *name,
                                     const char *alias, char **ret_what)
{
	br_autodriver struct br_driver d = {0}, early = {0};
	br_autostrv struct br_strv forced = {0};
	struct br_driver_ask ask = {.name = name, .alias = alias, .machine = br_machine_of(img)};

	if (c->root_modules && br_driver_look(c->root_modules, &ask, &d) == 0 && d.state == BR_DRIVER_BUILTIN)
		return BR_DRIVER_BUILTIN;
	if (!c->n_initrds && !c->initramfs_read)
		return c->root_modules ? BR_DRIVER_ABSENT : BR_DRIVER_UNKNOWN;
	if (!is_seen(c))
		return BR_DRIVER_UNKNOWN;
	if (!c->modules)
		return c->root_modules && d.state != BR_DRIVER_ABSENT ? BR_DRIVER_ABSENT : BR_DRIVER_UNKNOWN;
	if (br_forced_modules(&c->initramfs, c->cmdline, &forced) < 0)
		return BR_DRIVER_UNKNOWN;
	ask.blacklist = &c->blacklist;
	ask.forced = &forced;
	if (br_driver_look(c->modules, &ask, &early) < 0)
		return BR_DRIVER_UNKNOWN;
	/* booster keeps no index: it loads what its own list names. */
	if (early.state == BR_DRIVER_NOT_INDEXED && br_streq(c->initramfs.made_by, "booster"))
		return BR_DRIVER_PRESENT;
	if (ret_what && early.what)
		*ret_what = BR_TAKE(early.what);
	/* Not even the root has it: by another name, or built into a kernel that lists nothing. */
	if (early.state == BR_DRIVER_ABSENT && (!c->root_modules || d.state == BR_DRIVER_ABSENT))
		return BR_DRIVER_UNKNOWN;
	return early.state;
}

static bool is_there(enum br_driver_state s)
{
	return s == BR_DRIVER_BUILTIN || s == BR_DRIVER_PRESENT || s == BR_DRIVER_UNKNOWN;
}

static void fs_missing(const struct br_image *img, const struct br_chain *c, const char *fs, const char *module,
                       const char *why, struct br_result *res)
{
	br_autofree char *fix = br_fix_rebuild(img, c, module);

	br_find(res, "root-fs-driver-missing", BR_SEV_FAILED, initramfs_path(c), 0, fix,
	        "root is %s, and %s is not built into kernel %s and %s", fs, module, c->release, why);
}

/*
 * The file systems that ask the kernel's crypto for crc32c by its algorithm's name when they are mounted: no
 * line of modules.dep says so.
 */
static bool wants_crc32c(const char *fs)
{
	static const char *const list[] = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(list); i++)
		if (strcmp(list[i], fs) == 0)
			return true;
	return false;
}

static bool has_crc32c(const struct br_image *img, const struct br_chain *c)
{
	static const char *const modules[] = {"crc32c_generic", "crc32c_cryptoapi", "crc32c_intel", "crc32c_arm64"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(modules); i++) {
		enum br_driver_state s = state_of(img, c, modules[i], NULL, NULL);

		if (s == BR_DRIVER_BUILTIN || s == BR_DRIVER_PRESENT)
			return true;
	}
	return false;
}

/* Does this kernel have it as a module at all? Newer ones have it built in without a name in any list. */
static bool crc32c_is_module(const struct br_chain *c)
{
	const struct br_driver_ask ask = {.name = "crc32c_generic"};
	br_autodriver struct br_driver d = {0};

	return c->root_modules && br_driver_look(c->root_modules, &ask, &d) == 0 && d.state == BR_DRIVER_PRESENT;
}

static void judge_fs(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const char *fs = c->root_found.blk >= 0 && c->root_found.match != BR_MATCH_CONTAINED ?
	                         img->disks.blk[c->root_found.blk].type : NULL;
	const char *module = fs && (strcmp(fs, "ext2") == 0 || strcmp(fs, "ext3") == 0) ? "ext4" : fs;
	br_autofree char *alias = module ? br_format("fs-%s", module) : NULL, *what = NULL, *why = NULL;
	enum br_driver_state s;

	if (!alias || !c->release || img->disks.blk[c->root_found.blk].use != BR_USE_FS)
		return;
	s = state_of(img, c, module, alias, &what);
	if (!is_there(s)) {
		if (!c->n_initrds)
			why = br_format("the default entry loads no initramfs");
		else if (s == BR_DRIVER_ABSENT || !what)
			why = br_format("not in its initramfs");
		else
			why = br_format("cannot be loaded from its initramfs (%s: %s)", br_driver_state_name(s), what);
		fs_missing(img, c, fs, module, why ? why : "", res);
		return;
	}
	if (s == BR_DRIVER_PRESENT && wants_crc32c(fs) && crc32c_is_module(c) && !has_crc32c(img, c))
		fs_missing(img, c, fs, "crc32c_generic", "not in its initramfs, without which it is not mounted", res);
}

/* systemd and initramfs-tools mount by that type; dracut's own init looks again and takes what is there. */
static void judge_fstype(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *type = br_cmdline_get(c->early.params ? c->early.params : "", "rootfstype");
	const struct br_blk *b = c->root_found.blk >= 0 && c->root_found.match != BR_MATCH_CONTAINED ?
	                                 &img->disks.blk[c->root_found.blk] : NULL;
	bool looks_again = c->early.dracut && !c->early.systemd;

	if (!type || !*type || !b || b->use != BR_USE_FS || !br_fstab_type_refused(type, b))
		return;
	br_find(res, "root-fstype-wrong", looks_again ? BR_SEV_WARNING : BR_SEV_FAILED, c->entry->source, c->entry->line,
	        "take rootfstype= out of the kernel command line", "rootfstype=%s, and root=%s is %s", type, c->root_text,
	        b->type);
}

static void shut(enum br_severity severity, const struct br_chain *c, const char *why, char *fix, struct br_result *res)
{
	br_autofree char *owned = fix;
	static const struct {
		unsigned layer;
		const char *name;
	} names[] = {{BR_LAYER_LVM, "an LVM volume"}, {BR_LAYER_RAID, "an array"}, {BR_LAYER_LUKS, "an encrypted volume"}};
	const char *in = "a container";

	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
		if (c->early.layers & names[i].layer)
			in = names[i].name;
	/* Not seen anywhere else: in the one container that there is, or gone. Either way it is not opened. */
	br_find(res, "root-not-opened", severity, initramfs_path(c), 0, owned, "root=%s %s %s, and %s", c->root_text,
	        c->root_found.match == BR_MATCH_UNKNOWN ? "can only be in" : "is in", in, why);
}

static void closed(const struct br_chain *c, const char *why, char *fix, struct br_result *res)
{
	shut(BR_SEV_FAILED, c, why, fix, res);
}

static bool has_program(const struct br_chain *c, const char *name)
{
	static const char *const folders[] = {"usr/sbin", "usr/bin", "sbin", "bin"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_format("%s/%s", folders[i], name);

		if (path && br_initramfs_has(&c->initramfs, path))
			return true;
	}
	return false;
}

static bool is_off(const struct br_chain *c, const char *key)
{
	br_autofree char *value = br_cmdline_get(c->early.params, key);

	return br_cmdline_is_no(value);
}

static bool is_on(const struct br_chain *c, const char *key)
{
	br_autofree char *value = br_cmdline_get(c->early.params, key);

	return value && !is_off(c, key);
}

static bool names_any(const struct br_chain *c, const char *key)
{
	br_autofree char *value = br_cmdline_get(c->early.params, key);

	return value && *value;
}

/* Does one of rd.lvm.lv=, rd.lvm.vg= name the root's volume or its group? */
static bool lvm_is_named(const struct br_chain *c)
{
	br_autostrv struct br_strv lvs = {0}, groups = {0};
	const char *root = c->root_spec.value;

	if (c->root_spec.kind != BR_SPEC_MAPPER)
		return true; /* by a tag: which volume that is was not read */
	br_cmdline_all(c->early.params, "rd.lvm.lv", &lvs);
	br_cmdline_all(c->early.params, "rd.lvm.vg", &groups);
	for (size_t i = 0; i < lvs.n; i++) {
		br_autofree char *path = br_format("/dev/%s", lvs.v[i]);
		br_autospec struct br_spec s = {0};

		if (path && br_spec_parse(path, &s) == 0 && br_streq(s.value, root))
			return true;
	}
	for (size_t i = 0; i < groups.n; i++) {
		br_autofree char *path = br_format("/dev/%s/x", groups.v[i]);
		br_autospec struct br_spec s = {0};
		size_t n;

		if (!path || br_spec_parse(path, &s) < 0 || !s.value)
			continue;
		n = strlen(s.value) - 1;
		if (strncmp(root, s.value, n) == 0 && root[n] != '-')
			return true;
	}
	return false;
}

static void judge_lvm(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_early *e = &c->early;
	bool named = names_any(c, "rd.lvm.lv") || names_any(c, "rd.lvm.vg");
	br_autofree char *why = NULL;

	if (!has_program(c, "lvm"))
		closed(c, "its initramfs holds no lvm", br_fix_make(img, c->initramfs.made_by, c->release), res);
	else if (!is_there(state_of(img, c, "dm_mod", NULL, NULL)))
		closed(c, "dm_mod is not built in and not in its initramfs", br_fix_rebuild(img, c, "dm_mod"), res);
	else if (e->dracut && is_off(c, "rd.lvm"))
		closed(c, "rd.lvm=0 keeps dracut from opening it", strdup("take rd.lvm=0 out of the kernel command line"), res);
	/* Without either it opens all, rd.auto or not: parse-lvm.sh joins the two lists by a blank, and asks whether that is empty. */
	else if (e->dracut && named && !lvm_is_named(c))
		closed(c, "no rd.lvm.lv= or rd.lvm.vg= names it",
		       strdup("add rd.lvm.lv=GROUP/VOLUME of the root to the kernel command line"), res);
	else if (e->lvm_view == BR_LVM_HIDDEN) {
		why = br_format("in the initramfs %s", e->lvm_why);
		closed(c, why ? why : "", br_fix_make(img, c->initramfs.made_by, c->release), res);
	}
}

static void judge_raid(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	static const char *const levels[] = {"raid1", "raid456", "raid10", "raid0", "linear"};
	bool any = false, gone = false;

	/* A level that this kernel has nowhere says nothing of the others. */
	for (size_t i = 0; i < BR_ARRAY_SIZE(levels); i++) {
		enum br_driver_state s = state_of(img, c, levels[i], NULL, NULL);

		any |= s == BR_DRIVER_BUILTIN || s == BR_DRIVER_PRESENT;
		gone |= !is_there(s);
	}
	if (!has_program(c, "mdadm"))
		closed(c, "its initramfs holds no mdadm", br_fix_make(img, c->initramfs.made_by, c->release), res);
	else if (!any && gone)
		closed(c, "no module of any RAID level is built in or in its initramfs",
		       br_fix_rebuild(img, c, "raid1"), res);
	else if (c->early.dracut && is_off(c, "rd.md"))
		closed(c, "rd.md=0 keeps dracut from assembling it", strdup("take rd.md=0 out of the kernel command line"), res);
	else if (c->early.dracut && !names_any(c, "rd.md.uuid") && !is_on(c, "rd.auto"))
		shut(BR_SEV_WARNING, c, "dracut assembles none without rd.md.uuid= or rd.auto",
		     strdup("add rd.md.uuid=UUID of the array (mdadm --detail --export) to the kernel command line"), res);
}

static void judge_luks(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	if (!has_program(c, "cryptsetup") && !br_initramfs_has(&c->initramfs, "usr/lib/systemd/systemd-cryptsetup") &&
	    !br_initramfs_has(&c->initramfs, "usr/bin/systemd-cryptsetup") &&
	    !br_initramfs_has(&c->initramfs, "lib/systemd/systemd-cryptsetup"))
		closed(c, "its initramfs holds no cryptsetup", br_fix_make(img, c->initramfs.made_by, c->release), res);
	else if (!is_there(state_of(img, c, "dm_crypt", NULL, NULL)))
		closed(c, "dm_crypt is not built in and not in its initramfs", br_fix_rebuild(img, c, "dm_crypt"), res);
	else if (c->early.dracut && is_off(c, "rd.luks"))
		closed(c, "rd.luks=0 keeps dracut from opening it",
		       strdup("take rd.luks=0 out of the kernel command line"), res);
	else if (c->early.dracut && !c->early.luks_asked)
		closed(c, "dracut opens none without rd.luks.uuid= of it, or rd.auto",
		       strdup("add rd.luks.uuid=UUID of the container (cryptsetup luksUUID) to the kernel command line"), res);
}

static bool has_subvolume(const struct br_subvolumes *l, uint64_t id, const char *path, size_t len)
{
	for (size_t i = 0; i < l->n; i++)
		if (path ? strlen(l->v[i].path) == len && memcmp(l->v[i].path, path, len) == 0 : l->v[i].id == id)
			return true;
	return !path && (id == 0 || id == BR_BTRFS_TOP);
}

static void subvolume_missing(const struct br_chain *c, const char *option, const char *value, size_t len, struct br_result *res)
{
	br_find(res, "root-subvolume-missing", BR_SEV_FAILED, c->entry->source, c->entry->line,
	        "name one of those that btrfs subvolume list / shows in rootflags=", "%s%.*s: the root's btrfs has no such subvolume",
	        option, (int)len, value);
}

static void judge_subvolume(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *flags = br_cmdline_get(c->early.params ? c->early.params : "", "rootflags");
	size_t n = 0, m = 0;
	const char *path = flags ? br_option(flags, "subvol", &n) : NULL;
	const char *number = flags ? br_option(flags, "subvolid", &m) : NULL;
	uint64_t id;

	if (img->subvolumes_err == -ENODATA || c->root_found.match != BR_MATCH_FOUND || c->root_found.blk != img->disks.root)
		return;
	if (img->subvolumes_err < 0) {
		if (path || number)
			br_find(res, "root-unknown", BR_SEV_UNKNOWN, c->entry->source, c->entry->line, NULL,
			        "rootflags=%s: the root's subvolumes could not be read: %s", flags,
			        br_strerror(-img->subvolumes_err));
		return;
	}
	for (; path && n && *path == '/'; n--)
		path++;
	for (; path && n && path[n - 1] == '/'; n--)
		;
	if (path && n && !has_subvolume(&img->subvolumes, 0, path, n))
		subvolume_missing(c, "subvol=", path, n, res);
	if (number && br_parse_uint(number, m, 10, 0, UINT64_MAX, &id) == 0 && !has_subvolume(&img->subvolumes, id, NULL, 0))
		subvolume_missing(c, "subvolid=", number, m, res);
}

void br_grub_judge_mount(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_early *e = &c->early;

	judge_fs(img, c, res);
	judge_fstype(img, c, res);
	judge_subvolume(img, c, res);
	if (!e->layers_sure || !is_seen(c) || !e->params || c->initramfs_running)
		return;
	/* An initramfs of nobody known may open it by a program of its own. */
	if (e->layers && !c->initramfs.made_by) {
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, initramfs_path(c), 0, NULL,
		        "root=%s is in a container, and what made the initramfs, so how it opens one, is not known", c->root_text);
		return;
	}
	if (e->layers & BR_LAYER_LVM)
		judge_lvm(img, c, res);
	if (e->layers & BR_LAYER_RAID)
		judge_raid(img, c, res);
	if (e->layers & BR_LAYER_LUKS)
		judge_luks(img, c, res);
}
