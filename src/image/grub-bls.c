/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * blscfg: menu entries from /loader/entries.
 *
 * There are two: the one that Fedora and others patch into GRUB (module blscfg), and GRUB's own since 2.14 (module blsuki), which
 * takes options, looks on $root alone, and knows no /boot/loader/entries.
 */
#include <errno.h>
#include <string.h>

#include "image/bls.h"
#include "image/grub-internal.h"

#define BLS_FOLDER "/loader/entries/"

/* Puts b where it belongs, newest first; GRUB drops what compares equal to one that it has. */
static void insert(struct grub_run *r, struct br_bls *b)
{
	size_t at = 0;

	while (at < r->n_bls) {
		int c = br_bls_cmp(b->id, r->bls[at]->id);

		if (!c) {
			br_bls_free(b);
			free(b);
			return;
		}
		if (c > 0)
			break;
		at++;
	}
	if (r->n_bls >= BR_BLS_ENTRIES_MAX ||
	    br_grow(&r->bls, &r->cap_bls, r->n_bls, sizeof(void *)) < 0) {
		br_gs_note(r, BR_MENU_LIMIT, "boot loader entries");
		br_bls_free(b);
		free(b);
		return;
	}
	memmove(r->bls + at + 1, r->bls + at, (r->n_bls - at) * sizeof(void *));
	r->bls[at] = b;
	r->n_bls++;
}

static void load(struct grub_run *r, int dev, const char *folder, const char *name)
{
	br_autofree char *path = br_format("%s%s%s", folder, br_ends(folder, "/") ? "" : "/", name);
	br_autofree char *text = NULL;
	struct br_bls *b;
	size_t len;
	int err;

	if (!path) {
		br_gs_oom(r);
		return;
	}
	if (!br_gs_charge(r, GRUB_IO_STEPS))
		return;
	err = r->io->read(r->io->ctx, dev, path, &text, &len);
	if (err == -ENOENT)
		return;
	if (err < 0) {
		br_gs_note(r, BR_MENU_UNSUPPORTED, path);
		return;
	}
	br_gs_read_file(r, dev, path);
	if (!br_gs_charge(r, len / GRUB_BYTES_PER_STEP))
		return;
	b = calloc(1, sizeof(*b));
	if (!b || br_bls_parse(text, len, b) < 0) {
		free(b);
		br_gs_oom(r);
		return;
	}
	b->id = strndup(name, strlen(name) - strlen(".conf"));
	b->path = BR_TAKE(path);
	b->dev = dev;
	if (!b->id)
		br_gs_oom(r);
	if (b->id) {
		insert(r, b);
	} else {
		br_bls_free(b);
		free(b);
	}
}

static int load_folder(struct grub_run *r, int dev, const char *folder)
{
	br_autostrv struct br_strv names = {0};
	int err;

	if (!br_gs_charge(r, GRUB_IO_STEPS))
		return -ENODATA;
	err = r->io->list(r->io->ctx, dev, folder, &names);
	if (err == -ENOMEM)
		br_gs_oom(r);
	if (err < 0)
		return err;
	for (size_t i = 0; i < names.n && r->halt == RUN_ON; i++) {
		const char *name = names.v[i];

		if (name[0] != '.' && strlen(name) > 5 && br_ends(name, ".conf"))
			load(r, dev, folder, name);
	}
	return 0;
}

/* GRUB's own module is there, and the patched one's is not. Where none lie, it is the patched one, built in. */
static bool is_grubs_own(struct grub_run *r)
{
	const char *prefix = br_gs_get(r, "prefix"), *cpu = br_gs_get(r, "grub_cpu"), *platform = br_gs_get(r, "grub_platform");
	br_autofree char *place = prefix && cpu && platform ? br_format("%s/%s-%s", prefix, cpu, platform) : NULL;
	br_autostrv struct br_strv names = {0};
	const char *folder;
	int dev;

	if (!place || !br_gs_charge(r, GRUB_IO_STEPS))
		return false;
	dev = br_gs_place(r, place, &folder);
	if (dev < 0 || r->io->list(r->io->ctx, dev, folder, &names) < 0)
		return false;
	return br_strv_has(&names, "blsuki.mod") && !br_strv_has(&names, "blscfg.mod");
}

/* true: folder names one file, which is loaded. */
static bool load_file(struct grub_run *r, int dev, const char *folder)
{
	const char *slash = strrchr(folder, '/');
	br_autofree char *dir = NULL;

	if (dev < 0 || !slash || !br_ends(folder, ".conf"))
		return false;
	dir = strndup(folder, (size_t)(slash + 1 - folder));
	if (dir)
		load(r, dev, dir, slash + 1);
	else
		br_gs_oom(r);
	return true;
}

