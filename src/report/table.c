/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table for people, and for scripts that know the reference tool: ASCII, 80 columns. */

#include "base/io.h"
#include "base/str.h"
#include "report/writers.h"

#define COLUMNS 80

const char *const br_table_colours[BR_STATUSES] = {
	[BR_UNKNOWN] = "\033[35m", [BR_OK] = "\033[32m",      [BR_WARNING] = "\033[33m",
	[BR_FAILED] = "\033[31m",  [BR_SKIPPED] = "\033[90m",
};

/* A serial console may know nothing but ASCII: what is not becomes \xNN here too. */
char *br_table_ascii(const char *s)
{
	br_autostr struct br_str out = {0};

	for (; *s; s++) {
		if ((unsigned char)*s < 0x80)
			br_str_putc(&out, *s);
		else
			br_str_printf(&out, "\\x%02X", (unsigned char)*s);
	}
	return br_str_take(&out);
}

void br_table_wrapped(FILE *out, size_t first, size_t rest, const char *text)
{
	br_autofree char *plain = br_table_ascii(text);
	const char *s = plain;
	size_t column = first;
	bool start = true;

	if (!s)
		return;
	fprintf(out, "%*s", (int)first, "");
	while (*s) {
		size_t blanks = strspn(s, " "), word = strcspn(s + blanks, " ");

		if (!start && column + blanks + word > COLUMNS) {
			fprintf(out, "\n%*s", (int)rest, "");
			column = rest;
			s += blanks;
			blanks = 0;
		}
		fwrite(s, 1, blanks + word, out);
		column += blanks + word;
		s += blanks + word;
		start = false;
	}
	fputc('\n', out);
}

static const char *or_unknown(const char *s)
{
	return s ? s : "unknown";
}

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/* initramfs may hold several paths, blank-separated: the file names of all. */
static void add_names(struct br_str *line, const char *paths)
{
	br_autostrv struct br_strv v = {0};

	br_strv_split(&v, or_unknown(paths), " ");
	for (size_t i = 0; i < v.n; i++)
		br_str_printf(line, "%s%s", i ? "+" : "", base_name(v.v[i]));
}

static void boot_line(const struct br_boot *b, bool several, FILE *out)
{
	br_autostr struct br_str line = {0};

	if (several)
		br_str_printf(&line, "Boots (%s): ", b->firmware);
	else
		br_str_puts(&line, "Boots: ");
	if (!b->entry) {
		br_str_puts(&line, "unknown");
	} else {
		br_str_printf(&line, "'%s' -> %s, ", b->entry, or_unknown(base_name(b->kernel)));
		add_names(&line, b->initramfs);
		br_str_printf(&line, ", root=%s", or_unknown(b->root));
		if (b->root_device)
			br_str_printf(&line, " (%s, %s)", b->root_device, or_unknown(b->root_driver));
	}
	if (!line.oom)
		br_table_wrapped(out, 0, 4, line.s);
}

/* Two firmwares that boot the same are one line. */
static bool same_boot(const struct br_boot *a, const struct br_boot *b)
{
	return br_streq(a->entry, b->entry) && br_streq(a->kernel, b->kernel) &&
	       br_streq(a->initramfs, b->initramfs) && br_streq(a->root, b->root);
}

static void head(const struct br_report *rep, FILE *out)
{
	br_autofree char *os = br_format("OS: %s  Kernel: %s", or_unknown(rep->os), or_unknown(rep->kernel));
	/* Of a stored report even this may be anything. */
	br_autofree char *arch = br_table_ascii(or_unknown(rep->arch));
	bool several = false;

	fputs(BR_TABLE_RULE, out);
	if (os)
		br_table_wrapped(out, 0, 4, os);
	fprintf(out, "Arch: %s  RTC-mode: %s  Boot-mode: %s\n", arch ? arch : "", or_unknown(rep->rtc), or_unknown(rep->boot_mode));
	for (size_t i = 1; i < rep->n_boots; i++)
		several |= !same_boot(&rep->boots[0], &rep->boots[i]);
	for (size_t i = 0; i < rep->n_boots && (several || !i); i++)
		boot_line(&rep->boots[i], several, out);
	if (!rep->n_boots)
		fputs("Boots: unknown\n", out);
	/* What --only and --skip leave out is shown as SKIPPED. */
	if (rep->only_firmware)
		fprintf(out, "Asked for: the %s firmware alone\n", rep->only_firmware);
	if (rep->other_initramfs) {
		br_autofree char *line = br_format("Asked for: the initramfs %s in place of the entry's", rep->other_initramfs);

		if (line)
			br_table_wrapped(out, 0, 4, line);
	}
	fputs(BR_TABLE_RULE, out);
}

static void finding(const struct br_finding *f, FILE *out)
{
	br_autostr struct br_str line = {0};

	br_str_printf(&line, "%s: ", f->code);
	if (f->path)
		br_str_puts(&line, f->path);
	if (f->path && f->line)
		br_str_printf(&line, ":%u", f->line);
	br_str_printf(&line, "%s%s", f->path ? ": " : "", f->message);
	if (!line.oom)
		br_table_wrapped(out, 4, 6, line.s);
	if (f->fix) {
		br_autofree char *fix = br_format("fix: %s", f->fix);

		if (fix)
			br_table_wrapped(out, 4, 9, fix);
	}
}

/* The reference tool's checks or our own, and their sums. */
static void part(const struct br_report *rep, bool own, bool color, FILE *out)
{
	struct br_sums s;

	fputs(own ? "Also checked\n" : "Image check result\n", out);
	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *c = &rep->checks[i];

		if (c->check->own != own)
			continue;
		fprintf(out, "%s [%s%s%s]\n", c->check->id, color ? br_table_colours[c->status] : "",
		        br_status_name(c->status), color ? "\033[0m" : "");
		for (size_t k = 0; k < c->n_findings; k++)
			finding(&c->findings[k], out);
	}
	fputs(BR_TABLE_RULE, out);
	br_report_sums_of(rep, own, &s);
	fprintf(out, "Total %u  Success %u  Failed %u  Warning %u  Unknown %u  Skipped %u\n", s.total, s.ok,
	        s.failed, s.warning, s.unknown, s.skipped);
}

static int write_table(const struct br_sheet *sheets, size_t n, bool color, FILE *out)
{
	const struct br_report *rep = sheets[0].report;
	br_autofree char *profile = br_table_ascii(rep->profile);

	if (n > 1)
		return br_table_matrix(sheets, n, color, out);
	head(rep, out);
	part(rep, false, color, out);
	part(rep, true, color, out);
	fprintf(out, "bootready: %s (profile %s)\n", br_verdict_word(br_report_verdict(rep)),
	        profile ? profile : "");
	return br_stream_error(out);
}

const struct br_writer br_writer_table = {
	.name = "table",
	.description = "for people; several: checks by images",
	.write = write_table,
};
