/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "checks/grub.h"

/* "root=UUID=..." of the file system that is examined: what can be typed in place of a bad root=. */
static char *right_root(const struct br_image *img, const struct br_chain *c)
{
	const struct br_blk *b = img->disks.root >= 0 ? &img->disks.blk[img->disks.root] : NULL;
	br_autofree char *remake = br_grub_remake(img, c);
	const char *where = c->loader.kind == BR_LOADER_SYSTEMD_BOOT ? "in /etc/kernel/cmdline" : "on the kernel command line";

	if (!b || !b->uuid)
		return br_format("use root=UUID=... of the root's file system (blkid shows it) %s; then %s", where, remake);
	return br_format("use root=UUID=%s %s; then %s", b->uuid, where, remake);
}

/* What root= may name that is no block device of this machine's, by its beginning (dracut.cmdline(7) and others). */
static const char *special_root(const char *text)
{
	static const struct {
		const char *prefix, *what;
	} kinds[] = {
		{"nfs", "an NFS root"},          {"/dev/nfs", "an NFS root"},        {"iscsi", "an iSCSI root"},
		{"dhcp", "a root that DHCP names"}, {"live:", "a live image"},       {"nbd:", "a network block device"},
		{"zfs", "a ZFS root"},           {"ZFS", "a ZFS root"},              {"cifs", "a CIFS root"},
		{"fcoe", "a Fibre Channel root"}, {"nvmf", "an NVMe over Fabrics root"}, {"virtiofs:", "a virtiofs root"},
		{"mtd:", "a flash memory root"}, {"tmpfs", "a root in memory"},      {"overlay", "an overlay"},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(kinds); i++)
		if (br_starts(text, kinds[i].prefix))
			return kinds[i].what;
	return strchr(text, ':') ? "a network or special root" : NULL;
}

static void judge_found(const struct br_image *img, const struct br_chain *c, const char *fix, struct br_result *res)
{
	const struct br_found *f = &c->root_found;
	const char *path = c->entry->source, *text = c->root_text;
	unsigned line = c->entry->line;

	switch (f->match) {
	case BR_MATCH_FOUND:
		/* The kernel alone ignores the case of a PARTUUID's letters; udev's links, and blkid, do not. */
		if (f->folded && c->n_initrds)
			br_find(res, "root-tag-missing", BR_SEV_FAILED, path, line, fix,
			        "root=%s: %s has it in another case, and the initramfs waits for just these letters", text,
			        img->disks.blk[f->blk].name);
		/* A file system over several devices is found by any of them. */
		if (img->disks.root >= 0 && f->blk >= 0 && f->blk != img->disks.root &&
		    !br_streq(img->disks.blk[f->blk].uuid, img->disks.blk[img->disks.root].uuid))
			br_find(res, "root-not-this", BR_SEV_FAILED, path, line, fix,
			        "root=%s names %s, and the root that was examined is on %s", text,
			        img->disks.blk[f->blk].name, img->disks.blk[img->disks.root].name);
		break;
	case BR_MATCH_CONTAINED: /* a logical volume that is there, not mapped here */
		break;
	case BR_MATCH_SEVERAL:
		br_find(res, "root-several", BR_SEV_WARNING, path, line, fix,
		        "root=%s: two devices carry it (%s and %s); which one boots is chance", text,
		        f->blk >= 0 ? img->disks.blk[f->blk].name : "?",
		        f->second >= 0 ? img->disks.blk[f->second].name : "?");
		break;
	case BR_MATCH_OTHER_DISK:
		br_find(res, "root-other-disk", BR_SEV_FAILED, path, line, fix,
		        "root=%s is on another disk than the one that is imported", text);
		break;
	case BR_MATCH_NONE:
		br_find(res, "root-tag-missing", BR_SEV_FAILED, path, line, fix, "root=%s: no file system has it",
		        text);
		break;
	default:
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, path, line, NULL, "root=%s: %s", text,
		        f->reason ? f->reason : "could not be resolved");
	}
}

static void judge_special(const struct br_chain *c, const char *fix, struct br_result *res)
{
	const char *what = special_root(c->root_text);

	if (what)
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, c->entry->source, c->entry->line, fix,
		        "root=%s: %s is out of reach here", c->root_text, what);
	else
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, c->entry->source, c->entry->line, fix,
		        "root=%s: no device specification that is known", c->root_text);
}

