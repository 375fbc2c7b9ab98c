/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An in-toto Statement v1 with the predicate test-result v0.1 (in-toto/attestation, spec/v1/statement.md and
 * spec/predicates/test-result.md): the checks as tests of the image whose digest the caller gives. One line a report,
 * for the caller to sign: this is the statement, and no envelope.
 *
 * The predicate knows passed, warned and failed. What is UNKNOWN has not passed: it is failed where it leaves the
 * verdict open, else warned. A result is PASSED only where nothing was left out (--only, --skip, --firmware, --initramfs).
 */
#include <errno.h>

#include "base/io.h"
#include "report/escape.h"
#include "report/json.h"
#include "report/writers.h"

static cJSON *plain(const char *s)
{
	br_autofree char *p = s ? br_plain(s) : NULL;

	return p ? cJSON_CreateString(p) : s ? NULL : cJSON_CreateNull();
}

static bool put_digest(cJSON *j, const char *sha256)
{
	cJSON *d = cJSON_AddObjectToObject(j, "digest");

	return d && br_json_put(d, "sha256", plain(sha256));
}

static bool put_subject(cJSON *top, const struct br_sheet *sheet)
{
	cJSON *list = cJSON_AddArrayToObject(top, "subject"), *s = cJSON_CreateObject();

	if (!list || !cJSON_AddItemToArray(list, s)) {
		cJSON_Delete(s);
		return false;
	}
	return (!sheet->name || br_json_put(s, "name", plain(sheet->name))) && put_digest(s, sheet->sha256);
}

/* Of another version's checks nothing is known: one that this program has and the report has not is missing. */
static bool is_complete(const struct br_report *rep)
{
	return !br_report_is_selected(rep) && rep->n_checks == br_n_checks;
}

/* The profile decides what is asked of an image: it is what the tests were configured by. */
static bool put_configuration(cJSON *predicate, const struct br_sheet *sheet)
{
	const struct br_report *rep = sheet->report;
	br_autofree char *name = br_format("%s.profile", rep->profile), *tool = br_format("bootready %s", sheet->tool_version);
	cJSON *list = cJSON_AddArrayToObject(predicate, "configuration"), *c = cJSON_CreateObject(), *notes;

	if (!name || !tool || !list || !cJSON_AddItemToArray(list, c)) {
		cJSON_Delete(c);
		return false;
	}
	if (!br_json_put(c, "name", plain(name)) || !put_digest(c, rep->profile_sha256))
		return false;
	notes = cJSON_AddObjectToObject(c, "annotations");
	return notes && br_json_put(notes, "tool", plain(tool)) && br_json_put(notes, "context", plain(rep->context)) &&
	       br_json_put(notes, "time", plain(rep->time)) &&
	       br_json_put(notes, "verdict", plain(br_verdict_name(br_report_verdict(rep)))) &&
	       br_json_put(notes, "complete", cJSON_CreateBool(is_complete(rep)));
}

static const char *list_of(const struct br_result *res)
{
	switch (res->status) {
	case BR_OK:
		return "passedTests";
	case BR_SKIPPED:
		return NULL;
	default:
		return br_result_counts(res) ? "failedTests" : "warnedTests";
	}
}

static const char *result_of(const struct br_report *rep)
{
	bool warned = !is_complete(rep);

	for (size_t i = 0; i < rep->n_checks; i++)
		warned |= rep->checks[i].status == BR_WARNING || rep->checks[i].status == BR_UNKNOWN;
	return br_report_verdict(rep) != BR_READY ? "FAILED" : warned ? "WARNED" : "PASSED";
}

static bool put_tests(cJSON *predicate, const struct br_report *rep)
{
	static const char *const keys[] = {"passedTests", "warnedTests", "failedTests"};

	for (size_t k = 0; k < BR_ARRAY_SIZE(keys); k++) {
		cJSON *list = cJSON_AddArrayToObject(predicate, keys[k]);

		for (size_t i = 0; list && i < rep->n_checks; i++)
			if (br_streq(list_of(&rep->checks[i]), keys[k]) &&
			    !cJSON_AddItemToArray(list, plain(rep->checks[i].check->id)))
				return false;
		if (!list)
			return false;
	}
	return true;
}

static int write_statement(const struct br_sheet *sheet, FILE *out)
{
	br_autojson cJSON *j = cJSON_CreateObject();
	br_autofree char *text = NULL;
	cJSON *predicate;

	if (!br_json_put(j, "_type", cJSON_CreateString("https://in-toto.io/Statement/v1")) || !put_subject(j, sheet) ||
	    !br_json_put(j, "predicateType", cJSON_CreateString("https://in-toto.io/attestation/test-result/v0.1")) ||
	    !(predicate = cJSON_AddObjectToObject(j, "predicate")) ||
	    !br_json_put(predicate, "result", cJSON_CreateString(result_of(sheet->report))) ||
	    !put_configuration(predicate, sheet) || !put_tests(predicate, sheet->report) ||
	    !(text = cJSON_PrintUnformatted(j)))
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	return 0;
}

static int write_intoto(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		int r = write_statement(&sheets[i], out);

		if (r < 0)
			return r;
	}
	return br_stream_error(out);
}

const struct br_writer br_writer_intoto = {
	.name = "in-toto",
	.description = "in-toto Statement, test-result v0.1; one line a report",
	.needs_digest = true,
	.write = write_intoto,
};
