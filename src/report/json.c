/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/io.h"
#include "report/json.h"
#include "report/writers.h"
#include "result.h"
#include "version.h"

#define SCHEMA "bootready-report/1"

/* Which text of a struct stands under which key: written and read by the same table. */
struct field {
	const char *key;
	size_t offset;
};
#define FIELD(type, key) {#key, offsetof(struct type, key)}

static const struct field boot_fields[] = {
	FIELD(br_boot, firmware), FIELD(br_boot, entry),       FIELD(br_boot, kernel),
	FIELD(br_boot, release),  FIELD(br_boot, initramfs),   FIELD(br_boot, cmdline),
	FIELD(br_boot, root),     FIELD(br_boot, root_device), FIELD(br_boot, root_driver),
};
static const struct field input_fields[] = {
	FIELD(br_input, kind),
	FIELD(br_input, name),
	FIELD(br_input, value),
};
static const struct field system_fields[] = {
	FIELD(br_report, os),   FIELD(br_report, os_id), FIELD(br_report, os_version),
	FIELD(br_report, kernel), FIELD(br_report, arch),  FIELD(br_report, rtc),
	FIELD(br_report, boot_mode), FIELD(br_report, machine_id),
};

/* Texts of the root may hold any byte; JSON holds UTF-8. */
cJSON *br_json_text(const char *s)
{
	br_autostr struct br_str out = {0};

	if (!s)
		return cJSON_CreateNull();
	br_str_add_shown(&out, s, strlen(s));
	return out.oom ? NULL : cJSON_CreateString(out.s ? out.s : "");
}

bool br_json_put(cJSON *object, const char *key, cJSON *value)
{
	return object && value && cJSON_AddItemToObject(object, key, value);
}

static bool put_fields(cJSON *j, const void *base, const struct field *f, size_t n)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++)
		ok &= br_json_put(j, f[i].key, br_json_text(*(char *const *)((const char *)base + f[i].offset)));
	return ok;
}

static int take_text(const cJSON *j, const char *key, char **ret)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(j, key);
	char *copy;

	if (!v || cJSON_IsNull(v)) {
		*ret = NULL;
		return 0;
	}
	if (!cJSON_IsString(v))
		return -EINVAL;
	copy = strdup(v->valuestring);
	if (!copy)
		return -ENOMEM;
	*ret = copy;
	return 0;
}

static int read_fields(const cJSON *j, void *base, const struct field *f, size_t n)
{
	if (!cJSON_IsObject(j))
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		char **at = (char **)((char *)base + f[i].offset);
		char *old = *at;
		int r = take_text(j, f[i].key, at);

		if (r < 0)
			return r;
		free(old);
	}
	return 0;
}

/* The object when all of it could be made, else NULL. */
static cJSON *whole(cJSON *j, bool ok)
{
	if (ok)
		return j;
	cJSON_Delete(j);
	return NULL;
}

static cJSON *json_finding(const struct br_finding *f)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "code", br_json_text(f->code));

	ok &= br_json_put(j, "severity", br_json_text(br_severity_name(f->severity)));
	ok &= br_json_put(j, "basis", br_json_text(br_basis_name(f->basis)));
	ok &= br_json_put(j, "message", br_json_text(f->message));
	ok &= br_json_put(j, "path", br_json_text(f->path));
	ok &= br_json_put(j, "line", f->line ? cJSON_CreateNumber(f->line) : cJSON_CreateNull());
	ok &= br_json_put(j, "fix", br_json_text(f->fix));
	return whole(j, ok);
}

cJSON *br_json_result(const struct br_result *res)
{
	cJSON *j = cJSON_CreateObject(), *list = cJSON_CreateArray();
	bool ok = br_json_put(j, "id", br_json_text(res->check->id));

	ok &= br_json_put(j, "level", br_json_text(br_level_name(res->check->level)));
	ok &= br_json_put(j, "status", br_json_text(br_status_name(res->status)));
	ok &= br_json_put(j, "elapsed_us", cJSON_CreateNumber((double)res->elapsed_us));
	if (!br_json_put(j, "findings", list)) {
		cJSON_Delete(list);
		return whole(j, false);
	}
	for (size_t i = 0; i < res->n_findings; i++) {
		cJSON *f = json_finding(&res->findings[i]);

		ok &= f && cJSON_AddItemToArray(list, f);
	}
	return whole(j, ok);
}

