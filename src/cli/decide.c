/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bootready decide: the import decision. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cli.h"
#include "decide/decide.h"
#include "options.h"
#include "profiles/profile.h"
#include "runner.h"
#include "save.h"

/* An importer has more time than a boot. */
#define PATIENCE (4 * BR_DEADLINE_DEFAULT)

struct asked {
	const char *root;   /* NULL: the report alone */
	struct br_strv disks;
	const char *policy; /* file; NULL: the default */
	const char *report; /* file on this machine; NULL: the root's own */
	unsigned deadline; /* seconds */
	bool json;
};

static int help(void)
{
	puts("usage: bootready decide [--root DIR] [--disk PATH]... [--policy FILE]\n"
	     "                        [--format table|json] [--deadline S] [REPORT]\n"
	     "       bootready decide --print-policy\n"
	     "Does a stored report allow this image in? The report is REPORT, or the root's\n"
	     "own, /etc/bootready/report.json. Its form, signature (the same name with .sig),\n"
	     "age and origin, and whether DIR is still the root that it is about.\n"
	     "\n"
	     "  --root DIR      the root that the report is about, mounted\n"
	     "  --disk PATH     a disk of that machine, block device or raw image; repeatable.\n"
	     "                  With it what boots is worked out anew, and every check run\n"
	     "                  again: the worse answer counts; without, what fails again\n"
	     "  --policy FILE   what is asked of a report\n"
	     "  --print-policy  shows the policy that holds without one\n"
	     "  --format F      table (default) or json\n"
	     "  --deadline S    seconds that the checks may take (120)\n"
	     "  --help\n"
	     "\n"
	     "A report that is not signed tells of a change since of what its verdict rests\n"
	     "on, and of no forgery: who can write the image can write a report to it.\n"
	     "Exit status: 0 accept, 1 reject, 2 undetermined, 64 wrong usage, 70 internal\n"
	     "error.");
	return br_finish_output(0);
}

static int load_policy(const char *file, struct br_policy *ret)
{
	br_autoblob struct br_blob b = {0};
	br_autofree char *why = NULL;
	int r = file ? br_read_file(file, BR_CONFIG_MAX, &b) : 0;

	if (r < 0)
		return br_usage_error("--policy %s: %s", file, br_strerror(-r));
	r = file ? br_policy_parse(file, b.data, b.len, ret, &why)
	         : br_policy_parse("default", br_default_policy, strlen(br_default_policy), ret, &why);
	if (r == -EINVAL)
		return br_usage_error("--policy %s: %s", file, why ? why : "?");
	return r < 0 ? br_internal_error("the policy could not be read: %s", strerror(-r)) : 0;
}

/* What is there and cannot be read is no signature; that one is not there is for the policy to judge. */
static int read_signature(const struct br_root *root, const char *path, struct br_blob *ret)
{
	br_autofree char *sig = br_format("%s.sig", path);
	int r = !sig ? -ENOMEM : root ? br_root_read(root, sig, BR_SIGNATURE_MAX, ret) : br_read_file(sig, BR_SIGNATURE_MAX, ret);

	if (r == 0 || r == -ENOENT || r == -ENOMEM)
		return r == -ENOENT ? 0 : r;
	ret->data = strdup("");
	ret->len = 0;
	return ret->data ? 0 : -ENOMEM;
}

/* The root's own report: 1 it is read; 0 it is not, and the reason left; -errno. */
static int read_own(struct br_decision *d, const struct br_root *root, struct br_blob *report, struct br_blob *sig)
{
	struct stat st;
	int r = br_root_lstat(root, BR_REPORT_PATH, &st);

	if (r == 0 && !S_ISREG(st.st_mode))
		r = -EMEDIUMTYPE;
	if (r == 0)
		r = br_root_read(root, BR_REPORT_PATH, BR_STORED_MAX, report);
	if (r == -ENOMEM)
		return r;
	if (r == 0) {
		d->where = BR_REPORT_PATH;
		r = read_signature(root, BR_REPORT_PATH, sig);
		return r < 0 ? r : 1;
	}
	if (r == -ENOENT || r == -ENOTDIR)
		br_reason(d, BR_LEAVES_OPEN, "no-report", BR_REPORT_PATH, NULL, "the root has no report");
	else
		br_reason(d, r == -EMEDIUMTYPE || r == -EFBIG ? BR_REJECTS : BR_LEAVES_OPEN, "report-unreadable", BR_REPORT_PATH,
		          NULL, "%s", br_strerror(-r));
	return 0;
}

