/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The supervisor: starts the worker, keeps the deadline, collects records. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "base/limits.h"
#include "report/json.h"
#include "result.h"
#include "runner.h"

struct run {
	const struct br_options *opt;
	const struct br_profile *profile;
	struct br_report *rep;
	int64_t deadline_ms; /* CLOCK_MONOTONIC */
	int current;         /* the check the worker said it began, -1 none */
};

bool br_selected(const struct br_options *opt, const struct br_profile *profile, const struct br_check *check,
                 const char **ret_why)
{
	if ((opt->only.n && !br_strv_has(&opt->only, check->id)) || br_strv_has(&opt->skip, check->id)) {
		*ret_why = "excluded";
		return false;
	}
	if (!br_profile_wants(profile, check->id)) {
		*ret_why = "not-wanted";
		return false;
	}
	return true;
}

static int index_of(const struct br_check *check)
{
	for (size_t i = 0; i < br_n_checks; i++)
		if (br_checks[i] == check)
			return (int)i;
	return -1;
}

static int take_check(struct run *run, const cJSON *j)
{
	struct br_result res;
	int r = br_json_read_result(j, &res), i;

	if (r < 0)
		return r;
	i = index_of(res.check);
	br_result_free(&run->rep->checks[i]);
	run->rep->checks[i] = res;
	run->current = -1;
	return 0;
}

static int take_boots(struct br_report *rep, const cJSON *list)
{
	const cJSON *j;

	cJSON_ArrayForEach(j, list)
	{
		int r = br_grow(&rep->boots, &rep->cap_boots, rep->n_boots, sizeof(*rep->boots));

		if (r >= 0)
			r = br_json_read_boot(j, &rep->boots[rep->n_boots]);
		if (r < 0)
			return r;
		rep->n_boots++;
	}
	if (!rep->kernel && rep->n_boots && rep->boots[0].release)
		rep->kernel = strdup(rep->boots[0].release);
	return 0;
}

static int take_inputs(struct br_report *rep, const cJSON *list)
{
	const cJSON *j;

	cJSON_ArrayForEach(j, list)
	{
		int r = br_grow(&rep->inputs, &rep->cap_inputs, rep->n_inputs, sizeof(*rep->inputs));

		if (r >= 0)
			r = br_json_read_input(j, &rep->inputs[rep->n_inputs]);
		if (r < 0)
			return r;
		rep->n_inputs++;
	}
	return 0;
}

static int take_record(struct run *run, const cJSON *record)
{
	const cJSON *v = record->child;

	if (!v || !v->string)
		return -EBADMSG;
	if (strcmp(v->string, "begin") == 0) {
		const struct br_check *c = cJSON_IsString(v) ? br_check_by_id(v->valuestring) : NULL;

		run->current = c ? index_of(c) : -1;
		return c ? 0 : -EBADMSG;
	}
	if (strcmp(v->string, "check") == 0)
		return take_check(run, v);
	if (strcmp(v->string, "system") == 0)
		return br_json_read_system(v, run->rep);
	/* A worker that was started again sends these again. */
	if (strcmp(v->string, "boot") == 0)
		return run->rep->n_boots ? 0 : take_boots(run->rep, v);
	if (strcmp(v->string, "inputs") == 0)
		return run->rep->n_inputs ? 0 : take_inputs(run->rep, v);
	if (strcmp(v->string, "end") == 0) {
		run->rep->whole = true;
		return 0;
	}
	return -EBADMSG;
}

static int drain(struct run *run, struct br_wire *w)
{
	for (;;) {
		br_autojson cJSON *record = NULL;
		int r = br_wire_next(w, (void **)&record);

		if (r < 0 || !record)
			return r;
		r = take_record(run, record);
		if (r < 0)
			return r;
	}
}

/* 1 the worker closed its end, 0 the deadline passed, -errno. */
static int collect(struct run *run, int fd)
{
	br_cleanup(br_wire_free) struct br_wire w = {0};

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = run->deadline_ms - br_now_ms();
		int r;

		if (left <= 0)
			return 0;
		r = poll(&p, 1, (int)left);
		if (r < 0 && errno != EINTR)
			return -errno;
		if (r <= 0)
			continue;
		r = br_wire_fill(&w, fd);
		if (r <= 0)
			return r < 0 ? r : 1;
		r = drain(run, &w);
		if (r < 0)
			return r;
	}
}

