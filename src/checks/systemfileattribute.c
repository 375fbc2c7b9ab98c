/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"attribute-immutable", BR_BASIS_BOOT, "a file that the first boot writes must not be changed (chattr +i)"},
	{"attribute-append-only", BR_BASIS_BOOT, "such a file may only grow (chattr +a): it cannot be written anew"},
	{"file-owner", BR_BASIS_POLICY, "a system file is not root's"},
	{"file-mode", BR_BASIS_POLICY, "others than root can write a system file, or cannot read what all need"},
	{"file-readable", BR_BASIS_POLICY, "everybody can read the password hashes"},
	{"attribute-no-flags", BR_BASIS_POLICY, "the file system knows no such flags"},
	{"attribute-not-read", BR_BASIS_POLICY, "a file could not be looked at"},
};

static void judge_flags(const struct br_image *img, const struct br_attr *a, struct br_result *res)
{
	br_autofree char *fix = br_format("chattr %s %s", a->immutable && a->append ? "-i -a" : a->immutable ? "-i" : "-a",
	                                  a->path);

	if (a->immutable)
		br_find(res, "attribute-immutable", br_judge_severity(img, "SystemFileAttribute"), a->path, 0, fix,
		        a->folder ? "it has the immutable flag: nothing in it can be made, renamed or removed"
		                  : "it has the immutable flag: not even root can change it, nor set a password or a name");
	else if (a->append)
		br_find(res, "attribute-append-only", br_judge_severity(img, "SystemFileAttribute"), a->path, 0, fix,
		        a->folder ? "it has the append-only flag: nothing in it can be renamed or removed"
		                  : "it has the append-only flag: it cannot be replaced or rewritten");
}

/* What the distribution itself gives these files. */
static const char *own_mode(const struct br_image *img, const struct br_attr *a)
{
	enum br_family family = br_system_family(&img->system);

	if (a->rule == BR_ATTR_SECRET)
		return family == BR_FAMILY_REDHAT ? "0000" : family == BR_FAMILY_ARCH ? "0600" : "0640";
	if (strcmp(a->path, "/etc/sudoers") == 0)
		return "0440";
	if (strcmp(a->path, "/etc/machine-id") == 0)
		return "0444";
	if (strcmp(a->path, "/etc/ssh/sshd_config") == 0)
		return family == BR_FAMILY_REDHAT ? "0600" : "0644";
	if (br_ends(a->path, "/authorized_keys") || br_ends(a->path, "/grub.cfg"))
		return "0600";
	if (br_starts(a->path, "/root"))
		return "0700";
	return a->folder ? "0755" : "0644";
}

static const char *own_group(const struct br_image *img, const struct br_attr *a)
{
	enum br_family family = br_system_family(&img->system);

	return a->rule == BR_ATTR_SECRET && (family == BR_FAMILY_DEBIAN || family == BR_FAMILY_SUSE) ? "shadow" : "root";
}

static void judge_owner(const struct br_image *img, const struct br_attr *a, struct br_result *res)
{
	br_autofree char *fix = br_format("chown root:%s %s && chmod %s %s", own_group(img, a), a->path, own_mode(img, a),
	                                  a->path);
	mode_t others_write = a->mode & 022, m = a->mode;

	/* Unpacked by somebody without root's rights: all of it is his. */
	if (a->uid != 0 && !(img->attrs.root_uid && a->uid == img->attrs.root_uid))
		br_find(res, "file-owner", BR_SEV_WARNING, a->path, 0, fix, "it belongs to the user of number %u, not to root",
		        (unsigned)a->uid);
	else if (others_write && !(a->folder && m & 01000))
		br_find(res, "file-mode", BR_SEV_WARNING, a->path, 0, fix, "mode %04o: others than root can write it",
		        (unsigned)m);
	else if (a->rule == BR_ATTR_SECRET && m & 07)
		br_find(res, "file-readable", BR_SEV_WARNING, a->path, 0, fix, "mode %04o: everybody can read the password hashes",
		        (unsigned)m);
	else if (a->rule == BR_ATTR_PUBLIC && (!(m & 04) || (a->folder && !(m & 01))))
		br_find(res, "file-mode", BR_SEV_WARNING, a->path, 0, fix,
		        "mode %04o: services that do not run as root cannot read it", (unsigned)m);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const char *no_flags = NULL;

	for (size_t i = 0; i < img->attrs.n; i++) {
		const struct br_attr *a = &img->attrs.v[i];

		if (a->err)
			br_find(res, "attribute-not-read", BR_SEV_UNKNOWN, a->path, 0, NULL, "%s", br_strerror(a->err));
		if (!a->there)
			continue;
		if (a->no_flags && !no_flags)
			no_flags = a->path;
		judge_flags(img, a, res);
		if (a->rule != BR_ATTR_FLAGS && a->plain_modes)
			judge_owner(img, a, res);
	}
	if (no_flags)
		br_find(res, "attribute-no-flags", BR_SEV_INFO, no_flags, 0, NULL,
		        "its file system knows neither the immutable nor the append-only flag");
	br_conclude(res);
}

const struct br_check br_check_systemfileattribute = {
	.id = "SystemFileAttribute",
	.level = BR_LEVEL_HIGH,
	.title = "the first boot's files can be written, by root alone",
	.needs = BR_NEED_REPLAYED | BR_NEED_ATTRS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The immutable and append-only flags (lsattr), owner and mode of /etc, /etc/passwd, group, shadow, gshadow, "
		 "fstab, hostname, hosts, resolv.conf, machine-id, sudoers, sshd_config, grub.cfg, of root's home and of root's "
		 "authorized_keys. Links are followed inside the root.",
	.fails = "When one of them has the immutable or the append-only flag. A warning: one that is not root's, that others can "
		 "write, password hashes that everybody can read, or a public file that services cannot read. What a "
		 "distribution or a hardening guide makes narrower than usual is fine.",
	.why = "The first boot sets the password, host name, keys, name servers and machine id. A file with such a flag makes "
	       "each of these fail, and nobody can log in. sshd does not believe an authorized_keys that others can write, "
	       "sudo no such sudoers.",
	.mend = "chattr -i FILE or chattr -a FILE; chown and chmod as the fix says.",
	.run = run,
};
