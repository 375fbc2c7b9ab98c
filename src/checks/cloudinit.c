/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <string.h>

#include "base/num.h"
#include "checks/cloudstart.h"
#include "checks/drivers.h"

#define ID "CloudInit"

static const struct br_code codes[] = {
	{"cloudinit-absent", BR_BASIS_BOOT, "cloud-init is not installed"},
	{"cloudinit-disabled", BR_BASIS_BOOT, "cloud-init is switched off"},
	{"cloudinit-not-started", BR_BASIS_BOOT, "the boot does not come to cloud-init's services"},
	{"cloudinit-datasource", BR_BASIS_BOOT, "cloud-init does not look where the target has the instance's data"},
	{"cloudinit-old", BR_BASIS_POLICY, "a release that is too old for the target"},
	{"cloudinit-leftover", BR_BASIS_POLICY, "data of an earlier instance is left over"},
	{"cloudinit-unread", BR_BASIS_POLICY, "cloud-init's configuration or what starts it could not be told"},
	{"cloudinit-unwanted", BR_BASIS_POLICY, "cloud-init would start on a target that wants another tool"},
	{"cloudinit-facts", BR_BASIS_POLICY, "which release, and where it looks"},
};

/* How much the target wants it. */
enum want {
	WANT_REQUIRED = 0,
	WANT_OPTIONAL, /* the target has a tool of its own */
	WANT_FORBIDDEN,
};

static enum want want(const struct br_image *img)
{
	const char *s = br_profile_get(img->profile, ID, "wanted");

	return br_streq(s, "optional") ? WANT_OPTIONAL : br_streq(s, "forbidden") ? WANT_FORBIDDEN : WANT_REQUIRED;
}

/* Where another tool does the work a cloud-init that does not is worth a word at most. */
static enum br_severity severity(const struct br_image *img)
{
	return want(img) == WANT_OPTIONAL ? BR_SEV_INFO : br_judge_severity(img, ID);
}

static const char *install_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get install cloud-init";
	case BR_FAMILY_REDHAT:
		return "yum install cloud-init && systemctl enable cloud-init-local cloud-init cloud-config cloud-final";
	case BR_FAMILY_SUSE:
		return "zypper install cloud-init && systemctl enable cloud-init-local cloud-init cloud-config cloud-final";
	case BR_FAMILY_ARCH:
		return "pacman -S cloud-init && systemctl enable cloud-init-main cloud-final";
	default:
		return "install cloud-init and enable its services";
	}
}

static const char *upgrade_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get install --only-upgrade cloud-init";
	case BR_FAMILY_REDHAT:
		return "yum update cloud-init";
	case BR_FAMILY_SUSE:
		return "zypper update cloud-init";
	case BR_FAMILY_ARCH:
		return "pacman -Syu cloud-init";
	default:
		return "install a newer cloud-init";
	}
}

/* Taking a parameter off the kernel's command line. */
static const char *cmdline_fix(const struct br_image *img)
{
	return br_system_family(&img->system) == BR_FAMILY_REDHAT
	               ? "grubby --update-kernel=ALL --remove-args=\"cloud-init ci.ds ci.datasource ci.di.policy\""
	               : "take it out of GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub (or grub2-mkconfig -o "
	                 "/boot/grub2/grub.cfg)";
}

/* Numbers between dots; what follows them in a part ("6a15") is left out. */
static bool older(const char *version, const char *than)
{
	for (int part = 0; part < 3; part++) {
		size_t n = strspn(version, "0123456789"), m = strspn(than, "0123456789");
		uint64_t a = 0, b = 0;

		if (br_parse_uint(version, n, 10, 0, UINT32_MAX, &a) < 0)
			a = 0;
		if (br_parse_uint(than, m, 10, 0, UINT32_MAX, &b) < 0)
			b = 0;
		if (a != b)
			return a < b;
		version += strcspn(version, ".");
		version += *version == '.';
		than += strcspn(than, ".");
		than += *than == '.';
	}
	return false;
}

