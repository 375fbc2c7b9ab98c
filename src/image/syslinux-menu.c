/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* syslinux's menu, read from its configuration file on. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/loader-internal.h"
#include "image/syslinux.h"
#include "image/volume.h"

struct reading {
	struct br_image *img;
	struct br_loader *l;
	struct br_menu *m;
	char *dir; /* of the configuration: where names without a slash are; owned */
};

static void reading_free(struct reading *r)
{
	free(r->dir);
}

/* A name as syslinux takes it, on the volume. */
static char *place_of(const struct reading *r, const char *name)
{
	const struct br_volume *v = br_volume(r->img, r->l->cfg_dev);
	br_autofree char *top = NULL;

	if (!v)
		return NULL;
	if (*name != '/' || !v->subroot)
		return br_syslinux_path(r->dir, name);
	top = br_syslinux_path("/", name);
	return top ? br_format("%s%s", v->subroot, top) : NULL;
}

static int read_config(struct reading *r, const char *path, char **ret, size_t *ret_len)
{
	br_autoblob struct br_blob b = {0};
	br_autoclose int fd = -1;
	int e = br_volume_open(r->img, r->l->cfg_dev, path, &fd);

	if (e == 0)
		e = br_read_fd(fd, BR_CONFIG_MAX, &b);
	if (e < 0)
		return e;
	br_menu_read_file(r->m, r->l->cfg_dev, path);
	*ret = BR_TAKE(b.data);
	*ret_len = b.len;
	return 0;
}

static int read_include(void *ctx, const char *name, char **ret, size_t *ret_len)
{
	struct reading *r = ctx;
	br_autofree char *path = place_of(r, name);

	return path ? read_config(r, path, ret, ret_len) : -ENOMEM;
}

static int set_place(const struct reading *r, struct br_place *to, const char *name)
{
	to->dev = r->l->cfg_dev;
	to->path = place_of(r, name);
	return to->path ? 0 : -ENOMEM;
}

/* "initrd=a,b" in the command line, the first that is there. */
static int add_initrds(struct reading *r, struct br_boot_entry *e)
{
	const char *at = strstr(e->cmdline, "initrd=");
	br_autostrv struct br_strv names = {0};
	br_autofree char *list = at ? strndup(at + 7, strcspn(at + 7, " ")) : NULL;

	if (!at)
		return 0;
	if (list)
		br_strv_split(&names, list, ",");
	for (size_t i = 0; list && i < names.n; i++) {
		if (br_grow(&e->initrds, &e->cap_initrds, e->n_initrds, sizeof(*e->initrds)) < 0)
			return -ENOMEM;
		e->initrds[e->n_initrds] = (struct br_place){.dev = -1};
		if (set_place(r, &e->initrds[e->n_initrds++], names.v[i]) < 0)
			return -ENOMEM;
	}
	return list && !names.oom ? 0 : -ENOMEM;
}

/* The command that syslinux makes of a label: its kernel, then what follows. */
static int fill(struct reading *r, struct br_boot_entry *e, const char *kernel, enum br_syslinux_type type,
                const char *append, const char *initrd, const char *args)
{
	const char *more;
	br_autofree char *name = br_syslinux_word(kernel, &more);
	bool linux_one = type == BR_SYSLINUX_LINUX || (type == BR_SYSLINUX_KERNEL && !br_syslinux_is_program(kernel));
	br_autostr struct br_str line = {0};

	if (!name)
		return -ENOMEM;
	if (append && strcmp(append, "-") == 0)
		append = NULL;
	br_str_printf(&line, "%s%s%s", more, *more && append ? " " : "", append ? append : "");
	if (initrd)
		br_str_printf(&line, " initrd=%s", initrd);
	if (*args)
		br_str_printf(&line, "%s%s", line.len ? " " : "", args);
	e->cmdline = br_str_take(&line);
	if (!e->cmdline)
		return -ENOMEM;
	if (set_place(r, linux_one ? &e->kernel : &e->chain, *name ? name : "/") < 0)
		return -ENOMEM;
	return linux_one ? add_initrds(r, e) : 0;
}

static int put_title(struct reading *r, struct br_boot_entry *e, const char *title, const char *file, unsigned line)
{
	e->title = strdup(title);
	e->menu_path = strdup(title);
	e->index_path = br_format("%zu", r->m->n - 1);
	/* The configuration's own path is one on the volume already. */
	e->source = strcmp(file, r->l->cfg_path) == 0 ? strdup(file) : place_of(r, file);
	e->source_dev = r->l->cfg_dev;
	e->line = line;
	return e->title && e->menu_path && e->index_path && e->source ? 0 : -ENOMEM;
}

