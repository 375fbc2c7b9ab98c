/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "checks/drivers.h"
#include "checks/grub.h"

static void judge_kernel(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const struct br_chain_file *k = &c->kernel;
	br_autofree char *fix = br_grub_remake(img, c);
	static const char *const words[] = {
		[BR_KERNEL_EMPTY] = "is empty",
		[BR_KERNEL_TRUNCATED] = "is truncated",
		[BR_KERNEL_NOT_ONE] = "is no kernel",
	};

	if (!k->path) {
		br_find(res, "kernel-missing", BR_SEV_FAILED, c->entry->source, c->entry->line, fix,
		        "the default entry \"%s\" loads no kernel", c->entry->title);
		return;
	}
	if (c->entry->defect) {
		br_find(res, "uki-broken", BR_SEV_FAILED, k->shown, 0, fix,
		        "the unified kernel image that boots does not start: %s", c->entry->defect);
		return;
	}
	switch (c->kernel_state) {
	case BR_KERNEL_SOUND:
		break;
	case BR_KERNEL_ABSENT:
		br_find(res, "kernel-missing", BR_SEV_FAILED, k->shown, 0, fix,
		        "the kernel of the default entry \"%s\" is not there", c->entry->title);
		break;
	case BR_KERNEL_UNREAD:
		br_find(res, "kernel-unread", BR_SEV_UNKNOWN, k->shown, 0, NULL, "the default kernel: %s",
		        k->err == -ENODATA ? "its file system could not be looked into" : br_strerror(-k->err));
		break;
	default:
		br_find(res, "kernel-broken", BR_SEV_FAILED, k->shown, 0, "reinstall the kernel's package",
		        "the default kernel %s (%llu bytes)", words[c->kernel_state],
		        (unsigned long long)k->size);
	}
}

static void judge_initrd_file(const struct br_image *img, const struct br_chain *c, const struct br_chain_file *f,
                              struct br_result *res)
{
	br_autofree char *fix = c->entry->unified ? br_grub_remake(img, c)
	                                          : br_fix_make(img, c->initramfs.made_by, c->release);

	if (f->err == -ENOENT)
		br_find(res, "initramfs-missing", BR_SEV_FAILED, f->shown, 0, fix,
		        "the initramfs of the default entry \"%s\" is not there", c->entry->title);
	else if (f->err < 0)
		br_find(res, "initramfs-unread", c->initramfs_running ? BR_SEV_INFO : BR_SEV_UNKNOWN, f->shown, 0,
		        NULL, "the default initramfs: %s%s",
		        f->err == -ENODATA ? "its file system could not be looked into" : br_strerror(-f->err),
		        c->initramfs_running ? "; the running one stands in for it" : "");
	else if (f->size == 0)
		br_find(res, "initramfs-broken", BR_SEV_FAILED, f->shown, 0, fix, "the default initramfs is empty");
}

/* What the kernel finds by itself (its Documentation/admin-guide/kernel-parameters: root=): no link of udev's. */
bool br_grub_kernel_resolves(const struct br_chain *c)
{
	return c->root_spec.kind == BR_SPEC_KERNEL_NAME || (c->root_text && (br_starts(c->root_text, "PARTUUID=") ||
	                                                                     br_starts(c->root_text, "PARTLABEL=")));
}

static void judge_initramfs(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	const char *shown = c->n_initrds ? c->initrds[0].shown : NULL;
	br_autofree char *fix = c->entry->unified ? br_grub_remake(img, c)
	                                          : br_fix_make(img, c->initramfs.made_by, c->release);

	/* Of a unified image only what is in it: the file itself was judged as the kernel. */
	for (size_t i = 0; i < c->n_initrds && !(c->entry->unified && c->kernel.err < 0); i++)
		judge_initrd_file(img, c, &c->initrds[i], res);
	if (!c->n_initrds && !br_grub_kernel_resolves(c) && c->kernel_state == BR_KERNEL_SOUND)
		br_find(res, "initramfs-none", BR_SEV_FAILED, c->entry->source, c->entry->line, fix,
		        "%s, and the kernel alone cannot resolve root=%s",
		        c->entry->unified ? "the unified kernel image has no section .initrd" :
		                            "the default entry loads no initramfs",
		        c->root_text ? c->root_text : "");
	if (!c->initramfs_read || c->initramfs_running)
		return;
	if (c->initramfs.defect)
		br_find(res, "initramfs-broken", BR_SEV_FAILED, shown, 0, fix, "the default initramfs is broken: %s",
		        c->initramfs.defect);
	else if (c->initramfs.unread)
		br_find(res, "initramfs-unread", BR_SEV_UNKNOWN, shown, 0, NULL, "the default initramfs: %s",
		        c->initramfs.unread);
	if (c->running_differs)
		br_find(res, "running-differs", BR_SEV_WARNING, shown, 0, NULL,
		        "the running initramfs holds other modules than this file, which boots next time");
}

/* syslinux 6.04 ends with "I/O error" at the first hole of a file on ext4: shown by a boot. */
static void judge_holes(const struct br_image *img, const struct br_chain *c, const struct br_chain_file *f,
                        struct br_result *res)
{
	br_autofree char *fix = NULL;

	if (c->loader.kind != BR_LOADER_SYSLINUX || !f->holed || f->blk < 0 || !img->disks.blk[f->blk].type ||
	    !br_starts(img->disks.blk[f->blk].type, "ext"))
		return;
	fix = br_format("cp --sparse=never %s %s.whole && mv %s.whole %s", f->shown, f->shown, f->shown, f->shown);
	br_find(res, "syslinux-file-with-holes", BR_SEV_FAILED, f->shown, 0, fix,
	        "syslinux cannot read this file: it was stored with holes where it has zeros");
}

/* A kernel without modules in its root comes up without network and most file systems. */
static void judge_root_modules(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *path = c->release ? br_format("/lib/modules/%s", c->release) : NULL;
	br_autofree char *fix = NULL;

	struct stat st;
	int r;

	if (!path || c->root_modules)
		return;
	r = br_root_stat(&img->root, path, &st);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR) {
		br_find(res, "kernel-modules-unread", BR_SEV_UNKNOWN, path, 0, NULL, "the default kernel's modules: %s",
		        br_strerror(-r));
		return;
	}
	if (r == 0) {
		fix = br_format("depmod %s", c->release);
		br_find(res, "kernel-modules-missing", BR_SEV_FAILED, path, 0, fix,
		        "the default kernel's module index: %s",
		        c->root_modules_why ? c->root_modules_why : "cannot be read");
		return;
	}
	br_find(res, "kernel-modules-missing", BR_SEV_FAILED, path, 0, "reinstall the kernel's package",
	        "the default kernel %s has no modules in the root", c->release);
}

void br_grub_judge_files(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	judge_kernel(img, c, res);
	judge_initramfs(img, c, res);
	judge_holes(img, c, &c->kernel, res);
	for (size_t i = 0; i < c->n_initrds; i++)
		judge_holes(img, c, &c->initrds[i], res);
	judge_root_modules(img, c, res);
}
