/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/agent.h"

static const struct br_code codes[] = {
	{"qemu-agent-missing", BR_BASIS_POLICY, "the QEMU guest agent is wanted and not installed"},
	{"qemu-agent-disabled", BR_BASIS_POLICY, "it is wanted and installed, and nothing starts it"},
	{"qemu-agent-unwanted", BR_BASIS_POLICY, "the QEMU guest agent starts, and the target forbids it"},
	{"qemu-agent-unknown", BR_BASIS_POLICY, "whether it starts could not be told"},
};

static void run(const struct br_image *img, struct br_result *res)
{
	static const struct br_agent_rule rule = {
		.section = "QemuGuestAgent",
		.missing = "qemu-agent-missing",
		.disabled = "qemu-agent-disabled",
		.unwanted = "qemu-agent-unwanted",
		.unknown = "qemu-agent-unknown",
	};

	br_judge_agent(img, &rule, res);
}

const struct br_check br_check_qemuguestagent = {
	.id = "QemuGuestAgent",
	.level = BR_LEVEL_WARNING,
	.title = "the QEMU guest agent is as the target wants it",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_UNITS | BR_NEED_SERVICES,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The unit or init script of the QEMU guest agent, the links that enable it for its virtio port, the udev rule "
		 "that starts it there, and its program.",
	.fails = "Never. Where the profile forbids the agent it warns when something starts it; where the profile wants it, when it "
		 "is not installed or nothing starts it.",
	.why = "On plain QEMU/KVM the agent makes snapshots consistent and answers for addresses. A cloud that has an agent of its "
	       "own may use the same port: two programs then fight over it.",
	.mend = "Disable the service, or install the package qemu-guest-agent, as the fix says.",
	.run = run,
};
