/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The import decision: does a stored report allow this image in? Everything that speaks for or against it is a
 * reason; the worst of all reasons decides, and with none but notes the answer is accept.
 */
#ifndef BR_DECIDE_H
#define BR_DECIDE_H

#include <stdio.h>
#include <time.h>

#include "decide/policy.h"
#include "image/root.h"
#include "profiles/profile.h"
#include "report/read.h"

struct br_reason {
	enum br_outcome outcome;
	char *code;    /* owned; kebab-case, stable */
	char *message; /* owned; one sentence, safe to show */
	char *path;    /* owned, the root's own path; NULL: about no file */
	char *checks;  /* owned; ids of the checks whose verdicts rest on it, blank-separated; NULL */
};

enum br_signed {
	BR_UNSIGNED = 0,
	BR_SIGNED_UNVERIFIED, /* there is a signature, and no key to hold it against */
	BR_SIGNED_GOOD,
	BR_SIGNED_BAD,
};

struct br_decision {
	const struct br_policy *policy;
	time_t now;
	const char *root; /* where the root is mounted; NULL: the report alone */
	const char *where; /* of the report, for people; NULL: there is none */
	struct br_stored stored; /* as far as there is one that holds to its form: report.checks NULL otherwise */
	char report_sha256[65];  /* of its bytes; "" */
	enum br_signed signature;
	char *key; /* owned; the key it was verified by */
	struct br_reason *reasons; /* owned */
	size_t n, cap;
	uint64_t budget; /* bytes of files that the report may still have hashed */
	bool oom;
};

/* message is made safe to show; path, checks may be NULL. */
void br_reason(struct br_decision *d, enum br_outcome outcome, const char *code, const char *path, const char *checks,
               const char *fmt, ...) br_printf(6, 7);
enum br_outcome br_decision_outcome(const struct br_decision *d);
const char *br_decision_word(enum br_outcome o); /* "accept", "undetermined", "reject" */
void br_decision_free(struct br_decision *d);

/* The report's bytes: form, signature (sig NULL: none), age, tool, profile, selection. */
void br_decide_report(struct br_decision *d, const struct br_blob *report, const struct br_blob *sig);
/* The one of these that the report was made with, else one of that name; NULL: none. */
const struct br_profile *br_decide_profile_of(const struct br_report *rep, const struct br_profile *accepted, size_t n);
/* Is the report of one of these, by its text? */
void br_decide_profile(struct br_decision *d, const struct br_profile *accepted, size_t n);
/*
 * The findings of a report against the policy. what: "the report", or "now" for checks that were run again; both
 * are held against it alike.
 */
/* The same of FAILED alone: where no disk was given, much is UNKNOWN that says nothing. */
void br_decide_failed(struct br_decision *d, const struct br_report *rep, const struct br_profile *profile, const char *what);
void br_decide_checks(struct br_decision *d, const struct br_report *rep, const struct br_profile *profile,
                      const char *what);
/* The root as it is now, against what the report rests on and says it is. disks: were they looked at too? */
void br_decide_root(struct br_decision *d, const struct br_report *now, const struct br_root *root, bool disks);

/* 0 or -errno. */
int br_decision_show(const struct br_decision *d, bool json, FILE *out) br_must_check;

#endif
