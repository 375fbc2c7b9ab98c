/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of a unit: its file, and the drop-ins that are laid over it. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/units-internal.h"

/* -EBADMSG: not readable as a unit. */
static int read_file(struct br_unit_scan *scan, const char *path, bool dependencies, struct br_unit_file *f)
{
	br_autoblob struct br_blob blob = {0};
	int r = br_root_read(scan->root, path, BR_UNIT_FILE_MAX, &blob);

	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	scan->bytes += blob.len;
	if (scan->bytes > BR_UNIT_BYTES_MAX) {
		free(scan->why);
		scan->why = br_format("units: more text than is read");
		return -EFBIG;
	}
	return br_unit_file_parse(path, blob.data, blob.len, dependencies, f);
}

/* Names of drop-ins of the folders NAME.d, each but once: the first folder's counts. */
static int list_dropins(const struct br_unit_scan *scan, const char *name, struct br_strv *names, struct br_strv *paths)
{
	br_autofree char *folder = br_format("/%s.d", name);

	if (!folder)
		return -ENOMEM;
	for (size_t i = 0; i < scan->dropins.n; i++) {
		br_autostrv struct br_strv files = {0};

		if (!br_ends(scan->dropins.v[i], folder) || br_root_list(scan->root, scan->dropins.v[i], &files) < 0)
			continue;
		for (size_t j = 0; j < files.n; j++) {
			br_autofree char *key = NULL;

			if (!br_ends(files.v[j], ".conf") || br_strv_has(names, files.v[j]))
				continue;
			br_strv_add(names, files.v[j]);
			/* Sorted by the name alone; a NUL cannot be in a path, a line feed hardly. */
			key = br_format("%s\n%s/%s", files.v[j], scan->dropins.v[i], files.v[j]);
			if (!key)
				return -ENOMEM;
			br_strv_add(paths, key);
		}
	}
	return names->oom || paths->oom ? -ENOMEM : 0;
}

static int read_dropins(struct br_unit_scan *scan, struct br_strv *keys, bool dependencies, struct br_unit_file *f)
{
	br_strv_sort(keys);
	for (size_t i = 0; i < keys->n; i++) {
		struct stat st;
		const char *path = strchr(keys->v[i], '\n') + 1;
		int r;

		/* A link to /dev/null, or an empty file, takes it away. */
		if (br_root_stat(scan->root, path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			continue;
		r = read_file(scan, path, dependencies, f);
		if (r < 0 && (r != -EBADMSG || !dependencies))
			return r;
	}
	return 0;
}

/* Those of the unit and its template; then the ones that apply to many, whose [Install] systemctl does not read. */
static int dropins(struct br_unit_scan *scan, const char *name, struct br_unit_file *f)
{
	br_autostrv struct br_strv names = {0}, own = {0}, wide = {0};
	br_autofree char *tmpl = br_unit_template(name);
	const char *dot = br_unit_suffix(name);
	int r = list_dropins(scan, name, &names, &own);

	if (r == 0 && tmpl)
		r = list_dropins(scan, tmpl, &names, &own);
	for (const char *dash = dot; r == 0 && dash > name; dash--) {
		br_autofree char *prefix = NULL;

		if (*dash != '-')
			continue;
		prefix = br_format("%.*s%s", (int)(dash + 1 - name), name, dot);
		r = prefix ? list_dropins(scan, prefix, &names, &wide) : -ENOMEM;
	}
	if (r == 0)
		r = list_dropins(scan, dot + 1, &names, &wide);
	if (r == 0)
		r = read_dropins(scan, &own, false, f);
	return r == 0 ? read_dropins(scan, &wide, true, f) : r;
}

int br_scan_text(struct br_unit_scan *scan, const char *name, const char *path, struct br_unit_file *f)
{
	int r = read_file(scan, path, false, f);

	return r == 0 ? dropins(scan, name, f) : r;
}
