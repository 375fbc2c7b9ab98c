/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypttab: is the encrypted device there, and its key? */
#include <string.h>

#include "checks/fstab.h"

static enum br_severity harm(const struct br_crypttab_entry *c)
{
	return c->waits ? BR_SEV_FAILED : BR_SEV_WARNING;
}

/* Something that the boot waits for is mounted from it. Else cryptsetup.target alone wants it: systemd waits for the
 * device, a minute and a half where nothing else is said, and goes on (cryptsetup.target, sysinit.target). */
static bool mounted(const struct br_image *img, const struct br_crypttab_entry *c)
{
	static const char mapper[] = "/dev/mapper/";

	for (size_t i = 0; i < img->fstab.n; i++) {
		const struct br_fstab_entry *e = &img->fstab.entries[i];

		if (e->waits && br_starts(e->source, mapper) && br_streq(e->source + sizeof(mapper) - 1, c->name))
			return true;
	}
	return false;
}

/* code: of a device that is not there. What only lets the boot wait loses nothing, whatever the reason. */
static const char *code_of(const struct br_image *img, const struct br_crypttab_entry *c, const char *code)
{
	return c->waits && !mounted(img, c) ? "crypttab-waited-for" : code;
}

static const char *fix_of(const struct br_crypttab_entry *c)
{
	return c->waits ? "write UUID=... of the device (see blkid), add nofail to the options, or remove the line" :
	                  "write UUID=... of the device (see blkid), or remove the line";
}

static void unknown(const struct br_crypttab_entry *c, const char *what, struct br_result *res)
{
	br_find(res, "crypttab-unknown", c->waits ? BR_SEV_UNKNOWN : BR_SEV_INFO, BR_CRYPTTAB, c->line, NULL, "%s: %s",
	        c->name, what);
}

/* true: the device is there, the key is worth looking at. */
static bool judge_device(const struct br_image *img, const struct br_crypttab_entry *c, struct br_result *res)
{
	struct br_found f;

	if (c->spec.kind == BR_SPEC_OTHER)
		return true; /* a file as container */
	if (c->spec.kind == BR_SPEC_KERNEL_NAME && br_fstab_name_differs(img, c->spec.value)) {
		br_find(res, code_of(img, c, "crypttab-kernel-name"), harm(c), BR_CRYPTTAB, c->line, fix_of(c),
		        "%s is to be opened on %s: the target's disks are named otherwise (%s)", c->name, c->device,
		        br_profile_get(img->profile, "Fstab", "disk_names"));
		return false;
	}
	br_disks_find(&img->disks, &c->spec, &f);
	switch (f.match) {
	case BR_MATCH_NONE:
		br_find(res, code_of(img, c, "crypttab-missing"), harm(c), BR_CRYPTTAB, c->line, fix_of(c),
		        "%s is to be opened on %s, and no device has it", c->name, c->device);
		return false;
	case BR_MATCH_OTHER_DISK:
		br_find(res, code_of(img, c, "crypttab-other-disk"), harm(c), BR_CRYPTTAB, c->line, fix_of(c),
		        "%s is to be opened on %s, which is on another disk than the one that is imported", c->name,
		        c->device);
		return false;
	case BR_MATCH_UNKNOWN:
		unknown(c, f.reason, res);
		return false;
	default:
		return true;
	}
}

static void judge_key(const struct br_crypttab_entry *c, struct br_result *res)
{
	switch (c->key_state) {
	case BR_KEY_THERE:
		break;
	case BR_KEY_MISSING:
		br_find(res, "crypttab-key", harm(c), BR_CRYPTTAB, c->line,
		        "put the key file there, or add nofail to the options", "%s: its key %s is not there", c->name,
		        c->key);
		break;
	case BR_KEY_ASKED:
		if (!c->waits)
			break;
		br_find(res, "crypttab-key", harm(c), BR_CRYPTTAB, c->line,
		        "give it a key file, or add nofail to the options",
		        "%s: the boot waits for a passphrase that nobody types", c->name);
		break;
	case BR_KEY_HARDWARE:
		br_find(res, "crypttab-hardware-key", BR_SEV_WARNING, BR_CRYPTTAB, c->line,
		        "enrol a key that the target machine has (systemd-cryptenroll)",
		        "%s: its key is sealed by hardware of this machine", c->name);
		break;
	case BR_KEY_UNKNOWN:
		unknown(c, "whether its key is there could not be told", res);
		break;
	}
}

void br_fstab_judge_crypt(const struct br_image *img, struct br_result *res)
{
	if (img->fstab.crypttab_err)
		br_find(res, "crypttab-unread", BR_SEV_UNKNOWN, BR_CRYPTTAB, 0, NULL, "could not be read: %s",
		        br_strerror(-img->fstab.crypttab_err));
	for (size_t i = 0; i < img->fstab.n_crypt; i++)
		if (judge_device(img, &img->fstab.crypt[i], res))
			judge_key(&img->fstab.crypt[i], res);
}
