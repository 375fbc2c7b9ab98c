/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/limits.h"
#include "checks/fstab.h"

static const struct br_code codes[] = {
	{"fstab-tag-missing", BR_BASIS_BOOT, "an entry names a device that no disk has"},
	{"other-disk", BR_BASIS_BOOT, "an entry's device is on another disk than the one that is imported"},
	{"fstab-case", BR_BASIS_BOOT, "a UUID in another case than the device's own: systemd waits for ever"},
	{"fstab-kernel-name", BR_BASIS_BOOT, "a kernel device name, and the target's disks are named otherwise"},
	{"fstab-kernel-name-rule", BR_BASIS_POLICY, "a kernel device name, where the boot would bear it"},
	{"fstab-wrong-type", BR_BASIS_BOOT, "a type whose driver refuses what is on the device"},
	{"fstab-no-root", BR_BASIS_BOOT, "no entry for / and a command line that leaves the root read-only"},
	{"fstab-swap-missing", BR_BASIS_BOOT, "a swap entry names nothing: the boot waits 90 s and has no swap"},
	{"fstab-file-missing", BR_BASIS_BOOT, "an image file or a swap file that is not there"},
	{"fstab-host-share", BR_BASIS_BOOT, "a folder that the source machine's host shares (virtiofs, 9p, vboxsf)"},
	{"crypttab-missing", BR_BASIS_BOOT, "an encrypted volume's device is nowhere"},
	{"crypttab-waited-for", BR_BASIS_POLICY, "an encrypted volume that fstab does not mount by its name will not be there: the boot waits for it, and goes on"},
	{"crypttab-other-disk", BR_BASIS_BOOT, "an encrypted volume is on another disk than the one that is imported"},
	{"crypttab-kernel-name", BR_BASIS_BOOT, "an encrypted volume by a kernel device name"},
	{"crypttab-key", BR_BASIS_BOOT, "an encrypted volume's key is not there, or is asked of a person"},
	{"crypttab-hardware-key", BR_BASIS_POLICY, "a key sealed by hardware of the source machine"},
	{"crypttab-unparsable", BR_BASIS_POLICY, "a line of crypttab without a device"},
	{"crypttab-unread", BR_BASIS_POLICY, "crypttab could not be read"},
	{"crypttab-unknown", BR_BASIS_POLICY, "whether an encrypted volume can be opened could not be told"},
	{"fstab-unknown", BR_BASIS_POLICY, "whether an entry's device is there could not be told"},
	{"fstab-absent", BR_BASIS_POLICY, "there is no /etc/fstab"},
	{"fstab-too-long", BR_BASIS_POLICY, "more lines than are looked at"},
	{"fstab-unparsable", BR_BASIS_POLICY, "a line that mount cannot parse"},
	{"fstab-relative-target", BR_BASIS_POLICY, "a mount point that is no absolute path"},
	{"fstab-duplicate-target", BR_BASIS_POLICY, "a second entry for a mount point; the first one counts"},
	{"fstab-order", BR_BASIS_POLICY, "a mount point stands before the one it lies in"},
	{"fstab-tag-twice", BR_BASIS_POLICY, "two file systems carry the tag"},
	{"fstab-root-differs", BR_BASIS_POLICY, "the entry for / names another file system than the root"},
	{"fstab-by-path", BR_BASIS_POLICY, "a by-path name, bound to a slot of the machine"},
	{"fstab-by-id", BR_BASIS_POLICY, "a by-id name, bound to hardware of the machine"},
	{"fstab-network", BR_BASIS_POLICY, "a file system of a server"},
};

/* The last of "ro" and "rw" on a command line counts; neither is ro. */
static bool mounts_rw(const char *cmdline)
{
	bool rw = false;

	while (cmdline && *cmdline) {
		size_t n = strcspn(cmdline, " \t");

		if (n == 2 && strncmp(cmdline, "rw", 2) == 0)
			rw = true;
		else if (n == 2 && strncmp(cmdline, "ro", 2) == 0)
			rw = false;
		cmdline += n;
		cmdline += strspn(cmdline, " \t");
	}
	return rw;
}

enum br_root_mode br_fstab_root_mode(const struct br_image *img)
{
	enum br_root_mode mode = BR_ROOT_MODE_UNKNOWN;

	if (img->chains_fact.state != BR_FACT_READ)
		return mode;
	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_chain *c = &img->chains[i];

		if (!c->offered || !c->entry)
			continue;
		if (!mounts_rw(c->cmdline))
			return BR_ROOT_RO;
		mode = BR_ROOT_RW;
	}
	return mode;
}

