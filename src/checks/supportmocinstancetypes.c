/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/drivers.h"
#include "image/releases.h"

#define ID "SupportMocInstanceTypes"

static const struct br_code codes[] = {
	{"release-too-old", BR_BASIS_POLICY, "a release that the target's machines do not support"},
	{"kernel-too-old", BR_BASIS_POLICY, "a kernel that the target's machines do not support"},
	{"release-past-end", BR_BASIS_POLICY, "a release that gets no security updates any more"},
	{"release-unknown", BR_BASIS_POLICY, "a release that is not in the table"},
	{"release-untold", BR_BASIS_POLICY, "neither the release nor the default kernel could be told"},
	{"release-processor", BR_BASIS_POLICY, "the release needs a newer processor than the first ones of its kind"},
	{"release-facts", BR_BASIS_POLICY, "how long the release gets updates"},
};

/* "centos:5" in the profile's list: that release, whatever follows the number. */
static bool is_listed(const struct br_image *img, const char *id)
{
	const char *version = img->system.os_version;
	br_autofree char *major = NULL, *word = NULL, *whole = NULL;

	if (!id || !version)
		return false;
	major = strndup(version, strcspn(version, "."));
	word = major ? br_format("%s:%s", id, major) : NULL;
	whole = br_format("%s:%s", id, version);
	return (word && br_profile_lists(img->profile, ID, "too_old", word)) ||
	       (whole && br_profile_lists(img->profile, ID, "too_old", whole));
}

static const struct br_chain *default_chain(const struct br_image *img)
{
	for (size_t i = 0; i < img->n_chains; i++)
		if (img->chains[i].offered && img->chains[i].entry && img->chains[i].release)
			return &img->chains[i];
	return NULL;
}

static const char *kernel_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get dist-upgrade, and boot the newer kernel";
	case BR_FAMILY_REDHAT:
		return "yum update kernel, and boot the newer kernel";
	case BR_FAMILY_SUSE:
		return "zypper update kernel-default, and boot the newer kernel";
	case BR_FAMILY_ARCH:
		return "pacman -Syu linux";
	default:
		return "install and boot a newer kernel";
	}
}

static const char *upgrade_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return br_streq(img->system.os_id, "ubuntu") ? "do-release-upgrade"
		                                              : "name the next release in /etc/apt/sources.list, then apt full-upgrade";
	case BR_FAMILY_REDHAT:
		return br_streq(img->system.os_id, "fedora") ? "dnf system-upgrade download --releasever=N && dnf system-upgrade reboot"
		                                              : "leapp upgrade (migrate2rocky or almalinux-deploy from CentOS)";
	case BR_FAMILY_SUSE:
		return "zypper migration (openSUSE: zypper --releasever=N dup)";
	default:
		return "upgrade to a release that gets updates";
	}
}

static void judge_kernel(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const char *least = br_profile_get(img->profile, ID, "kernel");

	if (least && c && br_release_less(c->release, least))
		br_find(res, "kernel-too-old", br_judge_severity(img, ID), c->kernel.shown, 0, kernel_fix(img),
		        "the default kernel %s is older than %s, the target's oldest", c->release, least);
}

/* EL 9 and SUSE 16 are built for x86-64-v2, EL 10 for v3; AlmaLinux 10 has a build for v2 too. */
static void judge_processor(const struct br_image *img, const char *id, struct br_result *res)
{
	static const struct {
		const char *ids, *version, *level;
	} rows[] = {
		{" rhel centos centos-stream rocky almalinux ol ", "9", "x86-64-v2"},
		{" rhel centos centos-stream rocky almalinux ol ", "10", "x86-64-v3"},
		{" sles opensuse-leap ", "16", "x86-64-v2"},
	};
	br_autofree char *word = id ? br_format(" %s ", id) : NULL;

	if (!word || !img->system.os_version || !br_streq(img->system.arch, "x86_64"))
		return;
	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		size_t n = strlen(rows[i].version);

		if (!strstr(rows[i].ids, word) || strncmp(img->system.os_version, rows[i].version, n) != 0 ||
		    (img->system.os_version[n] && img->system.os_version[n] != '.'))
			continue;
		br_find(res, "release-processor", BR_SEV_INFO, NULL, 0, NULL,
		        "this release needs a processor of level %s: every current machine type of the large clouds has it",
		        rows[i].level);
	}
}

static void judge_end(const struct br_image *img, const struct br_release *r, struct br_result *res)
{
	unsigned today = br_release_today(), end = r->end;
	const char *name = img->system.os ? img->system.os : r->id;

	if (!end)
		br_find(res, "release-facts", BR_SEV_INFO, NULL, 0, NULL, "%s has no releases: it is always of today", name);
	else if (end < today)
		br_find(res, "release-past-end", BR_SEV_WARNING, "/etc/os-release", 0, upgrade_fix(img),
		        "%s got its last updates for everybody on %u-%02u-%02u (compared with %u-%02u-%02u)", name, end / 10000,
		        end / 100 % 100, end % 100, today / 10000, today / 100 % 100, today % 100);
	else
		br_find(res, "release-facts", BR_SEV_INFO, NULL, 0, NULL,
		        "%s gets updates until %u-%02u-%02u (compared with %u-%02u-%02u)", name, end / 10000, end / 100 % 100,
		        end % 100, today / 10000, today / 100 % 100, today % 100);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const char *id = br_release_id(&img->system);
	const struct br_release *r = br_release_find(id, img->system.os_version);
	const struct br_chain *c = default_chain(img);

	if (!id && !c) {
		br_find(res, "release-untold", BR_SEV_UNKNOWN, "/etc/os-release", 0, NULL,
		        "neither the release of the system nor its default kernel could be told");
	} else if (is_listed(img, id)) {
		br_find(res, "release-too-old", br_judge_severity(img, ID), "/etc/os-release", 0, upgrade_fix(img),
		        "%s is a release that the target's machines do not support", img->system.os ? img->system.os : id);
	} else if (r) {
		judge_end(img, r, res);
	} else {
		br_find(res, "release-unknown", BR_SEV_INFO, id ? "/etc/os-release" : NULL, 0, NULL, "%s%s%s is not in the table of releases",
		        id ? id : "a system without os-release", img->system.os_version ? " " : "",
		        img->system.os_version ? img->system.os_version : "");
	}
	judge_kernel(img, c, res);
	judge_processor(img, id, res);
	br_conclude(res);
}

const struct br_check br_check_supportmocinstancetypes = {
	.id = ID,
	.level = BR_LEVEL_HIGH,
	.title = "release and kernel suit the target's machines",
	.needs = BR_NEED_REPLAYED,
	.wants = BR_NEED_CHAINS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "ID and VERSION_ID of os-release (of systems without one /etc/redhat-release and the like), the release of the "
		 "default kernel, a table of releases with the last day of their updates, and the profile's list of what is too "
		 "old. The day is the clock's, or the table's own where the clock stands before it; the finding names it.",
	.fails = "When the release or the default kernel is on the profile's list of those that are too old. A warning when the "
		 "release gets no updates for everybody any more. A release that is not in the table is named as such.",
	.why = "Newer machine types have devices that old kernels know nothing of, and a system past its end stays open to "
	       "what was found since.",
	.mend = "Upgrade to a release that is supported, or install its newest kernel and boot that.",
	.run = run,
};
