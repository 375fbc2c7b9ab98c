/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `bootready initramfs`: what an initramfs is, for people and as JSON. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>

#include "base/io.h"
#include "image/modules.h"

/* A known driver in one release's modules. */
static int look(const struct br_initramfs *i, const struct br_modtree *t, const struct br_known_driver *k,
                const struct br_strv *blacklist, struct br_driver *ret)
{
	br_autostrv struct br_strv forced = {0};
	const struct br_driver_ask ask = {
		.name = k->name, .alias = k->alias, .blacklist = blacklist, .forced = &forced};
	int r = br_forced_modules(i, NULL, &forced);

	return r < 0 ? r : br_driver_look(t, &ask, ret);
}

static void show_text(FILE *out, const char *s)
{
	br_autostr struct br_str b = {0};

	br_str_add_shown(&b, s, strlen(s));
	fputs(b.s ? b.s : "", out);
}

static void show_line(FILE *out, const char *head, const char *s)
{
	fprintf(out, "%-10s ", head);
	show_text(out, s);
	putc('\n', out);
}

static void show_segments(const struct br_initramfs *i, FILE *out)
{
	fputs("segment  compression       offset         size     unpacked  entries\n", out);
	for (size_t s = 0; s < i->n_segments; s++) {
		const struct br_segment *g = &i->segments[s];

		fprintf(out, "%7zu  %-11s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %8u\n", s + 1, g->compression,
		        g->offset, g->size, g->unpacked, g->entries);
	}
}

static void show_maker(const struct br_initramfs *i, FILE *out)
{
	br_autofree char *both = i->made_by && i->made_with ? br_format("%s %s", i->made_by, i->made_with) : NULL;

	show_line(out, "made by", both ? both : i->made_by ? i->made_by : "unknown");
}

static int show_drivers(const struct br_initramfs *i, const char *release, const struct br_strv *blacklist,
                        FILE *out)
{
	struct br_modtree *t = NULL;
	br_autofree char *why = NULL;
	int r = br_modtree_initramfs(i, release, &t, &why);

	show_line(out, "kernel", release);
	for (size_t k = 0; !r && k < br_n_known_drivers; k++) {
		br_autodriver struct br_driver d = {0};

		r = look(i, t, &br_known_drivers[k], blacklist, &d);
		if (r < 0)
			break;
		fprintf(out, "  %-14s %s%s", br_known_drivers[k].name, br_driver_state_name(d.state),
		        d.what ? ": " : "");
		show_text(out, d.what ? d.what : "");
		putc('\n', out);
	}
	br_modtree_free(t);
	return r == -ENOENT ? 0 : r;
}

static int show_table(const struct br_initramfs *i, const struct br_strv *blacklist, bool files, FILE *out)
{
	int r = 0;

	show_segments(i, out);
	show_maker(i, out);
	if (i->inner.type)
		fprintf(out, "%-10s %s (%s), %" PRIu64 " bytes, %u entries\n", "inside", i->inner.type,
		        i->inner.compression, i->inner.size, i->inner.entries);
	fprintf(out, "%-10s %zu\n", "files", i->names.n);
	if (i->squash)
		show_line(out, "hides", i->squash);
	if (i->squash_why)
		show_line(out, "", i->squash_why);
	if (i->defect)
		show_line(out, "broken", i->defect);
	if (i->unread)
		show_line(out, "not read", i->unread);
	if (i->orphan)
		fprintf(out, "%-10s %zu entries whose folder is not there\n", "lost", i->orphans);
	for (size_t k = 0; !r && k < i->releases.n; k++)
		r = show_drivers(i, i->releases.v[k], blacklist, out);
	for (size_t n = 0; files && n < i->names.n; n++) {
		show_text(out, i->names.v[n]);
		putc('\n', out);
	}
	return r;
}

static bool put_text(cJSON *j, const char *key, const char *s)
{
	br_autostr struct br_str b = {0};

	br_str_add_shown(&b, s ? s : "", s ? strlen(s) : 0);
	return s ? cJSON_AddStringToObject(j, key, b.s ? b.s : "") : cJSON_AddNullToObject(j, key);
}

static bool put_number(cJSON *j, const char *key, uint64_t n)
{
	return cJSON_AddNumberToObject(j, key, (double)n);
}

/* A new object at the end of an array; NULL when memory ran out. */
static cJSON *add_object(cJSON *array)
{
	cJSON *j = cJSON_CreateObject();

	if (j && cJSON_AddItemToArray(array, j))
		return j;
	cJSON_Delete(j);
	return NULL;
}

