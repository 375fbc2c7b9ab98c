/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "checks/grub.h"

#define DEFAULTS "/etc/default/grub"

/* key= of the defaults' command line, where it would harm the next grub.cfg. */
static void judge_device(const struct br_image *img, const char *key, struct br_result *res)
{
	const struct br_grub_defaults *d = &img->grub_defaults;
	br_autofree char *text = br_cmdline_get(d->cmdline, key), *fix = NULL;
	br_autospec struct br_spec spec = {0};
	struct br_found f;

	if (!text || br_spec_parse(text, &spec) < 0)
		return;
	br_disks_find(&img->disks, &spec, &f);
	if (spec.kind != BR_SPEC_KERNEL_NAME && f.match != BR_MATCH_NONE && f.match != BR_MATCH_OTHER_DISK)
		return;
	fix = br_format("take %s=%s out of GRUB_CMDLINE_LINUX in " DEFAULTS, key, text);
	br_find(res, "grub-defaults-leftover", BR_SEV_WARNING, DEFAULTS, d->cmdline_line, fix,
	        "%s=%s %s, and the next %s would put it into every entry", key, text,
	        spec.kind == BR_SPEC_KERNEL_NAME ? "is a kernel device name" : "names nothing", br_grub_mkconfig(img));
}

void br_grub_judge_defaults(const struct br_image *img, struct br_result *res)
{
	const struct br_grub_defaults *d = &img->grub_defaults;

	if (!d->cmdline)
		return;
	judge_device(img, "root", res);
	judge_device(img, "resume", res);
	if (d->uuid_disabled)
		br_find(res, "grub-defaults-leftover", BR_SEV_WARNING, DEFAULTS, d->uuid_line,
		        "take GRUB_DISABLE_LINUX_UUID out of " DEFAULTS,
		        "GRUB_DISABLE_LINUX_UUID=true: the next grub.cfg would name the root by device");
}
