/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chain's second half: its initramfs and the module indexes, and root= where only the initramfs has it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "image/image.h"
#include "image/uki.h"
#include "image/volume.h"

/* What systemd's stub makes the initramfs of: sections of the kernel's own file. */
static int read_unified(struct br_image *img, struct br_chain *c)
{
	struct br_chain_file *f = &c->initrds[0];
	br_autouki struct br_uki u = {0};
	br_autoclose int fd = -1;

	f->err = br_volume_open(img, f->blk, f->path, &fd);
	if (f->err == 0)
		f->err = br_uki_read(fd, c->entry->profile, &u);
	if (f->err == 0)
		f->err = br_initramfs_read(u.initrd, u.n_initrd, &c->initramfs);
	c->initramfs_read = f->err == 0;
	return f->err == -ENOMEM ? -ENOMEM : 0;
}

/* Several files are one stream to the kernel: the boot loader puts them behind each other. */
static int read_initrds(struct br_image *img, struct br_chain *c)
{
	br_autofree struct br_extent *parts = calloc(c->n_initrds, sizeof(*parts));
	size_t n = 0;
	int r = parts ? 0 : -ENOMEM;

	if (c->entry && c->entry->unified)
		return r < 0 ? r : read_unified(img, c);
	for (; r == 0 && n < c->n_initrds; n++) {
		r = br_volume_open(img, c->initrds[n].blk, c->initrds[n].path, &parts[n].fd);
		if (r < 0) {
			c->initrds[n].err = r;
			break;
		}
		parts[n].size = UINT64_MAX;
		parts[n].hashed = img->ask.inputs;
	}
	if (r == 0)
		r = br_initramfs_read(parts, n, &c->initramfs);
	c->initramfs_read = r == 0;
	while (n--)
		close(parts[n].fd);
	/* An absent or unreadable file is told by its err; only memory stops the chain. */
	return r == -ENOMEM ? r : 0;
}

static int read_given(struct br_image *img, struct br_chain *c)
{
	br_autoclose int fd = open(img->ask.initramfs, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int r = fd < 0 ? -errno : br_initramfs_read_fd(fd, false, &c->initramfs);

	c->initramfs_read = r == 0;
	if (r < 0 && r != -ENOMEM)
		c->modules_why = br_format("%s: %s", img->ask.initramfs, br_strerror(-r));
	return r == -ENOMEM ? r : 0;
}

static bool any_unread(const struct br_chain *c)
{
	for (size_t i = 0; i < c->n_initrds; i++)
		if (c->initrds[i].err < 0 && c->initrds[i].err != -ENOENT)
			return true;
	return !c->entry || c->initramfs.unread;
}

static bool is_module(const char *name)
{
	const char *dot = strstr(name, ".ko");

	return dot && (dot[3] == '\0' || dot[3] == '.') && strstr(name, "lib/modules/");
}

/* Do both hold the same modules? Names are sorted; lib/ and usr/lib/ are one folder in a merged tree. */
static bool same_modules(const struct br_initramfs *a, const struct br_initramfs *b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a->names.n && !is_module(a->names.v[i]))
			i++;
		while (k < b->names.n && !is_module(b->names.v[k]))
			k++;
		if (i == a->names.n || k == b->names.n)
			return i == a->names.n && k == b->names.n;
		if (strcmp(strstr(a->names.v[i], "lib/modules/"), strstr(b->names.v[k], "lib/modules/")) != 0)
			return false;
		i++;
		k++;
	}
}

/* preboot: the running initramfs stands in for what cannot be read, and is compared with what can. */
static int consult_running(struct br_image *img, struct br_chain *c)
{
	struct br_initramfs running = {0};
	int r = br_initramfs_read_running(&img->self, &running);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (c->initramfs_read && !c->initramfs.unread) {
		c->running_differs = !c->initramfs.defect && !same_modules(&c->initramfs, &running);
		br_initramfs_free(&running);
		return 0;
	}
	br_initramfs_free(&c->initramfs);
	c->initramfs = running;
	c->initramfs_read = c->initramfs_running = true;
	if (!c->release && running.releases.n == 1)
		c->release = strdup(running.releases.v[0]);
	return 0;
}