static void judge_no_root(const struct br_image *img, struct br_result *res)
{
	const struct br_disks *d = &img->disks;
	const struct br_blk *b = d->root >= 0 ? &d->blk[d->root] : NULL;
	enum br_root_mode mode = br_fstab_root_mode(img);
	br_autofree char *fix = NULL;

	if (br_fstab_target(&img->fstab, "/") || mode == BR_ROOT_RW)
		return;
	if (b && b->uuid && b->type)
		fix = br_format("add to " BR_FSTAB ": UUID=%s / %s defaults 0 1", b->uuid, b->type);
	if (mode == BR_ROOT_RO)
		br_find(res, "fstab-no-root", BR_SEV_FAILED, BR_FSTAB, 0, fix,
		        "no entry for /, and the default entry's command line leaves the root read-only");
	else
		br_find(res, "fstab-no-root", BR_SEV_UNKNOWN, BR_FSTAB, 0, fix,
		        "no entry for /; whether the command line mounts the root rw could not be told");
}

static void judge_lines(const struct br_fstab *f, struct br_result *res)
{
	if (f->absent)
		br_find(res, "fstab-absent", BR_SEV_WARNING, BR_FSTAB, 0, NULL, "there is no such file");
	if (f->too_many)
		br_find(res, "fstab-too-long", BR_SEV_UNKNOWN, BR_FSTAB, 0, NULL,
		        "more lines than the %d that are looked at", BR_FSTAB_LINES_MAX);
	for (size_t i = 0; i < f->n_bad; i++)
		br_find(res, f->bad[i].crypttab ? "crypttab-unparsable" : "fstab-unparsable", BR_SEV_WARNING,
		        f->bad[i].crypttab ? BR_CRYPTTAB : BR_FSTAB, f->bad[i].line,
		        f->bad[i].crypttab ? "write: name device key options" :
		                             "write: device mountpoint type options dump pass",
		        "cannot be parsed: %s", f->bad[i].text);
}

static size_t path_len(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return n;
}

/* Is what lies at inner below outer? "/var/log" is below "/var". */
static bool below(const char *inner, const char *outer)
{
	size_t n = path_len(outer);

	return n > 1 && path_len(inner) > n && strncmp(inner, outer, n) == 0 && inner[n] == '/';
}

static void judge_pair(const struct br_fstab_entry *first, const struct br_fstab_entry *second,
                       struct br_result *res)
{
	size_t n = path_len(first->target);

	if (n == path_len(second->target) && strncmp(first->target, second->target, n) == 0)
		br_find(res, "fstab-duplicate-target", BR_SEV_WARNING, BR_FSTAB, second->line,
		        "remove one of the two lines", "%s is in line %u already, which is the one that counts",
		        second->target, first->line);
	else if (below(first->target, second->target))
		br_find(res, "fstab-order", BR_SEV_WARNING, BR_FSTAB, second->line,
		        "move the line before that of what lies in it", "%s comes after %s in line %u, which lies in it",
		        second->target, first->target, first->line);
}

/* Each line against the first before it that it quarrels with. */
static void judge_targets(const struct br_fstab *f, struct br_result *res)
{
	for (size_t j = 1; j < f->n; j++) {
		const struct br_fstab_entry *second = &f->entries[j];
		size_t before = res->n_findings;

		if (second->swap || second->target[0] != '/')
			continue;
		for (size_t i = 0; i < j && res->n_findings == before; i++)
			if (!f->entries[i].swap && f->entries[i].target[0] == '/')
				judge_pair(&f->entries[i], second, res);
	}
}

static void run(const struct br_image *img, struct br_result *res)
{
	judge_no_root(img, res);
	for (size_t i = 0; i < img->fstab.n; i++)
		br_fstab_judge_entry(img, &img->fstab.entries[i], res);
	br_fstab_judge_crypt(img, res);
	judge_lines(&img->fstab, res);
	judge_targets(&img->fstab, res);
	br_conclude(res);
}

const struct br_check br_check_fstab = {
	.id = "Fstab",
	.level = BR_LEVEL_HIGH,
	.title = "what the boot mounts is there on the target",
	.needs = BR_NEED_REPLAYED | BR_NEED_FSTAB,
	.wants = BR_NEED_DISKS | BR_NEED_CHAINS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "/etc/fstab and /etc/crypttab with line numbers; partition tables and superblocks of every disk; names of "
		 "LVM volumes; of the default boot entry whether it mounts the root ro or rw.",
	.fails = "When an entry that the boot waits for (without nofail, noauto or automount) names a tag that nothing has, "
		 "a device of another disk than the root's, a kernel device name, a type whose driver refuses what is "
		 "there, an image file that is not there, or a folder that the source's host shares; when no entry for / "
		 "remounts a root that the command line leaves read-only; when an encrypted volume's device or key is not "
		 "there.",
	.why = "systemd waits 90 seconds for such a device and then ends in the emergency shell, which nobody sees in a "
	       "cloud. Device names change between clouds, and data disks are not imported with the system disk.",
	.mend = "Name every device by UUID (see blkid), add nofail to what the machine can do without, remove the lines of "
		"disks that stay behind.",
	.run = run,
};
