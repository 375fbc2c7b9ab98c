/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "decide/policy.h"
#include "test.h"

static int parse(const char *text, struct br_policy *p, char **why)
{
	*p = (struct br_policy){0};
	*why = NULL;
	return br_policy_parse("test", text, strlen(text), p, why);
}

BR_TEST(the_default_is_laid_under)
{
	struct br_policy p, d;
	char *why;

	EXPECT_INT(br_policy_parse("default", br_default_policy, strlen(br_default_policy), &d, &why), 0);
	EXPECT_INT(parse("{\"oldest_days\": 3, \"must_be_ok\": [\"Grub\"]}", &p, &why), 0);
	EXPECT_INT(p.oldest_days, 3);
	EXPECT_INT(p.must_be_ok.n, 1);
	EXPECT_INT(p.profiles.n, d.profiles.n);
	EXPECT_STR(p.oldest_tool, d.oldest_tool);
	EXPECT_INT(d.unknown, BR_LEAVES_OPEN);
	EXPECT_INT(d.stale, BR_REJECTS);
	EXPECT(!d.signature_required && !d.report_alone);
	EXPECT(strcmp(p.sha256, d.sha256) != 0);
	br_policy_free(&p);
	br_policy_free(&d);
}

BR_TEST(long_lists)
{
	br_autostr struct br_str text = {0};
	struct br_policy p;
	char *why;

	for (size_t n = 256; n <= 257; n++) {
		text.len = 0;
		br_str_printf(&text, "{\n\"profiles\": [\"aws\"");
		for (size_t i = 1; i < n; i++)
			br_str_printf(&text, ", \"/p%zu\"", i);
		br_str_printf(&text, "]}");
		if (n == 256) {
			EXPECT_INT(parse(text.s, &p, &why), 0);
			EXPECT_INT(p.profiles.n, 256);
			br_policy_free(&p);
		} else {
			EXPECT_INT(parse(text.s, &p, &why), -EINVAL);
			EXPECT_STR(why, "line 2: \"profiles\" is a list of at most 256");
			free(why);
		}
	}
}

BR_TEST(which_checks_are_meant)
{
	struct br_strv all = {0}, high = {0}, one = {0};
	unsigned highs = 0, ones = 0;

	br_strv_add(&all, "all");
	br_strv_add(&high, "high");
	br_strv_add(&one, "Grub");
	for (size_t i = 0; i < br_n_checks; i++) {
		EXPECT(br_policy_covers(&all, br_checks[i]));
		EXPECT_INT(br_policy_covers(&high, br_checks[i]), br_checks[i]->level == BR_LEVEL_HIGH);
		highs += br_policy_covers(&high, br_checks[i]);
		ones += br_policy_covers(&one, br_checks[i]);
	}
	EXPECT(highs > 0 && highs < br_n_checks);
	EXPECT_INT(ones, 1);
	br_strv_free(&all);
	br_strv_free(&high);
	br_strv_free(&one);
}

BR_TEST(codes)
{
	EXPECT(br_check_of_code("fstab-tag-missing"));
	EXPECT_STR(br_check_of_code("fstab-tag-missing")->id, "Fstab");
	EXPECT(br_check_of_code("fstab-not-read"));
	EXPECT(!br_check_of_code("Fstab-not-read"));
	EXPECT(!br_check_of_code("fstab-tag-mising"));
	EXPECT(!br_check_of_code(""));
}

BR_TEST(a_waiver_holds_to_the_end_of_its_day)
{
	struct br_policy p;
	char *why;

	EXPECT_INT(parse("{\"waivers\": [{\"code\": \"fstab-not-read\", \"reason\": \"r\", \"until\": \"1970-01-01\"}]}", &p, &why), 0);
	EXPECT(br_policy_waiver(&p, "fstab-not-read") == &p.waivers[0]);
	EXPECT(br_policy_waiver(&p, "fstab-crashed") == NULL);
	EXPECT_INT(p.waivers[0].end, 86400);
	br_policy_free(&p);
}

BR_TEST_MAIN()
