/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a root that has not come: a table for people, and one JSON document. */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "base/io.h"
#include "base/limits.h"
#include "missing/missing.h"
#include "report/json.h"
#include "report/writers.h"
#include "version.h"

#define SCHEMA "bootready-missing/1"

/* "2.0G", "512K": as lsblk(8) rounds. */
static char *size_of(uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned at = 0;
	uint64_t part = 0;

	while (bytes >= BR_KIB && at + 2 < sizeof(units)) {
		part = bytes % BR_KIB;
		bytes /= BR_KIB;
		at++;
	}
	return at && bytes < 100 ? br_format("%" PRIu64 ".%u%c", bytes, (unsigned)(part * 10 / BR_KIB), units[at]) :
	                           br_format("%" PRIu64 "%c", bytes, units[at]);
}

static void add_tag(struct br_str *line, const char *name, const char *value)
{
	if (value)
		br_str_printf(line, " %s=%s", name, value);
}

static void device_line(const struct br_blk *b, FILE *out)
{
	br_autofree char *size = size_of(b->size);
	br_autostr struct br_str line = {0};

	br_str_printf(&line, "%s %s", b->name, size ? size : "?");
	if (b->driver)
		br_str_printf(&line, " (%s)", b->driver);
	if (b->pttype)
		br_str_printf(&line, " %s", b->pttype);
	if (b->type)
		br_str_printf(&line, " %s", b->type);
	add_tag(&line, "LABEL", b->label);
	add_tag(&line, "UUID", b->uuid);
	add_tag(&line, "PARTUUID", b->partuuid);
	add_tag(&line, "PARTLABEL", b->partlabel);
	if (b->unread)
		br_str_printf(&line, " unread: %s", b->unread);
	if (!line.oom)
		br_table_wrapped(out, b->kind == BR_BLK_DISK ? 0 : 2, 6, line.s);
}

static void told_lines(const struct br_told *t, FILE *out)
{
	br_autofree char *line = br_format("%s: %s", t->code, t->message);
	br_autofree char *fix = t->fix ? br_format("fix: %s", t->fix) : NULL;

	if (line)
		br_table_wrapped(out, 4, 6, line);
	if (fix)
		br_table_wrapped(out, 4, 9, fix);
}

static void head(const struct br_missing *m, FILE *out)
{
	br_autofree char *asked = br_format("Asked for: root=%s%s%s%s%s", m->root_text ? m->root_text : "(nothing)",
	                                    m->fstype ? " rootfstype=" : "", m->fstype ? m->fstype : "",
	                                    m->flags ? " rootflags=" : "", m->flags ? m->flags : "");

	fputs(BR_TABLE_RULE, out);
	if (m->after)
		fprintf(out, "The root is not there after %u s\n", m->after);
	else
		fputs("The root is not there\n", out);
	if (asked)
		br_table_wrapped(out, 0, 4, asked);
	fputs(BR_TABLE_RULE "Disks\n", out);
	for (size_t i = 0; i < m->disks.n; i++)
		device_line(&m->disks.blk[i], out);
	if (!m->disks.n)
		fputs("none\n", out);
}

static int write_table(const struct br_missing *m, FILE *out)
{
	if (m->came) {
		fprintf(out, "bootready: the root came after %u s\n", m->after);
		return br_stream_error(out);
	}
	head(m, out);
	fputs("Why\n", out);
	for (size_t i = 0; i < m->n_told; i++)
		told_lines(&m->told[i], out);
	if (m->words.n)
		fputs("The kernel says\n", out);
	for (size_t i = 0; i < m->words.n; i++)
		br_table_wrapped(out, 4, 6, m->words.v[i]);
	fputs(BR_TABLE_RULE "bootready: NO ROOT\n", out);
	return br_stream_error(out);
}

static cJSON *number(uint64_t n)
{
	return cJSON_CreateNumber((double)n);
}

/* The object, or nothing of it where something of it is missing. */
static cJSON *whole(cJSON *j, bool ok)
{
	if (ok)
		return j;
	cJSON_Delete(j);
	return NULL;
}