/* root= of the initramfs's own etc/cmdline and etc/cmdline.d, which dracut reads beside the kernel's. */
static int root_from_initramfs(struct br_image *img, struct br_chain *c)
{
	/* dracut reads them in the order of their names, etc/cmdline last, and takes the last value. */
	for (size_t i = 0; i < c->initramfs.n_kept; i++) {
		const struct br_kept *k = &c->initramfs.kept[i];
		char *text;

		if (br_starts(k->path, "etc/cmdline.d/") || br_starts(k->path, "usr/lib/cmdline.d/") ||
		    br_streq(k->path, "etc/cmdline"))
			if ((text = br_cmdline_get(k->data.data, "root"))) {
				free(c->root_text);
				c->root_text = text;
			}
	}
	return c->root_text ? br_chain_root(img, c) : 0;
}

static int read_modules(struct br_image *img, struct br_chain *c)
{
	int r = 0;

	if (c->initramfs_read && c->release)
		r = br_modtree_initramfs(&c->initramfs, c->release, &c->modules, &c->modules_why);
	if (r == -ENOMEM)
		return r;
	if (c->release)
		r = br_modtree_root(&img->root, c->release, &c->root_modules, &c->root_modules_why);
	return r == -ENOMEM ? r : 0;
}

static int read_blacklist(struct br_chain *c)
{
	int r = br_cmdline_blacklist(c->cmdline, c->initramfs.made_by, &c->blacklist);

	return r < 0 ? r : br_initramfs_blacklist(&c->initramfs, &c->blacklist);
}

int br_chain_modules(struct br_image *img, struct br_chain *c)
{
	int r = 0;

	if (!c->initramfs_read && c->n_initrds && !img->ask.initramfs)
		r = read_initrds(img, c);
	if (r == 0)
		r = read_blacklist(c);
	return r < 0 ? r : read_modules(img, c);
}

static bool same_initrds(const struct br_chain *a, const struct br_chain *b)
{
	bool same = a->n_initrds == b->n_initrds && br_streq(a->release, b->release);

	for (size_t i = 0; same && i < a->n_initrds; i++)
		same = a->initrds[i].blk == b->initrds[i].blk && a->initrds[i].err == b->initrds[i].err &&
		       br_streq(a->initrds[i].shown, b->initrds[i].shown);
	return same;
}

/* Both firmwares mostly boot the same files: they are read once. */
static bool share(struct br_image *img, struct br_chain *c)
{
	for (struct br_chain *b = img->chains; b < c; b++) {
		if (!b->offered || !b->entry || !c->entry || b->shares || !same_initrds(b, c))
			continue;
		c->shares = true;
		c->initramfs = b->initramfs;
		c->initramfs_read = b->initramfs_read;
		c->initramfs_running = b->initramfs_running;
		c->running_differs = b->running_differs;
		c->modules = b->modules;
		c->modules_why = b->modules_why ? strdup(b->modules_why) : NULL;
		c->root_modules = b->root_modules;
		c->root_modules_why = b->root_modules_why ? strdup(b->root_modules_why) : NULL;
		for (size_t i = 0; i < c->n_initrds; i++)
			c->initrds[i].err = b->initrds[i].err;
		return true;
	}
	return false;
}

static int read_default(struct br_image *img, struct br_chain *c)
{
	int r = 0;

	if (share(img, c)) {
		if (!c->root_text)
			r = root_from_initramfs(img, c);
		return r < 0 ? r : read_blacklist(c);
	}

	if (img->ask.initramfs)
		r = read_given(img, c);
	else if (c->n_initrds)
		r = read_initrds(img, c);
	if (r == 0 && img->context == BR_PREBOOT && !img->ask.initramfs && (c->initramfs_read || any_unread(c)))
		r = consult_running(img, c);
	if (r == 0 && !c->root_text && c->entry)
		r = root_from_initramfs(img, c);
	return r < 0 ? r : br_chain_modules(img, c);
}

int br_chains_drivers(struct br_image *img)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < img->n_chains; i++) {
		if (!img->chains[i].offered)
			continue;
		r = read_default(img, &img->chains[i]);
		if (r == 0 && img->chains[i].entry)
			r = br_early_read(img, &img->chains[i]);
	}
	return r < 0 ? r : br_others_read(img);
}
