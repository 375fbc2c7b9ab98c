/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * TAP version 14 (testanything.org). A check is a test; of several reports each is a subtest. A run passes exactly where
 * every verdict is "ready": what is UNKNOWN and does not count is "not ok" with a directive that harnesses do not count.
 */
#include "base/io.h"
#include "report/escape.h"
#include "report/matrix.h"
#include "report/writers.h"

static void pair(FILE *out, size_t indent, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(out, "%*s%s: ", (int)indent, "", key);
	br_tap_quoted(out, value);
	fputc('\n', out);
}

/* Of a sequence's item the first key stands behind the dash. */
static void finding(FILE *out, size_t indent, const struct br_finding *f)
{
	fprintf(out, "%*s- code: ", (int)indent, "");
	br_tap_quoted(out, f->code);
	fputc('\n', out);
	indent += 2;
	pair(out, indent, "severity", br_severity_name(f->severity));
	pair(out, indent, "basis", br_basis_name(f->basis));
	pair(out, indent, "message", f->message);
	pair(out, indent, "path", f->path);
	if (f->line)
		fprintf(out, "%*sline: %u\n", (int)indent, "", f->line);
	pair(out, indent, "fix", f->fix);
}

static void test(FILE *out, size_t indent, size_t number, const struct br_result *res)
{
	bool passed = res->status != BR_FAILED && res->status != BR_UNKNOWN;

	fprintf(out, "%*s%sok %zu - ", (int)indent, "", passed ? "" : "not ", number);
	br_tap_text(out, res->check->id);
	if (res->status == BR_SKIPPED) {
		fputs(" # SKIP ", out);
		br_tap_text(out, res->n_findings ? res->findings[0].message : "skipped");
	} else if (!passed && !br_result_counts(res)) {
		/* The directive of a test that is known not to pass, and is not held against the run. */
		fputs(" # " "TO" "DO unknown, and of a check that does not decide", out);
	}
	fputc('\n', out);
	if (!res->n_findings)
		return;
	indent += 2;
	fprintf(out, "%*s---\n", (int)indent, "");
	pair(out, indent, "status", br_status_name(res->status));
	fprintf(out, "%*sfindings:\n", (int)indent, "");
	for (size_t i = 0; i < res->n_findings; i++)
		finding(out, indent + 2, &res->findings[i]);
	fprintf(out, "%*s...\n", (int)indent, "");
}

static void tests(FILE *out, size_t indent, const struct br_report *rep)
{
	bool nothing = br_report_nothing_ran(rep);
	br_autostr struct br_str selected = {0};

	br_report_selected_by(rep, &selected);
	if (selected.len)
		fprintf(out, "%*s# made with %s: about that alone\n", (int)indent, "", selected.s);
	fprintf(out, "%*s1..%zu\n", (int)indent, "", rep->n_checks + nothing);
	for (size_t i = 0; i < rep->n_checks; i++)
		test(out, indent, i + 1, &rep->checks[i]);
	if (nothing)
		fprintf(out, "%*snot ok %zu - verdict: no check ran\n", (int)indent, "", rep->n_checks + 1);
}

static void subtest(FILE *out, size_t number, const struct br_sheet *sheet)
{
	br_autofree char *title = br_sheet_title(sheet);

	fputs("# Subtest: ", out);
	br_tap_text(out, title);
	fputc('\n', out);
	tests(out, 4, sheet->report);
	fprintf(out, "%sok %zu - ", br_report_verdict(sheet->report) == BR_READY ? "" : "not ", number);
	br_tap_text(out, title);
	fputc('\n', out);
}

static int write_tap(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	fputs("TAP version 14\n", out);
	if (n == 1) {
		tests(out, 0, sheets[0].report);
		return br_stream_error(out);
	}
	fprintf(out, "1..%zu\n", n);
	for (size_t i = 0; i < n; i++)
		subtest(out, i + 1, &sheets[i]);
	return br_stream_error(out);
}

const struct br_writer br_writer_tap = {
	.name = "tap",
	.description = "TAP 14: a test a check; several: subtests",
	.write = write_tap,
};
