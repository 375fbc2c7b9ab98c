/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markdown (CommonMark, with the tables of GFM), as for an issue or a merge request. */
#include <errno.h>

#include "base/io.h"
#include "report/chainview.h"
#include "report/escape.h"
#include "report/matrix.h"
#include "report/writers.h"

static void heading(FILE *out, int level, const char *title)
{
	fprintf(out, "\n%.*s %s\n\n", level, "######", title);
}

static void row(FILE *out, const char *name, const char *value)
{
	fprintf(out, "| %s | ", name);
	if (value && *value)
		br_markdown_cell(out, value);
	else
		fputs("unknown", out);
	fputs(" |\n", out);
}

static void system_table(const struct br_sheet *sheet, FILE *out)
{
	const struct br_report *rep = sheet->report;

	fputs("| System | |\n|---|---|\n", out);
	row(out, "Operating system", rep->os);
	row(out, "Kernel", rep->kernel);
	row(out, "Architecture", rep->arch);
	row(out, "Profile", rep->profile);
	row(out, "Context", rep->context);
	row(out, "Checked", rep->time);
	if (sheet->sha256)
		row(out, "Image SHA-256", sheet->sha256);
	row(out, "bootready", sheet->tool_version);
}

static int chain(const struct br_report *rep, size_t at, FILE *out)
{
	static const char *const marks[] = {[BR_LINK_OPEN] = "not known", [BR_LINK_HOLDS] = "holds", [BR_LINK_WEAK] = "holds, with a warning",
	                                    [BR_LINK_BROKEN] = "**BROKEN**"};
	br_cleanup(br_chain_free) struct br_chainview view = {0};
	int r = br_chain_links(rep, at, &view);

	for (size_t i = 0; r == 0 && i < BR_LINKS; i++) {
		fprintf(out, "%zu. %s: %s", i + 1, view.link[i].title, view.link[i].behind ? "not reached" : marks[view.link[i].state]);
		if (view.link[i].value) {
			fputs(", ", out);
			br_markdown_code(out, view.link[i].value);
		}
		if (view.link[i].why) {
			fputs(" (", out);
			br_markdown_text(out, view.link[i].why->code);
			fputc(')', out);
		}
		fputc('\n', out);
	}
	return r;
}

static void finding(const struct br_finding *f, FILE *out)
{
	fprintf(out, "- %s: **", br_severity_name(f->severity));
	br_markdown_text(out, f->code);
	fputs("** ", out);
	if (f->path) {
		br_autofree char *place = f->line ? br_format("%s:%u", f->path, f->line) : strdup(f->path);

		br_markdown_code(out, place);
		fputc(' ', out);
	}
	br_markdown_text(out, f->message);
	fputc('\n', out);
	if (!f->fix)
		return;
	fputs("\n  Fix:\n\n", out);
	br_markdown_block(out, 2, f->fix);
	fputc('\n', out);
}

/* First what a person has to look at, the worst of it first; what is right is a row of the table below. */
static void attention(const struct br_report *rep, int level, FILE *out)
{
	static const enum br_status order[] = {BR_FAILED, BR_UNKNOWN, BR_WARNING};

	for (size_t o = 0; o < BR_ARRAY_SIZE(order); o++) {
		for (size_t i = 0; i < rep->n_checks; i++) {
			const struct br_result *res = &rep->checks[i];

			if (res->status != order[o])
				continue;
			fprintf(out, "%.*s %s: %s\n\n", level, "######", res->check->id, br_status_name(res->status));
			for (int s = BR_SEV_FAILED; s >= BR_SEV_INFO; s--)
				for (size_t k = 0; k < res->n_findings; k++)
					if ((int)res->findings[k].severity == s)
						finding(&res->findings[k], out);
			fputc('\n', out);
		}
	}
}

