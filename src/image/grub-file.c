/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that read other files: source, configfile, normal, extract_entries_*, load_env. */
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"
#include "image/grubenv.h"

static void set_config_vars(struct grub_run *r, const char *spec)
{
	const char *root = br_gs_get(r, "root");
	br_autofree char *full = NULL, *folder = NULL;
	char *slash;

	full = *spec == '(' ? strdup(spec) : br_format("(%s)%s", root ? root : "", spec);
	folder = full ? strdup(full) : NULL;
	if (!folder) {
		br_gs_oom(r);
		return;
	}
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	br_gs_set(r, "config_file", full);
	br_gs_set(r, "config_directory", folder);
	br_gs_export(r, "config_file");
	br_gs_export(r, "config_directory");
}

static void restore(struct grub_run *r, const char *name, const char *value)
{
	if (value)
		br_gs_set(r, name, value);
	else
		br_gs_unset(r, name);
}

void br_gs_run_config(struct grub_run *r, const char *spec, int dev, const char *path,
		      const char *text, size_t len)
{
	const char *file = br_gs_get(r, "config_file"), *folder = br_gs_get(r, "config_directory");
	br_autofree char *old_file = file ? strdup(file) : NULL,
			 *old_folder = folder ? strdup(folder) : NULL;
	struct grub_src src = {.text = text, .len = len, .first = 1, .is_file = true};

	if ((file && !old_file) || (folder && !old_folder)) {
		br_gs_oom(r);
		return;
	}
	set_config_vars(r, spec);
	br_gs_run_text(r, &src, path, dev);
	restore(r, "config_file", old_file);
	restore(r, "config_directory", old_folder);
}

/* must: nothing good comes where it is missing. */
static bool read_config(struct grub_run *r, const char *spec, bool must)
{
	br_autofree char *text = NULL;
	const char *path;
	size_t len;
	int dev, err;

	err = br_gs_read(r, spec, &text, &len, &dev, &path);
	if (err == 0) {
		br_gs_run_config(r, spec, dev, path, text, len);
		return true;
	}
	if (err == -ENOENT || err == -ENOTDIR) {
		if (must)
			br_gs_note(r, BR_MENU_NO_CONFIG, spec);
		return false;
	}
	br_gs_note(r, BR_MENU_UNSUPPORTED, spec);
	if (r->in_default)
		r->out->undetermined = true;
	return false;
}

/* GRUB shows m and does not come back: what it boots is the answer. */
void br_gs_end_in_menu(struct grub_run *r, struct grub_menu *m)
{
	m->kept = true;
	if (r->item)
		r->item->sub = m;
	else
		r->shown = m;
	br_gs_show_menu(r, m, false);
	if (r->halt == RUN_ON)
		r->halt = HALT_SHOWN;
}

/* The menu of another configuration is looked into only where the boot goes there. */
static bool pass_by(struct grub_run *r)
{
	if (r->in_default)
		return false;
	br_gs_loader_free(&r->loader);
	r->loader.loaded = r->loader.other = true;
	r->halt = HALT_BOOT;
	return true;
}

static int configfile(struct grub_run *r, const char *spec)
{
	struct grub_menu *outer = r->menu, *m;
	unsigned n_cond = r->n_cond;

	if (pass_by(r))
		return GRUB_OK;
	m = br_gs_menu_new(r);
	br_gs_push(r, false);
	if (!m || r->halt != RUN_ON) {
		br_gs_menu_free(m);
		return GRUB_ERROR;
	}
	r->menu = m;
	r->n_cond = 0;
	read_config(r, spec, true);
	if (r->halt == RUN_ON && m->n)
		br_gs_end_in_menu(r, m);
	br_gs_pop(r);
	r->n_cond = n_cond;
	r->menu = outer;
	if (!m->kept)
		br_gs_menu_free(m);
	return GRUB_OK;
}

int br_gs_cmd_source(struct grub_run *r, size_t n, char **v)
{
	if (n != 2)
		return GRUB_ERROR;
	if (strcmp(v[0], "configfile") == 0)
		return configfile(r, v[1]);
	/* Its status is success even if there is no such file. */
	read_config(r, v[1], false);
	return GRUB_OK;
}

/* Without this module GRUB knows no `normal` and stays at its rescue prompt. */
static bool loads_normal(struct grub_run *r, const char *prefix)
{
	br_autofree char *module = NULL;

	if (!r->start->normal)
		return true;
	module = br_format("%s/%s", prefix ? prefix : "", r->start->normal);
	if (!module) {
		br_gs_oom(r);
		return false;
	}
	if (br_gs_test_path(r, module, BR_GRUB_FILE) != 0)
		return true;
	br_gs_note(r, BR_MENU_NO_MODULE, module);
	return false;
}