/* Ends the worker. One that SIGKILL does not reach, stuck in the kernel, is left behind. */
static int reap(pid_t pid, bool kill_it)
{
	int status;

	if (kill_it)
		kill(pid, SIGKILL);
	for (int i = 0; i < 100; i++) {
		pid_t r = waitpid(pid, &status, WNOHANG);

		if (r == pid)
			return status;
		if (r < 0 && errno != EINTR)
			return -1;
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
		if (!kill_it && i == 50)
			kill(pid, SIGKILL);
	}
	return -1;
}

static void settle(struct run *run, size_t i, const char *suffix, const char *why)
{
	struct br_result *res = &run->rep->checks[i];

	br_find_runner(res, suffix, BR_SEV_UNKNOWN, "%s", why);
	br_conclude(res);
}

/* The first check from here on without a result; br_n_checks: none. */
static size_t next_open(const struct run *run, size_t from)
{
	while (from < br_n_checks && run->rep->checks[from].concluded)
		from++;
	return from;
}

static void settle_rest(struct run *run, const char *suffix, const char *why)
{
	for (size_t i = next_open(run, 0); i < br_n_checks; i = next_open(run, i + 1))
		settle(run, i, suffix, why);
}

static int start(const struct run *run, size_t first, pid_t *ret_pid, int *ret_fd)
{
	pid_t parent = getpid(), pid;
	int fds[2];

	if (pipe(fds) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		int r = -errno;

		close(fds[0]);
		close(fds[1]);
		return r;
	}
	if (pid == 0) {
		close(fds[0]);
		/* One that hangs in the kernel must not keep a reader of our output waiting. */
		for (int fd = 0, null = open("/dev/null", O_RDWR | O_CLOEXEC); null >= 0 && fd < 3; fd++)
			dup2(null, fd);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		br_worker(run->opt, run->profile, first, fds[1]);
	}
	close(fds[1]);
	*ret_pid = pid;
	*ret_fd = fds[0];
	return 0;
}

/* What stopped the worker, as a phrase. */
static const char *ended_by(int status, char *buf, size_t size)
{
	if (status >= 0 && WIFSIGNALED(status))
		snprintf(buf, size, "the checker was ended by signal %d (%s) in this check", WTERMSIG(status),
		         strsignal(WTERMSIG(status)));
	else
		snprintf(buf, size, "the checker stopped in this check");
	return buf;
}

/* One worker from check number first on. 1: go on with the next; 0: all is settled. */
static int run_once(struct run *run, size_t first)
{
	br_autoclose int fd = -1;
	char why[128];
	pid_t pid = -1;
	int r = start(run, first, &pid, &fd), status;

	if (r < 0)
		return r;
	run->current = -1;
	r = collect(run, fd);
	status = reap(pid, r != 1);
	if (status < 0 || WIFSIGNALED(status))
		br_kmod_clean(pid);
	if (r == 0) {
		snprintf(why, sizeof(why), "out of time: the deadline of %u s passed before an answer",
		         run->opt->deadline);
		settle_rest(run, "out-of-time", why);
		return 0;
	}
	if (next_open(run, 0) == br_n_checks)
		return 0;
	ended_by(status, why, sizeof(why));
	if (run->current < 0) {
		settle_rest(run, "crashed", why);
		return 0;
	}
	settle(run, (size_t)run->current, "crashed", why);
	return 1;
}

int br_run(const struct br_options *opt, const struct br_profile *profile, struct br_report *rep)
{
	struct run run = {
		.opt = opt,
		.profile = profile,
		.rep = rep,
		.deadline_ms = br_now_ms() + (int64_t)opt->deadline * 1000,
		.current = -1,
	};
	int r;

	rep->checks = calloc(br_n_checks, sizeof(*rep->checks));
	if (!rep->checks)
		return -ENOMEM;
	rep->n_checks = br_n_checks;
	for (size_t i = 0; i < br_n_checks; i++) {
		const char *why;

		rep->checks[i].check = br_checks[i];
		if (br_selected(opt, profile, br_checks[i], &why))
			continue;
		br_find_runner(&rep->checks[i], why, BR_SEV_INFO, "%s",
		               why[0] == 'e' ? "excluded by --only or --skip" : "the profile does not want it");
		rep->checks[i].status = BR_SKIPPED;
		rep->checks[i].concluded = true;
	}
	do
		r = run_once(&run, next_open(&run, 0));
	while (r == 1 && next_open(&run, 0) < br_n_checks);
	return r < 0 ? r : 0;
}
