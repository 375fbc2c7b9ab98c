/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bootready convert: stored reports in another format. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/limits.h"
#include "cli.h"
#include "image/root.h"
#include "report/read-list.h"
#include "report/read.h"

#define PLACE "/etc/bootready/report.json"

struct asked {
	const struct br_writer *writer;
	const char *output; /* file; NULL: standard output */
	const char *color;  /* "auto", "always" or "never" */
	struct br_subject *subjects; /* owned; the n-th is the n-th report's */
	size_t n_subjects, cap_subjects;
};

/* A report, its bytes, and what it is called. */
struct item {
	struct br_stored stored;
	struct br_blob text;
	char *name; /* owned; NULL: unnamed */
};

struct items {
	struct item *v;
	size_t n, cap, bytes;
};

static void items_free(struct items *l)
{
	for (size_t i = 0; i < l->n; i++) {
		br_stored_free(&l->v[i].stored);
		br_blob_free(&l->v[i].text);
		free(l->v[i].name);
	}
	free(l->v);
}

static int help(void)
{
	puts("usage: bootready convert --format FORMAT [OPTION]... [REPORT]...\n"
	     "Shows stored reports in another format. REPORT is a file, or - for standard\n"
	     "input, which is also what is read without one, of one report or a list of\n"
	     "them. Several are shown together, a page (html, markdown, table) with a matrix\n"
	     "of images by checks first.");
	for (size_t i = 0; i < br_n_writers; i++)
		printf("  %-8s %-9s %s\n", i ? "" : "--format", br_writers[i]->name, br_writers[i]->description);
	puts("  --subject S       the image that the report is about, [NAME=]sha256:DIGEST;\n"
	     "                    in-toto needs it. Repeatable: the second is the second\n"
	     "                    report's\n"
	     "  --output FILE     where the format goes (default standard output)\n"
	     "  --color C         auto (default), always or never: of the table\n"
	     "  --help\n"
	     "\n"
	     "A report that does not hold to its schema, or not to itself, is refused, and\n"
	     "nothing is written.\n"
	     "Exit status: 0 whatever the verdicts, 1 a report was refused, 64 wrong usage,\n"
	     "70 internal error.");
	return br_finish_output(0);
}

/* Standard input may be a pipe: it is read from where it is to its end. 0, -EFBIG, -errno. */
static int read_stream(FILE *in, size_t cap, struct br_blob *ret)
{
	br_autostr struct br_str text = {0};
	char buf[16384];
	size_t n;

	while ((n = fread(buf, 1, sizeof(buf), in)) > 0) {
		br_str_add(&text, buf, n);
		if (text.oom)
			return -ENOMEM;
		if (text.len > cap)
			return -EFBIG;
	}
	if (ferror(in))
		return errno ? -errno : -EIO;
	ret->len = text.len;
	ret->data = br_str_take(&text);
	return ret->data ? 0 : -ENOMEM;
}

static int read_report(const char *path, struct br_blob *ret)
{
	return strcmp(path, "-") == 0 ? read_stream(stdin, BR_SHEETS_BYTES_MAX, ret) : br_read_file(path, BR_SHEETS_BYTES_MAX, ret);
}

/* "/mnt/web1" of "/mnt/web1/etc/bootready/report.json", "web1 (2)" of the second in "web1.json". */
static char *name_of(const char *path, const char *of)
{
	size_t n = strlen(path);

	if (strcmp(path, "-") == 0)
		return NULL;
	if (br_ends(path, PLACE) && n > strlen(PLACE))
		n -= strlen(PLACE);
	else if (br_ends(path, ".json") && n > strlen(".json") && path[n - strlen(".json") - 1] != '/')
		n -= strlen(".json");
	return br_format("%.*s%s", (int)n, path, of);
}

