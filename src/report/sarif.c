/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SARIF 2.1.0 (OASIS): a report is a run, a finding a result at its file and line, below the base ROOT, which is the
 * root that was examined. UNKNOWN is of kind "open": too little is known to decide. Checks that pass leave nothing.
 */
#include <ctype.h>
#include <errno.h>

#include "base/io.h"
#include "report/escape.h"
#include "report/json.h"
#include "report/sarif.h"
#include "report/writers.h"

/* JSON text of a report's text that viewers show as it is. */
static cJSON *plain(const char *s)
{
	br_autofree char *p = br_plain(s);

	return p ? cJSON_CreateString(p) : NULL;
}

static cJSON *object_with(const char *key, cJSON *value)
{
	cJSON *j = cJSON_CreateObject();

	if (br_json_put(j, key, value))
		return j;
	cJSON_Delete(j);
	return NULL;
}

char *br_sarif_uri(const char *path)
{
	br_autostrv struct br_strv parts = {0}, kept = {0};
	br_autostr struct br_str uri = {0};

	br_strv_split(&parts, path, "/");
	for (size_t i = 0; i < parts.n; i++) {
		if (strcmp(parts.v[i], "..") == 0)
			free(kept.n ? kept.v[--kept.n] : NULL);
		else if (strcmp(parts.v[i], ".") != 0)
			br_strv_add(&kept, parts.v[i]);
	}
	for (size_t i = 0; i < kept.n; i++) {
		br_str_puts(&uri, i ? "/" : "");
		for (const unsigned char *c = (const unsigned char *)kept.v[i]; *c; c++)
			br_str_printf(&uri, (*c < 0x80 && isalnum(*c)) || strchr("-._~", *c) ? "%c" : "%%%02X", *c);
	}
	if (!kept.n)
		br_str_puts(&uri, "./");
	return parts.oom || kept.oom ? NULL : br_str_take(&uri);
}

/*
 * A message string: braces are doubled, which single are placeholders (3.11.5), and nothing is left that begins the
 * target of an embedded link (3.11.6).
 */
char *br_sarif_message(const char *s)
{
	br_autofree char *p = br_plain(s);
	br_autostr struct br_str out = {0};

	br_str_add(&out, "", 0);
	for (const char *c = p; c && *c; c++) {
		br_str_putc(&out, *c);
		if (*c == '{' || *c == '}')
			br_str_putc(&out, *c);
		else if (*c == ']' && c[1] == '(')
			br_str_putc(&out, ' ');
	}
	return p ? br_str_take(&out) : NULL;
}

static cJSON *message(const struct br_finding *f)
{
	br_autofree char *whole = f->fix ? br_format("%s. Fix: %s", f->message, f->fix) : strdup(f->message);
	br_autofree char *text = whole ? br_sarif_message(whole) : NULL;

	return text ? object_with("text", cJSON_CreateString(text)) : NULL;
}

static cJSON *location(const struct br_finding *f)
{
	br_autofree char *uri = br_sarif_uri(f->path);
	cJSON *physical = cJSON_CreateObject(), *artifact = cJSON_CreateObject();
	bool ok = br_json_put(physical, "artifactLocation", artifact);

	ok = ok && uri && br_json_put(artifact, "uri", cJSON_CreateString(uri)) &&
	     br_json_put(artifact, "uriBaseId", cJSON_CreateString("ROOT"));
	if (ok && f->line)
		ok = br_json_put(physical, "region", object_with("startLine", cJSON_CreateNumber(f->line)));
	if (ok)
		return object_with("physicalLocation", physical);
	cJSON_Delete(physical);
	return NULL;
}

/* The level belongs to what failed; anything else has "none" (3.27.10). */
static bool put_kind(cJSON *j, const struct br_result *res, const struct br_finding *f)
{
	bool fails = f->severity == BR_SEV_FAILED || f->severity == BR_SEV_WARNING;
	const char *kind = fails ? "fail" : f->severity == BR_SEV_UNKNOWN ? "open"
	                   : res->status == BR_SKIPPED ? "notApplicable" : "informational";
	const char *level = f->severity == BR_SEV_FAILED ? "error" : fails ? "warning" : "none";

	return br_json_put(j, "kind", cJSON_CreateString(kind)) && br_json_put(j, "level", cJSON_CreateString(level));
}

static bool put_properties(cJSON *j, const struct br_result *res, const struct br_finding *f)
{
	cJSON *p = cJSON_AddObjectToObject(j, "properties");
	bool ok = p && br_json_put(p, "check", plain(res->check->id)) &&
	          br_json_put(p, "severity", plain(br_severity_name(f->severity))) &&
	          br_json_put(p, "basis", plain(br_basis_name(f->basis)));

	return ok && (!f->fix || br_json_put(p, "fix", plain(f->fix)));
}