static void note_unloaded(struct grub_run *r, int err, const char *folder)
{
	if (err == -ENOENT) {
		br_gs_note(r, BR_MENU_NO_CONFIG, folder);
	} else if (err < 0) {
		br_gs_note(r, BR_MENU_UNSUPPORTED, folder);
		r->out->undetermined |= r->in_default;
	}
}

/* where: NULL, "(dev)/folder" or "(dev)/file.conf". */
static int load_all(struct grub_run *r, const char *where)
{
	const char *folder = br_gs_get(r, "blsdir"), *root = NULL;
	int dev, err;

	/* GRUB for BIOS looks on $boot first, GRUB for EFI on $root alone. */
	if (strcmp(r->start->platform, "efi") != 0)
		root = br_gs_get(r, "boot");
	if (!root || !*root)
		root = br_gs_get(r, "root");

	if (where) {
		dev = br_gs_place(r, where, &folder);
		if (load_file(r, dev, folder))
			return GRUB_OK;
	} else {
		dev = root ? br_gs_device(r, root) : -ENOENT;
		if (!folder)
			folder = BLS_FOLDER;
	}
	err = dev < 0 ? dev : load_folder(r, dev, folder);
	if (err == -ENOENT && dev >= 0 && !where)
		err = load_folder(r, dev, "/boot" BLS_FOLDER);
	note_unloaded(r, err, folder);
	return dev < 0 ? GRUB_ERROR : GRUB_OK;
}

static const char *get(void *ctx, const char *name)
{
	return br_gs_get(ctx, name);
}

static char *expand(struct grub_run *r, const char *value)
{
	char *ret = NULL;

	if (value && br_bls_expand(value, get, r, &ret) < 0)
		br_gs_oom(r);
	return ret;
}

/* " ($root)FILE" for every early initrd, beside the others, and for every initrd line, which may
 * hold more. */
static void add_initrds(struct grub_run *r, const struct br_bls *b, struct br_str *src)
{
	const char *early = br_gs_get(r, "early_initrd"), *initrd = br_bls_get(b, "initrd");
	const char *beside = initrd ? initrd : br_bls_get(b, "linux"),
		   *slash = strrchr(beside, '/');
	br_autostrv struct br_strv names = {0};
	size_t at = 0;

	if (!early && !initrd)
		return;
	br_str_puts(src, "initrd");
	if (early)
		br_strv_split(&names, early, " ");
	for (size_t i = 0; i < names.n; i++) {
		br_str_puts(src, " ($root)");
		if (slash)
			br_str_add(src, beside, (size_t)(slash + 1 - beside));
		br_str_puts(src, names.v[i]);
	}
	while ((initrd = br_bls_next(b, "initrd", &at)))
		br_str_printf(src, " ($root)%s", initrd);
	br_str_puts(src, "\n");
	if (names.oom)
		src->oom = true;
}

/* The block of the menu entry that GRUB makes of b. */
static char *make_block(struct grub_run *r, const struct br_bls *b)
{
	br_autofree char *options = expand(r, br_bls_get(b, "options"));
	const char *save = br_gs_get(r, "save_default");
	struct br_str src = {0};

	if (!options)
		options = expand(r, br_gs_get(r, "default_kernelopts"));
	if (save && strcmp(save, "true") == 0)
		br_str_puts(&src, "savedefault\n");
	br_str_printf(&src, "load_video\nset gfxpayload=keep\ninsmod gzio\nlinux ($root)%s%s%s\n",
		      br_bls_get(b, "linux"), options ? " " : "", options ? options : "");
	add_initrds(r, b, &src);
	return br_str_take(&src);
}

static bool fill(struct grub_run *r, struct grub_item *it, const struct br_bls *b)
{
	const char *title = br_bls_get(b, "title"), *options = br_bls_get(b, "options"), *arg;
	const char *kernelopts = br_gs_get(r, "kernelopts");
	size_t at = 0;

	if (!title)
		title = br_bls_get(b, "linux");
	it->is_bls = true;
	it->bls_wants_kernelopts =
	    options && strstr(options, "$kernelopts") && (!kernelopts || !*kernelopts);
	it->e.title = strdup(title);
	it->e.id = strdup(b->id);
	it->e.source = strdup(b->path);
	it->e.source_dev = b->dev;
	it->e.users = expand(r, br_bls_get(b, "grub_users"));
	it->restricted = it->e.users != NULL;
	it->e.unrestricted = !it->restricted;
	it->text = make_block(r, b);
	if (!it->e.title || !it->e.id || !it->e.source || !it->text) {
		br_gs_oom(r);
		return false;
	}
	it->len = strlen(it->text);
	if (!br_gs_args_add(r, &it->args, title, strlen(title)))
		return false;
	while ((arg = br_bls_next(b, "grub_arg", &at)))
		if (!br_gs_args_add(r, &it->args, arg, strlen(arg)))
			return false;
	return true;
}

