/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "report/chainview.h"

/*
 * Codes by their beginnings, for each check that is about the way to the root; of those that fit, the longest. A drivers'
 * check is about the disk's controller but for what it says of network cards and of kernels that do not boot.
 */
static const struct {
	const char *check, *code;
	int link;
} places[] = {
	{"Grub", "", BR_LINK_ENTRY},
	{"Grub", "efi-", BR_LINK_LOADER},
	{"Grub", "bios-", BR_LINK_LOADER},
	{"Grub", "syslinux-", BR_LINK_LOADER},
	{"Grub", "xbootldr-", BR_LINK_LOADER},
	{"Grub", "grub-prefix-missing", BR_LINK_LOADER},
	{"Grub", "grub-config-missing", BR_LINK_LOADER},
	{"Grub", "grub-fs-unreadable", BR_LINK_LOADER},
	{"Grub", "grub-entry-kernel-missing", -1},
	{"Grub", "grub-defaults-leftover", -1},
	{"Grub", "serial-console-missing", -1},
	{"Grub", "kernel-", BR_LINK_KERNEL},
	{"Grub", "kernel-modules-", BR_LINK_SYSTEM},
	{"Grub", "uki-", BR_LINK_KERNEL},
	{"Grub", "cmdline-", BR_LINK_KERNEL},
	{"Grub", "initramfs-", BR_LINK_INITRAMFS},
	{"Grub", "rdinit-", BR_LINK_INITRAMFS},
	{"Grub", "early-", BR_LINK_INITRAMFS},
	{"Grub", "resume-", BR_LINK_INITRAMFS},
	{"Grub", "fips-", BR_LINK_INITRAMFS},
	{"Grub", "running-", BR_LINK_INITRAMFS},
	{"Grub", "root-", BR_LINK_ROOT},
	{"Grub", "root-fs-driver-missing", BR_LINK_DRIVER},
	{"Grub", "init-", BR_LINK_SYSTEM},
	{"Grub", "os-release-", BR_LINK_SYSTEM},
	{"Virtio", "", BR_LINK_DRIVER},
	{"Virtio", "virtio-net-", -1},
	{"Virtio", "virtio-other-kernel", -1},
	{"Nvme", "", BR_LINK_DRIVER},
	{"Nvme", "nvme-other-kernel", -1},
	{"Nvme", "nvme-io-timeout", -1},
	{"TargetDrivers", "", BR_LINK_DRIVER},
	{"TargetDrivers", "target-net-", -1},
	{"TargetDrivers", "target-other-kernel", -1},
	{"RootFilesystem", "", BR_LINK_ROOT},
	{"RootDevice", "", BR_LINK_ROOT},
	{"Fstab", "", BR_LINK_SYSTEM},
	{"LibDirectory", "", BR_LINK_SYSTEM},
};

int br_link_of(const char *check, const char *code)
{
	size_t longest = 0;
	int link = -1;

	for (size_t i = 0; i < BR_ARRAY_SIZE(places); i++) {
		size_t n = strlen(places[i].code);

		if (strcmp(places[i].check, check) != 0 || strncmp(places[i].code, code, n) != 0 || n < longest)
			continue;
		longest = n;
		link = places[i].link;
	}
	return link;
}

/* Codes that one firmware alone can have, and messages that name the one they are about. */
static bool of_firmware(const struct br_finding *f, const char *firmware)
{
	const char *code = f->code;

	if (!firmware)
		return true;
	if (br_starts(f->message, "UEFI: ") || br_starts(f->message, "BIOS: "))
		return (f->message[0] == 'U') == (firmware[0] == 'u');
	if (br_starts(code, "efi-") || br_starts(code, "uki-") || br_starts(code, "xbootldr-"))
		return strcmp(firmware, "uefi") == 0;
	if (br_starts(code, "bios-") || br_starts(code, "syslinux-"))
		return strcmp(firmware, "bios") == 0;
	return true;
}

static bool boots_file(const struct br_boot *b, int link, const char *path)
{
	const char *files = link == BR_LINK_KERNEL ? b->kernel : link == BR_LINK_INITRAMFS ? b->initramfs : NULL;

	return files && strstr(files, path);
}

/* A finding about a file that another chain boots and this one does not is not about this one. */
static bool of_chain(const struct br_finding *f, int link, const struct br_report *rep, size_t at)
{
	if (at >= rep->n_boots)
		return true;
	if (!of_firmware(f, rep->boots[at].firmware))
		return false;
	if (!f->path || boots_file(&rep->boots[at], link, f->path))
		return true;
	for (size_t i = 0; i < rep->n_boots; i++)
		if (boots_file(&rep->boots[i], link, f->path))
			return false;
	return true;
}