/* One of n that a file holds. 0; 1: refused, which was said; or an exit status. */
static int take_piece(const char *path, const struct br_piece *piece, size_t number, size_t n, struct items *l)
{
	br_autofree char *why = NULL, *of = n > 1 ? br_format(" (%zu)", number) : strdup("");
	struct item *it;
	int r = br_grow(&l->v, &l->cap, l->n, sizeof(*l->v));

	if (r < 0 || !of)
		return br_internal_error("out of memory");
	if (l->n == BR_SHEETS_MAX)
		return br_usage_error("at most %d reports at once", BR_SHEETS_MAX);
	if (piece->len > BR_STORED_MAX) {
		br_usage_error("%s%s: refused: larger than any report", path, of);
		return BR_EXIT_NOT_READY;
	}
	it = &l->v[l->n++];
	*it = (struct item){.text = {.data = strndup(piece->at, piece->len), .len = piece->len}};
	r = it->text.data ? br_stored_parse(piece->at, piece->len, &it->stored, &why) : -ENOMEM;
	if (r == -EINVAL) {
		br_usage_error("%s%s: refused: %s%s", path, of, n > 1 ? "its " : "", why ? why : "?");
		return BR_EXIT_NOT_READY;
	}
	it->name = name_of(path, of);
	return r < 0 || (!it->name && strcmp(path, "-") != 0) ? br_internal_error("out of memory") : 0;
}

static int take_pieces(const char *path, const struct br_blob *text, struct items *l)
{
	br_autofree struct br_piece *pieces = NULL;
	size_t n = 0;
	int r = br_json_pieces(text->data, text->len, BR_SHEETS_MAX, &pieces, &n), status = 0;

	if (r == -ENOMEM)
		return br_internal_error("out of memory");
	if (r == -E2BIG)
		return br_usage_error("at most %d reports at once", BR_SHEETS_MAX);
	if (r < 0 || !n) {
		br_usage_error("%s: refused: %s", path, r < 0 ? "a list that does not end, or more behind it" : "a list without a report");
		return BR_EXIT_NOT_READY;
	}
	for (size_t i = 0; i < n; i++) {
		r = take_piece(path, &pieces[i], i + 1, n, l);
		if (r != 0 && r != BR_EXIT_NOT_READY)
			return r;
		status = r ? r : status;
	}
	return status;
}

/* The report in a file, or the list of them. 0; 1: refused, which was said; or an exit status. */
static int take_file(const char *path, struct items *l)
{
	br_autoblob struct br_blob text = {0};
	int r = read_report(path, &text);

	if (r == -EFBIG) {
		br_usage_error("%s: refused: larger than any report", path);
		return BR_EXIT_NOT_READY;
	}
	if (r == -ENOMEM)
		return br_internal_error("out of memory");
	if (r < 0)
		return br_usage_error("%s: %s", path, br_strerror(-r));
	l->bytes += text.len;
	if (l->bytes > BR_SHEETS_BYTES_MAX)
		return br_usage_error("the reports are larger than %llu MiB together", BR_SHEETS_BYTES_MAX / BR_MIB);
	return take_pieces(path, &text, l);
}

/* Every report that is refused is named, before anything is written. */
static int take_reports(int n, char **paths, struct items *l)
{
	static char *standard[] = {(char *)"-"};
	int status = 0;

	if (!n) {
		n = 1;
		paths = standard;
	}
	for (int i = 0; i < n; i++) {
		int r = take_file(paths[i], l);

		if (r != 0 && r != BR_EXIT_NOT_READY)
			return r;
		status = r ? r : status;
	}
	return status;
}

static int name_subjects(const struct asked *a, struct items *l)
{
	if (a->n_subjects > l->n)
		return br_usage_error("more subjects than reports");
	if (a->writer->needs_digest && a->n_subjects < l->n)
		return br_usage_error("%s needs a --subject for each report: the digest of the image that it is about", a->writer->name);
	for (size_t i = 0; i < a->n_subjects; i++) {
		const struct br_subject *s = &a->subjects[i];

		if (!s->name_len)
			continue;
		free(l->v[i].name);
		l->v[i].name = strndup(s->name, s->name_len);
		if (!l->v[i].name)
			return br_internal_error("out of memory");
	}
	return 0;
}

