/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report's checks found, held against the policy. */
#include <string.h>

#include "decide/decide.h"

struct judge {
	struct br_decision *d;
	const struct br_profile *profile;
	const char *what;
	bool only_failed;
};

/* Does a waiver take the finding's weight away? One that is over is told. */
static bool waived(const struct judge *j, const struct br_check *check, const struct br_finding *f)
{
	const struct br_waiver *w = br_policy_waiver(j->d->policy, f->code);

	if (!w)
		return false;
	if (j->d->now < w->end) {
		br_reason(j->d, BR_NOTE, "waived", f->path, check->id, "%s: %s is waived until %s: %s", j->what, f->code, w->until,
		          w->reason);
		return true;
	}
	br_reason(j->d, BR_NOTE, "waiver-expired", f->path, check->id, "%s: the waiver of %s ended with %s (%s)", j->what,
	          f->code, w->until, w->reason);
	return false;
}

static enum br_outcome weight(const struct br_policy *p, const struct br_check *check, const struct br_finding *f)
{
	switch (f->severity) {
	case BR_SEV_FAILED:
		return br_policy_covers(&p->must_be_ok, check) ? BR_REJECTS : BR_NOTE;
	case BR_SEV_UNKNOWN:
		return br_policy_covers(&p->must_be_known, check) ? p->unknown : BR_NOTE;
	case BR_SEV_WARNING:
		return br_policy_covers(&p->warnings_matter, check) || br_strv_has(&p->warnings_matter, f->code) ? BR_REJECTS : BR_NOTE;
	default:
		return BR_NOTE;
	}
}

static void judge_findings(const struct judge *j, const struct br_result *res)
{
	static const char *const codes[] = {[BR_SEV_FAILED] = "check-failed", [BR_SEV_UNKNOWN] = "check-unknown",
	                                    [BR_SEV_WARNING] = "check-warning"};

	for (size_t i = 0; i < res->n_findings; i++) {
		const struct br_finding *f = &res->findings[i];

		if (j->only_failed ? f->severity != BR_SEV_FAILED : f->severity == BR_SEV_INFO)
			continue;
		if (!waived(j, res->check, f))
			br_reason(j->d, weight(j->d->policy, res->check, f), codes[f->severity], f->path, res->check->id,
			          "%s: %s: %s", j->what, f->code, f->message);
	}
}

static bool warning_matters(const struct br_policy *p, const struct br_check *check)
{
	for (size_t i = 0; i < p->warnings_matter.n; i++)
		if (br_check_of_code(p->warnings_matter.v[i]) == check)
			return true;
	return br_policy_covers(&p->warnings_matter, check);
}

/* A check that did not run, though the profile wants it. */
static void judge_left_out(const struct judge *j, const struct br_check *check, const char *how)
{
	const struct br_policy *p = j->d->policy;
	enum br_outcome outcome = BR_NOTE;

	if (br_policy_covers(&p->must_be_known, check))
		outcome = p->unknown;
	else if (br_policy_covers(&p->must_be_ok, check) || warning_matters(p, check))
		/* It may as well have FAILED, or warned. */
		outcome = p->unknown < BR_LEAVES_OPEN ? p->unknown : BR_LEAVES_OPEN;
	/* Without one, the report was refused for its profile already. */
	if (j->profile && br_profile_wants(j->profile, check->id))
		br_reason(j->d, outcome, "check-left-out", NULL, check->id, "%s: %s %s", j->what, check->id, how);
}

void br_decide_failed(struct br_decision *d, const struct br_report *rep, const struct br_profile *profile, const char *what)
{
	const struct judge j = {.d = d, .profile = profile, .what = what, .only_failed = true};

	for (size_t i = 0; i < rep->n_checks; i++)
		judge_findings(&j, &rep->checks[i]);
}

void br_decide_checks(struct br_decision *d, const struct br_report *rep, const struct br_profile *profile, const char *what)
{
	const struct judge j = {.d = d, .profile = profile, .what = what};
	bool any = false;

	for (size_t i = 0; i < br_n_checks; i++) {
		const struct br_result *res = NULL;

		for (size_t k = 0; k < rep->n_checks; k++)
			if (rep->checks[k].check == br_checks[i])
				res = &rep->checks[k];
		if (!res)
			judge_left_out(&j, br_checks[i], "is not in it");
		else if (res->status == BR_SKIPPED)
			judge_left_out(&j, br_checks[i], "was left out");
		else
			judge_findings(&j, res);
		any |= res && res->status != BR_SKIPPED;
	}
	if (!any)
		br_reason(d, BR_LEAVES_OPEN, "nothing-checked", NULL, NULL, "%s: no check ran", what);
}