struct profiles {
	struct br_profile p[BR_POLICY_WORDS_MAX];
	size_t n;
};

static void profiles_free(struct profiles *l)
{
	for (size_t i = 0; i < l->n; i++)
		br_profile_free(&l->p[i]);
}

static int load_profiles(const struct br_policy *policy, struct profiles *ret)
{
	for (size_t i = 0; i < policy->profiles.n && ret->n < BR_ARRAY_SIZE(ret->p); i++) {
		int r = br_load_profile(policy->profiles.v[i], &ret->p[ret->n]);

		if (r != 0)
			return r;
		ret->n++;
	}
	return 0;
}

/* The checks again, on the root as it is now, and the root against the report. */
static int look_again(struct br_decision *d, const struct asked *asked, const struct br_profile *profile,
                      const struct br_root *root)
{
	bool live = strcmp(asked->root, "/") == 0, disks = live || asked->disks.n;
	struct br_options opt = {
		.root = asked->root,
		.context = live ? BR_LIVE : BR_OFFLINE,
		.disks = asked->disks,
		.format = "json",
		.report = "none",
		.deadline = asked->deadline,
	};
	br_cleanup(br_report_free) struct br_report now = {0};
	int r = br_run(&opt, profile, &now);

	if (r < 0)
		return r;
	/* What is missing of it is then no change of the root's. */
	if (now.whole)
		br_decide_root(d, &now, root, disks);
	else
		br_reason(d, BR_LEAVES_OPEN, "not-looked-at", NULL, NULL,
		          "the root was not looked at to the end: a check crashed, or time ran out (--deadline)");
	if (disks)
		br_decide_checks(d, &now, profile, "now");
	else
		br_decide_failed(d, &now, profile, "now");
	return 0;
}

static int judge(struct br_decision *d, const struct asked *asked, const struct br_root *root,
                 const struct profiles *accepted, const struct br_blob *report, const struct br_blob *sig)
{
	const struct br_profile *profile;

	br_decide_report(d, report, sig->data ? sig : NULL);
	if (!d->stored.report.checks)
		return d->oom ? -ENOMEM : 0;
	br_decide_profile(d, accepted->p, accepted->n);
	profile = br_decide_profile_of(&d->stored.report, accepted->p, accepted->n);
	br_decide_checks(d, &d->stored.report, profile, "the report");
	if (root)
		return profile ? look_again(d, asked, profile, root) : 0;
	if (d->signature == BR_SIGNED_GOOD && d->policy->report_alone)
		br_reason(d, BR_NOTE, "report-alone", NULL, NULL, "its root was not looked at: the policy takes a signed report alone");
	else
		br_reason(d, BR_LEAVES_OPEN, "report-alone", NULL, NULL,
		          "without its root (--root DIR) it is not known what it is worth today; a policy may take signed ones alone");
	return 0;
}

/* 0, or an exit status. */
static int decide(struct br_decision *d, const struct asked *asked, const struct br_root *root, const struct profiles *accepted)
{
	br_autoblob struct br_blob report = {0}, sig = {0};
	int r = asked->report ? br_read_file(asked->report, BR_STORED_MAX, &report) : read_own(d, root, &report, &sig);

	if (asked->report && r == -EFBIG) {
		d->where = asked->report;
		br_reason(d, BR_REJECTS, "report-unreadable", NULL, NULL, "%s", br_strerror(-r));
		return 0;
	}
	if (asked->report && r < 0)
		return br_usage_error("%s: %s", asked->report, br_strerror(-r));
	if (asked->report) {
		d->where = asked->report;
		r = read_signature(NULL, asked->report, &sig);
		r = r < 0 ? r : 1;
	}
	if (r == 1)
		r = judge(d, asked, root, accepted, &report, &sig);
	return r < 0 ? br_internal_error("the decision could not be made: %s", strerror(-r)) : 0;
}

