/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One entry of fstab: is what it names there, does it travel, is it what the entry says it is? */
#include <string.h>

#include "checks/fstab.h"

static bool is_root(const struct br_fstab_entry *e)
{
	return strcmp(e->target, "/") == 0;
}

/*
 * How bad it is when the entry cannot be mounted. The root is mounted when fstab is read, and only stays
 * read-only then; what is mounted on demand alone is nobody's loss at boot.
 */
static enum br_severity harm(const struct br_image *img, const struct br_fstab_entry *e)
{
	if (is_root(e) && !e->ignored)
		return br_fstab_root_mode(img) == BR_ROOT_RW ? BR_SEV_WARNING : BR_SEV_FAILED;
	if (e->waits)
		return BR_SEV_FAILED;
	return e->noauto && !e->automount ? BR_SEV_INFO : BR_SEV_WARNING;
}

/* Nobody waits for a swap file: the unit fails at once, and with nofail nobody is told. */
static enum br_severity swap_file_harm(const struct br_fstab_entry *e)
{
	return e->nofail || e->noauto ? BR_SEV_INFO : BR_SEV_WARNING;
}

static const char *waiting(const struct br_fstab_entry *e)
{
	if (is_root(e))
		return "the root would stay read-only";
	if (e->swap)
		return "90 s of waiting, no swap";
	return e->waits ? "the boot would end in the emergency shell" : "it would not be mounted";
}

static void unknown(const struct br_image *img, const struct br_fstab_entry *e, const char *reason,
                    struct br_result *res)
{
	/* What could at worst be a warning is no reason to call the whole check unknown. */
	enum br_severity sev = harm(img, e) == BR_SEV_FAILED ? BR_SEV_UNKNOWN : BR_SEV_INFO;

	br_find(res, "fstab-unknown", sev, BR_FSTAB, e->line, NULL, "%s for %s: %s", e->source, e->target,
	        reason ? reason : "could not be told");
}

static void judge_root_source(const struct br_image *img, const struct br_fstab_entry *e, int blk,
                              struct br_result *res)
{
	const struct br_disks *d = &img->disks;
	br_autofree char *fix = NULL;

	if (d->root < 0 || blk == d->root || br_streq(d->blk[blk].uuid, d->blk[d->root].uuid))
		return;
	fix = br_fstab_fix(img, e);
	br_find(res, "fstab-root-differs", BR_SEV_WARNING, BR_FSTAB, e->line, fix,
	        "%s for / is %s, and the root that was examined is on %s", e->source, d->blk[blk].name,
	        d->blk[d->root].name);
}

/* A file system to create at first boot is none yet. */
static bool made_at_boot(const struct br_fstab_entry *e)
{
	size_t len;

	return br_fstab_option(e, "x-systemd.makefs", &len) != NULL;
}

static void judge_type(const struct br_image *img, const struct br_fstab_entry *e, int blk, struct br_result *res)
{
	const struct br_blk *b = &img->disks.blk[blk];
	enum br_severity sev = harm(img, e);

	if (e->swap) {
		if (b->type && b->use != BR_USE_SWAP && b->use != BR_USE_OTHER)
			br_find(res, "fstab-wrong-type", BR_SEV_WARNING, BR_FSTAB, e->line,
			        "take the line out, or make the device swap (mkswap)", "%s is to be swap and holds %s", e->source, b->type);
		return;
	}
	if (made_at_boot(e) || !br_fstab_type_refused(e->type, b))
		return;
	/* A remount takes no notice of the type: the root is there, whatever fstab calls it. */
	if (is_root(e))
		sev = BR_SEV_WARNING;
	br_find(res, "fstab-wrong-type", sev, BR_FSTAB, e->line,
	        "write the type that blkid shows into the third field, or auto", "%s for %s is to be %s and holds %s",
	        e->source, e->target, *e->type ? e->type : "auto", b->type);
}

