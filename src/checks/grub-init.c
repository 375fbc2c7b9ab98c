/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first programs: the initramfs's own, rdinit= or /init, and the root's, init= or what is run without it. */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "checks/drivers.h"
#include "checks/grub.h"

/* What starts the root's first program, and what it does where that is not there. */
enum starter {
	BY_UNKNOWN,
	BY_KERNEL,    /* no initramfs: init= or panic; without it /sbin/init, /etc/init, /bin/init */
	BY_SYSTEMD,   /* init= or stays; without it systemd of the root, then /sbin/init, and only in what has an os-release */
	BY_TOOLS,     /* initramfs-tools: init=, and the kernel's list behind it */
	BY_DRACUT,    /* dracut's own init: init=, and /sbin/init behind it */
	BY_MKINITCPIO, /* init= or /sbin/init, nothing behind it */
};

static enum starter starter_of(const struct br_chain *c)
{
	if (!c->initramfs_read)
		return c->n_initrds ? BY_UNKNOWN : BY_KERNEL;
	if (c->early.systemd)
		return BY_SYSTEMD;
	if (c->early.initramfs_tools)
		return BY_TOOLS;
	if (c->early.dracut)
		return BY_DRACUT;
	return br_streq(c->initramfs.made_by, "mkinitcpio") ? BY_MKINITCPIO : BY_UNKNOWN;
}

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

/*
 * Without it the kernel goes on as if there were no initramfs, and finds by itself only some kinds of root=: what
 * holds the processor's microcode alone is passed over like that.
 */
static void judge_rdinit(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *value = br_cmdline_get(c->cmdline, "rdinit");
	const char *path = value && *value ? value : "/init";
	br_autofree char *fix = value ? strdup("take rdinit= out of the kernel command line")
	                              : br_fix_make(img, c->initramfs.made_by, c->release);

	if (!c->initramfs_read || c->initramfs_running || c->initramfs.defect || c->initramfs.unread)
		return;
	if (br_initramfs_has(&c->initramfs, path + strspn(path, "/"))) {
		if (value && is_shell(path))
			is_a_shell(c, "rdinit", path, res);
	} else if (!br_grub_kernel_resolves(c)) {
		br_find(res, "rdinit-missing", BR_SEV_FAILED, c->n_initrds ? c->initrds[0].shown : NULL, 0, fix,
		        "the default initramfs has no %s: the kernel passes it over, and alone cannot resolve root=%s", path,
		        c->root_text ? c->root_text : "");
	}
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

static int has_any(const struct br_image *img, const char *const *paths, size_t n)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = has_program(img, paths[i]);
	return r;
}

/* Where it looks when init= names nothing. */
static int has_init(const struct br_image *img, enum starter by)
{
	static const char *const kernels[] = {"/sbin/init", "/etc/init", "/bin/init"};
	static const char *const systemds[] = {"/usr/lib/systemd/systemd", "/lib/systemd/systemd", "/sbin/init"};

	if (by == BY_SYSTEMD)
		return has_any(img, systemds, BR_ARRAY_SIZE(systemds));
	return has_any(img, kernels, by == BY_KERNEL || by == BY_TOOLS ? BR_ARRAY_SIZE(kernels) : 1);
}

static const char *init_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get install --reinstall systemd-sysv";
	case BR_FAMILY_REDHAT:
		return "yum reinstall systemd";
	case BR_FAMILY_SUSE:
		return "zypper install --force systemd systemd-sysvinit";
	case BR_FAMILY_ARCH:
		return "pacman -S systemd-sysvcompat";
	default:
		return "reinstall the package that brings /sbin/init";
	}
}

static void judge_named(const struct br_chain *c, const char *value, enum starter by, bool there, struct br_result *res)
{
	const bool falls_back = there && (by == BY_TOOLS || by == BY_DRACUT);
	enum br_severity severity = falls_back ? BR_SEV_WARNING : by == BY_UNKNOWN ? BR_SEV_UNKNOWN : BR_SEV_FAILED;

	br_find(res, "init-missing", severity, c->entry->source, c->entry->line, "take init= out of the kernel command line",
	        "init=%s: the root has no such program%s", value, falls_back ? ", and /sbin/init is run in its place" : "");
}

/* systemd does not switch to a root that looks like none, unless init= says what to run there. */
static void judge_os_release(const struct br_image *img, struct br_result *res)
{
	struct stat st;
	int etc = br_root_stat(&img->root, "/etc/os-release", &st), usr = br_root_stat(&img->root, "/usr/lib/os-release", &st);

	if (etc == -ENOENT && usr == -ENOENT)
		br_find(res, "os-release-missing", BR_SEV_FAILED, "/etc/os-release", 0,
		        br_system_family(&img->system) == BR_FAMILY_DEBIAN ? "apt-get install --reinstall base-files" :
		                                                             "reinstall the distribution's release package",
		        "the root has no os-release: systemd in the initramfs takes it for no system, and does not start it");
}

void br_grub_judge_init(const struct br_image *img, const struct br_chain *c, struct br_result *res)
{
	br_autofree char *value = br_cmdline_get(c->cmdline, "init");
	const enum starter by = starter_of(c);
	const bool is_named = value && *value;
	int named = is_named ? has_program(img, value) : 0, there = has_init(img, by);

	judge_rdinit(img, c, res);
	if (named == 1) {
		if (is_shell(value))
			is_a_shell(c, "init", value, res);
	} else if (named < 0 || there < 0) {
		br_find(res, "init-missing", BR_SEV_UNKNOWN, named < 0 ? value : "/sbin/init", 0, NULL,
		        "the first program of the root could not be looked at: %s", br_strerror(named < 0 ? -named : -there));
	} else if (is_named) {
		judge_named(c, value, by, there, res);
	} else if (!there) {
		br_find(res, "init-missing", by == BY_UNKNOWN ? BR_SEV_UNKNOWN : BR_SEV_FAILED, "/sbin/init", 0, init_fix(img),
		        "the root has no first program: nothing can be started");
	} else if (by == BY_SYSTEMD) {
		judge_os_release(img, res);
	}
}
