/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* linux, initrd, chainloader, boot: what a menu entry would start. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "image/grub-internal.h"

static void free_place(struct br_place *p)
{
	free(p->path);
	*p = (struct br_place){.dev = -1};
}

void br_gs_loader_free(struct grub_loader *l)
{
	free_place(&l->kernel);
	free_place(&l->chain);
	for (size_t i = 0; i < l->n_initrds; i++)
		free(l->initrds[i].path);
	free(l->initrds);
	free(l->cmdline);
	*l = (struct grub_loader){.kernel.dev = -1, .chain.dev = -1};
}

/* Notes the place of s in *ret. false: GRUB would not find the file; one that cannot be asked for
 * counts. */
static bool resolve(struct grub_run *r, const char *s, bool blocks, struct br_place *ret)
{
	const char *path;
	int dev = br_gs_place(r, s, &path), there;

	free_place(ret);
	ret->dev = dev < 0 ? -1 : dev;
	ret->path = strdup(path);
	if (!ret->path) {
		br_gs_oom(r);
		return false;
	}
	if (dev == -ENOENT)
		return false;
	if (*path != '/')
		return blocks && strchr(path, '+');
	if (dev < 0 || !br_gs_charge(r, GRUB_IO_STEPS))
		return true;
	there = r->io->test(r->io->ctx, dev, path, BR_GRUB_FILE);
	if (there == -ENOMEM)
		br_gs_oom(r);
	return there != 0 && there != -ENOENT;
}

/*
 * The kernel's command line from separate words, so that the kernel takes them apart again: quotes
 * around a blank, backslashes before quotes and backslashes; \xHH passes in Fedora's GRUB.
 */
static void add_kernel_arg(const struct grub_run *r, struct br_str *out, const char *s)
{
	bool blank = strchr(s, ' ') != NULL;

	if (!*s)
		return;
	if (out->len)
		br_str_putc(out, ' ');
	if (blank)
		br_str_putc(out, '"');
	for (; *s; s++) {
		bool hex = r->fedora && s[0] == '\\' && s[1] == 'x' &&
			   isxdigit((unsigned char)s[2]) && isxdigit((unsigned char)s[3]);

		if (!hex && strchr("\\'\"", *s))
			br_str_putc(out, '\\');
		br_str_putc(out, *s);
	}
	if (blank)
		br_str_putc(out, '"');
}

int br_gs_cmd_linux(struct grub_run *r, size_t n, char **v)
{
	br_autostr struct br_str line = {0};
	struct grub_loader l = {.kernel.dev = -1, .chain.dev = -1};

	if (n < 2)
		return GRUB_ERROR;
	l.loaded = resolve(r, v[1], false, &l.kernel);
	/* A kernel that is not there leaves the one that was loaded before. */
	if (!l.loaded && r->loader.loaded) {
		br_gs_loader_free(&l);
		return GRUB_ERROR;
	}
	for (size_t i = 2; i < n; i++)
		add_kernel_arg(r, &line, v[i]);
	br_str_puts(&line, "");
	l.cmdline = br_str_take(&line);
	if (!l.cmdline)
		br_gs_oom(r);
	br_gs_loader_free(&r->loader);
	r->loader = l;
	return l.loaded ? GRUB_OK : GRUB_ERROR;
}

static bool add_initrd(struct grub_run *r, const char *s)
{
	struct grub_loader *l = &r->loader;

	/* newc:NAME:FILE puts FILE into the initramfs under NAME. */
	if (br_starts(s, "newc:")) {
		const char *file = strchr(s + 5, ':');

		if (file)
			s = file + 1;
	}
	if (br_grow(&l->initrds, &l->cap_initrds, l->n_initrds, sizeof(*l->initrds)) < 0) {
		br_gs_oom(r);
		return false;
	}
	l->initrds[l->n_initrds] = (struct br_place){.dev = -1};
	return resolve(r, s, false, &l->initrds[l->n_initrds++]);
}

int br_gs_cmd_initrd(struct grub_run *r, size_t n, char **v)
{
	struct grub_loader *l = &r->loader;
	bool all = true;

	if (n < 2 || !l->kernel.path)
		return GRUB_ERROR;
	/* A second initrd command replaces what the first one loaded. */
	for (size_t i = 0; i < l->n_initrds; i++)
		free(l->initrds[i].path);
	l->n_initrds = 0;
	for (size_t i = 1; i < n && r->halt == RUN_ON; i++)
		if (*v[i])
			all &= add_initrd(r, v[i]);
	return all ? GRUB_OK : GRUB_ERROR;
}

int br_gs_cmd_chainloader(struct grub_run *r, size_t n, char **v)
{
	struct grub_loader l = {.kernel.dev = -1, .chain.dev = -1};
	br_autostr struct br_str options = {0};
	size_t i = 1;

	while (i < n && v[i][0] == '-')
		i++;
	if (i >= n)
		return GRUB_ERROR;
	l.loaded = resolve(r, v[i], true, &l.chain);
	/* An EFI program gets the rest as its load options. */
	while (++i < n)
		br_str_printf(&options, "%s%s", options.len ? " " : "", v[i]);
	l.cmdline = options.len ? br_str_take(&options) : NULL;
	if (options.oom)
		br_gs_oom(r);
	br_gs_loader_free(&r->loader);
	r->loader = l;
	return l.loaded ? GRUB_OK : GRUB_ERROR;
}

/* multiboot and its like start something, but what decides is not a Linux kernel beside an
 * initramfs. */
int br_gs_cmd_other_loader(struct grub_run *r, size_t n, char **v)
{
	br_gs_note(r, BR_MENU_UNSUPPORTED, v[0]);
	br_gs_loader_free(&r->loader);
	r->loader.loaded = r->loader.other = true;
	(void)n;
	return GRUB_OK;
}

void br_gs_loader_take(struct grub_run *r, struct grub_item *it)
{
	struct br_boot_entry *e = &it->e;

	e->kernel = r->loader.kernel;
	e->chain = r->loader.chain;
	e->initrds = r->loader.initrds;
	e->n_initrds = r->loader.n_initrds;
	e->cap_initrds = r->loader.cap_initrds;
	e->cmdline = r->loader.cmdline;
	r->loader = (struct grub_loader){.kernel.dev = -1, .chain.dev = -1};
}

int br_gs_cmd_boot(struct grub_run *r, size_t n, char **v)
{
	struct grub_menu *m;
	struct grub_item *it;

	(void)n;
	(void)v;
	if (!r->loader.loaded)
		return GRUB_ERROR;
	r->halt = HALT_BOOT;
	if (r->item)
		return GRUB_OK;
	/* A configuration that boots by itself, without a menu, is a menu of one. */
	m = br_gs_menu_new(r);
	it = m ? br_gs_menu_add(r, m) : NULL;
	if (!it) {
		br_gs_menu_free(m);
		return GRUB_ERROR;
	}
	it->e.title = strdup("boot");
	it->e.source = r->file ? strdup(r->file) : NULL;
	it->e.source_dev = r->dev;
	it->e.line = r->line;
	if (!it->e.title)
		br_gs_oom(r);
	r->shown = m;
	r->boots = it;
	br_gs_loader_take(r, it);
	return GRUB_OK;
}