static bool is_default(struct grub_run *r, const struct br_bls *b, size_t index)
{
	const char *wanted = br_gs_get(r, "default"), *title = br_bls_get(b, "title");
	unsigned long n;
	bool ok;

	if (!wanted)
		return false;
	if (strcmp(wanted, b->id) == 0 || (title && strcmp(wanted, title) == 0))
		return true;
	n = br_gs_number(wanted, NULL, &ok);
	return ok && n == index;
}

static bool in_menu(const struct grub_menu *m, const struct br_bls *b)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i]->is_bls && strcmp(m->v[i]->e.id, b->id) == 0)
			return true;
	return false;
}

static bool add_entry(struct grub_run *r, const struct br_bls *b)
{
	struct grub_item *it = br_gs_menu_add(r, r->menu);

	return it && fill(r, it, b);
}

enum { OWN_PATH, OWN_FALLBACK, OWN_DEFAULT, OWN_OTHERS, OWN_ENTRY, N_OWN_OPTS };
static const struct grub_opt own_opts[] = {
    [OWN_PATH] = {"path", 'p', OPT_VALUE},
    [OWN_FALLBACK] = {"enable-fallback", 'f', OPT_FLAG},
    [OWN_DEFAULT] = {"show-default", 'd', OPT_FLAG},
    [OWN_OTHERS] = {"show-non-default", 'n', OPT_FLAG},
    [OWN_ENTRY] = {"entry", 'e', OPT_VALUE},
};

static void load_place(struct grub_run *r, const char *place)
{
	const char *folder;
	int dev = br_gs_place(r, place, &folder);

	if (!load_file(r, dev, folder))
		note_unloaded(r, dev < 0 ? dev : load_folder(r, dev, folder), folder);
}

/* The entry that is asked for by its file's name. */
static bool is_file(const struct br_bls *b, const char *name)
{
	size_t n = strlen(b->id);

	return name && strncmp(name, b->id, n) == 0 && strcmp(name + n, ".conf") == 0;
}

static int grubs_own(struct grub_run *r, const struct grub_opt_value *val)
{
	const char *path = val[OWN_PATH].arg;
	bool all = !val[OWN_DEFAULT].set && !val[OWN_OTHERS].set && !val[OWN_ENTRY].set;

	load_place(r, path ? path : BLS_FOLDER);
	if (path && val[OWN_FALLBACK].set && r->n_bls == 0)
		load_place(r, BLS_FOLDER);
	for (size_t i = 0; i < r->n_bls && r->halt == RUN_ON; i++) {
		const struct br_bls *b = r->bls[i];

		if (!br_bls_get(b, "linux") || in_menu(r->menu, b))
			continue;
		if (!all && !val[is_default(r, b, i) ? OWN_DEFAULT : OWN_OTHERS].set && !is_file(b, val[OWN_ENTRY].arg))
			continue;
		if (!add_entry(r, b))
			return GRUB_ERROR;
	}
	return GRUB_OK;
}

static int run_grubs_own(struct grub_run *r, size_t n, char **v)
{
	struct grub_opt_value val[N_OWN_OPTS] = {0};
	br_autofree char **rest = calloc(n, sizeof(*rest));
	size_t n_rest;
	int ret = GRUB_ERROR;

	if (!rest)
		br_gs_oom(r);
	else if (br_gs_options(own_opts, N_OWN_OPTS, false, n, v, val, rest, &n_rest))
		ret = grubs_own(r, val);
	br_gs_options_free(val, N_OWN_OPTS);
	return ret;
}

int br_gs_cmd_blscfg(struct grub_run *r, size_t n, char **v)
{
	const char *which = n == 2 ? v[1] : NULL, *where = which && *which == '(' ? which : NULL;
	int ret;

	if (is_grubs_own(r))
		return run_grubs_own(r, n, v);
	r->fedora = true;
	ret = load_all(r, where);
	if (ret != GRUB_OK)
		return ret;
	if (where)
		which = NULL;
	for (size_t i = 0; i < r->n_bls && r->halt == RUN_ON; i++) {
		const struct br_bls *b = r->bls[i];

		if (!br_bls_get(b, "linux") || in_menu(r->menu, b))
			continue;
		if (which && strcmp(which, "default") == 0) {
			if (!is_default(r, b, i))
				continue;
		} else if (which && strcmp(which, "non-default") == 0) {
			if (is_default(r, b, i))
				continue;
		} else if (which && strcmp(which, b->id) != 0) {
			continue;
		}
		if (!add_entry(r, b))
			return GRUB_ERROR;
	}
	return GRUB_OK;
}
