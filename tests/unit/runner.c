/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The supervisor against checks that crash, hang, answer nothing or very much. */
#include <signal.h>
#include <time.h>

#include "base/str.h"
#include "result.h"
#include "runner.h"
#include "test.h"

static const struct br_code codes[] = {{"code", BR_BASIS_POLICY, "x"}};

static void pass(const struct br_image *img br_unused, struct br_result *res)
{
	br_conclude(res);
}

static void crash(const struct br_image *img br_unused, struct br_result *res br_unused)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void hang(const struct br_image *img br_unused, struct br_result *res br_unused)
{
	for (;;)
		nanosleep(&(struct timespec){.tv_sec = 100}, NULL);
}

static void forget(const struct br_image *img br_unused, struct br_result *res br_unused)
{
}

static void exhaust(const struct br_image *img br_unused, struct br_result *res)
{
	res->oom = true;
	br_conclude(res);
}

#define CHECK(name_, id_) static const struct br_check name_##_check = {.id = id_, .codes = codes, .n_codes = 1, .run = name_}
CHECK(pass, "Virtio");
CHECK(crash, "Nvme");
CHECK(forget, "Fstab");
CHECK(exhaust, "Grub");
CHECK(hang, "OnlineResizeFS");

/* In place of registry.c's table, which stays out of the link. */
const struct br_check *const br_checks[] = {&pass_check, &crash_check, &forget_check, &exhaust_check, &hang_check};
const size_t br_n_checks = BR_ARRAY_SIZE(br_checks);

const struct br_check *br_check_by_id(const char *id)
{
	for (size_t i = 0; i < br_n_checks; i++)
		if (br_streq(br_checks[i]->id, id))
			return br_checks[i];
	return NULL;
}

static struct br_report run(struct br_options *opt)
{
	static const char wanted[] =
		"{\"checks\": {\"Virtio\": {\"severity\": \"failed\"}, \"Nvme\": {\"severity\": \"failed\"}, "
		"\"Fstab\": {\"severity\": \"failed\"}, \"Grub\": {\"severity\": \"failed\"}, "
		"\"OnlineResizeFS\": {\"severity\": \"failed\"}}}";
	struct br_profile profile = {0};
	struct br_report rep = {0};
	char *why = NULL;

	opt->root = "/";
	opt->context = BR_OFFLINE;
	EXPECT_INT(br_profile_parse("five", wanted, sizeof(wanted) - 1, &profile, &why), 0);
	EXPECT_INT(br_run(opt, &profile, &rep), 0);
	br_profile_free(&profile);
	return rep;
}

static const char *first_code(const struct br_report *rep, size_t i)
{
	return rep->checks[i].n_findings ? rep->checks[i].findings[0].code : NULL;
}

BR_TEST(one_crash_costs_one_check)
{
	struct br_options opt = {.deadline = 2, .format = "json", .report = "none"};
	struct br_report rep = run(&opt);

	EXPECT_INT(rep.n_checks, 5);
	EXPECT_INT(rep.checks[0].status, BR_OK);
	EXPECT_INT(rep.checks[1].status, BR_UNKNOWN);
	EXPECT_STR(first_code(&rep, 1), "nvme-crashed");
	EXPECT_INT(rep.checks[2].status, BR_UNKNOWN);
	EXPECT_STR(first_code(&rep, 2), "fstab-not-concluded");
	EXPECT_INT(rep.checks[3].status, BR_UNKNOWN);
	EXPECT_INT(rep.checks[4].status, BR_UNKNOWN);
	EXPECT_STR(first_code(&rep, 4), "onlineresizefs-out-of-time");
	EXPECT_INT(br_report_verdict(&rep), BR_UNDETERMINED);
	EXPECT(rep.os != NULL || rep.rtc != NULL);
	br_report_free(&rep);
}

BR_TEST(selection)
{
	struct br_options opt = {.deadline = 5, .format = "json", .report = "none"};
	struct br_report rep;

	br_strv_add(&opt.only, "Virtio");
	rep = run(&opt);
	EXPECT_INT(rep.checks[0].status, BR_OK);
	EXPECT_INT(rep.checks[1].status, BR_SKIPPED);
	EXPECT_STR(first_code(&rep, 1), "nvme-excluded");
	EXPECT_INT(br_report_verdict(&rep), BR_READY);
	br_report_free(&rep);
	br_strv_add(&opt.skip, "Virtio");
	rep = run(&opt);
	EXPECT_INT(rep.checks[0].status, BR_SKIPPED);
	EXPECT_INT(br_report_verdict(&rep), BR_UNDETERMINED);
	br_report_free(&rep);
	br_strv_free(&opt.only);
	br_strv_free(&opt.skip);
}

BR_TEST_MAIN()
