/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "report/read-json.h"

bool br_reader_refuse(struct br_reader *rd, const cJSON *at, const char *fmt, ...)
{
	br_autostr struct br_str shown = {0};
	va_list ap;

	if (rd->why)
		return false;
	va_start(ap, fmt);
	br_str_vshown(&shown, SIZE_MAX, fmt, ap);
	va_end(ap);
	rd->why = br_format("line %u: %s", br_json_line(&rd->doc, at), shown.s ? shown.s : "");
	rd->oom = !rd->why;
	return false;
}

const cJSON *br_reader_get(struct br_reader *rd, const cJSON *object, const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsObject(object))
		br_reader_refuse(rd, object, "no object");
	else if (!v)
		br_reader_refuse(rd, object, "\"%s\" is not there", key);
	return v;
}

bool br_reader_no_controls(struct br_reader *rd, const cJSON *j)
{
	const cJSON *c;

	cJSON_ArrayForEach(c, j)
	{
		if (!br_reader_no_controls(rd, c))
			return false;
	}
	return (br_form_shown(cJSON_GetStringValue(j)) && br_form_shown(j->string)) ||
	       br_reader_refuse(rd, j, "a control character");
}

const char *br_reader_text(struct br_reader *rd, const cJSON *object, const char *key, bool nullable, br_form *form)
{
	const cJSON *v = br_reader_get(rd, object, key);

	if (!v || (nullable && cJSON_IsNull(v)))
		return NULL;
	if (!cJSON_IsString(v))
		br_reader_refuse(rd, v, "\"%s\" is no text", key);
	else if (form && !form(v->valuestring))
		br_reader_refuse(rd, v, "\"%s\" cannot be \"%s\"", key, v->valuestring);
	return v->valuestring;
}

bool br_reader_count(struct br_reader *rd, const cJSON *object, const char *key, double min, double max, double *ret)
{
	const cJSON *v = br_reader_get(rd, object, key);

	if (!v)
		return false;
	if (!cJSON_IsNumber(v) || v->valuedouble < min || v->valuedouble > max || v->valuedouble != floor(v->valuedouble))
		return br_reader_refuse(rd, v, "\"%s\" is no whole number from %.0f to %.0f", key, min, max);
	*ret = v->valuedouble;
	return true;
}

const cJSON *br_reader_list(struct br_reader *rd, const cJSON *object, const char *key, int max)
{
	const cJSON *v = br_reader_get(rd, object, key);

	if (v && (!cJSON_IsArray(v) || cJSON_GetArraySize(v) > max)) {
		br_reader_refuse(rd, v, "\"%s\" is no list of at most %d", key, max);
		return NULL;
	}
	return v;
}

bool br_reader_hold(struct br_reader *rd, const cJSON *object, const struct br_keyed_form *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		br_reader_text(rd, object, f[i].key, !f[i].required, f[i].form);
	return !rd->why;
}
