/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices that an initramfs waits for, each with what it is on these disks. */
#include <errno.h>
#include <strings.h>
#include <string.h>

#include "image/disks-internal.h"
#include "image/image.h"

/* Waits of one initramfs; a machine has a handful. */
#define WAITS_MAX 128

struct collector {
	const struct br_image *img;
	struct br_chain *c;
	struct br_early *e;
};

bool br_early_is_bound(const struct br_spec *s)
{
	static const char *const kept[] = {"dm-", "md-", "lvm-"};

	for (size_t i = 0; s->kind == BR_SPEC_BY_ID && i < BR_ARRAY_SIZE(kept); i++)
		if (br_starts(s->value, kept[i]))
			return false;
	return s->kind == BR_SPEC_BY_ID || s->kind == BR_SPEC_BY_PATH || s->kind == BR_SPEC_KERNEL_NAME;
}

/* The container itself, where a name says which: /dev/mapper/luks-UUID. */
static void find_luks_name(const struct br_disks *d, const struct br_spec *s, struct br_found *f)
{
	if (f->match != BR_MATCH_UNKNOWN || s->kind != BR_SPEC_MAPPER || !br_starts(s->value, "luks-"))
		return;
	for (size_t i = 0; i < d->n; i++)
		if (d->blk[i].use == BR_USE_LUKS && br_streq(d->blk[i].uuid, s->value + strlen("luks-")))
			*f = (struct br_found){BR_MATCH_CONTAINED, (int)i, -1, false, NULL};
}

static int add(struct collector *k, const char *text, const char *from, bool cmdline, bool fatal,
               const struct br_found *found)
{
	struct br_early *e = k->e;
	struct br_early_wait *w;
	br_autospec struct br_spec spec = {0};
	int r;

	if (e->n == WAITS_MAX)
		return 0;
	r = br_grow(&e->waits, &e->cap, e->n, sizeof(*e->waits));
	if (r == 0)
		r = br_spec_parse(text, &spec);
	if (r < 0)
		return r;
	w = &e->waits[e->n];
	*w = (struct br_early_wait){.text = strdup(text), .from = strdup(from), .cmdline = cmdline, .fatal = fatal};
	e->n++;
	w->bound = !found && br_early_is_bound(&spec);
	if (found)
		w->found = *found;
	else
		br_disks_find(&k->img->disks, &spec, &w->found);
	find_luks_name(&k->img->disks, &spec, &w->found);
	return w->text && w->from ? 0 : -ENOMEM;
}

/* dracut's wait_for_dev: [ -e "/dev/..." ] a line. The root's own wait is made at run time, from root=. */
static int add_devexists(struct collector *k, const struct br_kept *f)
{
	const char *at = f->data.data;
	int r = 0;

	while (r == 0 && (at = strstr(at, "[ -e \"/dev/"))) {
		size_t n;
		br_autofree char *text = NULL;

		at += strlen("[ -e \"");
		n = strcspn(at, "\"\n");
		text = strndup(at, n);
		r = text ? add(k, text, f->path, false, true, NULL) : -ENOMEM;
	}
	return r;
}

/* What systemd in the initramfs mounts by the initramfs's own fstab. */
static int add_fstab(struct collector *k, const struct br_kept *f)
{
	br_cleanup(br_fstab_free) struct br_fstab tab = {0};
	int r = br_fstab_parse(f->data.data, f->data.len, &tab);

	for (size_t i = 0; r == 0 && i < tab.n; i++)
		if (tab.entries[i].waits && tab.entries[i].spec.kind != BR_SPEC_OTHER)
			r = add(k, tab.entries[i].source, f->path, false, true, NULL);
	return r == -EBADMSG ? 0 : r;
}

static bool root_is_mapped_as(const struct br_chain *c, const char *name)
{
	return c->root_spec.kind == BR_SPEC_MAPPER && br_streq(c->root_spec.value, name);
}

/*
 * dracut takes the time limit off every device of its crypttab, so that it waits for ever; initramfs-tools
 * gives up after a while, and only a root on it is missed.
 */
static int add_crypttab(struct collector *k, const struct br_kept *f)
{
	br_cleanup(br_fstab_free) struct br_fstab tab = {0};
	int r = br_crypttab_parse(f->data.data, f->data.len, &tab);

	for (size_t i = 0; r == 0 && i < tab.n_crypt; i++) {
		const struct br_crypttab_entry *t = &tab.crypt[i];

		if (!t->waits || t->spec.kind == BR_SPEC_OTHER)
			continue;
		r = add(k, t->device, f->path, false, k->e->dracut || root_is_mapped_as(k->c, t->name), NULL);
	}
	return r == -EBADMSG ? 0 : r;
}

