/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/strictjson.h"
#include "report/json.h"
#include "report/read.h"
#include "report/read-json.h"
#include "result.h"
#include "version.h"

static void read_tool(struct br_reader *rd, const cJSON *top, struct br_stored *ret)
{
	const cJSON *tool = br_reader_get(rd, top, "tool"), *libraries, *l;
	const char *version;

	br_reader_text(rd, tool, "name", false, br_form_tool);
	version = br_reader_text(rd, tool, "version", false, br_form_version);
	libraries = br_reader_get(rd, tool, "libraries");
	if (libraries && !cJSON_IsObject(libraries))
		br_reader_refuse(rd, libraries, "\"libraries\" is no object");
	cJSON_ArrayForEach(l, libraries)
	{
		if (!cJSON_IsString(l) || !*l->valuestring)
			br_reader_refuse(rd, l, "a library without a version");
	}
	ret->tool_version = version ? strdup(version) : NULL;
}

static void read_ids(struct br_reader *rd, const cJSON *object, const char *key, struct br_strv *ret)
{
	const cJSON *v = br_reader_list(rd, object, key, BR_JSON_KEYS_MAX), *id;

	cJSON_ArrayForEach(id, v)
	{
		if (!cJSON_IsString(id) || !br_form_id(id->valuestring))
			br_reader_refuse(rd, id, "\"%s\" has something that is no check", key);
		else
			br_strv_add(ret, id->valuestring);
	}
}

static void read_head(struct br_reader *rd, const cJSON *top, struct br_stored *ret)
{
	const cJSON *selection = br_reader_get(rd, top, "selection"), *profile = br_reader_get(rd, top, "profile");
	struct br_report *rep = &ret->report;
	const char *s;

	br_reader_text(rd, top, "schema", false, br_form_schema);
	s = br_reader_text(rd, top, "time", false, NULL);
	if (s && br_time_parse(s, &ret->time) < 0)
		br_reader_refuse(rd, top, "\"time\" is no time of RFC 3339 in UTC");
	rep->time = s ? strdup(s) : NULL;
	s = br_reader_text(rd, top, "context", false, br_form_context);
	rep->context = s ? strdup(s) : NULL;
	read_ids(rd, selection, "only", &rep->only);
	read_ids(rd, selection, "skip", &rep->skip);
	s = br_reader_text(rd, selection, "firmware", false, br_form_choice);
	rep->only_firmware = s && strcmp(s, "auto") != 0 ? strdup(s) : NULL;
	s = br_reader_text(rd, selection, "initramfs", true, br_form_some);
	rep->other_initramfs = s ? strdup(s) : NULL;
	s = br_reader_text(rd, profile, "name", false, br_form_some);
	rep->profile = s ? strdup(s) : NULL;
	s = br_reader_text(rd, profile, "sha256", false, br_form_sha256);
	rep->profile_sha256 = s ? strdup(s) : NULL;
}

static void read_system(struct br_reader *rd, const cJSON *top, struct br_report *rep)
{
	static const struct br_keyed_form forms[] = {
		{"os", NULL, false}, {"os_id", NULL, false}, {"os_version", NULL, false}, {"kernel", NULL, false},
		{"arch", NULL, false}, {"rtc", br_form_rtc, false}, {"boot_mode", br_form_mode, false},
		{"machine_id", NULL, false},
	};
	const cJSON *j = br_reader_get(rd, top, "system");

	if (br_reader_hold(rd, j, forms, BR_ARRAY_SIZE(forms)) && br_json_read_system(j, rep) < 0)
		rd->oom = true;
}

static void read_boots(struct br_reader *rd, const cJSON *top, struct br_report *rep)
{
	static const struct br_keyed_form forms[] = {
		{"firmware", br_form_firmware, true}, {"entry", NULL, false}, {"kernel", br_form_path, false},
		{"release", NULL, false}, {"initramfs", br_form_path, false}, {"cmdline", NULL, false}, {"root", NULL, false},
		{"root_device", NULL, false}, {"root_driver", NULL, false},
	};
	const cJSON *boots = br_reader_list(rd, top, "boot", 2), *j;

	cJSON_ArrayForEach(j, boots)
	{
		if (!br_reader_hold(rd, j, forms, BR_ARRAY_SIZE(forms)))
			return;
		if (br_grow(&rep->boots, &rep->cap_boots, rep->n_boots, sizeof(*rep->boots)) < 0 ||
		    br_json_read_boot(j, &rep->boots[rep->n_boots++]) < 0) {
			rd->oom = true;
			return;
		}
		if (rep->n_boots == 2 && br_streq(rep->boots[0].firmware, rep->boots[1].firmware))
			br_reader_refuse(rd, j, "one firmware twice");
	}
}

