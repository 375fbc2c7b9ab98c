/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/limits.h"
#include "result.h"
#include "test.h"

static const struct br_code codes[] = {{"a-code", BR_BASIS_BOOT, "x"}};
static const struct br_check check = {.id = "OddCheck", .codes = codes, .n_codes = 1};

static enum br_status status_of(const enum br_severity *sev, size_t n)
{
	struct br_result r = {.check = &check};
	enum br_status s;

	for (size_t i = 0; i < n; i++)
		br_find(&r, "a-code", sev[i], NULL, (unsigned)i, NULL, "m");
	br_conclude(&r);
	s = r.status;
	br_result_free(&r);
	return s;
}

BR_TEST(starts_unknown)
{
	struct br_result r = {.check = &check};

	EXPECT_INT(r.status, BR_UNKNOWN);
	EXPECT(!r.concluded);
}

BR_TEST(the_worst_decides)
{
	static const enum br_severity all[] = {BR_SEV_WARNING, BR_SEV_FAILED, BR_SEV_UNKNOWN, BR_SEV_INFO};
	static const enum br_severity unknown[] = {BR_SEV_WARNING, BR_SEV_UNKNOWN};
	static const enum br_severity warning[] = {BR_SEV_INFO, BR_SEV_WARNING};
	static const enum br_severity info[] = {BR_SEV_INFO};

	EXPECT_INT(status_of(NULL, 0), BR_OK);
	EXPECT_INT(status_of(all, 4), BR_FAILED);
	EXPECT_INT(status_of(unknown, 2), BR_UNKNOWN);
	EXPECT_INT(status_of(warning, 2), BR_WARNING);
	EXPECT_INT(status_of(info, 1), BR_OK);
}

BR_TEST(the_same_is_said_once)
{
	struct br_result r = {.check = &check};

	br_find(&r, "a-code", BR_SEV_INFO, "/p", 3, NULL, "m %d", 1);
	br_find(&r, "a-code", BR_SEV_INFO, "/p", 3, NULL, "m %d", 1);
	br_find(&r, "a-code", BR_SEV_INFO, "/p", 4, NULL, "m %d", 1);
	EXPECT_INT(r.n_findings, 2);
	br_result_free(&r);
}

BR_TEST(too_many_are_counted_by_the_worst)
{
	struct br_result r = {.check = &check};

	for (unsigned i = 0; i < 2 * BR_FINDINGS_MAX; i++)
		br_find(&r, "a-code", i == 2 * BR_FINDINGS_MAX - 1 ? BR_SEV_FAILED : BR_SEV_INFO, NULL, i, NULL, "m");
	br_conclude(&r);
	EXPECT_INT(r.n_findings, BR_FINDINGS_MAX);
	EXPECT_INT(r.status, BR_FAILED);
	br_result_free(&r);
}

BR_TEST(hostile_text_is_made_safe)
{
	struct br_result r = {.check = &check};

	br_find(&r, "a-code", BR_SEV_INFO, "/\x1b[2J", 0, "\xff", "%s", "a\nb");
	EXPECT_STR(r.findings[0].message, "a\\x0Ab");
	EXPECT_STR(r.findings[0].path, "/\\x1B[2J");
	EXPECT_STR(r.findings[0].fix, "\\xFF");
	br_result_free(&r);
}

BR_TEST(runner_codes_belong_to_the_check)
{
	struct br_result r = {.check = &check};

	br_find_runner(&r, "not-read", BR_SEV_UNKNOWN, "x");
	EXPECT_STR(r.findings[0].code, "oddcheck-not-read");
	br_result_free(&r);
}

BR_TEST_MAIN()
