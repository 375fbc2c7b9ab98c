/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/num.h"
#include "checks/drivers.h"

#define ID     "Selinux"
#define CONFIG "/etc/selinux/config"

static const struct br_code codes[] = {
	{"selinux-enforcing", BR_BASIS_POLICY, "SELinux will deny, and the target wants it off"},
	{"selinux-permissive", BR_BASIS_POLICY, "SELinux will run and deny nothing, and the target wants it off"},
	{"selinux-no-policy", BR_BASIS_POLICY, "SELINUX=disabled alone leaves the kernel's SELinux on, without a policy"},
	{"selinux-policy-missing", BR_BASIS_BOOT, "enforcing, and no policy is there: PID 1 goes no further"},
	{"selinux-relabel", BR_BASIS_POLICY, "the first boot labels every file anew, and starts again"},
	{"selinux-facts", BR_BASIS_POLICY, "whether it will run"},
};

static bool wants_off(const struct br_image *img)
{
	return br_streq(br_profile_get(img->profile, ID, "wanted"), "disabled");
}

static unsigned major_of(const char *version)
{
	uint64_t n = 0;

	if (!version || br_parse_uint(version, strspn(version, "0123456789"), 10, 0, UINT32_MAX, &n) < 0)
		return 0;
	return (unsigned)n;
}

/* Where the kernel's own file does not say it. EL 9 and Fedora 34 were the first that SELINUX=disabled left on. */
static struct br_selinux_release release_of(const struct br_system *s)
{
	bool red_hat = br_system_family(s) == BR_FAMILY_REDHAT;
	unsigned major = major_of(s->os_version);
	bool old = br_streq(s->os_id, "fedora") ? major < 34 : br_streq(s->os_id, "amzn") ? major == 2 || major == 2018 : major < 9;

	return (struct br_selinux_release){.by_default = red_hat, .can_disable = red_hat && old};
}

static const char *off_fix(const struct br_image *img)
{
	if (br_system_family(&img->system) == BR_FAMILY_REDHAT)
		return "sed -i 's/^SELINUX=.*/SELINUX=disabled/' /etc/selinux/config; grubby --update-kernel=ALL --args=selinux=0";
	return "sed -i 's/^SELINUX=.*/SELINUX=disabled/' /etc/selinux/config; take security=selinux out of "
	       "GRUB_CMDLINE_LINUX in /etc/default/grub and add selinux=0, then update-grub (or grub2-mkconfig -o "
	       "/boot/grub2/grub.cfg)";
}

static const char *policy_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_REDHAT:
		return "yum reinstall selinux-policy-targeted; or SELINUX=permissive in /etc/selinux/config";
	case BR_FAMILY_DEBIAN:
		return "apt-get install --reinstall selinux-policy-default && selinux-activate; or SELINUX=permissive in "
		       "/etc/selinux/config";
	case BR_FAMILY_SUSE:
		return "zypper install --force selinux-policy-targeted; or SELINUX=permissive in /etc/selinux/config";
	default:
		return "install the policy that SELINUXTYPE names, or set SELINUX=permissive in /etc/selinux/config";
	}
}

/* The one of the entries that boot by themselves with which SELinux does the most. */
static enum br_selinux_effect worst(const struct br_image *img)
{
	struct br_selinux_release release = release_of(&img->system);
	enum br_selinux_effect most = BR_SELINUX_NONE;
	bool any = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_chain *c = &img->chains[i];
		enum br_selinux_effect e;

		if (!c->offered || !c->entry || !c->cmdline)
			continue;
		e = br_selinux_effect(&img->selinux, c->cmdline, &release);
		most = e > most ? e : most;
		any = true;
	}
	return any ? most : br_selinux_effect(&img->selinux, "", &release);
}

static void judge_effect(const struct br_image *img, enum br_selinux_effect e, struct br_result *res)
{
	const struct br_selinux *s = &img->selinux;
	enum br_severity sev = wants_off(img) ? BR_SEV_WARNING : BR_SEV_INFO;
	const char *fix = wants_off(img) ? off_fix(img) : NULL, *path = s->config ? CONFIG : NULL;

	switch (e) {
	case BR_SELINUX_NONE:
		br_find(res, "selinux-facts", BR_SEV_INFO, NULL, 0, NULL, "the system has no SELinux");
		break;
	case BR_SELINUX_OFF:
		br_find(res, "selinux-facts", BR_SEV_INFO, path, s->mode_line, NULL, "SELinux will be off");
		break;
	case BR_SELINUX_NO_POLICY:
		br_find(res, "selinux-no-policy", sev, path, s->mode_line, fix,
		        "the kernel's SELinux stays on without a policy: only selinux=0 on the command line switches it off");
		break;
	case BR_SELINUX_TELLS:
		br_find(res, "selinux-permissive", sev, path, s->mode_line, fix, "SELinux will be permissive (policy %s)", s->type);
		break;
	case BR_SELINUX_DENIES:
		br_find(res, "selinux-enforcing", sev, path, s->mode_line, fix, "SELinux will be enforcing (policy %s)", s->type);
		break;
	case BR_SELINUX_STOPS:
		br_find(res, "selinux-policy-missing", BR_SEV_WARNING, path, s->mode_line, policy_fix(img),
		        "SELinux will be enforcing, and there is no policy below /etc/selinux/%s/policy: the boot stops", s->type);
		break;
	}
}

static void run(const struct br_image *img, struct br_result *res)
{
	enum br_selinux_effect e = worst(img);
	bool on = e == BR_SELINUX_TELLS || e == BR_SELINUX_DENIES;

	judge_effect(img, e, res);
	if (img->selinux.autorelabel)
		br_find(res, "selinux-relabel", on ? BR_SEV_WARNING : BR_SEV_INFO, "/.autorelabel", 0, "rm /.autorelabel",
		        on ? "the first boot labels every file anew, and starts again: it takes minutes"
		           : "a relabelling is asked for; with SELinux off nothing comes of it");
	br_conclude(res);
}

const struct br_check br_check_selinux = {
	.id = ID,
	.level = BR_LEVEL_WARNING,
	.title = "SELinux is as the target wants it, and has what it needs",
	.needs = BR_NEED_REPLAYED | BR_NEED_SELINUX,
	.wants = BR_NEED_CHAINS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "SELINUX and SELINUXTYPE in /etc/selinux/config, the policy that the type names; selinux=, enforcing=, security= "
		 "and lsm= on the default entries' command lines; what the default kernel was built with (/boot/config-RELEASE or "
		 "beside its modules), else what its distribution does; /.autorelabel.",
	.fails = "A warning when SELinux will be enforcing or permissive and the target wants it off; when SELINUX=disabled does "
		 "not switch it off (from EL 9 and Fedora 34 on only selinux=0 does); when it will be enforcing without a policy; "
		 "when the first boot has to label all files.",
	.why = "The reference's target wants images with SELinux off: what the cloud's agents write would be denied. Enforcing "
	       "without a policy is worse: PID 1 stops there. A relabelling holds the first boot for minutes.",
	.mend = "Set SELINUX=disabled and put selinux=0 on the kernel's command line; or install the policy; or remove "
		"/.autorelabel once the files are labelled.",
	.run = run,
};
