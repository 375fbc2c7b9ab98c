/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Agents installed and started, and releases and kernels held against the target's lists: on facts made by hand. */
#include "check.h"
#include "image/image.h"
#include "image/releases.h"
#include "test.h"

extern const struct br_check br_check_qemuguestagent, br_check_supportmocinstancetypes;

static const char *codes_of(const struct br_check *check, const struct br_image *img)
{
	static char text[256];
	br_cleanup(br_result_free) struct br_result res = {.check = check};
	size_t at = 0;

	text[0] = '\0';
	check->run(img, &res);
	for (size_t i = 0; i < res.n_findings && at < sizeof(text); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s:%s", i ? " " : "", res.findings[i].code,
		                       br_severity_name(res.findings[i].severity));
	return text;
}

BR_TEST(agents)
{
	static char link[] = "/etc/systemd/system/dev-x.device.wants/qemu-guest-agent.service", target[] = "/etc/x.target.wants/a";
	static char prog[] = "/usr/bin/qemu-ga", rule[] = "/usr/lib/udev/rules.d/60-q.rules";
	static const struct {
		const char *wanted, *want;
		struct br_unit unit; /* without a name: none */
		char *there;
		enum br_init init;
	} rows[] = {
		{"required", "qemu-agent-missing:warning", {0}, NULL, BR_INIT_SYSTEMD},
		{"required", "qemu-agent-disabled:warning", {0}, prog, BR_INIT_SYSTEMD},
		{"required", "qemu-agent-disabled:warning", {.name = "a.service", .state = BR_UNIT_DISABLED}, prog, BR_INIT_SYSTEMD},
		{"required", "qemu-agent-disabled:warning", {.name = "a.service", .state = BR_UNIT_MASKED}, prog, BR_INIT_SYSTEMD},
		/* Enabled for what the boot does not come to; for a device it starts when that appears. */
		{"required", "qemu-agent-disabled:warning", {.name = "a.service", .state = BR_UNIT_ENABLED, .by = target}, prog, BR_INIT_SYSTEMD},
		{"required", "", {.name = "a.service", .state = BR_UNIT_ENABLED, .by = link}, prog, BR_INIT_SYSTEMD},
		{"required", "", {.name = "a.service", .state = BR_UNIT_ENABLED, .starts = true}, prog, BR_INIT_SYSTEMD},
		{"required", "", {.name = "a.service", .state = BR_UNIT_STATIC, .by_socket = true}, prog, BR_INIT_SYSTEMD},
		{"required", "qemu-agent-disabled:warning", {.name = "a.service", .state = BR_UNIT_STATIC}, prog, BR_INIT_SYSTEMD},
		{"required", "", {.name = "a.service", .state = BR_UNIT_STATIC}, rule, BR_INIT_SYSTEMD},
		{"required", "qemu-agent-unknown:unknown", {0}, NULL, BR_INIT_UNKNOWN},
		{"forbidden", "", {0}, NULL, BR_INIT_SYSTEMD},
		{"forbidden", "", {0}, prog, BR_INIT_SYSTEMD},
		{"forbidden", "", {.name = "a.service", .state = BR_UNIT_DISABLED}, prog, BR_INIT_SYSTEMD},
		{"forbidden", "qemu-agent-unwanted:warning", {.name = "a.service", .state = BR_UNIT_ENABLED, .starts = true}, prog, BR_INIT_SYSTEMD},
		{"forbidden", "qemu-agent-unwanted:warning", {.name = "a.service", .state = BR_UNIT_STATIC}, rule, BR_INIT_SYSTEMD},
		{"forbidden", "", {0}, NULL, BR_INIT_UNKNOWN},
		{"forbidden", "qemu-agent-unknown:unknown", {0}, prog, BR_INIT_UNKNOWN},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct br_profile_value values[] = {
			{"QemuGuestAgent", "name", "the agent"}, {"QemuGuestAgent", "units", "none.service a.service"},
			{"QemuGuestAgent", "paths", prog}, {"QemuGuestAgent", "started_by", rule},
			{"QemuGuestAgent", "wanted", (char *)rows[i].wanted}, {"QemuGuestAgent", "severity", "warning"},
		};
		struct br_profile profile = {.values = values, .n = BR_ARRAY_SIZE(values)};
		struct br_unit unit = rows[i].unit;
		char *there = rows[i].there;
		struct br_image img = {.profile = &profile, .units = {.init = rows[i].init, .v = &unit, .n = unit.name != NULL},
		                       .services.there = {.v = &there, .n = there != NULL}};
		const char *got = codes_of(&br_check_qemuguestagent, &img);

		if (strcmp(got, rows[i].want) != 0)
			printf("# row %zu\n", i);
		EXPECT_STR(got, rows[i].want);
	}
}