static cJSON *result(const struct br_result *res, const struct br_finding *f, int rule)
{
	br_autofree char *print = br_format("%s %s", f->code, f->path ? f->path : "");
	cJSON *j = cJSON_CreateObject(), *places;
	bool ok = print && br_json_put(j, "ruleId", plain(f->code)) && br_json_put(j, "ruleIndex", cJSON_CreateNumber(rule)) &&
	          put_kind(j, res, f) && br_json_put(j, "message", message(f)) &&
	          /* The line is left out: it moves with what is written above it. */
	          br_json_put(j, "partialFingerprints", object_with("codeAndPath/v1", plain(print)));

	if (ok && f->path) {
		places = cJSON_AddArrayToObject(j, "locations");
		ok = places && cJSON_AddItemToArray(places, location(f));
	}
	if (ok && put_properties(j, res, f))
		return j;
	cJSON_Delete(j);
	return NULL;
}

static const char *meaning(const struct br_check *check, const char *code)
{
	for (size_t i = 0; i < check->n_codes; i++)
		if (strcmp(check->codes[i].name, code) == 0)
			return check->codes[i].meaning;
	return NULL;
}

/* The rule's place in the list, added where it is not there yet; -1: no memory. */
static int rule_of(cJSON *rules, const struct br_check *check, const char *code)
{
	const char *text = meaning(check, code);
	cJSON *r;
	int at = 0;

	cJSON_ArrayForEach(r, rules)
	{
		if (br_streq(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(r, "id")), code))
			return at;
		at++;
	}
	r = cJSON_CreateObject();
	if (br_json_put(r, "id", plain(code)) && br_json_put(r, "properties", object_with("check", plain(check->id))) &&
	    (!text || br_json_put(r, "shortDescription", object_with("text", plain(text)))) && cJSON_AddItemToArray(rules, r))
		return at;
	cJSON_Delete(r);
	return -1;
}

static bool put_results(cJSON *results, cJSON *rules, const struct br_report *rep)
{
	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *res = &rep->checks[i];

		for (size_t k = 0; k < res->n_findings; k++) {
			int rule = rule_of(rules, res->check, res->findings[k].code);

			if (rule < 0 || !cJSON_AddItemToArray(results, result(res, &res->findings[k], rule)))
				return false;
		}
	}
	return true;
}

static bool put_run_properties(cJSON *run, const struct br_sheet *sheet)
{
	const struct br_report *rep = sheet->report;
	cJSON *p = cJSON_AddObjectToObject(run, "properties");
	br_autostr struct br_str selected = {0};

	br_report_selected_by(rep, &selected);
	return p && !selected.oom && (!selected.len || br_json_put(p, "selection", plain(selected.s))) && br_json_put(p, "verdict", plain(br_verdict_name(br_report_verdict(rep)))) &&
	       br_json_put(p, "profile", plain(rep->profile)) && br_json_put(p, "context", plain(rep->context)) &&
	       (!rep->os || br_json_put(p, "os", plain(rep->os))) &&
	       (!sheet->name || br_json_put(p, "image", plain(sheet->name))) &&
	       (!sheet->sha256 || br_json_put(p, "imageSha256", plain(sheet->sha256)));
}

static cJSON *invocations(const struct br_report *rep)
{
	cJSON *list = cJSON_CreateArray(), *j = cJSON_CreateObject();

	if (br_json_put(j, "executionSuccessful", cJSON_CreateTrue()) && br_json_put(j, "startTimeUtc", plain(rep->time)) &&
	    cJSON_AddItemToArray(list, j))
		return list;
	cJSON_Delete(j);
	cJSON_Delete(list);
	return NULL;
}

static cJSON *make_run(const struct br_sheet *sheet)
{
	cJSON *run = cJSON_CreateObject(), *driver = cJSON_CreateObject(), *rules, *results, *base;
	br_autofree char *id = sheet->name ? br_format("bootready/%s/", sheet->name) : NULL;
	bool ok = br_json_put(run, "tool", object_with("driver", driver));

	ok = ok && br_json_put(driver, "name", cJSON_CreateString("bootready")) &&
	     br_json_put(driver, "version", plain(sheet->tool_version));
	rules = cJSON_AddArrayToObject(driver, "rules");
	base = object_with("ROOT", object_with("description", object_with("text", cJSON_CreateString("the root that was examined"))));
	ok = br_json_put(run, "originalUriBaseIds", base) && ok && br_json_put(run, "invocations", invocations(sheet->report)) &&
	     (!id || br_json_put(run, "automationDetails", object_with("id", plain(id))));
	results = cJSON_AddArrayToObject(run, "results");
	if (ok && rules && results && put_results(results, rules, sheet->report) && put_run_properties(run, sheet))
		return run;
	cJSON_Delete(run);
	return NULL;
}

static int write_sarif(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	br_autojson cJSON *j = cJSON_CreateObject();
	br_autofree char *text = NULL;
	cJSON *runs;

	if (!br_json_put(j, "$schema", cJSON_CreateString("https://json.schemastore.org/sarif-2.1.0.json")) ||
	    !br_json_put(j, "version", cJSON_CreateString("2.1.0")) || !(runs = cJSON_AddArrayToObject(j, "runs")))
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (!cJSON_AddItemToArray(runs, make_run(&sheets[i])))
			return -ENOMEM;
	text = cJSON_Print(j);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	return br_stream_error(out);
}

const struct br_writer br_writer_sarif = {
	.name = "sarif",
	.description = "SARIF 2.1.0: a run a report, a result a finding",
	.write = write_sarif,
};
