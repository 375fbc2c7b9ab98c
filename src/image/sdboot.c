/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd-boot's menu, from the ESP it was started from and the extended boot loader partition beside it. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/loader-internal.h"
#include "image/pe.h"
#include "image/sdboot.h"
#include "image/uki.h"
#include "image/volume.h"

#define CONF    "/loader/loader.conf"
#define ENTRIES "/loader/entries"
#define UNIFIED "/EFI/Linux"
/* Where it looks for drivers of file systems that its firmware cannot read. */
#define DRIVERS "/EFI/systemd/drivers"

struct gathering {
	struct br_image *img;
	struct br_loader *l;
	struct br_menu *m;
	struct br_sdboot_entry *v; /* owned */
	size_t n, cap;
	int dev; /* at hand */
};

static void gathering_free(struct gathering *g)
{
	for (size_t i = 0; i < g->n; i++)
		br_sdboot_entry_free(&g->v[i]);
	free(g->v);
}

static const char *arch_name(unsigned machine)
{
	switch (machine) {
	case BR_PE_X86_64:
		return "x64";
	case BR_PE_AARCH64:
		return "aa64";
	case BR_PE_I386:
		return "ia32";
	case BR_PE_RISCV64:
		return "riscv64";
	default:
		return NULL;
	}
}

static int cannot(struct gathering *g, const char *path, const char *why)
{
	if (!g->l->unknown)
		g->l->unknown = br_format("systemd-boot's %s: %s", path, why);
	return g->l->unknown ? 0 : -ENOMEM;
}

/* Takes e over. */
static int add(struct gathering *g, struct br_sdboot_entry *e)
{
	e->dev = g->dev;
	if (g->n == BR_BLS_ENTRIES_MAX) {
		br_sdboot_entry_free(e);
		return cannot(g, ENTRIES, "more entries than are read");
	}
	if (br_grow(&g->v, &g->cap, g->n, sizeof(*g->v)) < 0) {
		br_sdboot_entry_free(e);
		return -ENOMEM;
	}
	g->v[g->n++] = *e;
	return 0;
}

/* A folder's names; none where it is not there. */
static int list(struct gathering *g, const char *dir, struct br_strv *ret)
{
	const struct br_volume *v = br_volume(g->img, g->dev);
	br_autofree char *own = NULL;
	int r = v ? br_volume_locate(g->img, v, dir, &own) : -ENOMEM;

	if (r == 0)
		r = br_root_list(&v->root, own, ret);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR && r != -ENOMEM)
		return cannot(g, dir, br_strerror(-r));
	return r == -ENOMEM ? r : 0;
}

static int read_text(struct gathering *g, const char *path, struct br_blob *ret)
{
	br_autoclose int fd = -1;
	int r = br_volume_open(g->img, g->dev, path, &fd);

	return r < 0 ? r : br_read_fd(fd, BR_CONFIG_MAX, ret);
}

static int add_type1(struct gathering *g, const char *name)
{
	br_autofree char *path = br_format(ENTRIES "/%s", name);
	br_autoblob struct br_blob b = {0};
	struct br_sdboot_entry e;
	int r = path ? read_text(g, path, &b) : -ENOMEM;

	if (r == -EMEDIUMTYPE || r == -EISDIR) /* a folder of that name */
		return 0;
	if (r < 0)
		return r == -ENOMEM ? r : cannot(g, path, br_strerror(-r));
	br_menu_read_file(g->m, g->dev, path);
	r = br_sdboot_entry_parse(b.data, b.len, name, arch_name(g->l->machine), g->l->version, &e);
	return r < 0 ? r : add(g, &e);
}

/* One profile of an image: 1 when there may be another. */
static int add_profile(struct gathering *g, const char *path, const char *name, int fd, unsigned profile)
{
	br_autouki struct br_uki u = {0};
	struct br_sdboot_entry e;
	int r = br_uki_read(fd, profile, &u);

	if (r < 0)
		return r == -ENOENT || r == -EBADMSG ? 0 : r == -ENOMEM ? r : cannot(g, path, br_strerror(-r));
	/* What another machine or nobody could start is not shown. */
	if (u.machine != g->l->machine || !u.osrel)
		return u.machine == g->l->machine;
	r = br_sdboot_unified_parse(u.osrel, u.profile, profile, name, g->l->version, &e);
	if (r < 0)
		return r;
	e.loader = strdup(path);
	r = e.loader ? 0 : -ENOMEM;
	if (r == 0)
		r = add(g, &e);
	else
		br_sdboot_entry_free(&e);
	return r < 0 ? r : 1;
}

