/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One report of the page: verdict, system, boot chain, what is to be looked at, every check. */
#include <inttypes.h>

#include "report/escape.h"
#include "report/html.h"
#include "report/matrix.h"

static void fact(FILE *out, const char *name, const char *value)
{
	fprintf(out, "<dt>%s</dt><dd>", name);
	br_xml_text(out, value && *value ? value : "unknown");
	fputs("</dd>\n", out);
}

static void head(const struct br_html *h, const struct br_sheet *sheet)
{
	static const char *const classes[] = {[BR_READY] = "ok", [BR_NOT_READY] = "failed", [BR_UNDETERMINED] = "unknown"};
	const enum br_verdict v = br_report_verdict(sheet->report);
	br_autofree char *title = br_sheet_title(sheet), *id = br_format("r%zu", h->number);
	br_autostr struct br_str selected = {0};
	struct br_sums s;

	br_report_sums(sheet->report, &s);
	fprintf(h->out, "<header class=\"verdict %s\">\n", classes[v]);
	br_html_heading(h, 0, NULL, id);
	fprintf(h->out, "<span class=\"word\">%s</span> ", br_verdict_word(v));
	br_xml_text(h->out, title);
	br_html_heading_end(h, 0);
	fprintf(h->out, "<p>%u checks: %u ok, %u failed, %u warnings, %u unknown, %u skipped. Profile ", s.total, s.ok, s.failed,
	        s.warning, s.unknown, s.skipped);
	br_xml_text(h->out, sheet->report->profile);
	fputs(".</p>\n", h->out);
	if (br_report_is_selected(sheet->report)) {
		br_report_selected_by(sheet->report, &selected);
		fprintf(h->out, "<p><strong>Made with %s: the verdict is about that alone.</strong></p>\n", selected.s ? selected.s : "");
	}
	fputs("</header>\n", h->out);
}

static void system_facts(const struct br_html *h, const struct br_sheet *sheet)
{
	const struct br_report *rep = sheet->report;

	fputs("<section>\n", h->out);
	br_html_heading(h, 1, NULL, NULL);
	fputs("System", h->out);
	br_html_heading_end(h, 1);
	fputs("<dl>\n", h->out);
	fact(h->out, "Operating system", rep->os);
	fact(h->out, "Kernel", rep->kernel);
	fact(h->out, "Architecture", rep->arch);
	fact(h->out, "Clock", rep->rtc);
	if (rep->boot_mode)
		fact(h->out, "Booted by", rep->boot_mode);
	fact(h->out, "Checked", rep->time);
	fact(h->out, "Context", rep->context);
	if (sheet->sha256)
		fact(h->out, "Image SHA-256", sheet->sha256);
	fact(h->out, "bootready", sheet->tool_version);
	fputs("</dl>\n</section>\n", h->out);
}

static void finding(FILE *out, const struct br_finding *f)
{
	static const char *const classes[] = {[BR_SEV_INFO] = "ok", [BR_SEV_WARNING] = "warning", [BR_SEV_UNKNOWN] = "unknown",
	                                      [BR_SEV_FAILED] = "failed"};

	fprintf(out, "<li class=\"%s\"><p><span class=\"state\">%s</span> <b>", classes[f->severity], br_severity_name(f->severity));
	br_xml_text(out, f->code);
	fputs("</b>", out);
	if (f->path) {
		fputs(" <code>", out);
		br_xml_text(out, f->path);
		if (f->line)
			fprintf(out, ":%u", f->line);
		fputs("</code>", out);
	}
	fputs("</p>\n<p>", out);
	br_xml_text(out, f->message);
	/* What could not be told, or is only told of, is no rule of anybody's. */
	if (f->severity == BR_SEV_FAILED || f->severity == BR_SEV_WARNING)
		fprintf(out, " <small>(%s)</small>", f->basis == BR_BASIS_BOOT ? "a boot shows it" : "a rule of the target");
	fputs("</p>\n", out);
	if (f->fix) {
		fputs("<p class=\"fix\">Fix:</p>\n<pre>", out);
		br_xml_text(out, f->fix);
		fputs("</pre>\n", out);
	}
	fputs("</li>\n", out);
}

static void check(const struct br_html *h, const struct br_result *res)
{
	br_autofree char *id = br_format("r%zu-%s", h->number, res->check->id);
	FILE *out = h->out;

	fprintf(out, "<article class=\"%s\">\n", br_html_status_class(res->status));
	br_html_heading(h, 2, NULL, id);
	fprintf(out, "%s <span class=\"badge\">%s</span>", res->check->id, br_status_name(res->status));
	br_html_heading_end(h, 2);
	fputs("<p class=\"asks\">", out);
	br_xml_text(out, res->check->title);
	fputs("</p>\n", out);
	if (res->n_findings) {
		fputs("<ul class=\"findings\">\n", out);
		for (int s = BR_SEV_FAILED; s >= BR_SEV_INFO; s--)
			for (size_t i = 0; i < res->n_findings; i++)
				if ((int)res->findings[i].severity == s)
					finding(out, &res->findings[i]);
		fputs("</ul>\n", out);
	}
	fputs("</article>\n", out);
}

static void attention(const struct br_html *h, const struct br_report *rep)
{
	static const enum br_status order[] = {BR_FAILED, BR_UNKNOWN, BR_WARNING};
	bool any = false;

	for (size_t o = 0; o < BR_ARRAY_SIZE(order); o++) {
		for (size_t i = 0; i < rep->n_checks; i++) {
			if (rep->checks[i].status != order[o])
				continue;
			if (!any) {
				fputs("<section>\n", h->out);
				br_html_heading(h, 1, NULL, NULL);
				fputs("To look at", h->out);
				br_html_heading_end(h, 1);
			}
			any = true;
			check(h, &rep->checks[i]);
		}
	}
	if (any)
		fputs("</section>\n", h->out);
}

static bool told_above(const struct br_result *res)
{
	return res->status == BR_FAILED || res->status == BR_UNKNOWN || res->status == BR_WARNING;
}

static void note(const struct br_html *h, const struct br_result *res)
{
	for (size_t i = 0; !told_above(res) && i < res->n_findings; i++) {
		fputs("<br><small>", h->out);
		br_xml_text(h->out, res->findings[i].message);
		fputs("</small>", h->out);
	}
}

static void all_checks(const struct br_html *h, const struct br_report *rep)
{
	FILE *out = h->out;

	fputs("<section>\n", out);
	br_html_heading(h, 1, NULL, NULL);
	fputs("All checks", out);
	br_html_heading_end(h, 1);
	fputs("<table class=\"checks\">\n<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Status</th>"
	      "<th scope=\"col\">What it asks</th></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *res = &rep->checks[i];

		fprintf(out, "<tr class=\"%s\"><th scope=\"row\">", br_html_status_class(res->status));
		fprintf(out, told_above(res) ? "<a href=\"#r%zu-%s\">%s</a>" : "<span id=\"r%zu-%s\">%s</span>", h->number,
		        res->check->id, res->check->id);
		fprintf(out, "</th><td><span class=\"badge\">%s</span></td><td>", br_status_name(res->status));
		br_xml_text(out, res->check->title);
		note(h, res);
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody>\n</table>\n</section>\n", out);
}

int br_html_report(const struct br_html *h, const struct br_sheet *sheet)
{
	int r;

	head(h, sheet);
	system_facts(h, sheet);
	r = br_html_chains(h, sheet->report);
	if (r < 0)
		return r;
	attention(h, sheet->report);
	all_checks(h, sheet->report);
	return 0;
}
