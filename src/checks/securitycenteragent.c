/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/agent.h"

static const struct br_code codes[] = {
	{"security-agent-missing", BR_BASIS_POLICY, "the target's security agent is not installed"},
	{"security-agent-disabled", BR_BASIS_POLICY, "it is installed, and the boot does not start it"},
	{"security-agent-unknown", BR_BASIS_POLICY, "whether it starts could not be told"},
};

static void run(const struct br_image *img, struct br_result *res)
{
	static const struct br_agent_rule rule = {
		.section = "SecurityCenterAgent",
		.missing = "security-agent-missing",
		.disabled = "security-agent-disabled",
		.unknown = "security-agent-unknown",
	};

	br_judge_agent(img, &rule, res);
}

const struct br_check br_check_securitycenteragent = {
	.id = "SecurityCenterAgent",
	.level = BR_LEVEL_WARNING,
	.title = "the target's security agent is there and starts",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_UNITS | BR_NEED_SERVICES,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The units and init scripts of the security agent that the profile names, what makes them start at boot, and "
		 "whether its programs are there.",
	.fails = "Never. It warns when the agent is not installed, or when the boot does not start it.",
	.why = "A machine without it starts and works, and the cloud's security centre sees neither intrusions nor missing "
	       "patches on it.",
	.mend = "Install the agent as the fix says: on the new machine, once it runs, or in the image.",
	.run = run,
};
