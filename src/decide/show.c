/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decision, for people and for programs. */
#include <errno.h>

#include "base/io.h"
#include "decide/decide.h"
#include "report/json.h"
#include "report/writers.h"
#include "version.h"

static const char *const outcomes[] = {[BR_NOTE] = "note", [BR_LEAVES_OPEN] = "open", [BR_REJECTS] = "reject"};
static const char *const signatures[] = {[BR_UNSIGNED] = "none", [BR_SIGNED_UNVERIFIED] = "unverified",
                                         [BR_SIGNED_GOOD] = "good", [BR_SIGNED_BAD] = "bad"};

static cJSON *json_reason(const struct br_reason *r)
{
	cJSON *j = cJSON_CreateObject(), *ids = cJSON_CreateArray();
	br_autostrv struct br_strv checks = {0};
	bool ok = br_json_put(j, "outcome", br_json_text(outcomes[r->outcome]));

	ok &= br_json_put(j, "code", br_json_text(r->code));
	ok &= br_json_put(j, "message", br_json_text(r->message));
	ok &= br_json_put(j, "path", br_json_text(r->path));
	br_strv_split(&checks, r->checks ? r->checks : "", " ");
	for (size_t i = 0; i < checks.n; i++)
		ok &= cJSON_AddItemToArray(ids, br_json_text(checks.v[i]));
	ok &= !checks.oom && br_json_put(j, "checks", ids);
	if (ok)
		return j;
	cJSON_Delete(j);
	return NULL;
}

static bool put_report(cJSON *top, const struct br_decision *d)
{
	const struct br_report *rep = &d->stored.report;
	cJSON *j = d->where ? cJSON_CreateObject() : cJSON_CreateNull();
	bool ok = br_json_put(top, "report", j);

	if (!d->where)
		return ok;
	ok &= br_json_put(j, "path", br_json_text(d->where));
	ok &= br_json_put(j, "sha256", br_json_text(*d->report_sha256 ? d->report_sha256 : NULL));
	ok &= br_json_put(j, "time", br_json_text(rep->time));
	ok &= br_json_put(j, "tool_version", br_json_text(d->stored.tool_version));
	ok &= br_json_put(j, "context", br_json_text(rep->context));
	ok &= br_json_put(j, "profile", br_json_text(rep->profile));
	ok &= br_json_put(j, "verdict", br_json_text(rep->checks ? br_verdict_name(br_report_verdict(rep)) : NULL));
	ok &= br_json_put(j, "signature", br_json_text(signatures[d->signature]));
	return ok && br_json_put(j, "key", br_json_text(d->key));
}

static int show_json(const struct br_decision *d, FILE *out)
{
	br_autojson cJSON *j = cJSON_CreateObject();
	cJSON *policy = cJSON_CreateObject(), *list = cJSON_CreateArray();
	br_autofree char *text = NULL;
	bool ok = br_json_put(j, "schema", br_json_text("bootready-decision/1"));

	ok &= br_json_put(j, "tool_version", br_json_text(BR_VERSION));
	ok &= br_json_put(j, "decision", br_json_text(br_decision_word(br_decision_outcome(d))));
	ok &= put_report(j, d);
	ok &= br_json_put(j, "policy", policy);
	ok &= br_json_put(policy, "name", br_json_text(d->policy->name));
	ok &= br_json_put(policy, "sha256", br_json_text(d->policy->sha256));
	ok &= br_json_put(j, "reasons", list);
	for (size_t i = 0; ok && i < d->n; i++) {
		cJSON *item = json_reason(&d->reasons[i]);

		ok = item && cJSON_AddItemToArray(list, item);
	}
	text = ok ? cJSON_Print(j) : NULL;
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	return br_stream_error(out);
}

static void line(FILE *out, size_t first, size_t rest, const char *fmt, ...) br_printf(4, 5);
static void line(FILE *out, size_t first, size_t rest, const char *fmt, ...)
{
	br_autostr struct br_str shown = {0};
	va_list ap;

	va_start(ap, fmt);
	br_str_vshown(&shown, SIZE_MAX, fmt, ap);
	va_end(ap);
	if (shown.s && !shown.oom)
		br_table_wrapped(out, first, rest, shown.s);
}

static void head(const struct br_decision *d, FILE *out)
{
	const struct br_report *rep = &d->stored.report;

	if (!d->where)
		return;
	line(out, 0, 4, "Report: %s", d->where);
	if (rep->checks)
		line(out, 0, 4, "Made: %s by bootready %s (%s, profile %s): %s", rep->time, d->stored.tool_version, rep->context,
		     rep->profile, br_verdict_name(br_report_verdict(rep)));
	if (d->signature == BR_SIGNED_GOOD)
		line(out, 0, 4, "Signed: by %s", d->key);
}

/* The worst first. */
static void reasons(const struct br_decision *d, FILE *out)
{
	for (int o = BR_REJECTS; o >= BR_NOTE; o--) {
		for (size_t i = 0; i < d->n; i++) {
			const struct br_reason *r = &d->reasons[i];

			if ((int)r->outcome != o)
				continue;
			line(out, 0, 4, "%s %s: %s%s%s", outcomes[o], r->code, r->path ? r->path : "", r->path ? ": " : "", r->message);
			if (r->checks)
				line(out, 4, 6, "checks: %s", r->checks);
		}
	}
}

static int show_table(const struct br_decision *d, FILE *out)
{
	static const char *const words[] = {[BR_NOTE] = "ACCEPT", [BR_LEAVES_OPEN] = "UNDETERMINED", [BR_REJECTS] = "REJECT"};

	head(d, out);
	reasons(d, out);
	line(out, 0, 4, "bootready: %s (policy %s)", words[br_decision_outcome(d)], d->policy->name);
	return br_stream_error(out);
}

int br_decision_show(const struct br_decision *d, bool json, FILE *out)
{
	return d->oom ? -ENOMEM : json ? show_json(d, out) : show_table(d, out);
}