static bool hold_finding(struct br_reader *rd, const cJSON *j)
{
	static const struct br_keyed_form forms[] = {
		{"code", br_form_code, true}, {"severity", br_form_severity, true}, {"basis", br_form_basis, true},
		{"message", br_form_some, true}, {"path", br_form_path, false}, {"fix", br_form_some, false},
	};
	const cJSON *line;
	double n;

	if (!br_reader_hold(rd, j, forms, BR_ARRAY_SIZE(forms)))
		return false;
	line = br_reader_get(rd, j, "line");
	if (!line || cJSON_IsNull(line))
		return line != NULL;
	if (!br_reader_count(rd, j, "line", 1, 4294967295.0, &n))
		return false;
	return cJSON_IsString(br_reader_get(rd, j, "path")) || br_reader_refuse(rd, j, "a line without its file");
}

/* A code that this program does not know may be another version's; one of another check's is nobody's. */
static bool own_codes(const struct br_result *res, const char *version)
{
	bool ours = br_streq(version, BR_VERSION);

	for (size_t i = 0; i < res->n_findings; i++) {
		const struct br_check *of = br_check_of_code(res->findings[i].code);

		if (of ? of != res->check : ours)
			return false;
	}
	return true;
}

/* Does the status follow from the findings? */
static bool fits(const struct br_result *res)
{
	static const enum br_status by[] = {[BR_SEV_INFO] = BR_OK, [BR_SEV_WARNING] = BR_WARNING,
	                                    [BR_SEV_UNKNOWN] = BR_UNKNOWN, [BR_SEV_FAILED] = BR_FAILED};
	enum br_severity worst = BR_SEV_INFO;

	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].severity > worst)
			worst = res->findings[i].severity;
	return res->status == BR_SKIPPED ? res->n_findings && worst == BR_SEV_INFO : res->status == by[worst];
}

static bool hold_check(struct br_reader *rd, const cJSON *j, const struct br_report *rep)
{
	const char *id = br_reader_text(rd, j, "id", false, br_form_id), *level = br_reader_text(rd, j, "level", false, br_form_level);
	const struct br_check *check = id ? br_check_by_id(id) : NULL;
	const cJSON *findings, *f;
	double n;

	br_reader_text(rd, j, "status", false, br_form_status);
	findings = br_reader_list(rd, j, "findings", BR_FINDINGS_MAX + 1);
	if (!br_reader_count(rd, j, "elapsed_us", 0, 1e15, &n) || rd->why)
		return false;
	if (!check)
		return br_reader_refuse(rd, j, "a check that this program does not know: %s", id);
	if (strcmp(level, br_level_name(check->level)) != 0)
		return br_reader_refuse(rd, j, "%s is not of level %s", id, level);
	for (size_t i = 0; i < rep->n_checks; i++)
		if (rep->checks[i].check == check)
			return br_reader_refuse(rd, j, "%s twice", id);
	cJSON_ArrayForEach(f, findings)
	{
		if (!hold_finding(rd, f))
			return false;
	}
	return true;
}

static void read_checks(struct br_reader *rd, const cJSON *top, const char *version, struct br_report *rep)
{
	const cJSON *checks = br_reader_list(rd, top, "checks", (int)br_n_checks), *j;

	rep->checks = calloc(br_n_checks, sizeof(*rep->checks));
	rd->oom |= !rep->checks;
	if (!checks || !rep->checks)
		return;
	cJSON_ArrayForEach(j, checks)
	{
		if (!hold_check(rd, j, rep))
			return;
		if (br_json_read_result(j, &rep->checks[rep->n_checks]) < 0) {
			rd->oom = true;
			return;
		}
		if (!own_codes(&rep->checks[rep->n_checks], version))
			br_reader_refuse(rd, j, "a finding that is none of this check's");
		if (!fits(&rep->checks[rep->n_checks++]))
			br_reader_refuse(rd, j, "the status is not what the findings say");
	}
}

