/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* search, its short forms, probe. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "image/grub-internal.h"

/* Whether the device of a hint is what is searched for: two file systems may carry one UUID. */
static bool hint_fits(struct grub_run *r, enum br_grub_by by, const char *value, int dev)
{
	br_autofree char *uuid = NULL;

	if (!br_gs_charge(r, GRUB_IO_STEPS))
		return false;
	if (by == BR_GRUB_BY_UUID)
		return r->io->uuid(r->io->ctx, dev, &uuid) == 0 && uuid &&
		       strcasecmp(uuid, value) == 0;
	if (by == BR_GRUB_BY_FILE)
		return r->io->test(r->io->ctx, dev, value, BR_GRUB_FILE) > 0;
	return false;
}

static int find(struct grub_run *r, enum br_grub_by by, const char *value,
		const struct br_strv *hints)
{
	int dev = -1, err;

	for (size_t i = 0; hints && i < hints->n; i++) {
		dev = br_gs_device(r, hints->v[i]);
		if (dev >= 0 && hint_fits(r, by, value, dev))
			return dev;
	}
	if (!br_gs_charge(r, GRUB_IO_STEPS))
		return -ENODATA;
	err = r->io->search(r->io->ctx, by, value, &dev);
	if (err == -ENOMEM)
		br_gs_oom(r);
	return err < 0 ? err : dev;
}

static void note_none(struct grub_run *r, const char *value)
{
	const char *root = br_gs_get(r, "root");
	int dev = root ? br_gs_device(r, root) : -1;
	size_t before = r->out->n_notes;

	br_gs_note(r, BR_MENU_SEARCH_NONE, value);
	if (r->out->n_notes > before && dev >= 0) {
		r->out->notes[before].root_kept = true;
		r->out->notes[before].root_dev = dev;
	}
}

/* var NULL: GRUB only prints what it finds. */
static int search(struct grub_run *r, enum br_grub_by by, const char *value, const char *var,
		  const struct br_strv *hints)
{
	br_autofree char *name = NULL;
	int dev = find(r, by, value, hints), err;

	if (dev == -ENOENT) {
		/* `if search --file x` asks; a search whose answer nobody looks at expects to find.
		 */
		if (var && !r->n_cond)
			note_none(r, value);
		return GRUB_ERROR;
	}
	if (dev < 0) {
		br_gs_note(r, BR_MENU_SEARCH_UNKNOWN, value);
		/* Found or not is open: what lies on it must not be taken from where $root was
		 * before. */
		if (var)
			br_gs_set(r, var, GRUB_UNKNOWN_DEVICE);
		return GRUB_OK;
	}
	if (!var)
		return GRUB_OK;
	err = r->io->device_name(r->io->ctx, dev, &name);
	if (err < 0 || !name) {
		if (err == -ENOMEM)
			br_gs_oom(r);
		br_gs_set(r, var, GRUB_UNKNOWN_DEVICE);
		br_gs_note(r, BR_MENU_SEARCH_UNKNOWN, value);
		return GRUB_OK;
	}
	br_gs_set(r, var, name);
	return GRUB_OK;
}

int br_gs_cmd_search_short(struct grub_run *r, size_t n, char **v)
{
	struct br_strv hints = {.v = v + 3, .n = n > 3 ? n - 3 : 0};
	enum br_grub_by by = BR_GRUB_BY_UUID;

	if (n < 2)
		return GRUB_ERROR;
	if (strcmp(v[0], "search.file") == 0)
		by = BR_GRUB_BY_FILE;
	else if (strcmp(v[0], "search.fs_label") == 0)
		by = BR_GRUB_BY_LABEL;
	return search(r, by, v[1], n > 2 ? v[2] : NULL, &hints);
}

enum { S_FILE, S_LABEL, S_UUID, S_SET, S_HINT, S_HINT_BIOS, S_HINT_EFI, S_HINT_METAL, S_REST };

static const struct grub_opt search_opts[] = {
    [S_FILE] = {"file", 'f', OPT_FLAG},        [S_LABEL] = {"label", 'l', OPT_FLAG},
    [S_UUID] = {"fs-uuid", 'u', OPT_FLAG},     [S_SET] = {"set", 's', OPT_MAYBE},
    [S_HINT] = {"hint", 'h', OPT_VALUE},       [S_HINT_BIOS] = {"hint-bios", 0, OPT_VALUE},
    [S_HINT_EFI] = {"hint-efi", 0, OPT_VALUE}, [S_HINT_METAL] = {"hint-baremetal", 0, OPT_VALUE},
    [S_REST] = {"no-floppy", 'n', OPT_FLAG},   {"efidisk-only", 0, OPT_FLAG},
    {"cryptodisk-only", 0, OPT_FLAG},          {"root-dev-only", 'r', OPT_FLAG},
    {"hint-ieee1275", 0, OPT_VALUE},           {"hint-arc", 0, OPT_VALUE},
};
#define N_SEARCH_OPTS BR_ARRAY_SIZE(search_opts)