cJSON *br_json_boot(const struct br_boot *boot)
{
	cJSON *j = cJSON_CreateObject();

	return whole(j, put_fields(j, boot, boot_fields, BR_ARRAY_SIZE(boot_fields)));
}

cJSON *br_json_input(const struct br_input *input)
{
	cJSON *j = cJSON_CreateObject();

	return whole(j, put_fields(j, input, input_fields, BR_ARRAY_SIZE(input_fields)));
}

cJSON *br_json_system(const struct br_report *rep)
{
	cJSON *j = cJSON_CreateObject();

	return whole(j, put_fields(j, rep, system_fields, BR_ARRAY_SIZE(system_fields)));
}

static cJSON *json_tool(void)
{
	cJSON *j = cJSON_CreateObject(), *libs = cJSON_CreateObject();
	bool ok = br_json_put(j, "name", br_json_text("bootready")) && br_json_put(j, "version", br_json_text(BR_VERSION));

	for (size_t i = 0; i < br_n_libraries; i++)
		ok &= br_json_put(libs, br_libraries[i].name, br_json_text(br_libraries[i].version));
	if (!br_json_put(j, "libraries", libs)) {
		cJSON_Delete(libs);
		ok = false;
	}
	return whole(j, ok);
}

static cJSON *json_strings(const struct br_strv *v)
{
	cJSON *list = cJSON_CreateArray();
	bool ok = list != NULL;

	for (size_t i = 0; ok && i < v->n; i++) {
		cJSON *item = br_json_text(v->v[i]);

		ok = item && cJSON_AddItemToArray(list, item);
	}
	return whole(list, ok);
}

static cJSON *json_selection(const struct br_report *rep)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "only", json_strings(&rep->only));

	ok &= br_json_put(j, "skip", json_strings(&rep->skip));
	ok &= br_json_put(j, "firmware", br_json_text(rep->only_firmware ? rep->only_firmware : "auto"));
	ok &= br_json_put(j, "initramfs", br_json_text(rep->other_initramfs));
	return whole(j, ok);
}

static cJSON *json_profile(const struct br_report *rep)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "name", br_json_text(rep->profile));

	ok &= br_json_put(j, "sha256", br_json_text(rep->profile_sha256));
	return whole(j, ok);
}

static cJSON *json_summary(const struct br_report *rep)
{
	cJSON *j = cJSON_CreateObject();
	struct br_sums s;
	bool ok;

	br_report_sums(rep, &s);
	ok = br_json_put(j, "total", cJSON_CreateNumber(s.total));
	ok &= br_json_put(j, "ok", cJSON_CreateNumber(s.ok));
	ok &= br_json_put(j, "warning", cJSON_CreateNumber(s.warning));
	ok &= br_json_put(j, "failed", cJSON_CreateNumber(s.failed));
	ok &= br_json_put(j, "unknown", cJSON_CreateNumber(s.unknown));
	ok &= br_json_put(j, "skipped", cJSON_CreateNumber(s.skipped));
	return whole(j, ok);
}

#define LIST(make, items, n)                                                                       \
	({                                                                                         \
		cJSON *list__ = cJSON_CreateArray();                                               \
		bool ok__ = list__ != NULL;                                                        \
		for (size_t i__ = 0; ok__ && i__ < (n); i__++) {                                   \
			cJSON *item__ = make(&(items)[i__]);                                       \
			ok__ = item__ && cJSON_AddItemToArray(list__, item__);                     \
		}                                                                                  \
		whole(list__, ok__);                                                               \
	})

cJSON *br_json_report(const struct br_report *rep)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "schema", br_json_text(SCHEMA));

	ok &= br_json_put(j, "tool", json_tool());
	ok &= br_json_put(j, "time", br_json_text(rep->time));
	ok &= br_json_put(j, "context", br_json_text(rep->context));
	ok &= br_json_put(j, "selection", json_selection(rep));
	ok &= br_json_put(j, "profile", json_profile(rep));
	ok &= br_json_put(j, "system", br_json_system(rep));
	ok &= br_json_put(j, "boot", LIST(br_json_boot, rep->boots, rep->n_boots));
	ok &= br_json_put(j, "checks", LIST(br_json_result, rep->checks, rep->n_checks));
	ok &= br_json_put(j, "summary", json_summary(rep));
	ok &= br_json_put(j, "verdict", br_json_text(br_verdict_name(br_report_verdict(rep))));
	ok &= br_json_put(j, "inputs", LIST(br_json_input, rep->inputs, rep->n_inputs));
	return whole(j, ok);
}