static void hold_sums(struct br_reader *rd, const cJSON *top, const struct br_report *rep)
{
	const cJSON *j = br_reader_get(rd, top, "summary");
	const char *verdict = br_reader_text(rd, top, "verdict", false, NULL);
	struct br_sums s;

	br_report_sums(rep, &s);
	const struct {
		const char *key;
		unsigned n;
	} sums[] = {{"total", s.total}, {"ok", s.ok}, {"warning", s.warning},
	            {"failed", s.failed}, {"unknown", s.unknown}, {"skipped", s.skipped}};
	for (size_t i = 0; i < BR_ARRAY_SIZE(sums); i++) {
		double n;

		if (br_reader_count(rd, j, sums[i].key, 0, BR_JSON_VALUES_MAX, &n) && (unsigned)n != sums[i].n)
			br_reader_refuse(rd, j, "\"%s\" is not the sum of the checks", sums[i].key);
	}
	if (verdict && strcmp(verdict, br_verdict_name(br_report_verdict(rep))) != 0)
		br_reader_refuse(rd, top, "the verdict is not what the checks say");
}

static bool hold_input(struct br_reader *rd, const cJSON *j, const struct br_report *rep)
{
	const char *kind = br_reader_text(rd, j, "kind", false, br_form_kind);
	bool file = kind && strcmp(kind, "file") == 0;
	bool path = file || (kind && strcmp(kind, "link") == 0);
	const char *name = br_reader_text(rd, j, "name", false, path ? br_form_path : br_form_some);

	br_reader_text(rd, j, "value", true, file ? br_form_content : NULL);
	if (rd->why)
		return false;
	for (size_t i = 0; i < rep->n_inputs; i++)
		if (br_streq(rep->inputs[i].name, name) && br_streq(rep->inputs[i].kind, kind))
			return br_reader_refuse(rd, j, "%s twice", name);
	return true;
}

static void read_inputs(struct br_reader *rd, const cJSON *top, struct br_report *rep)
{
	const cJSON *inputs = br_reader_list(rd, top, "inputs", BR_INPUTS_MAX), *j;

	cJSON_ArrayForEach(j, inputs)
	{
		if (!hold_input(rd, j, rep))
			return;
		if (br_grow(&rep->inputs, &rep->cap_inputs, rep->n_inputs, sizeof(*rep->inputs)) < 0 ||
		    br_json_read_input(j, &rep->inputs[rep->n_inputs++]) < 0) {
			rd->oom = true;
			return;
		}
	}
}

static void read_all(struct br_reader *rd, struct br_stored *ret)
{
	const cJSON *top = rd->doc.top;

	if (!br_reader_no_controls(rd, top))
		return;
	read_tool(rd, top, ret);
	read_head(rd, top, ret);
	read_system(rd, top, &ret->report);
	read_boots(rd, top, &ret->report);
	read_checks(rd, top, ret->tool_version, &ret->report);
	if (!rd->why)
		hold_sums(rd, top, &ret->report);
	read_inputs(rd, top, &ret->report);
}

int br_stored_parse(const char *buf, size_t len, struct br_stored *ret, char **ret_why)
{
	br_cleanup(br_stored_free) struct br_stored s = {0};
	struct br_reader rd = {0};
	int r = br_json_strict(buf, len, false, &rd.doc, &rd.why);

	if (r == 0) {
		read_all(&rd, &s);
		r = rd.why ? -EINVAL : rd.oom || s.report.only.oom || s.report.skip.oom ? -ENOMEM : 0;
	}
	br_json_doc_free(&rd.doc);
	if (r == -EINVAL)
		*ret_why = rd.why;
	else
		free(rd.why);
	if (r == 0) {
		*ret = s;
		s = (struct br_stored){0};
	}
	return r;
}

void br_stored_free(struct br_stored *s)
{
	br_report_free(&s->report);
	free(s->tool_version);
	*s = (struct br_stored){0};
}