static int add_type2(struct gathering *g, const char *name)
{
	bool profiles = !g->l->version || g->l->version >= BR_SD_PROFILES;
	br_autofree char *path = br_format(UNIFIED "/%s", name);
	br_autoclose int fd = -1;
	int r = path ? br_volume_open(g->img, g->dev, path, &fd) : -ENOMEM;

	if (r == -EMEDIUMTYPE || r == -EISDIR)
		return 0;
	if (r < 0)
		return r == -ENOMEM ? r : cannot(g, path, br_strerror(-r));
	for (unsigned i = 0; i < (profiles ? BR_UKI_PROFILES_MAX : 1); i++) {
		r = add_profile(g, path, name, fd, i);
		if (r <= 0)
			return r;
	}
	return 0;
}

static int gather(struct gathering *g, int dev)
{
	br_autostrv struct br_strv conf = {0}, efi = {0};
	int r;

	g->dev = dev;
	r = list(g, UNIFIED, &efi);
	for (size_t i = 0; r == 0 && i < efi.n; i++)
		if (br_sdboot_is_entry(efi.v[i], ".efi", g->l->version))
			r = add_type2(g, efi.v[i]);
	if (r == 0)
		r = list(g, ENTRIES, &conf);
	for (size_t i = 0; r == 0 && i < conf.n; i++)
		if (br_sdboot_is_entry(conf.v[i], ".conf", g->l->version))
			r = add_type1(g, conf.v[i]);
	return r;
}

/* The firmware reads FAT; for anything else the ESP has to bring a driver. */
static bool firmware_reads(struct gathering *g, int dev)
{
	br_autostrv struct br_strv drivers = {0};

	g->dev = g->l->esp;
	if (br_streq(g->img->disks.blk[dev].type, "vfat") || list(g, DRIVERS, &drivers) < 0)
		return true;
	for (size_t i = 0; i < drivers.n; i++)
		if (strlen(drivers.v[i]) > 4 && strcasecmp(drivers.v[i] + strlen(drivers.v[i]) - 4, ".efi") == 0)
			return true;
	return false;
}

static int gather_xbootldr(struct gathering *g)
{
	int dev = br_disks_xbootldr(&g->img->disks, g->img->disks.blk[g->l->esp].disk);
	const struct br_volume *v;

	if (dev < 0)
		return 0;
	v = br_volume(g->img, dev);
	if (!v)
		return -ENOMEM;
	if (!firmware_reads(g, dev)) {
		const char *type = g->img->disks.blk[dev].type;
		br_autofree char *what = br_format("%s (%s)", v->mount ? v->mount : g->img->disks.blk[dev].name,
		                                   type ? type : "no file system");

		return what && br_menu_note_add(g->m, BR_MENU_FS_UNREADABLE, what, NULL) ? 0 : -ENOMEM;
	}
	if (v->root.fd < 0) {
		if (v->fix && !g->l->fix)
			g->l->fix = strdup(v->fix);
		return cannot(g, "extended boot loader partition", v->why ? v->why : "unreadable");
	}
	return gather(g, dev);
}

/* Its kernel is there, and it is no entry for the loader itself. */
static bool is_shown(struct gathering *g, const struct br_sdboot_entry *e)
{
	br_autoclose int fd = -1;

	if (e->type == BR_SDBOOT_EFI && e->dev == g->l->esp && strcasecmp(e->loader, g->l->program) == 0)
		return false;
	return e->type == BR_SDBOOT_UNIFIED || br_volume_open(g->img, e->dev, e->loader, &fd) == 0;
}

/* The ones that are shown first, the rest behind them; gives how many those are. */
static size_t part_shown(struct gathering *g)
{
	size_t shown = 0;

	for (size_t i = 0; i < g->n; i++) {
		struct br_sdboot_entry e = g->v[i];

		if (e.type == BR_SDBOOT_NONE || e.foreign || !is_shown(g, &e))
			continue;
		memmove(&g->v[shown + 1], &g->v[shown], (i - shown) * sizeof(e));
		g->v[shown++] = e;
	}
	return shown;
}

/* Titles that stand twice are told apart by their versions. */
static char *title_of(const struct gathering *g, size_t at)
{
	const struct br_sdboot_entry *e = &g->v[at];
	const char *title = e->title ? e->title : e->id;

	for (size_t i = 0; e->version && i < g->n; i++)
		if (i != at && br_streq(title, g->v[i].title ? g->v[i].title : g->v[i].id))
			return br_format("%s (%s)", title, e->version);
	return strdup(title);
}

static int copy_initrds(const struct br_sdboot_entry *e, struct br_boot_entry *to)
{
	for (size_t i = 0; i < e->initrds.n; i++) {
		if (br_grow(&to->initrds, &to->cap_initrds, to->n_initrds, sizeof(*to->initrds)) < 0)
			return -ENOMEM;
		to->initrds[to->n_initrds] = (struct br_place){.dev = e->dev, .path = strdup(e->initrds.v[i])};
		if (!to->initrds[to->n_initrds++].path)
			return -ENOMEM;
	}
	return 0;
}

