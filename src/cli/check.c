/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bootready check: options in, exit status out. */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "announce.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/rfc3339.h"
#include "cli.h"
#include "options.h"
#include "report/report.h"
#include "runner.h"
#include "save.h"
#include "version.h"

enum {
	OPT_ROOT = 256,
	OPT_CONTEXT,
	OPT_DISK,
	OPT_INITRAMFS,
	OPT_PROFILE,
	OPT_FIRMWARE,
	OPT_ONLY,
	OPT_SKIP,
	OPT_FORMAT,
	OPT_OUTPUT,
	OPT_SUBJECT,
	OPT_REPORT,
	OPT_FAIL_ON,
	OPT_DEADLINE,
	OPT_COLOR,
	OPT_ANNOUNCE,
	OPT_HELP,
};

static const struct option long_options[] = {
	{"root", required_argument, NULL, OPT_ROOT},
	{"context", required_argument, NULL, OPT_CONTEXT},
	{"disk", required_argument, NULL, OPT_DISK},
	{"initramfs", required_argument, NULL, OPT_INITRAMFS},
	{"profile", required_argument, NULL, OPT_PROFILE},
	{"firmware", required_argument, NULL, OPT_FIRMWARE},
	{"only", required_argument, NULL, OPT_ONLY},
	{"skip", required_argument, NULL, OPT_SKIP},
	{"format", required_argument, NULL, OPT_FORMAT},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{"subject", required_argument, NULL, OPT_SUBJECT},
	{"report", required_argument, NULL, OPT_REPORT},
	{"fail-on", required_argument, NULL, OPT_FAIL_ON},
	{"deadline", required_argument, NULL, OPT_DEADLINE},
	{"color", required_argument, NULL, OPT_COLOR},
	{"announce", no_argument, NULL, OPT_ANNOUNCE},
	{"help", no_argument, NULL, OPT_HELP},
	{NULL, 0, NULL, 0},
};

static const char *const contexts[] = {
	[BR_LIVE] = "live", [BR_PREBOOT] = "preboot", [BR_OFFLINE] = "offline", NULL};
static const char *const firmwares[] = {
	[BR_FIRMWARE_AUTO] = "auto", [BR_FIRMWARE_BIOS] = "bios", [BR_FIRMWARE_UEFI] = "uefi", NULL};
static const char *const colors[] = {
	[BR_COLOR_AUTO] = "auto", [BR_COLOR_ALWAYS] = "always", [BR_COLOR_NEVER] = "never", NULL};
static const char *const fail_ons[] = {"failed", "warning", NULL};

static int pick(const char *option, const char *const *names, const char *value, int *ret)
{
	br_autostr struct br_str all = {0};

	for (int i = 0; names[i]; i++) {
		if (strcmp(names[i], value) == 0) {
			*ret = i;
			return 0;
		}
		br_str_printf(&all, "%s%s", i ? names[i + 1] ? ", " : " or " : "", names[i]);
	}
	return br_usage_error("%s takes %s, not \"%s\"", option, all.s ? all.s : "", value);
}

static int pick_checks(const char *option, const char *value, struct br_strv *list)
{
	br_autostrv struct br_strv ids = {0};

	br_strv_split(&ids, value, ",");
	if (!ids.n)
		return br_usage_error("%s takes check ids separated by commas; see bootready list", option);
	for (size_t i = 0; i < ids.n; i++) {
		const struct br_check *c = br_check_by_id(ids.v[i]);

		if (!c)
			return br_usage_error("no check \"%s\"; bootready list shows all", ids.v[i]);
		if (!br_strv_has(list, c->id))
			br_strv_add(list, c->id);
	}
	return 0;
}

int br_take_deadline(const char *value, unsigned *ret)
{
	uint64_t n;

	if (br_parse_uint(value, strlen(value), 10, 1, BR_DEADLINE_MAX, &n) < 0)
		return br_usage_error("--deadline takes whole seconds from 1 to %d, not \"%s\"", BR_DEADLINE_MAX,
		                      value);
	*ret = (unsigned)n;
	return 0;
}

struct given {
	bool context, report;
};

static int take_choice(struct br_options *opt, struct given *given, int c)
{
	int v = 0, r = 0;

	switch (c) {
	case OPT_CONTEXT:
		r = pick("--context", contexts, optarg, &v);
		opt->context = (enum br_context)v;
		given->context = true;
		break;
	case OPT_FIRMWARE:
		r = pick("--firmware", firmwares, optarg, &v);
		opt->firmware = (enum br_firmware_choice)v;
		break;
	case OPT_FAIL_ON:
		r = pick("--fail-on", fail_ons, optarg, &v);
		opt->fail_on_warning = v == 1;
		break;
	case OPT_COLOR:
		r = pick("--color", colors, optarg, &v);
		opt->color = (unsigned)v;
		break;
	case OPT_ONLY:
		return pick_checks("--only", optarg, &opt->only);
	case OPT_SKIP:
		return pick_checks("--skip", optarg, &opt->skip);
	case OPT_DEADLINE:
		return br_take_deadline(optarg, &opt->deadline);
	case OPT_FORMAT:
		if (!br_writer_by_name(optarg))
			return br_usage_error("no format \"%s\"; bootready check --help lists them", optarg);
		opt->format = optarg;
		break;
	}
	return r;
}