/* The type that the discoverable partitions specification gives a root partition of that machine. */
static const char *root_type(const struct br_image *img)
{
	if (br_streq(img->system.arch, "x86_64"))
		return "4f68bce3-e8cd-4db1-96e7-fbcaf984b709";
	if (br_streq(img->system.arch, "aarch64"))
		return "b921b045-1df0-41c3-af44-4c6f280d3fae";
	return NULL;
}

static bool has_root_partition(const struct br_image *img, const struct br_chain *c)
{
	const char *type = root_type(img);
	int disk = c->loader.esp >= 0 ? img->disks.blk[c->loader.esp].disk : -1;

	for (size_t i = 0; type && i < img->disks.n; i++)
		if (img->disks.blk[i].parttype && strcasecmp(img->disks.blk[i].parttype, type) == 0 &&
		    (disk < 0 || img->disks.blk[i].disk == disk))
			return true;
	return false;
}

/* systemd-gpt-auto-generator(8) looks for the root by its partition's type. */
static bool finds_by_type(const struct br_chain *c)
{
	br_autofree char *off = br_cmdline_get(c->cmdline, "systemd.gpt_auto"), *rd = br_cmdline_get(c->cmdline, "rd.systemd.gpt_auto");

	return !br_streq(off, "0") && !br_streq(off, "no") && !br_streq(rd, "0") && !br_streq(rd, "no") &&
	       (br_initramfs_has(&c->initramfs, "usr/lib/systemd/system-generators/systemd-gpt-auto-generator") ||
	        br_initramfs_has(&c->initramfs, "lib/systemd/system-generators/systemd-gpt-auto-generator"));
}

static const char *by_type(const struct br_chain *c)
{
	return c->root_text && *c->root_text ? "root=gpt-auto names no partition" : "no root= names the root";
}

/* No root=, or root=gpt-auto. It needs to be told by the boot loader which ESP it was: GRUB's module bli may, or not. */
static void judge_by_type(const struct br_image *img, const struct br_chain *c, const char *fix, struct br_result *res)
{
	const char *path = c->entry->source;
	unsigned line = c->entry->line;

	if (c->firmware != BR_FW_UEFI)
		br_find(res, "root-missing", BR_SEV_FAILED, path, line, fix,
		        "%s, and under BIOS systemd does not look for its partition by type", by_type(c));
	else if (img->disks.known && !img->disks.unread && !has_root_partition(img, c))
		br_find(res, "root-missing", BR_SEV_FAILED, path, line, fix,
		        "%s, and no partition has the type of a root, by which systemd would find it", by_type(c));
	else if (!has_root_partition(img, c) || br_streq(c->loader.what, "grub"))
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, path, line, fix,
		        "%s; systemd finds it by its partition's type if the boot loader tells it from which disk it came",
		        by_type(c));
}

static void judge_no_root(const struct br_image *img, const struct br_chain *c, const char *fix, struct br_result *res)
{
	const char *path = c->entry->source;
	br_autofree char *net = br_cmdline_get(c->early.params ? c->early.params : c->cmdline, "netroot");

	if (net && *net)
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, path, c->entry->line, fix,
		        "netroot=%s: a root from the network is out of reach here", net);
	else if (!c->initramfs_read || c->initramfs.unread)
		br_find(res, "root-unknown", BR_SEV_UNKNOWN, path, c->entry->line, fix,
		        "no root= on the command line, and the initramfs could not be read for one");
	else if (finds_by_type(c))
		judge_by_type(img, c, fix, res);
	else
		br_find(res, "root-missing", BR_SEV_FAILED, path, c->entry->line, fix,
		        "no root= on the command line of \"%s\" and none in its initramfs", c->entry->title);
}

static void judge_root(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *fix = right_root(img, c);
	const char *path = c->entry->source;
	unsigned line = c->entry->line;

	if (!c->root_text || !*c->root_text || br_starts(c->root_text, "gpt-auto")) {
		judge_no_root(img, c, fix, res);
		return;
	}
	/* dracut's own word for a local device. */
	if (br_starts(c->root_text, "block:") && c->initramfs_read && !c->early.dracut) {
		br_find(res, "root-tag-missing", BR_SEV_FAILED, path, line, fix, "root=%s: only dracut knows what block: means",
		        c->root_text);
		return;
	}
	switch (c->root_spec.kind) {
	case BR_SPEC_KERNEL_NAME:
		br_find(res, "root-kernel-name", BR_SEV_FAILED, path, line, fix,
		        "root=%s is a name that the kernel gives by driver and order of discovery", c->root_text);
		break;
	case BR_SPEC_BY_PATH:
	case BR_SPEC_BY_ID:
		if (br_early_is_bound(&c->root_spec))
			br_find(res, "root-hardware-bound", BR_SEV_FAILED, path, line, fix,
			        "root=%s names this machine's hardware", c->root_text);
		else
			judge_found(img, c, fix, res);
		break;
	case BR_SPEC_OTHER:
		judge_special(c, fix, res);
		break;
	default:
		judge_found(img, c, fix, res);
	}
}