static void judge_version(const struct br_image *img, struct br_result *res)
{
	const char *least = br_profile_get(img->profile, ID, "minimum");
	const struct br_cloudinit *ci = &img->cloudinit;

	if (least && ci->version && older(ci->version, least))
		br_find(res, "cloudinit-old", BR_SEV_WARNING, NULL, 0, upgrade_fix(img),
		        "cloud-init is of release %s, the target wants %s at least", ci->version, least);
}

static void judge_leftover(const struct br_image *img, struct br_result *res)
{
	const struct br_cloudinit *ci = &img->cloudinit;

	if (!ci->leftover)
		return;
	br_find(res, "cloudinit-leftover", BR_SEV_WARNING, ci->leftover, 0,
	        ci->version && older(ci->version, "18.1") ? "rm -rf /var/lib/cloud/instance /var/lib/cloud/instances/* "
	                                                    "/var/lib/cloud/data/* /var/lib/cloud/sem/*"
	                                                  : "cloud-init clean --logs, as the last thing before the import",
	        ci->manual_clean ? "an earlier instance's data is left over, and manual_cache_clean keeps it on any machine"
	                         : "an earlier instance's data is left over: what is done once is not done again by itself");
}

/* A unit of cloud-init's own that is masked: the others go on without what it does. */
static bool judge_masks(const struct br_image *img, struct br_result *res)
{
	static const char *const units[] = {"cloud-init-local.service", "cloud-init.service", "cloud-init-main.service",
	                                    "cloud-init-network.service", "cloud-config.service", "cloud-final.service",
	                                    "cloud-init.target"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(units); i++) {
		const struct br_unit *u = br_unit_find(&img->units, units[i]);
		br_autofree char *fix = NULL;

		if (!u || u->state != BR_UNIT_MASKED)
			continue;
		fix = br_format("systemctl unmask %s", units[i]);
		br_find(res, "cloudinit-not-started", severity(img), u->path ? u->path : u->by, 0, fix, "%s is masked", units[i]);
		return false;
	}
	return true;
}

static bool judge_units(const struct br_image *img, struct br_result *res)
{
	if (img->units.init == BR_INIT_UNKNOWN) {
		br_find(res, "cloudinit-unread", BR_SEV_UNKNOWN, NULL, 0, NULL,
		        "whether the boot starts cloud-init could not be told: the root's init is not known by name");
		return false;
	}
	if (!judge_masks(img, res))
		return false;
	if (br_cloud_comes_up(&img->units))
		return true;
	br_find(res, "cloudinit-not-started", severity(img), NULL, 0,
	        img->units.init == BR_INIT_SYSTEMD
	                ? "systemctl enable cloud-init-local cloud-init cloud-config cloud-final (from 24.3 on cloud-init-main "
	                  "and cloud-init-network instead of cloud-init)"
	                : "add cloud-init's scripts to the default runlevel",
	        "cloud-init is installed, and the boot comes to none of its services");
	return false;
}

static const char *off_fix(const struct br_image *img, const struct br_cloud_answer *a)
{
	if (a->from_cmdline)
		return cmdline_fix(img);
	return a->path && br_ends(a->path, ".disabled") ? "rm /etc/cloud/cloud-init.disabled"
	                                                : "sed -i '/^ *policy:/d' /etc/cloud/ds-identify.cfg";
}

static void find_excluded(const struct br_image *img, const char *sources, const struct br_cloud_answer *a,
                          struct br_result *res)
{
	br_autofree char *first = strndup(sources, strcspn(sources, " "));
	br_autofree char *fix = br_format("printf 'datasource_list: [ %s, None ]\\n' > /etc/cloud/cloud.cfg.d/zz-datasource.cfg",
	                                  first ? first : sources);

	if (a->path && br_ends(a->path, "ds-identify.cfg")) {
		free(fix);
		fix = br_format("sed -i '/^ *datasource:/d' /etc/cloud/ds-identify.cfg");
	}
	br_find(res, "cloudinit-datasource", severity(img), a->path, a->line, a->from_cmdline ? cmdline_fix(img) : fix,
	        "%s leaves out %s, where the target has the instance's data", a->what ? a->what : "its own list", sources);
}