static void check_table(const struct br_report *rep, FILE *out)
{
	fputs("| Check | Level | Status | What it asks |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *res = &rep->checks[i];

		fprintf(out, "| %s | %s | %s | ", res->check->id, br_level_name(res->check->level), br_status_name(res->status));
		br_markdown_cell(out, res->check->title);
		fputs(" |\n", out);
	}
}

static int one(const struct br_sheet *sheet, int level, FILE *out)
{
	const struct br_report *rep = sheet->report;
	br_autofree char *title = br_sheet_title(sheet);
	br_autostr struct br_str selected = {0};
	struct br_sums s;
	int r = 0;

	br_report_sums(rep, &s);
	fprintf(out, "%.*s %s: ", level, "######", br_verdict_word(br_report_verdict(rep)));
	br_markdown_text(out, title);
	fprintf(out, "\n\n%u checks: %u ok, %u failed, %u warnings, %u unknown, %u skipped.\n\n", s.total, s.ok, s.failed,
	        s.warning, s.unknown, s.skipped);
	if (br_report_is_selected(rep)) {
		br_report_selected_by(rep, &selected);
		fprintf(out, "Made with %s: the verdict is about that alone.\n\n", selected.s ? selected.s : "");
	}
	system_table(sheet, out);
	for (size_t i = 0; r == 0 && i < br_chains(rep); i++) {
		fprintf(out, "\n%.*s Boot chain, %s\n\n", level + 1, "######", br_chain_name(rep, i));
		r = chain(rep, i, out);
	}
	if (s.failed + s.warning + s.unknown) {
		heading(out, level + 1, "To look at");
		attention(rep, level + 2, out);
	}
	heading(out, level + 1, "Checks");
	check_table(rep, out);
	return r;
}

static const char *cell(const struct br_result *res)
{
	static const char *const words[BR_STATUSES] = {
		[BR_UNKNOWN] = "?", [BR_OK] = "ok", [BR_WARNING] = "warn", [BR_FAILED] = "**FAIL**", [BR_SKIPPED] = "-"};

	return res ? words[res->status] : "";
}

static void matrix(const struct br_sheet *sheets, size_t n, FILE *out)
{
	fprintf(out, "# %zu images: %zu ready, %zu not ready, %zu undetermined\n\n| Image | Verdict |", n,
	        br_matrix_count(sheets, n, BR_READY), br_matrix_count(sheets, n, BR_NOT_READY),
	        br_matrix_count(sheets, n, BR_UNDETERMINED));
	for (size_t k = 0; k < br_n_checks; k++)
		if (br_matrix_has(sheets, n, br_checks[k]))
			fprintf(out, " %s |", br_checks[k]->id);
	fputs("\n|---|---|", out);
	for (size_t k = 0; k < br_n_checks; k++)
		if (br_matrix_has(sheets, n, br_checks[k]))
			fputs(":-:|", out);
	for (size_t i = 0; i < n; i++) {
		br_autofree char *title = br_sheet_title(&sheets[i]);

		fputs("\n| ", out);
		br_markdown_cell(out, title);
		fprintf(out, " | %s |", br_verdict_word(br_report_verdict(sheets[i].report)));
		for (size_t k = 0; k < br_n_checks; k++)
			if (br_matrix_has(sheets, n, br_checks[k]))
				fprintf(out, " %s |", cell(br_matrix_cell(sheets[i].report, br_checks[k])));
	}
	fputs("\n\nok, warn: a warning, FAIL: failed, ?: unknown, -: skipped\n", out);
}

static int write_markdown(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	int r = 0;

	if (n > 1)
		matrix(sheets, n, out);
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (n > 1)
			fputc('\n', out);
		r = one(&sheets[i], n > 1 ? 2 : 1, out);
	}
	return r < 0 ? r : br_stream_error(out);
}

const struct br_writer br_writer_markdown = {
	.name = "markdown",
	.description = "Markdown; several: images by checks first",
	.write = write_markdown,
};