static void judge_missing(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	br_autofree char *fix = br_fstab_fix(img, e);

	if (e->swap)
		br_find(res, "fstab-swap-missing", BR_SEV_WARNING, BR_FSTAB, e->line, fix,
		        "%s for swap: no device has it: %s", e->source, waiting(e));
	else
		br_find(res, "fstab-tag-missing", harm(img, e), BR_FSTAB, e->line, fix,
		        "%s for %s: no file system has it: %s", e->source, e->target, waiting(e));
}

static void judge_found(const struct br_image *img, const struct br_fstab_entry *e, const struct br_found *f,
                        struct br_result *res)
{
	br_autofree char *fix = NULL;

	if (f->folded) {
		fix = br_fstab_fix(img, e);
		br_find(res, "fstab-case", harm(img, e), BR_FSTAB, e->line, fix,
		        "%s for %s: %s has it in another case, and systemd waits for just these letters: %s",
		        e->source, e->target, img->disks.blk[f->blk].name, waiting(e));
		return;
	}
	if (f->match == BR_MATCH_SEVERAL)
		br_find(res, "fstab-tag-twice", BR_SEV_WARNING, BR_FSTAB, e->line, NULL,
		        "%s for %s: both %s and %s carry it; which one is mounted is chance", e->source, e->target,
		        img->disks.blk[f->blk].name, img->disks.blk[f->second].name);
	if (is_root(e))
		judge_root_source(img, e, f->blk, res);
	judge_type(img, e, f->blk, res);
}

static bool opened_by_crypttab(const struct br_image *img, const struct br_spec *s)
{
	for (size_t i = 0; i < img->fstab.n_crypt; i++)
		if (s->kind == BR_SPEC_MAPPER && strcmp(img->fstab.crypt[i].name, s->value) == 0)
			return true;
	return false;
}

static void judge_source(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	br_autofree char *fix = NULL;
	struct br_found f;

	br_disks_find(&img->disks, &e->spec, &f);
	switch (f.match) {
	case BR_MATCH_FOUND:
	case BR_MATCH_SEVERAL:
		judge_found(img, e, &f, res);
		break;
	case BR_MATCH_CONTAINED:
		break;
	case BR_MATCH_OTHER_DISK:
		fix = br_fstab_fix(img, e);
		br_find(res, "other-disk", e->swap ? BR_SEV_WARNING : harm(img, e), BR_FSTAB, e->line, fix,
		        "%s for %s is on another disk (%s) than the one that is imported: %s", e->source, e->target,
		        img->disks.blk[f.blk].name, waiting(e));
		break;
	case BR_MATCH_NONE:
		/* crypttab makes the device at boot, and is judged for itself. */
		if (!opened_by_crypttab(img, &e->spec))
			judge_missing(img, e, res);
		break;
	case BR_MATCH_UNKNOWN:
		if (!opened_by_crypttab(img, &e->spec))
			unknown(img, e, f.reason, res);
		break;
	}
}

static void judge_kernel_name(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	br_autofree char *fix = br_fstab_fix(img, e);
	enum br_severity sev = e->swap ? BR_SEV_WARNING : harm(img, e);

	if (is_root(e))
		br_find(res, "fstab-kernel-name-rule", BR_SEV_FAILED, BR_FSTAB, e->line, fix,
		        "%s for /: a kernel device name, which differs between machines", e->source);
	else if (br_fstab_name_differs(img, e->spec.value))
		br_find(res, "fstab-kernel-name", sev, BR_FSTAB, e->line, fix,
		        "%s for %s: the target's disks are named otherwise (%s): %s", e->source, e->target,
		        br_profile_get(img->profile, "Fstab", "disk_names"), waiting(e));
	else
		br_find(res, "fstab-kernel-name-rule", sev, BR_FSTAB, e->line, fix,
		        "%s for %s: a kernel device name, which differs between machines", e->source, e->target);
}

