/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report by itself: its form, who signed it, how old it is and what it was made by. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "decide/decide.h"
#include "decide/signify.h"
#include "image/releases.h"

/* Clocks that run on local time are ahead of UTC by up to 14 hours. */
#define AHEAD_MAX (24 * 60 * 60)

void br_reason(struct br_decision *d, enum br_outcome outcome, const char *code, const char *path, const char *checks,
               const char *fmt, ...)
{
	br_autostr struct br_str shown = {0};
	struct br_reason *r;
	va_list ap;

	if (br_grow(&d->reasons, &d->cap, d->n, sizeof(*d->reasons)) < 0) {
		d->oom = true;
		return;
	}
	va_start(ap, fmt);
	br_str_vshown(&shown, BR_MESSAGE_MAX, fmt, ap);
	va_end(ap);
	r = &d->reasons[d->n++];
	*r = (struct br_reason){
		.outcome = outcome,
		.code = strdup(code),
		.message = br_str_take(&shown),
		.path = path ? strdup(path) : NULL,
		.checks = checks && *checks ? strdup(checks) : NULL,
	};
	d->oom |= !r->code || !r->message || (path && !r->path) || (checks && *checks && !r->checks);
}

enum br_outcome br_decision_outcome(const struct br_decision *d)
{
	enum br_outcome worst = BR_NOTE;

	for (size_t i = 0; i < d->n; i++)
		if (d->reasons[i].outcome > worst)
			worst = d->reasons[i].outcome;
	return worst;
}

const char *br_decision_word(enum br_outcome o)
{
	static const char *const words[] = {
		[BR_NOTE] = "accept", [BR_LEAVES_OPEN] = "undetermined", [BR_REJECTS] = "reject"};

	return words[o];
}

void br_decision_free(struct br_decision *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->reasons[i].code);
		free(d->reasons[i].message);
		free(d->reasons[i].path);
		free(d->reasons[i].checks);
	}
	free(d->reasons);
	free(d->key);
	br_stored_free(&d->stored);
	*d = (struct br_decision){0};
}

static int read_key(const char *path, struct br_public_key *ret)
{
	br_autoblob struct br_blob b = {0};
	int r = br_read_file(path, BR_SIGNATURE_MAX, &b);

	return r < 0 ? r : br_public_key_parse(b.data, b.len, ret);
}

/* Whoever makes the image could bring a key of his own. root: NULL, or "/", where every file lies. */
static bool lies_in(const char *path, const char *root)
{
	br_autofree char *there = realpath(path, NULL), *top = root ? realpath(root, NULL) : NULL;
	size_t n = top ? strlen(top) : 0;

	return there && n > 1 && strncmp(there, top, n) == 0 && there[n] == '/';
}

/* By any of the policy's keys. */
static int verify(struct br_decision *d, const struct br_signature *sig, const struct br_blob *report)
{
	int worst = -ENOKEY;
	bool unread = false;

	for (size_t i = 0; i < d->policy->keys.n; i++) {
		const char *path = d->policy->keys.v[i];
		struct br_public_key key;
		int r;

		if (lies_in(path, d->root)) {
			br_reason(d, BR_LEAVES_OPEN, "key-in-image", NULL, NULL, "the key %s lies in the root that it is to speak for", path);
			unread = true;
			continue;
		}
		r = read_key(path, &key);
		if (r < 0) {
			br_reason(d, BR_LEAVES_OPEN, "key-unreadable", NULL, NULL, "the key %s: %s", path,
			          r == -EINVAL ? "it is no public key of signify" : br_strerror(-r));
			unread = true;
			continue;
		}
		r = br_signature_verify(sig, &key, report->data, report->len);
		if (r == 0) {
			d->key = strdup(path);
			return 0;
		}
		if (r != -ENOKEY)
			worst = r;
	}
	/* It may be that one's. */
	return worst == -ENOKEY && unread ? -EIO : worst;
}

static void decide_signature(struct br_decision *d, const struct br_blob *report, const struct br_blob *blob)
{
	enum br_outcome missing = d->policy->signature_required ? BR_REJECTS : BR_NOTE;
	struct br_signature sig;
	int r;

	if (!blob) {
		br_reason(d, missing, "not-signed", NULL, NULL,
		          "it is not signed: a change of the image since is found out, a forged report is not");
		return;
	}
	d->signature = BR_SIGNED_BAD;
	if (br_signature_parse(blob->data, blob->len, &sig) < 0) {
		br_reason(d, BR_REJECTS, "signature-malformed", NULL, NULL, "what lies beside it is no signature of signify");
		return;
	}
	if (!d->policy->keys.n) {
		d->signature = BR_SIGNED_UNVERIFIED;
		br_reason(d, BR_NOTE, "signature-not-verified", NULL, NULL,
		          "it is signed and the policy names no key: as good as not signed, a forged report is not found out");
		return;
	}
	r = verify(d, &sig, report);
	if (r == 0)
		d->signature = BR_SIGNED_GOOD;
	else if (r == -EIO)
		d->signature = BR_SIGNED_UNVERIFIED;
	else if (r == -ENOKEY)
		br_reason(d, BR_REJECTS, "signature-other-key", NULL, NULL, "it is signed with none of the policy's keys");
	else
		br_reason(d, BR_REJECTS, "signature-wrong", NULL, NULL,
		          "the signature is not this report's: one of the two was changed after it was signed");
}