static void take(struct br_link *l, const struct br_finding *f, const struct br_result *res)
{
	static const enum br_link_state states[] = {[BR_SEV_INFO] = BR_LINK_HOLDS, [BR_SEV_WARNING] = BR_LINK_WEAK,
	                                            [BR_SEV_UNKNOWN] = BR_LINK_OPEN, [BR_SEV_FAILED] = BR_LINK_BROKEN};

	if (f->severity == BR_SEV_INFO || (l->why && l->why->severity >= f->severity))
		return;
	l->why = f;
	l->why_of = res;
	l->state = states[f->severity];
}

static char *joined(const char *a, const char *before, const char *b, const char *after)
{
	if (a && b)
		return br_format("%s%s%s%s", a, before, b, after);
	return a ? strdup(a) : NULL;
}

static void name_links(const struct br_report *rep, const struct br_boot *b, const char *name, struct br_link l[BR_LINKS])
{
	static const char *const titles[BR_LINKS] = {"Firmware and boot loader", "Default entry", "Kernel", "Initramfs",
	                                             "Disk driver", "Root file system", "System start"};
	static const struct br_boot none;

	if (!b)
		b = &none;
	l[BR_LINK_LOADER].value = strdup(name);
	l[BR_LINK_ENTRY].value = b->entry ? strdup(b->entry) : NULL;
	l[BR_LINK_KERNEL].value = joined(b->kernel, " (", b->release, ")");
	l[BR_LINK_INITRAMFS].value = b->initramfs ? strdup(b->initramfs) : NULL;
	l[BR_LINK_DRIVER].value = b->root_driver ? strdup(b->root_driver) : rep->profile ? br_format("for the disks of %s", rep->profile) : NULL;
	l[BR_LINK_ROOT].value = joined(b->root, " is ", b->root_device, "");
	l[BR_LINK_SYSTEM].value = rep->os ? strdup(rep->os) : NULL;
	for (size_t i = 0; i < BR_LINKS; i++)
		l[i].title = titles[i];
}

/* Without a finding about it a link holds where a check that is about it was run, and it is known what it is. */
static bool was_asked(const struct br_report *rep, int link)
{
	for (size_t i = 0; i < rep->n_checks; i++) {
		const char *id = rep->checks[i].check->id;
		bool about = br_link_of(id, "") == link || (link != BR_LINK_DRIVER && strcmp(id, "Grub") == 0);

		if (about && rep->checks[i].status != BR_SKIPPED)
			return true;
	}
	return false;
}

static bool same(const struct br_boot *a, const struct br_boot *b)
{
	return br_streq(a->entry, b->entry) && br_streq(a->kernel, b->kernel) && br_streq(a->initramfs, b->initramfs) &&
	       br_streq(a->root, b->root) && br_streq(a->root_device, b->root_device);
}

/* The two chains are one, where no finding is of one of the firmwares alone. */
static bool all_one(const struct br_report *rep)
{
	for (size_t i = 1; i < rep->n_boots; i++)
		if (!same(&rep->boots[0], &rep->boots[i]))
			return false;
	for (size_t i = 0; i < rep->n_checks; i++)
		for (size_t k = 0; k < rep->checks[i].n_findings; k++)
			if (!of_firmware(&rep->checks[i].findings[k], "bios") || !of_firmware(&rep->checks[i].findings[k], "uefi"))
				return false;
	return true;
}

size_t br_chains(const struct br_report *rep)
{
	return rep->n_boots < 2 || all_one(rep) ? 1 : rep->n_boots;
}

const char *br_chain_name(const struct br_report *rep, size_t at)
{
	if (!rep->n_boots || !rep->boots[at].firmware)
		return "Unknown firmware";
	if (rep->n_boots > 1 && br_chains(rep) == 1)
		return "BIOS and UEFI";
	return strcmp(rep->boots[at].firmware, "uefi") == 0 ? "UEFI" : "BIOS";
}

int br_chain_links(const struct br_report *rep, size_t at, struct br_chainview *ret)
{
	const struct br_boot *b = at < rep->n_boots ? &rep->boots[at] : NULL;
	struct br_link *l = ret->link;
	bool broken = false, named;

	*ret = (struct br_chainview){0};
	name_links(rep, b, br_chain_name(rep, at), l);
	named = l[BR_LINK_LOADER].value != NULL;
	for (int i = 0; i < BR_LINKS; i++)
		l[i].state = l[i].value && was_asked(rep, i) ? BR_LINK_HOLDS : BR_LINK_OPEN;
	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *res = &rep->checks[i];

		for (size_t k = 0; k < res->n_findings; k++) {
			int link = br_link_of(res->check->id, res->findings[k].code);

			if (link >= 0 && of_chain(&res->findings[k], link, rep, at))
				take(&l[link], &res->findings[k], res);
		}
	}
	for (int i = 0; i < BR_LINKS; i++) {
		l[i].behind = broken;
		broken |= l[i].state == BR_LINK_BROKEN;
	}
	if (named)
		return 0;
	br_chain_free(ret);
	return -ENOMEM;
}

void br_chain_free(struct br_chainview *c)
{
	for (size_t i = 0; i < BR_LINKS; i++)
		free(c->link[i].value);
	*c = (struct br_chainview){0};
}