/* Returns whether it would run and look for its data. */
static bool judge_search(const struct br_image *img, struct br_result *res)
{
	const char *sources = br_profile_get(img->profile, ID, "datasources");
	struct br_cloud_start start;
	struct br_cloud_answer a;

	br_cloud_start(img, &start);
	a = start.answer;
	switch (a.search) {
	case BR_CLOUD_OFF:
		br_find(res, "cloudinit-disabled", severity(img), a.path, a.line, off_fix(img, &a), "cloud-init is switched off: %s",
		        a.what);
		return false;
	case BR_CLOUD_EXCLUDED:
		if (sources)
			find_excluded(img, sources, &a, res);
		return true;
	case BR_CLOUD_UNTOLD:
		br_find(res, "cloudinit-unread", want(img) == WANT_OPTIONAL ? BR_SEV_INFO : BR_SEV_UNKNOWN, a.path, a.line, NULL,
		        "where cloud-init looks for its data could not be told: %s", a.what);
		return true;
	default:
		br_find(res, "cloudinit-facts", BR_SEV_INFO, a.path, a.line, NULL, "cloud-init %s%s looks by %s",
		        img->cloudinit.version ? img->cloudinit.version : "of a release that could not be told",
		        img->cloudinit.by_pip ? " (of no package)" : "", a.what ? a.what : "its own list of all sources");
		return true;
	}
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_cloudinit *ci = &img->cloudinit;

	if (!ci->program) {
		br_find(res, "cloudinit-absent", want(img) == WANT_REQUIRED ? severity(img) : BR_SEV_INFO, NULL, 0,
		        want(img) == WANT_REQUIRED ? install_fix(img) : NULL, "cloud-init is not installed");
	} else if (want(img) == WANT_FORBIDDEN) {
		if (br_unit_starts(&img->units, "cloud-init.service") || br_unit_starts(&img->units, "cloud-init-main.service"))
			br_find(res, "cloudinit-unwanted", BR_SEV_WARNING, ci->program, 0, "touch /etc/cloud/cloud-init.disabled",
			        "cloud-init would start, and the target wants its own tool alone");
	} else {
		if (judge_search(img, res))
			judge_units(img, res);
		judge_version(img, res);
		judge_leftover(img, res);
	}
	br_conclude(res);
}

const struct br_check br_check_cloudinit = {
	.id = ID,
	.level = BR_LEVEL_HIGH,
	.title = "cloud-init starts and looks where the data is",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_CLOUDINIT | BR_NEED_UNITS,
	.wants = BR_NEED_CHAINS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The program cloud-init (of a package or of pip) and its release in cloudinit/version.py; its services and "
		 "systemd generator; /etc/cloud/cloud-init.disabled and .enabled; cloud-init=, ci.ds= and ci.di.policy= on the "
		 "default entry's command line; datasource_list in /etc/cloud/cloud.cfg and cloud.cfg.d, merged as cloud-init "
		 "does it, and as ds-identify reads the same files, which outvotes it; /etc/cloud/ds-identify.cfg; what an "
		 "earlier instance left below /var/lib/cloud.",
	.fails = "When the target wants cloud-init (the profile says required, optional or forbidden) and it is not installed, "
		 "is switched off, does not start, or looks for its data elsewhere only. A warning: a release older than the "
		 "profile's least one, or left-over data of an instance. What cannot be read of its configuration is unknown.",
	.why = "cloud-init gives a new machine its host name, network, keys and passwords. Without it the machine comes up as "
	       "a copy of the old one, and nobody can log in with what the cloud was told.",
	.mend = "Install cloud-init of the distribution and enable its services, take away what switches it off, name the "
		"target's source in /etc/cloud/cloud.cfg.d, and run cloud-init clean as the last thing before the import.",
	.run = run,
};