static cJSON *json_device(const struct br_blk *b)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "name", br_json_text(b->name)) && br_json_put(j, "path", br_json_text(b->path)) &&
	          br_json_put(j, "size", number(b->size)) && br_json_put(j, "driver", br_json_text(b->driver)) &&
	          br_json_put(j, "pttype", br_json_text(b->pttype)) && br_json_put(j, "type", br_json_text(b->type)) &&
	          br_json_put(j, "label", br_json_text(b->label)) && br_json_put(j, "uuid", br_json_text(b->uuid)) &&
	          br_json_put(j, "partlabel", br_json_text(b->partlabel)) && br_json_put(j, "partuuid", br_json_text(b->partuuid)) &&
	          br_json_put(j, "unread", br_json_text(b->unread));

	return whole(j, ok);
}

static cJSON *json_unbound(const struct br_unbound *u)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "device", br_json_text(u->device)) && br_json_put(j, "modalias", br_json_text(u->alias)) &&
	          br_json_put(j, "module", br_json_text(u->module)) &&
	          br_json_put(j, "state", br_json_text(br_driver_state_name(u->state))) && br_json_put(j, "what", br_json_text(u->what));

	return whole(j, ok);
}

static cJSON *json_told(const struct br_told *t)
{
	cJSON *j = cJSON_CreateObject();
	bool ok = br_json_put(j, "code", br_json_text(t->code)) && br_json_put(j, "message", br_json_text(t->message)) &&
	          br_json_put(j, "fix", br_json_text(t->fix));

	return whole(j, ok);
}

static bool add_item(cJSON *array, cJSON *item)
{
	return array && item && cJSON_AddItemToArray(array, item);
}

static bool put_lists(cJSON *j, const struct br_missing *m)
{
	cJSON *devices = cJSON_AddArrayToObject(j, "devices"), *unbound = cJSON_AddArrayToObject(j, "without_driver");
	cJSON *told = cJSON_AddArrayToObject(j, "findings"), *words = cJSON_AddArrayToObject(j, "kernel");
	bool ok = devices && unbound && told && words;

	for (size_t i = 0; ok && i < m->disks.n; i++)
		ok = add_item(devices, json_device(&m->disks.blk[i]));
	for (size_t i = 0; ok && i < m->n_unbound; i++)
		ok = add_item(unbound, json_unbound(&m->unbound[i]));
	for (size_t i = 0; ok && i < m->n_told; i++)
		ok = add_item(told, json_told(&m->told[i]));
	for (size_t i = 0; ok && i < m->words.n; i++)
		ok = add_item(words, br_json_text(m->words.v[i]));
	return ok;
}

static bool put_head(cJSON *j, const struct br_missing *m)
{
	cJSON *tool = cJSON_AddObjectToObject(j, "tool");
	char now[32];
	time_t t = time(NULL);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return br_json_put(tool, "name", br_json_text("bootready")) && br_json_put(tool, "version", br_json_text(BR_VERSION)) &&
	       br_json_put(j, "time", br_json_text(now)) && br_json_put(j, "verdict", br_json_text(m->came ? "came" : "missing")) &&
	       br_json_put(j, "after_s", m->after ? number(m->after) : cJSON_CreateNull()) &&
	       br_json_put(j, "kernel_release", br_json_text(m->release)) && br_json_put(j, "root", br_json_text(m->root_text)) &&
	       br_json_put(j, "rootfstype", br_json_text(m->fstype)) && br_json_put(j, "rootflags", br_json_text(m->flags));
}

static int write_json(const struct br_missing *m, FILE *out)
{
	br_autojson cJSON *j = cJSON_CreateObject();
	br_autofree char *text = NULL;

	if (!br_json_put(j, "schema", br_json_text(SCHEMA)) || !put_head(j, m) || !put_lists(j, m) || !(text = cJSON_Print(j)))
		return -ENOMEM;
	fputs(text, out);
	fputc('\n', out);
	return br_stream_error(out);
}

int br_missing_write(const struct br_missing *m, bool json, FILE *out)
{
	return json ? write_json(m, out) : write_table(m, out);
}
