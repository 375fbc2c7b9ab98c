/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images by checks: a table that scrolls by itself where it is wider than the window. */
#include "report/escape.h"
#include "report/html.h"
#include "report/matrix.h"

static void head(FILE *out, const struct br_sheet *sheets, size_t n)
{
	fputs("<thead><tr><th scope=\"col\">Image</th><th scope=\"col\">Verdict</th>\n", out);
	for (size_t k = 0; k < br_n_checks; k++)
		if (br_matrix_has(sheets, n, br_checks[k]))
			fprintf(out, "<th scope=\"col\" class=\"turned\"><span>%s</span></th>\n", br_checks[k]->id);
	fputs("</tr></thead>\n", out);
}

static void cell(FILE *out, size_t number, const struct br_result *res)
{
	static const char *const marks[BR_STATUSES] = {
		[BR_UNKNOWN] = "?", [BR_OK] = "\u2713", [BR_WARNING] = "!", [BR_FAILED] = "\u2717", [BR_SKIPPED] = "\u2013"};

	if (!res) {
		fputs("<td></td>\n", out);
		return;
	}
	fprintf(out, "<td class=\"%s\"><a href=\"#r%zu-%s\"><span aria-hidden=\"true\">%s</span><span class=\"said\">%s</span></a></td>\n",
	        br_html_status_class(res->status), number, res->check->id, marks[res->status], br_status_name(res->status));
}

static void row(FILE *out, const struct br_sheet *sheets, size_t n, size_t at)
{
	static const char *const classes[] = {[BR_READY] = "ok", [BR_NOT_READY] = "failed", [BR_UNDETERMINED] = "unknown"};
	const enum br_verdict v = br_report_verdict(sheets[at].report);
	br_autofree char *title = br_sheet_title(&sheets[at]);

	fprintf(out, "<tr><th scope=\"row\"><a href=\"#r%zu\">", at + 1);
	br_xml_text(out, title);
	fprintf(out, "</a></th><td class=\"%s\"><span class=\"badge\">%s</span></td>\n", classes[v], br_verdict_word(v));
	for (size_t k = 0; k < br_n_checks; k++)
		if (br_matrix_has(sheets, n, br_checks[k]))
			cell(out, at + 1, br_matrix_cell(sheets[at].report, br_checks[k]));
	fputs("</tr>\n", out);
}

void br_html_matrix(FILE *out, const struct br_sheet *sheets, size_t n)
{
	fprintf(out, "<h1>%zu images: %zu ready, %zu not ready, %zu undetermined</h1>\n", n, br_matrix_count(sheets, n, BR_READY),
	        br_matrix_count(sheets, n, BR_NOT_READY), br_matrix_count(sheets, n, BR_UNDETERMINED));
	fputs("<p class=\"asks\">\u2713 ok, ! warning, \u2717 failed, ? unknown, \u2013 skipped</p>\n"
	      "<div class=\"wide\" role=\"region\" aria-label=\"Images by checks\" tabindex=\"0\">\n<table class=\"matrix\">\n", out);
	head(out, sheets, n);
	fputs("<tbody>\n", out);
	for (size_t i = 0; i < n; i++)
		row(out, sheets, n, i);
	fputs("</tbody>\n</table>\n</div>\n", out);
}
