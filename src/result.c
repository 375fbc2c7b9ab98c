/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a check leaves, and the names of verdicts. */
#include <errno.h>
#include <stdarg.h>

#include "base/limits.h"
#include "base/str.h"
#include "check.h"
#include "result.h"

static const char *const status_names[BR_STATUSES] = {
	[BR_UNKNOWN] = "UNKNOWN", [BR_OK] = "OK",           [BR_WARNING] = "WARNING",
	[BR_FAILED] = "FAILED",   [BR_SKIPPED] = "SKIPPED",
};
static const char *const severity_names[] = {
	[BR_SEV_INFO] = "info",
	[BR_SEV_WARNING] = "warning",
	[BR_SEV_UNKNOWN] = "unknown",
	[BR_SEV_FAILED] = "failed",
};
static const char *const basis_names[] = {[BR_BASIS_POLICY] = "policy", [BR_BASIS_BOOT] = "boot"};
static const char *const level_names[] = {[BR_LEVEL_HIGH] = "high", [BR_LEVEL_WARNING] = "warning"};

const char *br_status_name(enum br_status s)
{
	return status_names[s];
}

const char *br_severity_name(enum br_severity s)
{
	return severity_names[s];
}

const char *br_basis_name(enum br_basis b)
{
	return basis_names[b];
}

const char *br_level_name(enum br_level l)
{
	return level_names[l];
}

static int name_index(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (br_streq(names[i], name))
			return (int)i;
	return -EINVAL;
}

int br_status_parse(const char *name)
{
	return name_index(status_names, BR_ARRAY_SIZE(status_names), name);
}

int br_severity_parse(const char *name)
{
	return name_index(severity_names, BR_ARRAY_SIZE(severity_names), name);
}

int br_basis_parse(const char *name)
{
	return name_index(basis_names, BR_ARRAY_SIZE(basis_names), name);
}

struct br_finding *br_result_add(struct br_result *res)
{
	if (br_grow(&res->findings, &res->cap_findings, res->n_findings, sizeof(*res->findings)) < 0) {
		res->oom = true;
		return NULL;
	}
	return &res->findings[res->n_findings++];
}

static char *shown(const char *text)
{
	br_autostr struct br_str out = {0};

	br_str_add_shown(&out, text, strnlen(text, BR_MESSAGE_MAX));
	return br_str_take(&out);
}

static void fill(struct br_result *res, struct br_finding *f, const char *path, unsigned line, const char *fix,
                 const char *fmt, va_list ap)
{
	br_autostr struct br_str message = {0};

	br_str_vprintf(&message, fmt, ap);
	f->message = message.s ? shown(message.s) : NULL;
	f->path = path ? shown(path) : NULL;
	f->fix = fix ? shown(fix) : NULL;
	f->line = line;
	if (!f->code || !f->message || (path && !f->path) || (fix && !f->fix))
		res->oom = true;
}

static const struct br_code *own_code(const struct br_check *check, const char *name)
{
	for (size_t i = 0; i < check->n_codes; i++)
		if (strcmp(check->codes[i].name, name) == 0)
			return &check->codes[i];
	return NULL;
}

static bool same(const struct br_finding *a, const struct br_finding *b)
{
	return a->severity == b->severity && a->line == b->line && br_streq(a->code, b->code) &&
	       br_streq(a->path, b->path) && br_streq(a->message, b->message);
}

static void finding_free(struct br_finding *f)
{
	free(f->code);
	free(f->message);
	free(f->path);
	free(f->fix);
	*f = (struct br_finding){0};
}

/* Two firmwares share most of their chain: what is found on both is said once. */
static void drop_repeated(struct br_result *res)
{
	struct br_finding *last = &res->findings[res->n_findings - 1];

	for (size_t i = 0; i + 1 < res->n_findings; i++)
		if (same(&res->findings[i], last)) {
			finding_free(last);
			res->n_findings--;
			return;
		}
}

void br_find(struct br_result *res, const char *code, enum br_severity sev, const char *path, unsigned line,
             const char *fix, const char *fmt, ...)
{
	const struct br_code *known = own_code(res->check, code);
	struct br_finding *f;
	va_list ap;

	if (!known) {
		fprintf(stderr, "bootready: %s has no finding %s\n", res->check->id, code);
		abort();
	}
	if (res->n_findings == BR_FINDINGS_MAX) {
		/* What was left out may be worse than what was kept. */
		if (res->findings[BR_FINDINGS_MAX - 1].severity < sev)
			res->findings[BR_FINDINGS_MAX - 1].severity = sev;
		return;
	}
	f = br_result_add(res);
	if (!f)
		return;
	f->code = strdup(known->name);
	f->basis = known->basis;
	f->severity = sev;
	va_start(ap, fmt);
	if (res->n_findings == BR_FINDINGS_MAX) {
		f->message = br_format("more findings than the %d that are shown; the worst of the rest counts",
		                       BR_FINDINGS_MAX);
		f->fix = strdup("mend what is shown, then run bootready again");
		res->oom |= !f->message || !f->fix;
	} else {
		fill(res, f, path, line, fix, fmt, ap);
		drop_repeated(res);
	}
	va_end(ap);
}

/* "OnlineResizeFS" + "not-read" -> "onlineresizefs-not-read": a code of exactly one check, like any other. */
void br_find_runner(struct br_result *res, const char *suffix, enum br_severity sev, const char *fmt, ...)
{
	struct br_finding *f = br_result_add(res);
	va_list ap;

	if (!f)
		return;
	f->code = br_format("%s-%s", res->check->id, suffix);
	for (char *c = f->code; c && *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	f->severity = sev;
	va_start(ap, fmt);
	fill(res, f, NULL, 0, NULL, fmt, ap);
	va_end(ap);
}

void br_conclude(struct br_result *res)
{
	static const enum br_status of[] = {
		[BR_SEV_INFO] = BR_OK,
		[BR_SEV_WARNING] = BR_WARNING,
		[BR_SEV_UNKNOWN] = BR_UNKNOWN,
		[BR_SEV_FAILED] = BR_FAILED,
	};
	enum br_severity worst = BR_SEV_INFO;

	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].severity > worst)
			worst = res->findings[i].severity;
	res->concluded = true;
	res->status = res->oom && worst < BR_SEV_FAILED ? BR_UNKNOWN : of[worst];
}

void br_result_free(struct br_result *res)
{
	for (size_t i = 0; i < res->n_findings; i++)
		finding_free(&res->findings[i]);
	free(res->findings);
	*res = (struct br_result){0};
}
