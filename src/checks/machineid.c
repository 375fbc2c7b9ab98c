/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"machine-id-value", BR_BASIS_POLICY, "the machine's id is in the image: every clone has it"},
	{"machine-id-garbage", BR_BASIS_POLICY, "the machine's id is none: neither a value nor empty"},
	{"machine-id-dbus", BR_BASIS_POLICY, "dbus has a machine id of its own"},
	{"machine-id-not-read", BR_BASIS_POLICY, "the machine's id could not be read"},
};

static void judge_dbus(const struct br_leftovers *l, struct br_result *res)
{
	if (!l->dbus_link && (l->dbus_id == BR_ID_VALUE || l->dbus_id == BR_ID_GARBAGE))
		br_find(res, "machine-id-dbus", BR_SEV_WARNING, "/var/lib/dbus/machine-id", 0,
		        "ln -sfn /etc/machine-id /var/lib/dbus/machine-id",
		        "an id of its own is in the image: every clone has it, and the first boot may take it for the machine's");
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_leftovers *l = &img->leftovers;
	const char *fix = "truncate -s 0 /etc/machine-id (the first boot makes a new one)";

	switch (l->id) {
	case BR_ID_VALUE:
		/* On the machine itself it is as it should be: what counts is the image that is made of it. */
		br_find(res, "machine-id-value", BR_SEV_WARNING, "/etc/machine-id", 0, fix,
		        "it holds the id of the source machine: clones share it, and with it DHCP leases, journals and licences");
		break;
	case BR_ID_GARBAGE:
		br_find(res, "machine-id-garbage", BR_SEV_WARNING, "/etc/machine-id", 0, fix,
		        "it holds neither 32 hexadecimal digits nor nothing: services that ask for the id fail");
		break;
	case BR_ID_UNREAD:
		br_find(res, "machine-id-not-read", BR_SEV_UNKNOWN, "/etc/machine-id", 0, NULL, "%s", br_strerror(l->id_err));
		break;
	default:
		break;
	}
	judge_dbus(l, res);
	br_conclude(res);
}

const struct br_check br_check_machineid = {
	.id = "MachineId",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "the machine's id is made anew by the first boot",
	.needs = BR_NEED_REPLAYED | BR_NEED_LEFTOVERS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "/etc/machine-id and dbus's /var/lib/dbus/machine-id.",
	.fails = "Never; a warning where one holds a value, which every machine from the image would share, or holds what is "
		 "no id. No file, an empty one and the word uninitialized are right for an image.",
	.why = "The id names the machine to DHCP servers, in journals and to management software. Two machines that share it are "
	       "given the same address, or overwrite each other's records.",
	.mend = "truncate -s 0 /etc/machine-id as the last thing before the image is made; dbus's file should be a link to it.",
	.run = run,
};
