/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* House rules about the checks' own descriptors. */
#include <ctype.h>

#include "base/str.h"
#include "check.h"
#include "test.h"

BR_TEST(reference_order)
{
	static const char *const reference[] = {
		"Virtio",        "Nvme",        "Fstab",          "Grub",        "Dhcp",
		"Selinux",       "OnlineResizeFS", "CloudAssistant", "CloudInit", "SecurityCenterAgent",
		"SupportMocInstanceTypes", "DiskUsage", "InodeUsage", "SystemFileAttribute", "CriticalUser",
		"QemuGuestAgent", "SshConfig", "Firewall", "LibDirectory",
	};
	size_t at = 0;

	EXPECT(br_n_checks > 0);
	for (size_t i = 0; i < br_n_checks; i++) {
		if (br_checks[i]->own)
			continue;
		while (at < BR_ARRAY_SIZE(reference) && strcmp(reference[at], br_checks[i]->id) != 0)
			at++;
		if (at == BR_ARRAY_SIZE(reference))
			printf("# %s\n", br_checks[i]->id);
		EXPECT(at < BR_ARRAY_SIZE(reference));
	}
}

/* Those beyond the reference tool's, as their own table has them. */
BR_TEST(own_follow_in_their_order)
{
	static const char *const own[] = {
		"TargetDrivers", "RootFilesystem", "BootKernels",  "RootDevice",         "PartitionTable",
		"MachineId",     "LeftOvers",      "ForeignTools", "FilesystemFeatures", "FwCfg",
	};
	size_t at = 0;
	bool any = false;

	for (size_t i = 0; i < br_n_checks; i++) {
		EXPECT(!any || br_checks[i]->own);
		any |= br_checks[i]->own;
		if (!br_checks[i]->own)
			continue;
		while (at < BR_ARRAY_SIZE(own) && strcmp(own[at], br_checks[i]->id) != 0)
			at++;
		EXPECT(at < BR_ARRAY_SIZE(own));
	}
	EXPECT(any);
}

BR_TEST(descriptors_are_whole)
{
	for (size_t i = 0; i < br_n_checks; i++) {
		const struct br_check *c = br_checks[i];
		const char *texts[] = {c->id, c->title, c->reads, c->fails, c->why, c->mend};

		for (size_t k = 0; k < BR_ARRAY_SIZE(texts); k++)
			EXPECT(texts[k] && *texts[k]);
		EXPECT(c->run != NULL);
		EXPECT(c->n_codes > 0);
		EXPECT(br_check_by_id(c->id) == c);
	}
}

static bool is_kebab(const char *s)
{
	for (; *s; s++)
		if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '-')
			return false;
	return true;
}

BR_TEST(a_code_belongs_to_one_check)
{
	struct br_strv seen = {0};

	for (size_t i = 0; i < br_n_checks; i++)
		for (size_t k = 0; k < br_checks[i]->n_codes; k++) {
			const struct br_code *code = &br_checks[i]->codes[k];

			if (br_strv_has(&seen, code->name))
				printf("# twice: %s\n", code->name);
			EXPECT(!br_strv_has(&seen, code->name));
			EXPECT(is_kebab(code->name));
			EXPECT(code->meaning && *code->meaning);
			br_strv_add(&seen, code->name);
		}
	br_strv_free(&seen);
}

BR_TEST_MAIN()
