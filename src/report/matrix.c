/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of several reports: checks by images, as many images beside each other as 80 columns hold. */
#include "base/io.h"
#include "report/escape.h"
#include "report/matrix.h"
#include "report/writers.h"

#define ID_WIDTH   24
#define CELL_WIDTH 5
#define PER_BLOCK  ((80 - ID_WIDTH) / CELL_WIDTH)

const struct br_result *br_matrix_cell(const struct br_report *rep, const struct br_check *check)
{
	for (size_t i = 0; i < rep->n_checks; i++)
		if (rep->checks[i].check == check)
			return &rep->checks[i];
	return NULL;
}

bool br_matrix_has(const struct br_sheet *sheets, size_t n, const struct br_check *check)
{
	for (size_t i = 0; i < n; i++)
		if (br_matrix_cell(sheets[i].report, check))
			return true;
	return false;
}

size_t br_matrix_count(const struct br_sheet *sheets, size_t n, enum br_verdict v)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += br_report_verdict(sheets[i].report) == v;
	return count;
}

char *br_sheet_title(const struct br_sheet *sheet)
{
	return strdup(sheet->name ? sheet->name : sheet->report->os ? sheet->report->os : "unknown system");
}

static void legend(const struct br_sheet *sheets, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		br_autofree char *title = br_sheet_title(&sheets[i]), *plain = title ? br_plain(title) : NULL;
		br_autofree char *line = br_format("%3zu %s: %s", i + 1, plain ? plain : "?",
		                                   br_verdict_word(br_report_verdict(sheets[i].report)));

		if (line)
			br_table_wrapped(out, 0, 4, line);
	}
}

static void cell(const struct br_result *res, bool color, FILE *out)
{
	static const char *const words[BR_STATUSES] = {
		[BR_UNKNOWN] = "?", [BR_OK] = "ok", [BR_WARNING] = "WARN", [BR_FAILED] = "FAIL", [BR_SKIPPED] = "-"};
	const char *word = res ? words[res->status] : "";

	fprintf(out, "%*s%s%s%s", (int)(CELL_WIDTH - strlen(word)), "", res && color ? br_table_colours[res->status] : "", word,
	        res && color ? "\033[0m" : "");
}

static void block(const struct br_sheet *sheets, size_t all, size_t first, size_t last, bool color, FILE *out)
{
	fprintf(out, BR_TABLE_RULE "%-*s", ID_WIDTH, "Check");
	for (size_t i = first; i < last; i++)
		fprintf(out, "%*zu", CELL_WIDTH, i + 1);
	fputc('\n', out);
	for (size_t k = 0; k < br_n_checks; k++) {
		if (!br_matrix_has(sheets, all, br_checks[k]))
			continue;
		fprintf(out, "%-*s", ID_WIDTH, br_checks[k]->id);
		for (size_t i = first; i < last; i++)
			cell(br_matrix_cell(sheets[i].report, br_checks[k]), color, out);
		fputc('\n', out);
	}
}

int br_table_matrix(const struct br_sheet *sheets, size_t n, bool color, FILE *out)
{
	legend(sheets, n, out);
	for (size_t first = 0; first < n; first += PER_BLOCK)
		block(sheets, n, first, first + PER_BLOCK < n ? first + PER_BLOCK : n, color, out);
	fprintf(out, BR_TABLE_RULE "ok, WARNing, FAILed, ? unknown, - skipped\n"
	        "bootready: %zu of %zu READY, %zu NOT READY, %zu UNDETERMINED\n", br_matrix_count(sheets, n, BR_READY), n,
	        br_matrix_count(sheets, n, BR_NOT_READY), br_matrix_count(sheets, n, BR_UNDETERMINED));
	return br_stream_error(out);
}
