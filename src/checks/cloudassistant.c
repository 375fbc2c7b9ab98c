/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/agent.h"

static const struct br_code codes[] = {
	{"cloud-assistant-missing", BR_BASIS_POLICY, "the target's own agent is not installed"},
	{"cloud-assistant-disabled", BR_BASIS_POLICY, "it is installed, and the boot does not start it"},
	{"cloud-assistant-unknown", BR_BASIS_POLICY, "whether it starts could not be told"},
};

static void run(const struct br_image *img, struct br_result *res)
{
	static const struct br_agent_rule rule = {
		.section = "CloudAssistant",
		.missing = "cloud-assistant-missing",
		.disabled = "cloud-assistant-disabled",
		.unknown = "cloud-assistant-unknown",
	};

	br_judge_agent(img, &rule, res);
}

const struct br_check br_check_cloudassistant = {
	.id = "CloudAssistant",
	.level = BR_LEVEL_WARNING,
	.title = "the target's own agent is installed and starts",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_UNITS | BR_NEED_SERVICES,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The units and init scripts of the agent that the profile names (Alibaba's Cloud Assistant, Amazon's SSM agent, "
		 "Azure's Linux agent, Google's guest agent, Oracle's cloud agent), what links, presets and generators make of "
		 "them at boot, and whether its program is there.",
	.fails = "Never. It warns when the agent is not installed, or when the boot does not start it.",
	.why = "Without its agent a machine runs, and cannot be managed from the cloud's console: no remote commands, no "
	       "reset of passwords and keys, no patches.",
	.mend = "Install the agent's package as the fix says, and enable its service.",
	.run = run,
};