int br_json_read_boot(const cJSON *j, struct br_boot *ret)
{
	return read_fields(j, ret, boot_fields, BR_ARRAY_SIZE(boot_fields));
}

int br_json_read_input(const cJSON *j, struct br_input *ret)
{
	return read_fields(j, ret, input_fields, BR_ARRAY_SIZE(input_fields));
}

int br_json_read_system(const cJSON *j, struct br_report *rep)
{
	return read_fields(j, rep, system_fields, BR_ARRAY_SIZE(system_fields));
}

/* A name's enum value by its parser, or -EINVAL. */
static int take_enum(const cJSON *j, const char *key, int (*parse)(const char *))
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(j, key);

	return cJSON_IsString(v) ? parse(v->valuestring) : -EINVAL;
}

static int read_finding(const cJSON *j, struct br_finding *f)
{
	const cJSON *line = cJSON_GetObjectItemCaseSensitive(j, "line");
	int sev = take_enum(j, "severity", br_severity_parse), basis = take_enum(j, "basis", br_basis_parse), r;

	if (sev < 0 || basis < 0)
		return -EINVAL;
	f->severity = (enum br_severity)sev;
	f->basis = (enum br_basis)basis;
	if (cJSON_IsNumber(line) && line->valuedouble >= 1 && line->valuedouble <= 4294967295.0)
		f->line = (unsigned)line->valuedouble;
	r = take_text(j, "code", &f->code);
	if (r >= 0)
		r = take_text(j, "message", &f->message);
	if (r >= 0)
		r = take_text(j, "path", &f->path);
	if (r >= 0)
		r = take_text(j, "fix", &f->fix);
	return r < 0 ? r : f->code && f->message ? 0 : -EINVAL;
}

int br_json_read_result(const cJSON *j, struct br_result *ret)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(j, "id"), *f;
	const cJSON *us = cJSON_GetObjectItemCaseSensitive(j, "elapsed_us");
	br_cleanup(br_result_free) struct br_result res = {
		.check = cJSON_IsString(id) ? br_check_by_id(id->valuestring) : NULL,
		.concluded = true,
	};
	int status = take_enum(j, "status", br_status_parse);

	if (!res.check || status < 0)
		return -EINVAL;
	res.status = (enum br_status)status;
	if (cJSON_IsNumber(us) && us->valuedouble >= 0 && us->valuedouble < 1e15)
		res.elapsed_us = (uint64_t)us->valuedouble;
	cJSON_ArrayForEach(f, cJSON_GetObjectItemCaseSensitive(j, "findings"))
	{
		struct br_finding *add = br_result_add(&res);
		int r = add ? read_finding(f, add) : -ENOMEM;

		if (r < 0)
			return r;
	}
	*ret = res;
	res = (struct br_result){0};
	return 0;
}

/* A stored report goes on as it is, byte for byte: what it was signed over, and what this program knows nothing of. */
static int write_one(const struct br_sheet *sheet, FILE *out)
{
	br_autojson cJSON *j = sheet->stored ? NULL : br_json_report(sheet->report);
	br_autofree char *s = j ? cJSON_Print(j) : NULL;
	const char *text = sheet->stored ? sheet->stored : s;

	if (!text)
		return -ENOMEM;
	fprintf(out, "%s%s", text, br_ends(text, "\n") ? "" : "\n");
	return 0;
}

static int write_json(const struct br_sheet *sheets, size_t n, bool color br_unused, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		int r;

		if (n > 1)
			fputs(i ? "," : "[", out);
		r = write_one(&sheets[i], out);
		if (r < 0)
			return r;
	}
	if (n > 1)
		fputs("]\n", out);
	return br_stream_error(out);
}

const struct br_writer br_writer_json = {
	.name = "json",
	.description = "the report, by its schema bootready-report/1",
	.has_inputs = true,
	.write = write_json,
};