/* initramfs-tools waits half a minute for the device it would resume from, and boots on. */
static int add_resume(struct collector *k, const struct br_kept *f)
{
	br_autofree char *text = br_cmdline_get(f->data.data, "RESUME");

	if (!text || strcmp(text, "none") == 0 || strcmp(text, "auto") == 0 || !*text)
		return 0;
	return add(k, text, f->path, false, false, NULL);
}

/* As systemd reads a boolean of its generators', for the initramfs alone (rd.KEY) or for both. */
static bool generator_is_off(const struct collector *k, const char *key)
{
	static const char *const prefixes[] = {"rd.", ""};

	for (size_t i = 0; i < BR_ARRAY_SIZE(prefixes); i++) {
		br_autofree char *name = br_format("%s%s", prefixes[i], key);
		br_autofree char *value = name ? br_cmdline_get(k->e->params, name) : NULL;

		if (br_cmdline_is_no(value) || br_streq(value, "false") || br_streq(value, "n") || br_streq(value, "f"))
			return true;
	}
	return false;
}

static bool reads_crypttab(const struct collector *k, const char *path)
{
	if (br_streq(path, "cryptroot/crypttab"))
		return true;
	return k->e->systemd && br_streq(path, "etc/crypttab") && !generator_is_off(k, "luks") && !generator_is_off(k, "luks.crypttab");
}

static int add_kept(struct collector *k, const struct br_kept *f)
{
	const char *name = strrchr(f->path, '/') ? strrchr(f->path, '/') + 1 : f->path;

	if (k->e->dracut && !k->e->any_host && strstr(f->path, "dracut/hooks/initqueue/finished/devexists-"))
		return add_devexists(k, f);
	if (k->e->systemd && br_streq(f->path, "etc/fstab"))
		return generator_is_off(k, "fstab") ? 0 : add_fstab(k, f);
	if (reads_crypttab(k, f->path))
		return add_crypttab(k, f);
	if (k->e->initramfs_tools && br_starts(f->path, "conf/conf.d/") && strcmp(name, "resume") == 0)
		return add_resume(k, f);
	return 0;
}

/* Of the same identifier, however it is broken into groups? */
static bool same_digits(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, "-:");
		b += strspn(b, "-:");
		if (!*a || !*b || strncasecmp(a, b, 1) != 0)
			return !*a && !*b;
		a++;
		b++;
	}
}

/* A container by its own identifier; dracut takes a part of a LUKS UUID too. */
static void find_container(const struct br_disks *d, enum br_blk_use use, const char *id, struct br_found *ret)
{
	struct br_spec spec = {BR_SPEC_UUID, (char *)id};

	for (size_t i = 0; i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];

		if (b->use != use || !b->uuid)
			continue;
		if (use == BR_USE_LUKS ? strstr(b->uuid, id) != NULL : same_digits(b->uuid, id)) {
			*ret = (struct br_found){BR_MATCH_FOUND, (int)i, -1, false, NULL};
			return;
		}
	}
	br_disks_find(d, &spec, ret);
}

/* A volume group: by the names of its volumes. */
static void find_group(const struct br_disks *d, const char *group, struct br_found *ret)
{
	br_autofree char *prefix = br_mapper_name(group, strlen(group), "");
	struct br_spec none = {BR_SPEC_MAPPER, prefix};
	size_t n = prefix ? strlen(prefix) : 0;

	*ret = (struct br_found){BR_MATCH_UNKNOWN, -1, -1, false, "no memory"};
	for (size_t i = 0; n && i < d->n; i++) {
		const struct br_blk *b = &d->blk[i];
		bool here = b->mapper && strncmp(b->mapper, prefix, n) == 0 && b->mapper[n] != '-';

		for (size_t l = 0; !here && l < b->lvs.n; l++)
			here = strncmp(b->lvs.v[l], prefix, n) == 0 && b->lvs.v[l][n] != '-';
		if (here) {
			*ret = (struct br_found){BR_MATCH_CONTAINED, (int)i, -1, false, NULL};
			return;
		}
	}
	if (n)
		br_disks_find(d, &none, ret);
}

enum param_kind {
	PARAM_VOLUME,
	PARAM_GROUP,
	PARAM_LUKS,
	PARAM_ARRAY,
};

static int add_param(struct collector *k, enum param_kind kind, const char *key, const char *value)
{
	const struct br_disks *d = &k->img->disks;
	br_autofree char *from = br_format("%s=", key), *path = NULL;
	struct br_found f = {.match = BR_MATCH_UNKNOWN, .blk = -1, .second = -1};
	bool cmdline = false;
	br_autostrv struct br_strv own = {0};

	br_cmdline_all(k->c->cmdline, key, &own);
	cmdline = br_strv_has(&own, value);
	if (!from || own.oom)
		return -ENOMEM;
	if (kind == PARAM_VOLUME) {
		br_autospec struct br_spec spec = {0};

		path = br_format("/dev/%s", value);
		if (!path || br_spec_parse(path, &spec) < 0)
			return -ENOMEM;
		br_disks_find(d, &spec, &f);
	} else if (kind == PARAM_GROUP) {
		find_group(d, value, &f);
	} else {
		if (br_starts(value, "luks-"))
			value += strlen("luks-");
		find_container(d, kind == PARAM_LUKS ? BR_USE_LUKS : BR_USE_RAID, value, &f);
	}
	return add(k, value, from, cmdline, true, &f);
}

