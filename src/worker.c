/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The worker: opens the root, loads what each check needs, runs it, sends its result. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "head.h"
#include "image/image.h"
#include "report/json.h"
#include "report/report.h"
#include "result.h"
#include "runner.h"

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void send_or_die(int fd, const char *kind, cJSON *j)
{
	if (br_wire_send(fd, kind, j) < 0)
		_exit(1);
}

static void run_check(struct br_image *img, const struct br_check *check, struct br_result *res)
{
	uint64_t start = now_us();
	const struct br_fact *unmet;

	res->check = check;
	br_image_load(img, check->needs | check->wants);
	unmet = br_image_unmet(img, check->needs);
	if (unmet == &img->usr_fact) {
		br_find_runner(res, "mount-missing", BR_SEV_UNKNOWN, "%s", unmet->why ? unmet->why : "/usr");
		if (res->n_findings && img->usr_fix)
			res->findings[res->n_findings - 1].fix = strdup(img->usr_fix);
		br_conclude(res);
	} else if (unmet == &img->replayed_fact) {
		br_find_runner(res, "journal-stale", BR_SEV_UNKNOWN, "%s", unmet->why ? unmet->why : "the root's journal");
		if (res->n_findings)
			res->findings[res->n_findings - 1].fix = strdup("boot the source once and shut it down");
		br_conclude(res);
	} else if (unmet) {
		br_find_runner(res, "not-read", BR_SEV_UNKNOWN, "not read: %s",
		               unmet->why ? unmet->why : "unknown reason");
		br_conclude(res);
	} else {
		check->run(img, res);
	}
	if (!res->concluded) {
		br_find_runner(res, "not-concluded", BR_SEV_UNKNOWN, "the check ended without a verdict");
		res->status = BR_UNKNOWN;
	}
	res->elapsed_us = now_us() - start;
}

static void run_checks(const struct br_options *opt, const struct br_profile *profile, struct br_image *img,
                       size_t first, int fd)
{
	for (size_t i = first; i < br_n_checks; i++) {
		br_cleanup(br_result_free) struct br_result res = {0};
		const char *why;

		if (!br_selected(opt, profile, br_checks[i], &why))
			continue;
		send_or_die(fd, "begin", cJSON_CreateString(br_checks[i]->id));
		run_check(img, br_checks[i], &res);
		send_or_die(fd, "check", br_json_result(&res));
	}
}

static void all_unknown(const struct br_options *opt, const struct br_profile *profile, size_t first, int fd,
                        const char *root, int err)
{
	for (size_t i = first; i < br_n_checks; i++) {
		br_cleanup(br_result_free) struct br_result res = {.check = br_checks[i]};
		const char *why;

		if (!br_selected(opt, profile, br_checks[i], &why))
			continue;
		br_find_runner(&res, "not-read", BR_SEV_UNKNOWN, "not read: the root %s: %s", root,
		               br_strerror(-err));
		br_conclude(&res);
		send_or_die(fd, "check", br_json_result(&res));
	}
}

/* Hashing takes a tenth of a check, and where SHA-256 is emulated much more: not where nobody will see it. */
static bool inputs_kept(const struct br_options *opt)
{
	return opt->announce || strcmp(opt->report, "none") != 0 || br_writer_by_name(opt->format)->has_inputs;
}

_Noreturn void br_worker(const struct br_options *opt, const struct br_profile *profile, size_t first, int fd)
{
	struct br_image_ask ask = {
		.context = opt->context,
		.root = opt->root,
		.profile = profile,
		.disks = &opt->disks,
		.initramfs = opt->initramfs,
		.firmware = opt->firmware,
		.inputs = inputs_kept(opt),
	};
	struct br_image img;
	int r;

	signal(SIGPIPE, SIG_IGN);
	r = br_image_open(&ask, &img);
	if (r < 0) {
		all_unknown(opt, profile, first, fd, opt->root, r);
		_exit(0);
	}
	send_or_die(fd, "system", br_head_system(&img));
	run_checks(opt, profile, &img, first, fd);
	send_or_die(fd, "boot", br_head_boots(&img));
	if (ask.inputs)
		send_or_die(fd, "inputs", br_head_inputs(&img));
	send_or_die(fd, "end", cJSON_CreateTrue());
	br_image_close(&img);
	_exit(0);
}