static bool put_segments(cJSON *j, const struct br_initramfs *i)
{
	cJSON *array = cJSON_AddArrayToObject(j, "segments");
	bool ok = array;

	for (size_t s = 0; ok && s < i->n_segments; s++) {
		const struct br_segment *g = &i->segments[s];
		cJSON *o = add_object(array);

		ok = o && put_text(o, "compression", g->compression) && put_number(o, "offset", g->offset) &&
		     put_number(o, "size", g->size) && put_number(o, "unpacked", g->unpacked) &&
		     put_number(o, "entries", g->entries);
	}
	return ok;
}

static bool put_inner(cJSON *j, const struct br_innerfs *f)
{
	cJSON *o = f->type ? cJSON_AddObjectToObject(j, "inside") : NULL;

	if (!f->type)
		return cJSON_AddNullToObject(j, "inside");
	return o && put_text(o, "type", f->type) && put_text(o, "compression", f->compression) &&
	       put_number(o, "size", f->size) && put_number(o, "entries", f->entries);
}

static int put_drivers(cJSON *array, const struct br_initramfs *i, const struct br_modtree *t,
                       const struct br_strv *blacklist)
{
	for (size_t k = 0; k < br_n_known_drivers; k++) {
		br_autodriver struct br_driver d = {0};
		int r = look(i, t, &br_known_drivers[k], blacklist, &d);
		cJSON *o = r < 0 ? NULL : add_object(array);

		if (!o || !put_text(o, "name", br_known_drivers[k].name) ||
		    !put_text(o, "state", br_driver_state_name(d.state)) || !put_text(o, "about", d.what))
			return r < 0 ? r : -ENOMEM;
	}
	return 0;
}

static int put_kernels(cJSON *j, const struct br_initramfs *i, const struct br_strv *blacklist)
{
	cJSON *array = cJSON_AddArrayToObject(j, "kernels");
	int r = array ? 0 : -ENOMEM;

	for (size_t k = 0; !r && k < i->releases.n; k++) {
		struct br_modtree *t = NULL;
		br_autofree char *why = NULL;
		cJSON *o = add_object(array), *drivers = o ? cJSON_AddArrayToObject(o, "drivers") : NULL;

		if (!drivers || !put_text(o, "release", i->releases.v[k]))
			return -ENOMEM;
		r = br_modtree_initramfs(i, i->releases.v[k], &t, &why);
		if (!r)
			r = put_drivers(drivers, i, t, blacklist);
		br_modtree_free(t);
		if (r == -ENOENT)
			r = 0;
	}
	return r;
}

static bool put_files(cJSON *j, const struct br_initramfs *i)
{
	cJSON *array = cJSON_AddArrayToObject(j, "files");
	bool ok = array;

	for (size_t n = 0; ok && n < i->names.n; n++) {
		br_autostr struct br_str b = {0};
		cJSON *s;

		br_str_add_shown(&b, i->names.v[n], strlen(i->names.v[n]));
		s = cJSON_CreateString(b.s ? b.s : "");
		ok = s && cJSON_AddItemToArray(array, s);
	}
	return ok;
}

static int show_json(const struct br_initramfs *i, const struct br_strv *blacklist, bool files, FILE *out)
{
	cJSON *j = cJSON_CreateObject();
	char *text = NULL;
	int r = j && put_text(j, "schema", "bootready-initramfs/1") && put_text(j, "sha256", i->n_parts ? i->parts[0].sha256 : "") &&
	                        put_segments(j, i) && put_text(j, "made_by", i->made_by) &&
	                        put_text(j, "made_with", i->made_with) && put_inner(j, &i->inner) &&
	                        put_text(j, "hides", i->squash) && put_text(j, "hides_why", i->squash_why) && put_text(j, "broken", i->defect) &&
	                        put_text(j, "not_read", i->unread) && put_number(j, "entries", i->names.n) &&
	                        put_number(j, "lost", i->orphans) ?
	                0 :
	                -ENOMEM;

	if (!r)
		r = put_kernels(j, i, blacklist);
	if (!r && files && !put_files(j, i))
		r = -ENOMEM;
	if (!r && !(text = cJSON_Print(j)))
		r = -ENOMEM;
	if (!r)
		fprintf(out, "%s\n", text);
	free(text);
	cJSON_Delete(j);
	return r;
}

int br_initramfs_show(const struct br_initramfs *i, bool files, bool json, FILE *out)
{
	br_autostrv struct br_strv blacklist = {0};
	int r = br_initramfs_blacklist(i, &blacklist);

	if (!r)
		r = json ? show_json(i, &blacklist, files, out) : show_table(i, &blacklist, files, out);
	return r < 0 ? r : br_stream_error(out);
}