static int put_entry(struct gathering *g, size_t at)
{
	const struct br_sdboot_entry *e = &g->v[at];
	struct br_boot_entry *to = br_menu_add(g->m);
	struct br_place place = {.dev = e->dev};
	const char *other;
	int r;

	if (!to)
		return -ENOMEM;
	to->title = title_of(g, at);
	to->menu_path = to->title ? strdup(to->title) : NULL;
	to->index_path = br_format("%zu", at);
	to->id = strdup(e->id);
	to->source = e->type == BR_SDBOOT_UNIFIED ? strdup(e->loader) : br_format(ENTRIES "/%s", e->file);
	to->source_dev = e->dev;
	to->profile = e->profile;
	to->cmdline = e->options ? strdup(e->options) : NULL;
	place.path = strdup(e->loader);
	if (!to->menu_path || !to->index_path || !to->id || !to->source || !place.path ||
	    (e->options && !to->cmdline)) {
		free(place.path);
		return -ENOMEM;
	}
	*(e->type == BR_SDBOOT_EFI ? &to->chain : &to->kernel) = place;
	r = e->type == BR_SDBOOT_LINUX ? copy_initrds(e, to) : 0;
	if (r == 0)
		r = br_uki_adopt(g->img, to, &other);
	return r == -ENOMEM ? r : 0;
}

static int note_tries(struct gathering *g, size_t shown, int boots)
{
	for (size_t i = 0; i < shown; i++) {
		const struct br_boot_entry *e = &g->m->entries[i];
		const struct br_place at = {.dev = e->source_dev, .path = e->source};
		struct br_menu_note *n;

		if (!g->v[i].counted || g->v[i].left)
			continue;
		n = br_menu_note_add(g->m, BR_MENU_NO_TRIES, e->title, &at);
		if (!n)
			return -ENOMEM;
		n->in_default = (int)i == boots;
	}
	return 0;
}

/* The entries that are not shown are kept behind the others where their kernel is what is missing. */
static int fill_menu(struct gathering *g, const struct br_sdboot_conf *conf)
{
	const struct br_place at = {.dev = g->l->esp, .path = (char *)CONF};
	size_t shown = part_shown(g);
	bool stale, foreign;
	int boots, r = 0;

	br_sdboot_sort(g->v, shown, g->l->version);
	boots = br_sdboot_choose(g->v, shown, conf, g->l->version, &stale);
	for (size_t i = 0; r == 0 && i < g->n; i++) {
		foreign = g->v[i].foreign || g->v[i].type == BR_SDBOOT_NONE ||
		          (i >= shown && g->v[i].type == BR_SDBOOT_EFI);
		if (!foreign)
			r = put_entry(g, i);
	}
	if (r == 0)
		r = note_tries(g, shown, boots);
	if (r == 0 && stale && !br_menu_note_add(g->m, BR_MENU_DEFAULT_STALE, conf->wanted, &at))
		r = -ENOMEM;
	if (r == 0 && conf->menu_force && !br_menu_note_add(g->m, BR_MENU_NO_TIMEOUT, "menu-force", &at))
		r = -ENOMEM;
	g->m->boots = boots;
	g->m->timeout = conf->menu_force ? -1 : conf->timeout;
	/* An entry that the loader makes by itself: another system, a firmware's own menu. */
	if (r == 0 && stale && strncmp(conf->wanted, "auto-", 5) == 0)
		r = cannot(g, "default entry", conf->wanted);
	return r;
}

int br_sdboot_menu(struct br_image *img, struct br_loader *l, struct br_menu *m)
{
	br_cleanup(gathering_free) struct gathering g = {.img = img, .l = l, .m = m, .dev = l->esp};
	br_cleanup(br_sdboot_conf_free) struct br_sdboot_conf conf = {0};
	br_autoblob struct br_blob b = {0};
	int r = read_text(&g, CONF, &b);

	if (r == 0) {
		br_menu_read_file(m, l->esp, CONF);
		r = br_sdboot_conf_parse(b.data, b.len, l->version, &conf);
	} else if (r != -ENOMEM) {
		r = r == -ENOENT ? 0 : cannot(&g, CONF, br_strerror(-r));
	}
	if (r == 0)
		r = gather(&g, l->esp);
	if (r == 0)
		r = gather_xbootldr(&g);
	if (r == 0)
		r = fill_menu(&g, &conf);
	if (l->unknown)
		m->boots = -1;
	return r < 0 ? r : m->files.oom ? -ENOMEM : 0;
}
