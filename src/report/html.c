/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One page for people, which needs nothing else: no script, no picture, no font, no address. Its own policy forbids the
 * browser to fetch or run anything, should a text ever come through that is not escaped.
 */
#include "base/io.h"
#include "report/escape.h"
#include "report/html.h"
#include "report/matrix.h"
#include "report/writers.h"

void br_html_heading(const struct br_html *h, int depth, const char *class, const char *id)
{
	fprintf(h->out, "<h%d", h->level + depth);
	if (class)
		fprintf(h->out, " class=\"%s\"", class);
	if (id)
		fprintf(h->out, " id=\"%s\"", id);
	fputc('>', h->out);
}

void br_html_heading_end(const struct br_html *h, int depth)
{
	fprintf(h->out, "</h%d>\n", h->level + depth);
}

const char *br_html_status_class(enum br_status s)
{
	static const char *const classes[BR_STATUSES] = {[BR_UNKNOWN] = "unknown", [BR_OK] = "ok", [BR_WARNING] = "warning",
	                                                 [BR_FAILED] = "failed", [BR_SKIPPED] = "skipped"};

	return classes[s];
}

static void begin(FILE *out, const struct br_sheet *sheets, size_t n)
{
	br_autofree char *title = br_sheet_title(&sheets[0]);

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>", out);
	if (n > 1) {
		fprintf(out, "bootready: %zu images", n);
	} else {
		fprintf(out, "%s: ", br_verdict_word(br_report_verdict(sheets[0].report)));
		br_xml_text(out, title);
	}
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main%s>\n", br_page_style, n > 1 ? " class=\"many\"" : "");
}

static int write_html(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	struct br_html h = {.out = out, .level = n > 1 ? 2 : 1};
	int r = 0;

	begin(out, sheets, n);
	if (n > 1)
		br_html_matrix(out, sheets, n);
	for (size_t i = 0; r == 0 && i < n; i++) {
		h.number = i + 1;
		r = br_html_report(&h, &sheets[i]);
	}
	fputs("</main>\n<footer><p>Made by bootready from a report, which is what counts: this page is not signed.</p></footer>\n"
	      "</body>\n</html>\n", out);
	return r < 0 ? r : br_stream_error(out);
}

const struct br_writer br_writer_html = {
	.name = "html",
	.description = "one page, without scripts; several: as Markdown",
	.write = write_html,
};
