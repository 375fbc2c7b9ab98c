/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the page: what one file of it gives another. */
#ifndef BR_HTML_H
#define BR_HTML_H

#include "report/report.h"

/* The style sheet, page.css. */
extern const char br_page_style[];

struct br_html {
	FILE *out;
	size_t number; /* of the report on the page, from 1: part of every id of it */
	int level;     /* of the report's own heading, 1 or 2; what is in it counts from there */
};

/* "<h2>" at depth 1 of a report whose heading is h1; and its end. */
void br_html_heading(const struct br_html *h, int depth, const char *class, const char *id);
void br_html_heading_end(const struct br_html *h, int depth);

/* The word of a status or verdict for a class of page.css: "failed". */
const char *br_html_status_class(enum br_status s);

/* html-chain.c: the boot chains. 0; -ENOMEM. */
int br_html_chains(const struct br_html *h, const struct br_report *rep) br_must_check;
/* html-report.c: all of one report. 0; -ENOMEM. */
int br_html_report(const struct br_html *h, const struct br_sheet *sheet) br_must_check;
/* html-matrix.c: images by checks. */
void br_html_matrix(FILE *out, const struct br_sheet *sheets, size_t n);

#endif
