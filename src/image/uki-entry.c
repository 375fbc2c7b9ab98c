/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified kernel images as boot entries: started by the firmware itself, or by another loader. */
#include <errno.h>
#include <string.h>

#include "image/efi.h"
#include "image/loader-internal.h"
#include "image/pe.h"
#include "image/uki.h"
#include "image/volume.h"

static int add_initrd(struct br_boot_entry *e)
{
	if (br_grow(&e->initrds, &e->cap_initrds, e->n_initrds, sizeof(*e->initrds)) < 0)
		return -ENOMEM;
	e->initrds[e->n_initrds] = (struct br_place){.dev = e->kernel.dev, .path = strdup(e->kernel.path)};
	return e->initrds[e->n_initrds++].path ? 0 : -ENOMEM;
}

/* The stub takes its own initramfs, whatever a loader offers. */
static int fill(struct br_boot_entry *e, struct br_uki *u)
{
	for (size_t i = 0; i < e->n_initrds; i++)
		free(e->initrds[i].path);
	e->n_initrds = 0;
	if (!e->kernel.path) {
		e->kernel = e->chain;
		e->chain = (struct br_place){.dev = -1};
	}
	e->unified = true;
	e->defect = BR_TAKE(u->defect);
	if (!e->cmdline || !*e->cmdline) {
		free(e->cmdline);
		e->cmdline = u->cmdline ? BR_TAKE(u->cmdline) : strdup("");
	}
	if (!e->cmdline)
		return -ENOMEM;
	return u->n_initrd ? add_initrd(e) : 0;
}

static const char *kind_name(const struct br_efi *efi)
{
	switch (efi->kind) {
	case BR_EFI_SHIM:
		return "shim";
	case BR_EFI_GRUB:
		return "GRUB";
	case BR_EFI_SYSTEMD_BOOT:
		return "systemd-boot";
	case BR_EFI_UKI:
		return NULL;
	case BR_EFI_NO_PROGRAM:
		return "no EFI program";
	case BR_EFI_OTHER:
		break;
	}
	return "a program that we do not know";
}

int br_uki_adopt(struct br_image *img, struct br_boot_entry *e, const char **ret_other)
{
	const struct br_place *at = e->kernel.path ? &e->kernel : &e->chain;
	br_cleanup(br_efi_free) struct br_efi efi = {0};
	br_autouki struct br_uki u = {0};
	br_autoclose int fd = -1;
	int r = br_volume_open(img, at->dev, at->path, &fd);

	*ret_other = NULL;
	if (r == 0)
		r = br_efi_look(fd, &efi);
	if (r < 0)
		return r;
	*ret_other = kind_name(&efi);
	if (*ret_other)
		return 0;
	r = br_uki_read(fd, e->profile, &u);
	if (r == 0)
		r = fill(e, &u);
	return r < 0 ? r : br_uki_addons(img, e->kernel.dev, e->kernel.path, &e->cmdline);
}

int br_uki_menu(struct br_image *img, struct br_loader *l, struct br_menu *m)
{
	struct br_boot_entry *e = br_menu_add(m);
	const char *other;
	int r;

	if (!e)
		return -ENOMEM;
	e->kernel = (struct br_place){.dev = l->cfg_dev, .path = strdup(l->cfg_path)};
	e->source = strdup(l->cfg_path);
	e->source_dev = l->cfg_dev;
	e->title = strdup(strrchr(l->cfg_path, '/') + 1);
	e->menu_path = e->title ? strdup(e->title) : NULL;
	e->index_path = strdup("0");
	if (!e->kernel.path || !e->source || !e->menu_path || !e->index_path)
		return -ENOMEM;
	m->boots = 0;
	r = br_uki_adopt(img, e, &other);
	if (r < 0 && r != -ENOMEM) {
		l->unknown = br_format("%s: %s", l->cfg_path, br_strerror(-r));
		m->boots = -1;
		return l->unknown ? 0 : -ENOMEM;
	}
	return r;
}
