/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first programs: the initramfs's own, rdinit= or /init, and the root's, init= or /sbin/init. */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "checks/drivers.h"
#include "checks/grub.h"

/* A shell in init's place ends with the first line that nobody types. */
static bool is_shell(const char *path)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "busybox"};
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	for (size_t i = 0; i < BR_ARRAY_SIZE(shells); i++)
		if (strcmp(name, shells[i]) == 0)
			return true;
	return false;
}

static void is_a_shell(const struct br_chain *c, const char *key, const char *value, struct br_result *res)
{
	br_autofree char *fix = br_format("take %s= out of the kernel command line", key);

	br_find(res, "init-is-shell", BR_SEV_FAILED, c->entry->source, c->entry->line, fix,
	        "%s=%s: the boot ends at a shell", key, value);
}

/* Without it the kernel goes on as if there were no initramfs, and finds by itself only some kinds of root=. */
static void judge_rdinit(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *value = br_cmdline_get(c->cmdline, "rdinit");
	const char *path = value && *value ? value : "/init";
	br_autofree char *fix = value ? strdup("take rdinit= out of the kernel command line")
	                              : br_fix_make(img, c->initramfs.made_by, c->release);

	if (!c->initramfs_read || c->initramfs_running || c->initramfs.defect || c->initramfs.unread)
		return;
	if (!br_initramfs_has(&c->initramfs, path + strspn(path, "/")))
		br_find(res, "rdinit-missing", BR_SEV_FAILED, c->n_initrds ? c->initrds[0].shown : NULL, 0, fix,
		        "the default initramfs has no %s: the kernel passes it over", path);
	else if (value && is_shell(path))
		is_a_shell(c, "rdinit", path, res);
}

/* 1 a program is there, 0 none; -errno: could not be told. */
static int has_program(const struct br_image *img, const char *path)
{
	struct stat st;
	int r = *path == '/' ? br_root_stat(&img->root, path, &st) : -ENOENT;

	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return 0;
	return r < 0 ? r : S_ISREG(st.st_mode) && (st.st_mode & 0111);
}

/* Where the kernel, systemd, dracut and initramfs-tools all look when nothing is named. */
static int has_init(const struct br_image *img)
{
	static const char *const paths[] = {"/sbin/init", "/etc/init", "/bin/init"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(paths); i++)
		r = has_program(img, paths[i]);
	return r;
}

static const char *init_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get install --reinstall systemd-sysv";
	case BR_FAMILY_REDHAT:
		return "dnf reinstall systemd";
	case BR_FAMILY_SUSE:
		return "zypper install --force systemd systemd-sysvinit";
	case BR_FAMILY_ARCH:
		return "pacman -S systemd-sysvcompat";
	default:
		return "reinstall the package that brings /sbin/init";
	}
}

void br_grub_judge_init(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *value = br_cmdline_get(c->cmdline, "init");
	int named = value && *value ? has_program(img, value) : -ENODATA, there = has_init(img);

	judge_rdinit(img, c, res);
	if (named == 1 && is_shell(value)) {
		is_a_shell(c, "init", value, res);
	} else if (named == 1) {
		return;
	} else if ((named < 0 && named != -ENODATA) || there < 0) {
		br_find(res, "init-missing", BR_SEV_UNKNOWN, there < 0 ? "/sbin/init" : value, 0, NULL,
		        "the first program of the root could not be looked at: %s", br_strerror(there < 0 ? -there : -named));
	} else if (named == 0) {
		/* The kernel alone panics; what an initramfs runs falls back on /sbin/init. */
		br_find(res, "init-missing", there && c->n_initrds ? BR_SEV_WARNING : BR_SEV_FAILED, c->entry->source,
		        c->entry->line, "take init= out of the kernel command line", "init=%s: the root has no such program%s", value,
		        there && c->n_initrds ? ", and /sbin/init is run in its place" : "");
	} else if (!there) {
		br_find(res, "init-missing", BR_SEV_FAILED, "/sbin/init", 0, init_fix(img),
		        "the root has no /sbin/init: nothing can be started");
	}
}