static bool has_module(const struct br_chain *c, const char *module)
{
	const struct br_blob *b = br_initramfs_file(&c->initramfs, "usr/lib/dracut/modules.txt");
	br_autostrv struct br_strv names = {0};

	if (!b)
		b = br_initramfs_file(&c->initramfs, "lib/dracut/modules.txt");
	if (!b) /* releases that list none */
		return true;
	br_strv_split(&names, b->data, " \t\n");
	return br_strv_has(&names, module);
}

/* dracut's parameters, each read by a module of its own; without that module nobody waits. */
static int add_params(struct collector *k)
{
	static const struct {
		const char *key, *module, *off;
		enum param_kind kind;
	} params[] = {
		{"rd.lvm.lv", "lvm", "rd.lvm", PARAM_VOLUME},
		{"rd.lvm.vg", "lvm", "rd.lvm", PARAM_GROUP},
		{"rd.luks.uuid", "crypt", "rd.luks", PARAM_LUKS},
		{"rd.md.uuid", "mdraid", "rd.md", PARAM_ARRAY},
	};
	int r = 0;

	for (size_t i = 0; k->e->dracut && r == 0 && i < BR_ARRAY_SIZE(params); i++) {
		br_autostrv struct br_strv values = {0};
		br_autofree char *off = br_cmdline_get(k->e->params, params[i].off);

		if (br_cmdline_is_no(off) || !has_module(k->c, params[i].module))
			continue;
		br_cmdline_all(k->e->params, params[i].key, &values);
		for (size_t v = 0; r == 0 && v < values.n; v++)
			if (*values.v[v] && !br_starts(values.v[v], "keysource:"))
				r = add_param(k, params[i].kind, params[i].key, values.v[v]);
	}
	return r;
}

/* systemd mounts it beside the root, and stops without it. */
static int add_usr(struct collector *k)
{
	br_autofree char *text = br_cmdline_get(k->e->params, "mount.usr");

	return k->e->systemd && text && *text ? add(k, text, "mount.usr=", true, true, NULL) : 0;
}

/*
 * dracut reads etc/cmdline.d/NAME.conf and etc/cmdline beside the kernel's command line. With rd.hostonly=0 it takes these
 * away first, and what it would wait for: how one boots an initramfs on other hardware than it was made for.
 */
static int join_params(struct br_chain *c)
{
	br_autostr struct br_str all = {0};
	br_autofree char *hostonly = br_cmdline_get(c->cmdline ? c->cmdline : "", "rd.hostonly");

	c->early.any_host = c->early.dracut && br_cmdline_is_no(hostonly);
	br_str_puts(&all, c->cmdline ? c->cmdline : "");
	for (size_t i = 0; c->early.dracut && !c->early.any_host && i < c->initramfs.n_kept; i++) {
		const struct br_kept *k = &c->initramfs.kept[i];

		if (br_starts(k->path, "etc/cmdline.d/") || br_starts(k->path, "usr/lib/cmdline.d/") ||
		    br_streq(k->path, "etc/cmdline"))
			br_str_printf(&all, " %s", k->data.data);
	}
	c->early.params = br_str_take(&all);
	return c->early.params ? 0 : -ENOMEM;
}

int br_early_read(const struct br_image *img, struct br_chain *c)
{
	struct collector k = {.img = img, .c = c, .e = &c->early};
	int r;

	c->early.layer_blk = -1;
	c->early.dracut = br_streq(c->initramfs.made_by, "dracut");
	c->early.initramfs_tools = br_streq(c->initramfs.made_by, "initramfs-tools");
	c->early.systemd = br_initramfs_has(&c->initramfs, "usr/lib/systemd/systemd") ||
	                   br_initramfs_has(&c->initramfs, "lib/systemd/systemd");
	r = join_params(c);
	for (size_t i = 0; r == 0 && i < c->initramfs.n_kept; i++)
		r = add_kept(&k, &c->initramfs.kept[i]);
	if (r == 0)
		r = add_params(&k);
	if (r == 0)
		r = add_usr(&k);
	if (r < 0)
		return r;
	br_early_layers(img, c);
	return br_early_lvm_initramfs(img, c);
}

void br_early_free(struct br_early *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->waits[i].text);
		free(e->waits[i].from);
	}
	free(e->waits);
	free(e->params);
	free(e->lvm_why);
	*e = (struct br_early){0};
}
