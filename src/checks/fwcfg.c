/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"fwcfg-missing", BR_BASIS_POLICY, "the default kernel cannot show what QEMU hands over in fw_cfg"},
	{"fwcfg-unknown", BR_BASIS_POLICY, "whether the default kernel has qemu_fw_cfg could not be told"},
};

#define DRIVER "qemu_fw_cfg"

static char *kernel_fix(const struct br_image *img, const char *release)
{
	const char *arch = br_streq(img->system.arch, "aarch64") ? "arm64" : "amd64";

	if (br_streq(img->system.os_id, "ubuntu"))
		return br_format("apt-get install linux-modules-extra-%s", release);
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return br_format("apt-get install linux-image-%s", arch);
	case BR_FAMILY_REDHAT:
		return br_format("yum install kernel-modules-%s", release);
	case BR_FAMILY_SUSE:
		return br_format("zypper install kernel-default");
	default:
		return br_format("install a kernel with CONFIG_FW_CFG_SYSFS");
	}
}

static void judge(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_driver_ask ask = {.name = DRIVER, .machine = br_machine_of(img)};
	br_autodriver struct br_driver d = {0};
	br_autofree char *fix = kernel_fix(img, c->release);

	if (!c->root_modules || br_driver_look(c->root_modules, &ask, &d) < 0 || d.state == BR_DRIVER_UNKNOWN)
		br_find(res, "fwcfg-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "the modules of the default kernel: %s",
		        c->root_modules_why ? c->root_modules_why : d.what ? d.what : "could not be read");
	else if (d.state != BR_DRIVER_BUILTIN && d.state != BR_DRIVER_PRESENT)
		br_find(res, "fwcfg-missing", BR_SEV_WARNING, NULL, 0, fix, "kernel %s has no " DRIVER "%s%s", c->release,
		        d.what ? " that can be loaded: " : "", d.what ? d.what : "");
}

static void run(const struct br_image *img, struct br_result *res)
{
	bool any = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		if (!br_judge_chain(img, &img->chains[i]) || !img->chains[i].release)
			continue;
		any = true;
		judge(img, &img->chains[i], res);
	}
	if (!any)
		br_find(res, "fwcfg-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "which kernel boots is not known");
	br_conclude(res);
}

const struct br_check br_check_fwcfg = {
	.id = "FwCfg",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "the default kernel shows what QEMU hands over (fw_cfg)",
	.needs = BR_NEED_USR | BR_NEED_DRIVERS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "Whether " DRIVER " is built into the default entry's kernel, or among the modules that the root has for it.",
	.fails = "Never. It warns where the profile's cloud hands over the password by fw_cfg and the kernel was built "
		 "without CONFIG_FW_CFG_SYSFS, or its module is not installed.",
	.why = "Without it a password set in the cloud's console does not reach the machine.",
	.mend = "Install the kernel that the distribution builds for servers, with all of its modules.",
	.run = run,
};
