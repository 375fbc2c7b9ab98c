/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/agent.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"foreign-tools-enabled", BR_BASIS_POLICY, "guest tools of another hypervisor start at boot"},
	{"foreign-tools-installed", BR_BASIS_POLICY, "guest tools of another hypervisor are installed"},
};

static void judge(const struct br_image *img, const struct br_guest_tool *tool, struct br_result *res)
{
	const struct br_unit *u = br_best_unit(&img->units, tool->units);
	const char *program = br_services_there(&img->services, tool->paths);
	br_autofree char *fix = u ? br_fix_disable(img, u) : NULL;

	if (u && br_unit_is_on(u))
		br_find(res, "foreign-tools-enabled", br_judge_severity(img, "ForeignTools"), u->by ? u->by : u->path, u->by_line, fix,
		        "%s start (%s); the target is another hypervisor", tool->title, u->name);
	else if (u || program)
		br_find(res, "foreign-tools-installed", BR_SEV_INFO, u ? u->path : program, 0, NULL, "%s are installed, and do not start",
		        tool->title);
}

static void run(const struct br_image *img, struct br_result *res)
{
	for (size_t i = 0; i < br_n_guest_tools; i++)
		if (!br_profile_lists(img->profile, "ForeignTools", "own", br_guest_tools[i].platform))
			judge(img, &br_guest_tools[i], res);
	br_conclude(res);
}

const struct br_check br_check_foreigntools = {
	.id = "ForeignTools",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "no guest tools of another hypervisor start",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_UNITS | BR_NEED_SERVICES,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The units, init scripts and programs of VMware's, VirtualBox's, Xen's, Parallels' and Hyper-V's guest tools, "
		 "less those of the profile's own platform.",
	.fails = "Never. It warns of tools that the boot starts; what is installed and does not start is only told.",
	.why = "They talk to a hypervisor that is not there any more: at best they end at once, at worst they rebuild kernel "
	       "modules, change the clock or the network, or fill the log.",
	.mend = "Disable their services as the fix says, or remove their packages.",
	.run = run,
};