static int take_option(struct br_options *opt, struct given *given, int c, char **argv)
{
	switch (c) {
	case OPT_ROOT:
		opt->root = optarg;
		return 0;
	case OPT_DISK:
		br_strv_add(&opt->disks, optarg);
		return 0;
	case OPT_INITRAMFS:
		opt->initramfs = optarg;
		return 0;
	case OPT_PROFILE:
		opt->profile = optarg;
		return 0;
	case OPT_OUTPUT:
		opt->output = optarg;
		return 0;
	case OPT_REPORT:
		opt->report = optarg;
		given->report = true;
		return 0;
	case OPT_SUBJECT:
		opt->subject = optarg;
		return 0;
	case OPT_ANNOUNCE:
		opt->announce = true;
		return 0;
	case ':':
		return br_usage_error("%s needs a value; see bootready check --help", argv[optind - 1]);
	case '?':
		return br_usage_error("no option %s; see bootready check --help", argv[optind - 1]);
	default:
		return take_choice(opt, given, c);
	}
}

static int complete_paths(const struct br_options *opt)
{
	struct stat st;

	if (stat(opt->root, &st) < 0 || (!S_ISDIR(st.st_mode) && (errno = ENOTDIR)))
		return br_usage_error("--root %s: %s; it takes the folder a root is mounted on", opt->root,
		                      strerror(errno));
	for (size_t i = 0; i < opt->disks.n; i++) {
		const char *disk = opt->disks.v[i];

		if (stat(disk, &st) < 0 || access(disk, R_OK) < 0)
			return br_usage_error("--disk %s: %s", disk, strerror(errno));
		if (!S_ISBLK(st.st_mode) && !S_ISREG(st.st_mode))
			return br_usage_error("--disk %s: it takes a block device or a raw image file", disk);
	}
	if (opt->initramfs && (stat(opt->initramfs, &st) < 0 || access(opt->initramfs, R_OK) < 0))
		return br_usage_error("--initramfs %s: %s", opt->initramfs, strerror(errno));
	if (opt->initramfs && !S_ISREG(st.st_mode))
		return br_usage_error("--initramfs %s: it takes a file", opt->initramfs);
	return 0;
}

static int complete(struct br_options *opt, const struct given *given)
{
	if (!given->context)
		opt->context = strcmp(opt->root, "/") == 0 ? BR_LIVE : BR_OFFLINE;
	if (!given->report)
		opt->report = opt->context == BR_PREBOOT ? "auto" : "none";
	if (strcmp(opt->report, "auto") != 0 && strcmp(opt->report, "none") != 0 &&
	    (opt->report[0] != '/' || br_ends(opt->report, "/")))
		return br_usage_error("--report takes auto, none or an absolute path on the root, not \"%s\"",
		                      opt->report);
	if (opt->context == BR_LIVE && strcmp(opt->root, "/") != 0)
		return br_usage_error("--context live is about the running root /; use offline with --root %s",
		                      opt->root);
	if (opt->context == BR_PREBOOT && strcmp(opt->root, "/") == 0)
		return br_usage_error("--context preboot is about a root that was mounted and not started; name it with --root DIR");
	if (br_writer_by_name(opt->format)->needs_digest && !opt->subject)
		return br_usage_error("--format %s needs --subject [NAME=]sha256:DIGEST, the image that is checked", opt->format);
	return complete_paths(opt);
}

/* 0 go on, 1 help was shown, else an exit status. */
static int parse(int argc, char **argv, struct br_options *opt)
{
	struct given given = {0};
	int c, r;

	optind = 1;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (c == OPT_HELP)
			return br_check_help() == 0 ? 1 : BR_EXIT_INTERNAL;
		r = take_option(opt, &given, c, argv);
		if (r != 0)
			return r;
	}
	if (optind < argc)
		return br_usage_error("\"%s\" is no option; a root is given with --root DIR", argv[optind]);
	return complete(opt, &given);
}

int br_load_profile(const char *name, struct br_profile *ret)
{
	br_autofree char *why = NULL;
	int r = br_profile_load(name, ret, &why);

	if (r == 0)
		return 0;
	if (r == -ENOENT)
		return br_usage_error("no profile \"%s\"; bootready profiles lists them, a file needs a / in its name",
		                      name);
	if (r == -ENOMEM)
		return br_internal_error("out of memory");
	return br_usage_error("profile %s: %s", name, why ? why : br_strerror(-r));
}