static void add_hints(struct br_strv *all, const struct br_strv *some)
{
	for (size_t i = 0; i < some->n; i++)
		br_strv_add(all, some->v[i]);
}

static int run_search(struct grub_run *r, struct grub_opt_value *val, char **rest, size_t n_rest)
{
	br_autostrv struct br_strv hints = {0};
	const char *var = NULL, *value;
	enum br_grub_by by;
	size_t i = 0;

	add_hints(&hints, &val[S_HINT].all);
	add_hints(&hints,
		  &val[strcmp(r->start->platform, "efi") == 0 ? S_HINT_EFI : S_HINT_BIOS].all);
	add_hints(&hints, &val[S_HINT_METAL].all);
	if (hints.oom) {
		br_gs_oom(r);
		return GRUB_ERROR;
	}
	/* Hints of platforms to come. */
	while (i < n_rest && br_starts(rest[i], "--hint-"))
		i++;
	if (val[S_SET].set)
		var = val[S_SET].arg ? val[S_SET].arg : "root";
	if (i < n_rest) {
		value = rest[i];
	} else if (val[S_SET].arg) {
		/* "search --fs-uuid --set UUID" */
		value = val[S_SET].arg;
		var = "root";
	} else {
		return GRUB_ERROR;
	}
	if (val[S_LABEL].set)
		by = BR_GRUB_BY_LABEL;
	else if (val[S_UUID].set)
		by = BR_GRUB_BY_UUID;
	else if (val[S_FILE].set)
		by = BR_GRUB_BY_FILE;
	else
		return GRUB_ERROR;
	return search(r, by, value, var, &hints);
}

int br_gs_cmd_search(struct grub_run *r, size_t n, char **v)
{
	struct grub_opt_value val[N_SEARCH_OPTS] = {0};
	br_autofree char **rest = calloc(n, sizeof(*rest));
	size_t n_rest;
	int ret = GRUB_ERROR;

	if (!rest)
		br_gs_oom(r);
	else if (br_gs_options(search_opts, N_SEARCH_OPTS, true, n, v, val, rest, &n_rest))
		ret = run_search(r, val, rest, n_rest);
	br_gs_options_free(val, N_SEARCH_OPTS);
	return ret;
}

enum { P_SET, P_UUID, P_REST };

static const struct grub_opt probe_opts[] = {
    [P_SET] = {"set", 's', OPT_VALUE},
    [P_UUID] = {"fs-uuid", 'u', OPT_FLAG},
    [P_REST] = {"driver", 'd', OPT_FLAG},
    {"partmap", 'p', OPT_FLAG},
    {"fs", 'f', OPT_FLAG},
    {"label", 'l', OPT_FLAG},
    {"part-uuid", 0, OPT_FLAG},
};
#define N_PROBE_OPTS BR_ARRAY_SIZE(probe_opts)

static int probe_uuid(struct grub_run *r, char *name, const char *var)
{
	br_autofree char *uuid = NULL;
	size_t len = strlen(name);
	int dev;

	if (len > 1 && name[0] == '(' && name[len - 1] == ')') {
		name[len - 1] = '\0';
		name++;
	}
	dev = br_gs_device(r, name);
	if (dev == -ENOENT || !br_gs_charge(r, GRUB_IO_STEPS))
		return GRUB_ERROR;
	if (dev < 0 || r->io->uuid(r->io->ctx, dev, &uuid) < 0 || !uuid) {
		br_gs_note(r, BR_MENU_UNSUPPORTED, "probe");
		return GRUB_ERROR;
	}
	if (var)
		br_gs_set(r, var, uuid);
	return GRUB_OK;
}

int br_gs_cmd_probe(struct grub_run *r, size_t n, char **v)
{
	struct grub_opt_value val[N_PROBE_OPTS] = {0};
	br_autofree char **rest = calloc(n, sizeof(*rest));
	size_t n_rest;
	int ret = GRUB_ERROR;

	if (!rest) {
		br_gs_oom(r);
	} else if (br_gs_options(probe_opts, N_PROBE_OPTS, false, n, v, val, rest, &n_rest) &&
		   n_rest) {
		if (val[P_UUID].set)
			ret = probe_uuid(r, rest[0], val[P_SET].arg);
		else
			br_gs_note(r, BR_MENU_UNSUPPORTED, "probe");
	}
	br_gs_options_free(val, N_PROBE_OPTS);
	return ret;
}