int br_gs_cmd_normal(struct grub_run *r, size_t n, char **v)
{
	const char *prefix = br_gs_get(r, "prefix");
	br_autofree char *own = NULL;

	if (!loads_normal(r, prefix))
		return GRUB_ERROR;
	if (n < 2) {
		own = br_format("%s/grub.cfg", prefix ? prefix : "");
		if (!own) {
			br_gs_oom(r);
			return GRUB_ERROR;
		}
	}
	if (pass_by(r))
		return GRUB_OK;
	read_config(r, n < 2 ? own : v[1], true);
	if (r->halt == RUN_ON && r->menu->n && !r->menu->kept)
		br_gs_end_in_menu(r, r->menu);
	return GRUB_OK;
}

static void move_items(struct grub_run *r, struct grub_menu *to, struct grub_menu *from)
{
	for (size_t i = 0; i < from->n; i++) {
		if (br_grow(&to->v, &to->cap, to->n, sizeof(void *)) < 0) {
			/* What is not moved goes with from. */
			memmove(from->v, from->v + i, (from->n - i) * sizeof(void *));
			from->n -= i;
			br_gs_oom(r);
			return;
		}
		to->v[to->n++] = from->v[i];
	}
	from->n = 0;
}

/* extract_entries_source and _configfile: only commands that define entries are allowed to run. */
int br_gs_cmd_extract(struct grub_run *r, size_t n, char **v)
{
	bool source = br_ends(v[0], "source");
	struct grub_menu *outer = r->menu, *m;

	if (n != 2 || (!source && pass_by(r)))
		return GRUB_ERROR;
	m = br_gs_menu_new(r);
	br_gs_push(r, source);
	if (!m || r->halt != RUN_ON) {
		br_gs_menu_free(m);
		return GRUB_ERROR;
	}
	r->menu = m;
	r->extractor++;
	read_config(r, v[1], !source);
	r->extractor--;
	if (!source && r->halt == RUN_ON && m->n)
		br_gs_end_in_menu(r, m);
	br_gs_pop(r);
	r->menu = outer;
	if (source)
		move_items(r, outer, m);
	if (!m->kept)
		br_gs_menu_free(m);
	return GRUB_OK;
}

static void note_env(struct grub_run *r, const char *path, const char *why)
{
	br_autofree char *what = br_format("%s: %s", path, why);

	if (what)
		br_gs_note(r, BR_MENU_ENV_BAD, what);
	else
		br_gs_oom(r);
}

static int load_block(struct grub_run *r, const char *spec, char **only, size_t n_only)
{
	br_autogrubenv struct br_grubenv env = {0};
	br_autofree char *text = NULL;
	const char *path;
	size_t len;
	int dev, err;

	err = br_gs_read(r, spec, &text, &len, &dev, &path);
	if (err < 0) {
		if (err != -ENOENT)
			br_gs_note(r, BR_MENU_UNSUPPORTED, spec);
		return GRUB_ERROR;
	}
	err = br_grubenv_parse(text, len, &env);
	if (err == -ENOMEM)
		br_gs_oom(r);
	if (err < 0) {
		note_env(r, path, "no environment block");
		return GRUB_ERROR;
	}
	if (env.odd_size)
		note_env(r, path, "not 1024 bytes");
	if (env.cut)
		note_env(r, path, "ends within a variable");
	for (size_t i = 0; i < env.n; i++) {
		bool wanted = n_only == 0;

		for (size_t k = 0; k < n_only; k++)
			wanted |= strcmp(only[k], env.names[i]) == 0;
		/* Ubuntu's scripts set it before each boot, and the system that comes up takes it back. */
		if (r->start->booting && strcmp(env.names[i], "recordfail") == 0)
			continue;
		if (wanted)
			br_gs_set(r, env.names[i], env.values[i]);
	}
	return GRUB_OK;
}

int br_gs_cmd_load_env(struct grub_run *r, size_t n, char **v)
{
	static const struct grub_opt opts[] = {{"file", 'f', OPT_VALUE},
					       {"skip-sig", 's', OPT_FLAG}};
	struct grub_opt_value val[BR_ARRAY_SIZE(opts)] = {0};
	br_autofree char **rest = calloc(n, sizeof(*rest));
	br_autofree char *own = NULL;
	const char *prefix = br_gs_get(r, "prefix");
	size_t n_rest;
	int ret = GRUB_ERROR;

	own = br_format("%s/grubenv", prefix ? prefix : "");
	if (!rest || !own)
		br_gs_oom(r);
	else if (br_gs_options(opts, BR_ARRAY_SIZE(opts), false, n, v, val, rest, &n_rest))
		ret = load_block(r, val[0].set ? val[0].arg : own, rest, n_rest);
	br_gs_options_free(val, BR_ARRAY_SIZE(opts));
	return ret;
}