static void copy_list(struct br_strv *to, const struct br_strv *from)
{
	for (size_t i = 0; i < from->n; i++)
		br_strv_add(to, from->v[i]);
}

static int begin_report(const struct br_options *opt, const struct br_profile *profile, struct br_report *rep)
{
	rep->time = br_time_text(time(NULL));
	rep->context = strdup(contexts[opt->context]);
	rep->profile = strdup(profile->name);
	rep->profile_sha256 = strdup(profile->sha256);
	copy_list(&rep->only, &opt->only);
	copy_list(&rep->skip, &opt->skip);
	if (opt->firmware != BR_FIRMWARE_AUTO)
		rep->only_firmware = strdup(firmwares[opt->firmware]);
	if (opt->initramfs)
		rep->other_initramfs = strdup(opt->initramfs);
	return rep->time && rep->context && rep->profile && rep->profile_sha256 && !rep->only.oom && !rep->skip.oom &&
	                       !rep->only_firmware == (opt->firmware == BR_FIRMWARE_AUTO) &&
	                       !rep->other_initramfs == !opt->initramfs
	               ? 0
	               : -ENOMEM;
}

static int print(const struct br_options *opt, const struct br_report *rep, const struct br_subject *subject)
{
	br_autofree char *name = subject->name_len ? strndup(subject->name, subject->name_len) : NULL;
	const struct br_sheet sheet = {.report = rep, .tool_version = BR_VERSION, .name = name,
	                               .sha256 = *subject->sha256 ? subject->sha256 : NULL};
	br_autofclose FILE *file = opt->output ? fopen(opt->output, "we") : NULL;
	FILE *out = opt->output ? file : stdout;
	bool color;
	int r;

	if (!out)
		return -errno;
	color = opt->color == BR_COLOR_ALWAYS || (opt->color == BR_COLOR_AUTO && br_stream_has_color(out));
	r = br_writer_by_name(opt->format)->write(&sheet, 1, color, out);
	if (r == 0 && fflush(out) != 0)
		r = -errno;
	return r;
}

static void report(const struct br_options *opt, const struct br_report *rep)
{
	br_autofree char *why = NULL, *line = NULL;

	bool keep = strcmp(opt->report, "none") != 0;
	int r = keep ? br_save(opt, rep, &why) : 0;

	/* The root first: a console that takes nothing may use up what time is left. */
	if (opt->announce)
		br_announce(rep);
	if (keep && r == 0 && !rep->whole)
		fputs("bootready: warning: the report does not say all that it rests on: the checker was ended before\n", stderr);
	if (r == 0)
		return;
	line = br_format("bootready: warning: no report on the root: %s", why ? why : "it could not be written");
	if (!line)
		return;
	fprintf(stderr, "%s\n", line);
	if (opt->announce)
		br_announce_line(line);
}

static int exit_status(const struct br_options *opt, const struct br_report *rep)
{
	enum br_verdict v = br_report_verdict(rep);
	struct br_sums s;

	br_report_sums(rep, &s);
	if (v == BR_NOT_READY || (opt->fail_on_warning && s.warning))
		return BR_EXIT_NOT_READY;
	return v == BR_READY ? BR_EXIT_READY : BR_EXIT_UNDETERMINED;
}

static int check(const struct br_options *opt, const struct br_profile *profile)
{
	br_cleanup(br_report_free) struct br_report rep = {0};
	struct br_subject subject = {0};
	int r = opt->subject ? br_subject_parse(opt->subject, &subject) : 0, printed;

	if (r != 0)
		return r;
	r = begin_report(opt, profile, &rep);
	if (r == 0)
		r = br_run(opt, profile, &rep);
	if (r < 0)
		return br_internal_error("the checks could not be run: %s", strerror(-r));
	printed = print(opt, &rep, &subject);
	report(opt, &rep);
	if (printed < 0)
		return br_internal_error("%s: %s", opt->output ? opt->output : "standard output",
		                         strerror(-printed));
	return exit_status(opt, &rep);
}

static void options_free(struct br_options *opt)
{
	br_strv_free(&opt->disks);
	br_strv_free(&opt->only);
	br_strv_free(&opt->skip);
}

static int run(int argc, char **argv)
{
	br_cleanup(options_free) struct br_options opt = {
		.root = "/",
		.profile = "alibaba",
		.format = "table",
		.deadline = BR_DEADLINE_DEFAULT,
	};
	br_cleanup(br_profile_free) struct br_profile profile = {0};
	int r = parse(argc, argv, &opt);

	if (r != 0)
		return r == 1 ? 0 : r;
	r = br_load_profile(opt.profile, &profile);
	return r != 0 ? r : check(&opt, &profile);
}

const struct br_command br_command_check = {
	.name = "check",
	.arguments = "[OPTION]...",
	.help = "Judge a root: will it boot on the target? (the default)",
	.run = run,
};
