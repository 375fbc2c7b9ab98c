/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From firmware to root=: one chain a firmware. What each link is, is read by that link's own file. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "image/grub-io.h"
#include "image/image.h"
#include "image/kernelfile.h"
#include "image/loader-internal.h"
#include "image/volume.h"

const char *br_firmware_name(enum br_firmware fw)
{
	return fw == BR_FW_UEFI ? "uefi" : "bios";
}

static void file_free(struct br_chain_file *f)
{
	free(f->path);
	free(f->shown);
	*f = (struct br_chain_file){.blk = -1};
}

static void chain_free(struct br_chain *c)
{
	br_loader_free(&c->loader);
	br_menu_free(&c->menu);
	free(c->unknown);
	free(c->stale);
	br_grubfs_free(&c->grubfs);
	br_strv_free(&c->gone);
	file_free(&c->kernel);
	free(c->release);
	for (size_t i = 0; i < c->n_initrds; i++)
		file_free(&c->initrds[i]);
	free(c->initrds);
	if (!c->shares) {
		br_initramfs_free(&c->initramfs);
		br_modtree_free(c->modules);
		br_modtree_free(c->root_modules);
	}
	free(c->modules_why);
	free(c->root_modules_why);
	br_strv_free(&c->blacklist);
	free(c->cmdline_start);
	free(c->root_text);
	br_spec_free(&c->root_spec);
	br_early_free(&c->early);
}

void br_chains_free(struct br_image *img)
{
	for (size_t i = 0; i < img->n_chains; i++)
		chain_free(&img->chains[i]);
	free(img->chains);
	for (size_t i = 0; i < img->n_others; i++)
		chain_free(&img->others[i]);
	free(img->others);
	img->chains = img->others = NULL;
	img->n_chains = img->n_others = 0;
}

/* Where a file that a loader names lies, and whether it can be opened. */
static int find_file(struct br_image *img, const struct br_place *at, struct br_chain_file *f, int *ret_fd)
{
	const struct br_volume *v = at->dev >= 0 ? br_volume(img, at->dev) : NULL;
	br_autofree char *own = NULL;
	br_autoclose int fd = -1;
	struct stat st;

	*f = (struct br_chain_file){.blk = at->dev, .path = strdup(at->path), .err = -ENODATA};
	f->shown = v ? br_volume_shown(v, at->path) : strdup(at->path);
	if (!f->path || !f->shown)
		return -ENOMEM;
	if (!v) {
		/* The loader itself has no device there: the file cannot be loaded. */
		f->err = -ENOENT;
		return 0;
	}
	if (v->root.fd < 0)
		return 0;
	f->err = br_volume_locate(img, v, at->path, &own);
	if (f->err == 0)
		f->err = br_root_file(&v->root, own, &fd);
	if (f->err == -ENOMEM)
		return -ENOMEM;
	if (f->err == 0 && fstat(fd, &st) < 0)
		f->err = -errno;
	if (f->err < 0)
		return 0;
	f->size = (uint64_t)st.st_size;
	f->holed = lseek(fd, 0, SEEK_HOLE) < st.st_size;
	*ret_fd = fd;
	fd = -1;
	return 0;
}

/* The same file was looked at for the other firmware. */
static const struct br_chain *same_kernel(const struct br_image *img, const struct br_chain *c)
{
	for (const struct br_chain *b = img->chains; b < c && b < img->chains + img->n_chains; b++)
		if (b->kernel.path && b->kernel.blk == c->kernel.blk && br_streq(b->kernel.shown, c->kernel.shown))
			return b;
	return NULL;
}

static int read_kernel(struct br_image *img, struct br_chain *c)
{
	const struct br_chain *same;
	br_autoclose int fd = -1;
	int r;

	if (!c->entry->kernel.path)
		return 0;
	r = find_file(img, &c->entry->kernel, &c->kernel, &fd);
	if (r < 0 || fd < 0) {
		c->kernel_state = c->kernel.err == -ENOENT ? BR_KERNEL_ABSENT : BR_KERNEL_UNREAD;
		return r;
	}
	same = same_kernel(img, c);
	if (same) {
		c->kernel_state = same->kernel_state;
		c->release = same->release ? strdup(same->release) : NULL;
		return 0;
	}
	r = br_kernel_look(fd, &c->kernel_state, &c->release);
	if (r < 0 && r != -ENOMEM) {
		c->kernel.err = r;
		c->kernel_state = BR_KERNEL_UNREAD;
		return 0;
	}
	return r;
}

static int find_initrds(struct br_image *img, struct br_chain *c)
{
	size_t n = c->entry->n_initrds;

	if (!n)
		return 0;
	c->initrds = calloc(n, sizeof(*c->initrds));
	if (!c->initrds)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		br_autoclose int fd = -1;
		int r = find_file(img, &c->entry->initrds[i], &c->initrds[i], &fd);

		c->n_initrds++;
		if (r < 0)
			return r;
	}
	return 0;
}

int br_chain_root(const struct br_image *img, struct br_chain *c)
{
	const char *text = c->root_text;
	int r;

	if (br_starts(text, "block:")) /* dracut's */
		text += strlen("block:");
	r = br_spec_parse(text, &c->root_spec);

	if (r == 0)
		br_disks_find(&img->disks, &c->root_spec, &c->root_found);
	return r;
}

