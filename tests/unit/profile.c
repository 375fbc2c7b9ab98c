/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "check.h"
#include "profiles/profile.h"
#include "test.h"

static int parse(const char *text, struct br_profile *p, char **why)
{
	*p = (struct br_profile){0};
	*why = NULL;
	return br_profile_parse("test", text, strlen(text), p, why);
}

#define EXPECT_REFUSED(text, reason)                                                               \
	do {                                                                                       \
		struct br_profile p__;                                                             \
		char *why__;                                                                       \
		EXPECT_INT(parse(text, &p__, &why__), -EINVAL);                                    \
		EXPECT_STR(why__, reason);                                                         \
		free(why__);                                                                       \
	} while (0)

BR_TEST(built_in_ones_are_right)
{
	EXPECT(br_n_builtin_profiles > 0);
	for (size_t i = 0; i < br_n_builtin_profiles; i++) {
		struct br_profile p;
		char *why = NULL;

		EXPECT_INT(br_profile_load(br_builtin_profiles[i].name, &p, &why), 0);
		EXPECT_STR(p.name, br_builtin_profiles[i].name);
		EXPECT_INT(strlen(p.sha256), 64);
		EXPECT(br_profile_get(&p, "profile", "firmware") != NULL);
		br_profile_free(&p);
	}
}

BR_TEST(the_default_wants_every_check_of_the_reference)
{
	struct br_profile p;
	char *why = NULL;

	EXPECT_INT(br_profile_load("alibaba", &p, &why), 0);
	for (size_t i = 0; i < br_n_checks; i++)
		EXPECT(br_checks[i]->own || br_profile_wants(&p, br_checks[i]->id));
	EXPECT(br_profile_lists(&p, "Virtio", "initramfs", "virtio_blk"));
	EXPECT(!br_profile_lists(&p, "Virtio", "initramfs", "virtio"));
	EXPECT(!br_profile_lists(&p, "Virtio", "initramfs", "virtio_net"));
	br_profile_free(&p);
}

static bool wants(const char *name, const char *check)
{
	struct br_profile p;
	char *why = NULL;
	bool wants;

	EXPECT_INT(br_profile_load(name, &p, &why), 0);
	wants = br_profile_wants(&p, check);
	EXPECT(!wants || br_profile_get(&p, check, "severity") != NULL);
	br_profile_free(&p);
	return wants;
}

BR_TEST(each_cloud_wants_its_own_disk)
{
	static const struct {
		const char *name;
		bool virtio, nvme;
	} clouds[] = {{"aws", false, true}, {"azure", false, true}, {"gce", true, true}, {"oci", true, false}, {"kvm", true, false}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(clouds); i++) {
		EXPECT_INT(wants(clouds[i].name, "Virtio"), clouds[i].virtio);
		EXPECT_INT(wants(clouds[i].name, "Nvme"), clouds[i].nvme);
		EXPECT(wants(clouds[i].name, "Fstab") && wants(clouds[i].name, "Grub") && wants(clouds[i].name, "OnlineResizeFS"));
	}
}

BR_TEST(values_and_comments)
{
	struct br_profile p;
	char *why;

	EXPECT_INT(parse("// one\n{\"title\": \"T // not a comment\",\n  // two\n\"firmware\": [\"bios\", \"uefi\"],"
	                 "\"checks\": {\"Nvme\": {\"severity\": \"skip\"}}}",
	                 &p, &why), 0);
	EXPECT_STR(p.title, "T // not a comment");
	EXPECT_STR(br_profile_get(&p, "profile", "firmware"), "bios uefi");
	EXPECT(!br_profile_wants(&p, "Nvme"));
	EXPECT(!br_profile_wants(&p, "Virtio"));
	br_profile_free(&p);
}

BR_TEST(mistakes_are_named)
{
	EXPECT_REFUSED("{", "line 1: no JSON");
	EXPECT_REFUSED("// x\n{\n\"title\": }\n", "line 3: no JSON");
	EXPECT_REFUSED("{} x", "line 1: no JSON");
	EXPECT_REFUSED("{\"titel\": \"x\"}", "profile has no key \"titel\"");
	EXPECT_REFUSED("{\"title\": 3}", "profile: \"title\" is a text or a list of words");
	EXPECT_REFUSED("{\"checks\": {\"Nwme\": {}}}", "there is no check \"Nwme\"");
	EXPECT_REFUSED("{\"checks\": {\"Nvme\": {\"severity\": \"bad\"}}}",
	               "Nvme: \"severity\" is failed, warning or skip, not \"bad\"");
	EXPECT_REFUSED("{\"checks\": {\"Nvme\": {\"severity\": \"skip\", \"severity\": \"skip\"}}}",
	               "Nvme says \"severity\" twice");
	EXPECT_REFUSED("{\"checks\": []}", "\"checks\" is no object");
}

BR_TEST(unknown_names)
{
	struct br_profile p;
	char *why = NULL;

	EXPECT_INT(br_profile_load("no-such", &p, &why), -ENOENT);
	EXPECT_INT(br_profile_load("/no/such", &p, &why), -ENOENT);
}

BR_TEST_MAIN()