static void judge_hardware_bound(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	bool path = e->spec.kind == BR_SPEC_BY_PATH;
	br_autofree char *fix = br_fstab_fix(img, e);
	enum br_severity sev = harm(img, e);

	br_find(res, path ? "fstab-by-path" : "fstab-by-id", sev > BR_SEV_WARNING ? BR_SEV_WARNING : sev, BR_FSTAB,
	        e->line, fix, "%s for %s names %s of this machine", e->source, e->target,
	        path ? "a slot" : "hardware");
}

/* Drives that a server in a cloud has not: sr0, cdrom, fd0. */
static bool is_drive(const char *name)
{
	static const char *const drives[] = {"sr", "fd", "scd", "cdrom", "dvd", "floppy"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(drives); i++) {
		size_t n = strlen(drives[i]);

		if (strncmp(name, drives[i], n) == 0 && !name[n + strspn(name + n, "0123456789")])
			return true;
	}
	return false;
}

static void judge_device(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	/* The kernel's own word for what it has mounted: a remount asks for no device. */
	if (is_root(e) && strcmp(e->spec.value, "root") == 0)
		return;
	if (!is_drive(e->spec.value)) {
		/* zram's generator makes its swap devices at boot. */
		if (!(e->swap && br_starts(e->spec.value, "zram")))
			judge_source(img, e, res);
	} else if (!e->noauto) {
		br_find(res, "fstab-tag-missing", harm(img, e), BR_FSTAB, e->line,
		        "add noauto to the entry's options, or remove it", "%s for %s: a machine in a cloud has no such drive: %s",
		        e->source, e->target, waiting(e));
	}
}

/* x-systemd.requires=: units, or paths of devices the mount waits for. */
static void judge_requires(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	size_t len = 0;
	const char *value = br_fstab_option(e, "x-systemd.requires", &len);
	br_autofree char *text = value && len > 5 && strncmp(value, "/dev/", 5) == 0 ? strndup(value, len) : NULL;
	br_autospec struct br_spec spec = {0};
	struct br_found f;

	if (!text || br_spec_parse(text, &spec) < 0)
		return;
	br_disks_find(&img->disks, &spec, &f);
	if (f.match == BR_MATCH_NONE)
		br_find(res, "fstab-tag-missing", harm(img, e), BR_FSTAB, e->line, NULL,
		        "%s for %s requires %s, which nothing has: %s", e->source, e->target, text, waiting(e));
	else if (f.match == BR_MATCH_OTHER_DISK)
		br_find(res, "other-disk", harm(img, e), BR_FSTAB, e->line, NULL,
		        "%s for %s requires %s, which is on another disk than the one that is imported: %s", e->source,
		        e->target, text, waiting(e));
}

void br_fstab_judge_entry(const struct br_image *img, const struct br_fstab_entry *e, struct br_result *res)
{
	if (!e->swap && e->target[0] != '/')
		br_find(res, "fstab-relative-target", BR_SEV_WARNING, BR_FSTAB, e->line,
		        "write the mount point from / on, or remove the line",
		        "%s: %s is no absolute path: %s", e->source, e->target,
		        e->ignored ? "it is not mounted" : "systemd takes it as below /");
	if (e->ignored)
		return;
	if (e->netdev)
		br_find(res, "fstab-network", e->noauto ? BR_SEV_INFO : BR_SEV_WARNING, BR_FSTAB, e->line,
		        "remove the line, or see that its server is reached from the target",
		        "%s for %s comes over the network", e->source, e->target);
	judge_requires(img, e, res);
	switch (e->spec.kind) {
	case BR_SPEC_OTHER:
		br_fstab_judge_place(img, e, e->swap ? swap_file_harm(e) : harm(img, e), waiting(e), res);
		break;
	case BR_SPEC_KERNEL_NAME:
		judge_kernel_name(img, e, res);
		break;
	case BR_SPEC_BY_ID:
	case BR_SPEC_BY_PATH:
		judge_hardware_bound(img, e, res);
		break;
	case BR_SPEC_DEV_OTHER:
		judge_device(img, e, res);
		break;
	default:
		judge_source(img, e, res);
	}
}