/* Entries that would not start if somebody chose them. */
static int find_gone(struct br_image *img, struct br_chain *c)
{
	for (size_t i = 0; i < c->menu.n; i++) {
		const struct br_boot_entry *e = &c->menu.entries[i];
		struct br_chain_file f = {.blk = -1};
		br_autoclose int fd = -1;
		int r;

		if (e == c->entry || !e->kernel.path)
			continue;
		r = find_file(img, &e->kernel, &f, &fd);
		if (r == 0 && f.err == -ENOENT) {
			br_autofree char *line = br_format("%s\t%s", e->menu_path, f.shown);

			if (line)
				br_strv_add(&c->gone, line);
		}
		file_free(&f);
		if (r < 0 || c->gone.oom)
			return -ENOMEM;
	}
	return 0;
}

/* What lies on a file system whose journal was not replayed may be older than what will boot. */
static void note_stale(struct br_image *img, struct br_chain *c, int blk)
{
	const struct br_volume *v = blk >= 0 ? br_volume(img, blk) : NULL;

	if (v && v->stale && !c->stale)
		c->stale = br_format("the journal of %s needs recovery; what was read may be old",
		                     v->mount ? v->mount : img->disks.blk[blk].name);
}

int br_chain_files(struct br_image *img, struct br_chain *c)
{
	int r = read_kernel(img, c);

	return r < 0 ? r : find_initrds(img, c);
}

/*
 * The kernel takes COMMAND_LINE_SIZE bytes with the NUL behind them: 2048 on x86 and ARM's 64 bits, 4096 on s390x.
 * GRUB puts the kernel's own name before the rest, and on x86 leaves out the first word that does not fit and all behind it.
 */
static int cut_cmdline(const struct br_image *img, struct br_chain *c)
{
	size_t most = br_streq(img->system.arch, "s390x") ? 4095 : 2047;
	size_t before = c->loader.kind == BR_LOADER_GRUB && c->entry->kernel.path ?
	                        strlen("BOOT_IMAGE= ") + strlen(c->entry->kernel.path) : 0;

	char *blank;

	if (before > most || strlen(c->cmdline) <= most - before)
		return 0;
	c->cmdline_cut = (unsigned)(most - before);
	c->cmdline_start = strndup(c->cmdline, most - before);
	blank = c->cmdline_start && c->loader.kind == BR_LOADER_GRUB && br_streq(img->system.arch, "x86_64") ?
	                strrchr(c->cmdline_start, ' ') : NULL;
	if (blank)
		*blank = '\0';
	c->cmdline = c->cmdline_start;
	return c->cmdline ? 0 : -ENOMEM;
}

static int read_chain(struct br_image *img, struct br_chain *c)
{
	int r;

	if (!c->loader.cfg_path)
		return 0;
	r = br_chain_menu(img, c);
	note_stale(img, c, c->loader.cfg_dev);
	if (r < 0 || !c->entry)
		return r < 0 ? r : find_gone(img, c);
	c->cmdline = c->entry->cmdline ? c->entry->cmdline : "";
	r = cut_cmdline(img, c);
	if (r < 0)
		return r;
	c->root_text = br_cmdline_get(c->cmdline, "root");
	r = c->root_text ? br_chain_root(img, c) : 0;
	if (r == 0)
		r = br_chain_files(img, c);
	if (r == 0 && c->kernel.blk >= 0 && c->loader.kind == BR_LOADER_GRUB)
		r = br_grubfs_look(img, c->kernel.blk, &c->grubfs);
	if (r == 0)
		r = find_gone(img, c);
	note_stale(img, c, c->kernel.blk);
	return r;
}

static bool wants_firmware(const struct br_image *img, enum br_firmware fw)
{
	if (img->ask.firmware != BR_FIRMWARE_AUTO)
		return (img->ask.firmware == BR_FIRMWARE_UEFI) == (fw == BR_FW_UEFI);
	if (fw == BR_FW_BIOS && img->system.arch && !br_streq(img->system.arch, "x86_64") &&
	    !br_streq(img->system.arch, "i686"))
		return false;
	return br_profile_lists(img->profile, "profile", "firmware", br_firmware_name(fw));
}

/*
 * Of the firmwares that the target offers, those count that the disk was made for; where it was made for
 * none, all do, and each says what is missing.
 */
static void choose_offered(struct br_image *img)
{
	bool any = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_loader *l = &img->chains[i].loader;

		any |= l->claimed || l->bootable;
	}
	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_loader *l = &img->chains[i].loader;

		img->chains[i].offered = !any || img->ask.firmware != BR_FIRMWARE_AUTO || l->claimed ||
		                         l->bootable || l->unknown;
	}
}

int br_chains_read(struct br_image *img)
{
	static const enum br_firmware all[] = {BR_FW_BIOS, BR_FW_UEFI};

	img->chains = calloc(BR_ARRAY_SIZE(all), sizeof(*img->chains));
	if (!img->chains)
		return -ENOMEM;
	for (size_t i = 0; i < BR_ARRAY_SIZE(all); i++) {
		struct br_chain *c = &img->chains[img->n_chains];
		int r;

		if (!wants_firmware(img, all[i]))
			continue;
		img->n_chains++;
		*c = (struct br_chain){
			.firmware = all[i],
			.kernel.blk = -1,
			.menu.boots = -1,
			.grubfs.blk = -1,
			.root_found = {.blk = -1, .second = -1},
			.cmdline = "",
		};
		r = br_loader_look(img, all[i], &c->loader);
		if (r == 0 && !c->loader.unknown)
			r = read_chain(img, c);
		if (r < 0)
			return r;
		if (c->loader.unknown && !c->unknown)
			c->unknown = strdup(c->loader.unknown);
	}
	choose_offered(img);
	return 0;
}
