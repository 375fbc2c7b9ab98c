/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the initramfs itself waits for, and whether it can open and mount what root= names. */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "checks/drivers.h"
#include "checks/fstab.h"
#include "checks/grub.h"

static const char *initramfs_path(const struct br_chain *c)
{
	return c->n_initrds ? c->initrds[c->n_initrds - 1].shown : NULL;
}

static const char *end_of(const struct br_early_wait *w)
{
	return w->fatal ? ": it waits, and stops without it" : ": it waits a while, and boots on without it";
}

static void leave_wait(const struct br_image *img, const struct br_chain *c, const struct br_early_wait *w,
                       enum br_severity sev, const char *what, struct br_result *res)
{
	br_autofree char *rebuild = br_fix_make(img, c->initramfs.made_by, c->release);
	br_autofree char *fix = w->cmdline ? br_format("take %s%s out of the kernel command line", w->from, w->text) : NULL;
	bool unknown = sev == BR_SEV_UNKNOWN;

	br_find(res, unknown ? "early-device-unknown" : "early-device-missing", sev,
	        w->cmdline ? c->entry->source : initramfs_path(c), w->cmdline ? c->entry->line : 0,
	        unknown ? NULL : fix ? fix : rebuild, "the initramfs waits for %s (%s%s)%s%s", w->text,
	        w->cmdline ? "" : "in it: ", w->from, what, unknown ? "" : end_of(w));
}

static void judge_wait(const struct br_image *img, const struct br_chain *c, const struct br_early_wait *w,
                       struct br_result *res)
{
	enum br_severity harm = w->fatal ? BR_SEV_FAILED : BR_SEV_WARNING;
	br_autofree char *why = NULL;

	if (w->bound) {
		leave_wait(img, c, w, harm, ", which is a name of this machine's hardware", res);
		return;
	}
	switch (w->found.match) {
	case BR_MATCH_NONE:
		leave_wait(img, c, w, harm, ", and no device has it", res);
		break;
	case BR_MATCH_OTHER_DISK:
		leave_wait(img, c, w, harm, ", which is on another disk than the one that is imported", res);
		break;
	case BR_MATCH_UNKNOWN:
		why = br_format(": %s", w->found.reason ? w->found.reason : "could not be resolved");
		if (w->fatal && why)
			leave_wait(img, c, w, BR_SEV_UNKNOWN, why, res);
		break;
	default:
		break;
	}
}

void br_grub_judge_early(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	/* The running one's hooks are those of this boot, made at run time. */
	if (!c->initramfs_read || c->initramfs_running || !img->disks.known)
		return;
	for (size_t i = 0; i < c->early.n; i++)
		judge_wait(img, c, &c->early.waits[i], res);
}