static int write_sheets(const struct asked *a, const struct br_sheet *sheets, size_t n)
{
	br_autofclose FILE *file = a->output ? fopen(a->output, "we") : NULL;
	FILE *out = a->output ? file : stdout;
	bool color;
	int r;

	if (!out)
		return br_usage_error("--output %s: %s", a->output, strerror(errno));
	color = strcmp(a->color, "always") == 0 || (strcmp(a->color, "auto") == 0 && br_stream_has_color(out));
	r = a->writer->write(sheets, n, color, out);
	if (r == 0 && fflush(out) != 0)
		r = -errno;
	return r < 0 ? br_internal_error("%s: %s", a->output ? a->output : "standard output", strerror(-r)) : 0;
}

static int show(const struct asked *a, const struct items *l)
{
	br_autofree struct br_sheet *sheets = calloc(l->n, sizeof(*sheets));

	if (!sheets)
		return br_internal_error("out of memory");
	for (size_t i = 0; i < l->n; i++)
		sheets[i] = (struct br_sheet){
			.report = &l->v[i].stored.report,
			.tool_version = l->v[i].stored.tool_version,
			.name = l->v[i].name,
			.sha256 = i < a->n_subjects ? a->subjects[i].sha256 : NULL,
			.stored = l->v[i].text.data,
		};
	return write_sheets(a, sheets, l->n);
}

static int convert(const struct asked *a, int n, char **paths)
{
	br_cleanup(items_free) struct items l = {0};
	int r = take_reports(n, paths, &l);

	if (r == 0)
		r = name_subjects(a, &l);
	return r != 0 ? r : show(a, &l);
}

static int take_option(struct asked *a, int c, char **argv)
{
	switch (c) {
	case 'f':
		a->writer = br_writer_by_name(optarg);
		return a->writer ? 0 : br_usage_error("no format \"%s\"; bootready convert --help lists them", optarg);
	case 'o':
		a->output = optarg;
		return 0;
	case 'c':
		a->color = optarg;
		return strcmp(optarg, "auto") == 0 || strcmp(optarg, "always") == 0 || strcmp(optarg, "never") == 0
		               ? 0
		               : br_usage_error("--color takes auto, always or never, not \"%s\"", optarg);
	case 's':
		if (br_grow(&a->subjects, &a->cap_subjects, a->n_subjects, sizeof(*a->subjects)) < 0)
			return br_internal_error("out of memory");
		return br_subject_parse(optarg, &a->subjects[a->n_subjects++]);
	case ':':
		return br_usage_error("%s needs a value; see bootready convert --help", argv[optind - 1]);
	default:
		return br_usage_error("no option %s; see bootready convert --help", argv[optind - 1]);
	}
}

static int run_asked(int argc, char **argv, struct asked *a)
{
	static const struct option options[] = {
		{"format", required_argument, NULL, 'f'},  {"output", required_argument, NULL, 'o'},
		{"color", required_argument, NULL, 'c'},   {"subject", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
	};
	int c, r = 0;

	optind = 1;
	opterr = 0;
	while (r == 0 && (c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'h')
			return help();
		r = take_option(a, c, argv);
	}
	if (r != 0)
		return r;
	if (!a->writer)
		return br_usage_error("convert takes --format FORMAT; see bootready convert --help");
	return convert(a, argc - optind, argv + optind);
}

static int run(int argc, char **argv)
{
	struct asked a = {.color = "auto"};
	int r = run_asked(argc, argv, &a);

	free(a.subjects);
	return r;
}

const struct br_command br_command_convert = {
	.name = "convert",
	.arguments = "--format FORMAT [REPORT]...",
	.help = "Stored reports in another format, several as a matrix.",
	.run = run,
};