static void decide_age(struct br_decision *d)
{
	const char *time = d->stored.report.time;
	long long age = (long long)d->now - d->stored.time;

	if (age < -AHEAD_MAX)
		br_reason(d, BR_REJECTS, "report-from-the-future", NULL, NULL, "it is of %s, and that is to come", time);
	else if (age > d->policy->oldest_days * 86400LL)
		br_reason(d, BR_REJECTS, "report-too-old", NULL, NULL, "it is of %s, %lld days old; the policy takes %u", time,
		          age / 86400, d->policy->oldest_days);
}

/* Numbers of up to nine digits between points. */
static bool comparable(const char *version)
{
	for (size_t n; (n = strspn(version, "0123456789")) > 0 && n < 10;) {
		version += n;
		if (!*version)
			return true;
		if (*version++ != '.')
			return false;
	}
	return false;
}

static void decide_origin(struct br_decision *d)
{
	const struct br_report *rep = &d->stored.report;
	const char *version = d->stored.tool_version;
	br_autostr struct br_str selected = {0};

	if (!comparable(version))
		br_reason(d, BR_REJECTS, "tool-unknown", NULL, NULL, "it was made by bootready %s, which is no version to compare", version);
	else if (br_release_less(version, d->policy->oldest_tool))
		br_reason(d, BR_REJECTS, "tool-too-old", NULL, NULL, "it was made by bootready %s; the policy takes %s and newer",
		          version, d->policy->oldest_tool);
	if (br_strv_has(&d->policy->refused_tools, version))
		br_reason(d, BR_REJECTS, "tool-refused", NULL, NULL, "it was made by bootready %s, which the policy refuses", version);
	if (!br_strv_has(&d->policy->contexts, rep->context))
		br_reason(d, BR_REJECTS, "context-refused", NULL, NULL, "it was made in context %s, which the policy refuses",
		          rep->context);
	if (br_report_is_selected(rep)) {
		br_report_selected_by(rep, &selected);
		br_reason(d, BR_LEAVES_OPEN, "selection", NULL, NULL, "it was made with %s: its verdict is about that alone",
		          selected.s ? selected.s : "a selection");
	}
}

void br_decide_report(struct br_decision *d, const struct br_blob *report, const struct br_blob *sig)
{
	br_autofree char *why = NULL;
	struct br_sha256 sum;
	int r;

	br_sha256_init(&sum);
	br_sha256_add(&sum, report->data, report->len);
	br_sha256_hex(&sum, d->report_sha256);
	decide_signature(d, report, sig);
	r = br_stored_parse(report->data, report->len, &d->stored, &why);
	if (r == -ENOMEM) {
		d->oom = true;
		return;
	}
	if (r < 0) {
		br_reason(d, BR_REJECTS, "report-malformed", NULL, NULL, "it is no report: %s", why ? why : "");
		return;
	}
	decide_age(d);
	decide_origin(d);
}

const struct br_profile *br_decide_profile_of(const struct br_report *rep, const struct br_profile *accepted, size_t n)
{
	const struct br_profile *named = NULL;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(accepted[i].name, rep->profile) != 0)
			continue;
		if (strcmp(accepted[i].sha256, rep->profile_sha256) == 0)
			return &accepted[i];
		named = named ? named : &accepted[i];
	}
	return named;
}

void br_decide_profile(struct br_decision *d, const struct br_profile *accepted, size_t n)
{
	const struct br_report *rep = &d->stored.report;
	const struct br_profile *p = br_decide_profile_of(rep, accepted, n);

	if (p && strcmp(p->sha256, rep->profile_sha256) != 0)
		br_reason(d, BR_LEAVES_OPEN, "profile-other-text", NULL, NULL,
		          "it was made with another text of the profile %s than this program has", rep->profile);
	if (p)
		return;
	br_reason(d, BR_REJECTS, "profile-refused", NULL, NULL, "it was made with the profile %s, which the policy does not take",
	          rep->profile);
}
