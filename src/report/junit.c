/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JUnit XML as CI servers read it: the elements and attributes that Ant's writer and Jenkins' junit-10 schema share. A
 * report is a suite, a check a case. It has failures or errors exactly where the verdict is not "ready".
 */
#include "base/io.h"
#include "report/escape.h"
#include "report/matrix.h"
#include "report/writers.h"

struct counts {
	unsigned tests, failures, errors, skipped;
	uint64_t elapsed_us;
};

/* A check that is UNKNOWN and does not count is skipped to a server: neither passed nor against the run. */
static bool is_skipped(const struct br_result *res)
{
	return res->status == BR_SKIPPED || (res->status == BR_UNKNOWN && !br_result_counts(res));
}

static struct counts count(const struct br_report *rep)
{
	struct counts c = {.tests = (unsigned)rep->n_checks};

	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *res = &rep->checks[i];

		c.failures += res->status == BR_FAILED;
		c.errors += res->status == BR_UNKNOWN && br_result_counts(res);
		c.skipped += is_skipped(res);
		c.elapsed_us += res->elapsed_us;
	}
	if (br_report_nothing_ran(rep)) {
		c.tests++;
		c.errors++;
	}
	return c;
}

static void attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	br_xml_text(out, value);
	fputc('"', out);
}

/* Three digits, as Surefire writes them: Jenkins takes no more. */
static void seconds(FILE *out, uint64_t us)
{
	fprintf(out, " time=\"%llu.%03llu\"", (unsigned long long)(us / 1000000), (unsigned long long)(us / 1000 % 1000));
}

static void property(FILE *out, const char *name, const char *value)
{
	if (!value)
		return;
	fputs("      <property", out);
	attribute(out, "name", name);
	attribute(out, "value", value);
	fputs("/>\n", out);
}

static void finding_lines(FILE *out, const struct br_result *res)
{
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct br_finding *f = &res->findings[i];

		br_xml_text(out, br_severity_name(f->severity));
		fputs(": ", out);
		br_xml_text(out, f->code);
		fputs(": ", out);
		if (f->path) {
			br_xml_text(out, f->path);
			if (f->line)
				fprintf(out, ":%u", f->line);
			fputs(": ", out);
		}
		br_xml_text(out, f->message);
		fputc('\n', out);
		if (!f->fix)
			continue;
		fputs("  fix: ", out);
		br_xml_text(out, f->fix);
		fputc('\n', out);
	}
}

/* The finding that gave the check its status; NULL: it has none. */
static const struct br_finding *worst(const struct br_result *res)
{
	const struct br_finding *w = NULL;

	for (size_t i = 0; i < res->n_findings; i++)
		if (!w || res->findings[i].severity > w->severity)
			w = &res->findings[i];
	return w;
}

static void testcase(FILE *out, const char *class, const struct br_result *res)
{
	const struct br_finding *w = worst(res);
	const char *element = res->status == BR_FAILED ? "failure" : is_skipped(res) ? "skipped"
	                      : res->status == BR_UNKNOWN ? "error" : NULL;

	fputs("    <testcase", out);
	attribute(out, "name", res->check->id);
	attribute(out, "classname", class);
	seconds(out, res->elapsed_us);
	if (!w) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n      <", out);
	if (element) {
		fputs(element, out);
		attribute(out, "type", w->code);
		attribute(out, "message", w->message);
	} else {
		fputs("system-out", out);
	}
	fputc('>', out);
	finding_lines(out, res);
	fprintf(out, "</%s>\n    </testcase>\n", element ? element : "system-out");
}

static void suite(FILE *out, const struct br_sheet *sheet)
{
	const struct br_report *rep = sheet->report;
	const struct counts c = count(rep);
	br_autofree char *class = br_format("bootready.%s", rep->profile), *title = br_sheet_title(sheet);
	br_autostr struct br_str selected = {0};

	fputs("  <testsuite", out);
	attribute(out, "name", title);
	fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"", c.tests, c.failures, c.errors, c.skipped);
	seconds(out, c.elapsed_us);
	/* Without the Z: the attribute is a date and time without a zone, by custom in UTC. */
	fprintf(out, " timestamp=\"%.19s\">\n    <properties>\n", rep->time);
	property(out, "verdict", br_verdict_name(br_report_verdict(rep)));
	property(out, "profile", rep->profile);
	property(out, "profile.sha256", rep->profile_sha256);
	property(out, "context", rep->context);
	br_report_selected_by(rep, &selected);
	property(out, "selection", selected.s);
	property(out, "os", rep->os);
	property(out, "kernel", rep->kernel);
	property(out, "arch", rep->arch);
	property(out, "image.sha256", sheet->sha256);
	property(out, "bootready", sheet->tool_version);
	fputs("    </properties>\n", out);
	for (size_t i = 0; i < rep->n_checks; i++)
		testcase(out, class, &rep->checks[i]);
	if (br_report_nothing_ran(rep)) {
		fputs("    <testcase name=\"verdict\"", out);
		attribute(out, "classname", class);
		fputs("><error type=\"nothing-ran\" message=\"undetermined: no check ran\"/></testcase>\n", out);
	}
	fputs("  </testsuite>\n", out);
}

static int write_junit(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	struct counts all = {0};

	for (size_t i = 0; i < n; i++) {
		const struct counts c = count(sheets[i].report);

		all.tests += c.tests;
		all.failures += c.failures;
		all.errors += c.errors;
		all.elapsed_us += c.elapsed_us;
	}
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bootready\" tests=\"%u\" failures=\"%u\" errors=\"%u\"",
	        all.tests, all.failures, all.errors);
	seconds(out, all.elapsed_us);
	fputs(">\n", out);
	for (size_t i = 0; i < n; i++)
		suite(out, &sheets[i]);
	fputs("</testsuites>\n", out);
	return br_stream_error(out);
}

const struct br_writer br_writer_junit = {
	.name = "junit",
	.description = "JUnit XML: a suite a report, a case a check",
	.write = write_junit,
};