/* Would the initramfs wait for the resume device? dracut's does where it carries a resume program. */
static bool waits_for_resume(const struct br_chain *c)
{
	static const char *const programs[] = {
		"usr/lib/systemd/systemd-hibernate-resume",
		"lib/systemd/systemd-hibernate-resume",
		"usr/sbin/resume",
		"sbin/resume",
	};

	if (!br_streq(c->initramfs.made_by, "dracut"))
		return false;
	for (size_t i = 0; i < BR_ARRAY_SIZE(programs); i++)
		if (br_initramfs_has(&c->initramfs, programs[i]))
			return true;
	return false;
}

static void judge_resume(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *text = br_cmdline_get(c->cmdline, "resume");
	br_autospec struct br_spec spec = {0};
	struct br_found f;
	bool waits;

	if (!text || !*text || br_cmdline_has(c->cmdline, "noresume") || br_spec_parse(text, &spec) < 0)
		return;
	br_disks_find(&img->disks, &spec, &f);
	waits = waits_for_resume(c);
	if (f.match == BR_MATCH_UNKNOWN && waits)
		br_find(res, "resume-missing", BR_SEV_UNKNOWN, c->entry->source, c->entry->line, NULL, "resume=%s: %s", text,
		        f.reason ? f.reason : "could not be resolved");
	if (f.match != BR_MATCH_NONE && f.match != BR_MATCH_OTHER_DISK && !f.folded)
		return;
	br_find(res, "resume-missing", waits ? BR_SEV_FAILED : BR_SEV_WARNING, c->entry->source, c->entry->line,
	        "take resume= out of the kernel command line", "resume=%s: no device has it%s", text,
	        waits ? ", and this initramfs waits for it" : "");
}

static void judge_fips(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_fstab_entry *boot = br_fstab_target(&img->fstab, "/boot");
	br_autofree char *fips = br_cmdline_get(c->cmdline, "fips"), *text = br_cmdline_get(c->cmdline, "boot");
	br_autofree char *fix = NULL;
	br_autospec struct br_spec spec = {0};
	struct br_found f = {.match = BR_MATCH_NONE};

	if (!br_streq(fips, "1") || !boot)
		return;
	if (text && br_spec_parse(text, &spec) == 0)
		br_disks_find(&img->disks, &spec, &f);
	if (text && f.match != BR_MATCH_NONE && f.match != BR_MATCH_OTHER_DISK)
		return;
	fix = br_format("add boot=%s to the kernel command line", boot->source);
	br_find(res, "fips-boot-missing", BR_SEV_FAILED, c->entry->source, c->entry->line, fix,
	        "fips=1 with a separate /boot, and %s", text ? "boot= names nothing" : "no boot= that names it");
}

static void judge_length(const struct br_chain *c, struct br_result *res)
{
	if (c->cmdline_cut)
		br_find(res, "cmdline-too-long", BR_SEV_WARNING, c->entry->source, c->entry->line,
		        "shorten the kernel command line", "the kernel reads %u bytes of its command line, and this one has %zu: the rest is lost",
		        c->cmdline_cut, strlen(c->entry->cmdline));
}

static void judge_console(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const char *wanted = br_profile_get(img->profile, "Grub", "serial_console");

	if (!br_streq(wanted, "yes") || strstr(c->cmdline, "console=ttyS") || strstr(c->cmdline, "console=ttyAMA"))
		return;
	br_find(res, "serial-console-missing", BR_SEV_WARNING, c->entry->source, c->entry->line,
	        "add console=tty0 console=ttyS0,115200n8 to the kernel command line",
	        "the target shows a serial console, and the command line names none");
}

void br_grub_judge_cmdline(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	judge_length(c, res);
	judge_root(img, c, res);
	judge_resume(img, c, res);
	judge_fips(img, c, res);
	judge_console(img, c, res);
}