static int decide_by(const struct asked *asked, const struct br_policy *policy, const struct br_root *root)
{
	br_cleanup(br_decision_free) struct br_decision d = {.policy = policy, .now = time(NULL), .root = asked->root, .budget = BR_INPUTS_BYTES_MAX};
	br_cleanup(profiles_free) struct profiles accepted = {0};
	enum br_outcome o;
	int r = load_profiles(policy, &accepted);

	if (r == 0)
		r = decide(&d, asked, root, &accepted);
	if (r != 0)
		return r;
	r = br_decision_show(&d, asked->json, stdout);
	if (r < 0)
		return br_internal_error("the decision could not be shown: %s", strerror(-r));
	o = br_decision_outcome(&d);
	return br_finish_output(o == BR_REJECTS ? BR_EXIT_NOT_READY : o == BR_NOTE ? BR_EXIT_READY : BR_EXIT_UNDETERMINED);
}

static int decide_asked(const struct asked *asked)
{
	br_cleanup(br_policy_free) struct br_policy policy = {0};
	struct br_root root = {.fd = -1};
	int r = load_policy(asked->policy, &policy);

	if (r != 0)
		return r;
	if (!asked->root)
		return decide_by(asked, &policy, NULL);
	r = br_root_open(&root, asked->root);
	if (r < 0)
		return br_usage_error("--root %s: %s; it takes the folder a root is mounted on", asked->root, strerror(-r));
	r = decide_by(asked, &policy, &root);
	br_root_close(&root);
	return r;
}

static int print_policy(void)
{
	fputs(br_default_policy, stdout);
	return br_finish_output(0);
}

static int take_value(struct asked *a, const char *option, const char *value)
{
	struct stat st;

	if (!value)
		return br_usage_error("%s needs a value; see bootready decide --help", option);
	if (strcmp(option, "--root") == 0)
		a->root = value;
	else if (strcmp(option, "--policy") == 0)
		a->policy = value;
	else if (strcmp(option, "--format") == 0 && strcmp(value, "table") != 0 && strcmp(value, "json") != 0)
		return br_usage_error("--format takes table or json, not \"%s\"", value);
	else if (strcmp(option, "--format") == 0)
		a->json = strcmp(value, "json") == 0;
	else if (strcmp(option, "--deadline") == 0)
		return br_take_deadline(value, &a->deadline);
	else if (stat(value, &st) < 0 || access(value, R_OK) < 0)
		return br_usage_error("--disk %s: %s", value, strerror(errno));
	else if (!S_ISBLK(st.st_mode) && !S_ISREG(st.st_mode))
		return br_usage_error("--disk %s: it takes a block device or a raw image file", value);
	else
		br_strv_add(&a->disks, value);
	return 0;
}

static int run_asked(int argc, char **argv, struct asked *a)
{
	static const char *const options[] = {"--root", "--disk", "--policy", "--format", "--deadline"};

	for (int i = 1; i < argc; i++) {
		bool taken = false;

		if (strcmp(argv[i], "--help") == 0)
			return help();
		if (strcmp(argv[i], "--print-policy") == 0)
			return print_policy();
		for (size_t k = 0; k < BR_ARRAY_SIZE(options) && !taken; k++) {
			size_t n = strlen(options[k]);
			int r;

			if (!br_starts(argv[i], options[k]) || (argv[i][n] && argv[i][n] != '='))
				continue;
			r = take_value(a, options[k], argv[i][n] ? argv[i] + n + 1 : i + 1 < argc ? argv[++i] : NULL);
			if (r != 0)
				return r;
			taken = true;
		}
		if (!taken && (argv[i][0] == '-' || a->report))
			return br_usage_error("decide takes --root, --disk, --policy, --format and one REPORT, not \"%s\"", argv[i]);
		if (!taken)
			a->report = argv[i];
	}
	if (!a->root && !a->report)
		return br_usage_error("decide takes --root DIR, a REPORT or both; see bootready decide --help");
	if (!a->root && a->disks.n)
		return br_usage_error("--disk belongs to a root: --root DIR");
	return decide_asked(a);
}

static int run(int argc, char **argv)
{
	struct asked asked = {.deadline = PATIENCE};
	int r = run_asked(argc, argv, &asked);

	br_strv_free(&asked.disks);
	return r;
}

const struct br_command br_command_decide = {
	.name = "decide",
	.arguments = "[OPTION]... [REPORT]",
	.help = "Does a stored report allow the image in?",
	.run = run,
};