/* The unit that is on counts before one that is not, and that before a masked one. */
BR_TEST(best_of_several_units)
{
	struct br_unit units[] = {{.name = "a.service", .state = BR_UNIT_MASKED}, {.name = "b.service", .state = BR_UNIT_DISABLED},
	                          {.name = "c.service", .state = BR_UNIT_ENABLED, .starts = true}};
	struct br_profile_value values[] = {{"QemuGuestAgent", "name", "the agent"}, {"QemuGuestAgent", "severity", "warning"},
	                                    {"QemuGuestAgent", "units", "a.service b.service c.service"}};
	struct br_profile profile = {.values = values, .n = BR_ARRAY_SIZE(values)};
	struct br_image img = {.profile = &profile, .units = {.init = BR_INIT_SYSTEMD, .v = units, .n = 3}};
	br_cleanup(br_result_free) struct br_result res = {.check = &br_check_qemuguestagent};

	EXPECT_STR(codes_of(&br_check_qemuguestagent, &img), "");
	img.units.n = 2;
	br_check_qemuguestagent.run(&img, &res);
	EXPECT_INT(res.n_findings, 1);
	EXPECT(res.n_findings && strstr(res.findings[0].message, "b.service"));
}

static const struct {
	const char *id, *version, *arch, *release, *want;
} releases[] = {
	{"debian", "4", "x86_64", "6.1.0", "release-too-old:failed"},
	{"debian", "5.0.1", "x86_64", "6.1.0", "release-too-old:failed"},
	{"debian", "5.2", "x86_64", "6.1.0", "release-past-end:warning"},
	{"debian", "40", "x86_64", "6.1.0", "release-unknown:info"},
	{"debian", "13", "x86_64", "6.1.0", "release-facts:info"},
	{"debian", "13", "x86_64", "2.6.18-4", "release-facts:info kernel-too-old:failed"},
	{"debian", "13", "x86_64", "2.6.32", "release-facts:info"},
	{"debian", "13", "x86_64", NULL, "release-facts:info"},
	{"arch", NULL, "x86_64", "6.1.0", "release-facts:info"},
	{NULL, NULL, "x86_64", "6.1.0", "release-unknown:info"},
	{NULL, NULL, "x86_64", NULL, "release-untold:unknown"},
	{"mine", "1", "x86_64", NULL, "release-unknown:info"},
	{"rhel", "9.4", "x86_64", "6.1.0", "release-facts:info release-processor:info"},
	{"rhel", "10", "x86_64", "6.1.0", "release-facts:info release-processor:info"},
	{"rhel", "9", "aarch64", "6.1.0", "release-facts:info"},
	{"rhel", "90", "x86_64", "6.1.0", "release-unknown:info"},
	{"sles", "16.0", "x86_64", "6.1.0", "release-facts:info release-processor:info"},
};

BR_TEST(releases_and_kernels)
{
	struct br_profile_value values[] = {
		{"SupportMocInstanceTypes", "too_old", "debian:4 debian:5.0.1"}, {"SupportMocInstanceTypes", "kernel", "2.6.25"},
		{"SupportMocInstanceTypes", "severity", "failed"},
	};
	struct br_profile profile = {.values = values, .n = BR_ARRAY_SIZE(values)};

	setenv("SOURCE_DATE_EPOCH", "0", 1);
	for (size_t i = 0; i < BR_ARRAY_SIZE(releases); i++) {
		struct br_boot_entry entry = {.source = "/boot/grub/grub.cfg"};
		struct br_chain chain = {.offered = true, .entry = &entry, .release = (char *)releases[i].release};
		struct br_image img = {.profile = &profile, .chains = &chain, .n_chains = 1,
		                       .system = {.os_id = (char *)releases[i].id, .os_version = (char *)releases[i].version,
		                                  .arch = (char *)releases[i].arch}};
		const char *got = codes_of(&br_check_supportmocinstancetypes, &img);

		if (strcmp(got, releases[i].want) != 0)
			printf("# row %zu\n", i);
		EXPECT_STR(got, releases[i].want);
	}
}

/* On its last day a release still gets updates. */
BR_TEST(last_day)
{
	const struct br_release *r = br_release_find("debian", "13"); /* 2030-06-30 */
	struct br_profile profile = {0};
	struct br_image img = {.profile = &profile, .system = {.os_id = "debian", .os_version = "13", .arch = "x86_64"}};

	EXPECT(r && r->end == 20300630);
	setenv("SOURCE_DATE_EPOCH", "1909094399", 1); /* its last second */
	EXPECT_STR(codes_of(&br_check_supportmocinstancetypes, &img), "release-facts:info");
	setenv("SOURCE_DATE_EPOCH", "1909094400", 1);
	EXPECT_STR(codes_of(&br_check_supportmocinstancetypes, &img), "release-past-end:warning");
}

BR_TEST_MAIN()
