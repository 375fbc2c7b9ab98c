/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/num.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	BR_DRIVER_CODES("nvme"),
	{"nvme-io-timeout", BR_BASIS_POLICY, "nvme_core.io_timeout is not what the profile says"},
};

/* Before 4.4 or so the parameter was nvme's own. */
static const char *const owners[] = {"nvme_core", "nvme"};

/* What the kernel says of the parameter; NULL: nothing. *ret_owner: the module that has it. */
static char *parameter_type(const struct br_chain *c, const char **ret_owner)
{
	const struct br_modtree *trees[] = {c->modules, c->root_modules};
	char *type = NULL;

	*ret_owner = owners[0];
	for (size_t t = 0; t < BR_ARRAY_SIZE(trees); t++)
		for (size_t o = 0; trees[t] && o < BR_ARRAY_SIZE(owners); o++)
			if (br_module_parmtype(trees[t], owners[o], "io_timeout", &type) == 0) {
				*ret_owner = owners[o];
				return type;
			}
	return NULL;
}

/* From the command line, where - and _ are equal, or from modprobe.d in the initramfs. */
static char *parameter_value(const struct br_chain *c, const char *owner)
{
	br_autofree char *key = br_format("%s.io_timeout", owner);
	char *value = key && c->cmdline ? br_cmdline_get(c->cmdline, key) : NULL;

	for (char *p = value ? NULL : key; p && *p; p++)
		if (*p == '_' && p < key + strlen(owner))
			*p = '-';
	if (!value && key && c->cmdline)
		value = br_cmdline_get(c->cmdline, key);
	if (!value && br_initramfs_option(&c->initramfs, owner, "io_timeout", &value) < 0)
		return NULL;
	return value;
}

/* The kernel takes hexadecimal and octal as well. */
static bool same_number(const char *value, const char *wanted)
{
	uint64_t a, b;
	bool hex = value && (br_starts(value, "0x") || br_starts(value, "0X"));

	if (!value || br_parse_uint(wanted, strlen(wanted), 10, 0, UINT32_MAX, &b) < 0)
		return false;
	if (hex)
		return br_parse_uint(value + 2, strlen(value + 2), 16, 0, UINT32_MAX, &a) == 0 && a == b;
	return value[0] == '0' && br_parse_uint(value, strlen(value), 8, 0, UINT32_MAX, &a) == 0 && a == b;
}

static void judge_timeout(const struct br_image *img, const struct br_chain *c, const char *wanted,
                          struct br_result *res)
{
	const char *owner;
	br_autofree char *type = parameter_type(c, &owner), *value = parameter_value(c, owner), *fix = NULL;
	br_autofree char *parameter = NULL;

	if (br_streq(type, "byte"))
		wanted = "255";
	if (br_streq(value, wanted) || same_number(value, wanted))
		return;
	/* Set, and which of the two the kernel takes is not known: it may well be right. */
	if (!type && br_streq(value, "255"))
		return;
	parameter = br_format("%s.io_timeout=%s", owner, wanted);
	fix = parameter ? br_fix_parameter(img, parameter) : NULL;
	if (value)
		br_find(res, "nvme-io-timeout", BR_SEV_WARNING, NULL, 0, fix,
		        "%s.io_timeout is %s on the default entry's command line, not %s", owner, value, wanted);
	else
		br_find(res, "nvme-io-timeout", BR_SEV_WARNING, NULL, 0, fix,
		        "the default entry's command line has no %s.io_timeout=%s: after 30 seconds without an "
		        "answer requests fail, and file systems go read-only", owner, wanted);
}

static void run(const struct br_image *img, struct br_result *res)
{
	static const struct br_driver_rule rule = {"Nvme", "initramfs", "nvme", "driver-missing", BR_IN_INITRAMFS, false};
	const char *wanted = br_profile_get(img->profile, "Nvme", "io_timeout");

	br_judge_drivers(img, &rule, res);
	for (size_t i = 0; wanted && i < img->n_chains; i++)
		if (br_judge_chain(img, &img->chains[i]) && !img->chains[i].stale)
			judge_timeout(img, &img->chains[i], wanted, res);
	br_conclude(res);
}

const struct br_check br_check_nvme = {
	.id = "Nvme",
	.level = BR_LEVEL_HIGH,
	.title = "the NVMe driver where the default kernel finds it",
	.needs = BR_NEED_USR | BR_NEED_DRIVERS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "As for Virtio, the default kernel, its own initramfs and the module indexes; besides the type of "
		 "the parameter io_timeout, from the module or from modules.builtin.modinfo, and its value on "
		 "the default entry's command line.",
	.fails = "nvme, or nvme_core that it needs, is not built in and not in the initramfs, not found by the "
		 "class of an NVMe disk, forbidden, or built for another kernel.",
	.why = "Some instance types have NVMe system disks alone. And what lies behind them is a network: a request "
	       "may take longer than the 30 seconds after which the kernel gives a disk up.",
	.mend = "Make the initramfs anew with nvme in it, and put nvme_core.io_timeout=4294967295 on the kernel "
		"command line (255 where the parameter is a byte).",
	.run = run,
};