static int put_label(struct reading *r, const struct br_syslinux *s, const struct br_syslinux_label *l,
                     const char *args)
{
	struct br_boot_entry *e = br_menu_add(r->m);

	if (!e || put_title(r, e, l->title ? l->title : l->name, l->file, l->line) < 0)
		return -ENOMEM;
	e->id = strdup(l->name);
	if (!e->id)
		return -ENOMEM;
	return fill(r, e, l->kernel, l->type, l->append ? l->append : s->append, l->initrd, args);
}

/* DEFAULT names a file: an entry that no label stands for. */
static int put_implicit(struct reading *r, const struct br_syslinux *s, const char *command)
{
	const char *args;
	br_autofree char *name = br_syslinux_word(command, &args);
	struct br_boot_entry *e = br_menu_add(r->m);

	if (!name || !e || put_title(r, e, command, r->l->cfg_path, 0) < 0)
		return -ENOMEM;
	r->m->boots = (int)r->m->n - 1;
	return fill(r, e, name, BR_SYSLINUX_LINUX, *args ? args : s->append, NULL, "");
}

/* In the folder that it was installed to, or one of those that are looked through for it. */
static int need_module(struct reading *r, const char *name)
{
	const char *const folders[] = {r->l->modules, r->dir, "/boot/syslinux", "/syslinux", "/"};
	const struct br_volume *v = br_volume(r->img, r->l->cfg_dev);

	for (size_t i = 0; v && i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_syslinux_path(folders[i], name);
		br_autofree char *own = path && v->subroot && i != 1 ? br_format("%s%s", v->subroot, path) :
		                        path                         ? strdup(path) :
		                                                       NULL;
		br_autoclose int fd = -1;

		if (!own)
			return -ENOMEM;
		if (br_volume_open(r->img, r->l->cfg_dev, own, &fd) == 0)
			return 0;
	}
	return v && br_menu_note_add(r->m, BR_MENU_NO_MODULE, name, NULL) ? 0 : -ENOMEM;
}

static int choose(struct reading *r, const struct br_syslinux *s)
{
	const struct br_place at = {.dev = r->l->cfg_dev, .path = r->l->cfg_path};
	struct br_syslinux_choice c;
	int e = need_module(r, "ldlinux.c32");

	br_syslinux_choose(s, &c);
	for (size_t i = 0; e == 0 && i < s->n; i++)
		e = put_label(r, s, &s->labels[i], c.label == (int)i ? c.args : "");
	r->m->boots = c.label;
	r->m->timeout = c.waits ? -1 : s->timeout / 10;
	if (e == 0 && c.menu)
		e = need_module(r, c.module);
	if (e == 0 && c.waits && !br_menu_note_add(r->m, BR_MENU_NO_TIMEOUT, c.stepped ? BR_MENU_FIRST_DISABLED : "TIMEOUT 0", &at))
		e = -ENOMEM;
	if (e == 0 && c.stale && !br_menu_note_add(r->m, BR_MENU_DEFAULT_STALE, s->wanted, &at))
		e = -ENOMEM;
	if (e == 0 && c.verdict == BR_SYSLINUX_IMPLICIT)
		e = put_implicit(r, s, c.args);
	if (e == 0 && s->missing && c.verdict != BR_SYSLINUX_UNDETERMINED &&
	    !br_menu_note_add(r->m, BR_MENU_NO_CONFIG, s->missing, &at))
		e = -ENOMEM;
	if (e == 0 && c.verdict == BR_SYSLINUX_UNDETERMINED) {
		r->m->boots = -1;
		r->l->unknown = br_format("syslinux's default is %s", c.why);
		e = r->l->unknown ? 0 : -ENOMEM;
	}
	return e;
}

int br_syslinux_menu(struct br_image *img, struct br_loader *l, struct br_menu *m)
{
	br_cleanup(reading_free) struct reading r = {.img = img, .l = l, .m = m};
	br_cleanup(br_syslinux_free) struct br_syslinux s = {0};
	br_autofree char *buf = NULL;
	size_t len;
	int e;

	r.dir = strndup(l->cfg_path, (size_t)(strrchr(l->cfg_path, '/') - l->cfg_path));
	if (!r.dir)
		return -ENOMEM;
	e = read_config(&r, l->cfg_path, &buf, &len);
	if (e < 0 && e != -ENOMEM) {
		l->unknown = br_format("%s: %s", l->cfg_path, br_strerror(-e));
		return l->unknown ? 0 : -ENOMEM;
	}
	if (e == 0)
		e = br_syslinux_parse(buf, len, l->cfg_path, read_include, &r, &s);
	if (e == 0)
		e = choose(&r, &s);
	return e < 0 ? e : m->files.oom ? -ENOMEM : 0;
}
