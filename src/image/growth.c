/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which tools a root has that would make it grow, and which its initramfs. What is set in cloud-init is growth-cloud.c's. */
#include <errno.h>

#include "base/limits.h"
#include "image/growth-internal.h"

bool br_growth_program(const struct br_root *root, const char *name)
{
	static const char *const folders[] = {"/usr/bin",       "/usr/sbin", "/bin", "/sbin",
	                                      "/usr/local/bin", "/usr/local/sbin"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_format("%s/%s", folders[i], name);
		struct stat st;

		if (path && br_root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111))
			return true;
	}
	return false;
}

static bool any(const struct br_root *root, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (br_root_exists(root, paths[i]))
			return true;
	return false;
}

/* A dracut module by its name, whatever its number. */
static bool dracut_module(const struct br_root *root, const char *name)
{
	br_autostrv struct br_strv names = {0};

	if (br_root_list(root, "/usr/lib/dracut/modules.d", &names) < 0)
		return false;
	for (size_t i = 0; i < names.n; i++)
		if (strlen(names.v[i]) == strlen(name) + 2 && br_ends(names.v[i], name))
			return true;
	return false;
}

/* Does a repart.d(5) file speak of a root partition? Its "Type=root", "root-x86-64", ..., but not what verifies one. */
static bool defines_root(const struct br_root *root, const char *path)
{
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};

	if (br_root_read(root, path, BR_CONFIG_MAX, &blob) < 0)
		return false;
	br_strv_split(&lines, blob.data, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *l = lines.v[i] + strspn(lines.v[i], " \t");
		size_t n = strlen("Type");

		if (strncmp(l, "Type", n) != 0)
			continue;
		l += n + strspn(l + n, " \t");
		if (*l++ == '=' && br_starts(l + strspn(l, " \t"), "root") && !strstr(l, "-verity"))
			return true;
	}
	return false;
}

static bool has_definition(const struct br_root *root)
{
	static const char *const folders[] = {"/etc/repart.d", "/usr/lib/repart.d", "/usr/local/lib/repart.d"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autostrv struct br_strv names = {0};

		if (br_root_list(root, folders[i], &names) < 0)
			continue;
		for (size_t j = 0; j < names.n; j++) {
			br_autofree char *path = br_format("%s/%s", folders[i], names.v[j]);

			if (path && br_ends(path, ".conf") && defines_root(root, path))
				return true;
		}
	}
	return false;
}

static bool has_repart(const struct br_root *root)
{
	static const char *const programs[] = {"/usr/bin/systemd-repart", "/usr/lib/systemd/systemd-repart",
	                                       "/bin/systemd-repart", "/lib/systemd/systemd-repart"};

	return any(root, programs, BR_ARRAY_SIZE(programs));
}

static bool has_growfs(const struct br_root *root)
{
	static const char *const paths[] = {"/usr/lib/systemd/systemd-growfs", "/lib/systemd/systemd-growfs"};

	return any(root, paths, BR_ARRAY_SIZE(paths));
}

static bool has_growroot(const struct br_root *root)
{
	static const char *const paths[] = {
		"/usr/share/initramfs-tools/scripts/local-bottom/growroot",
		"/usr/share/initramfs-tools/scripts/local-premount/growroot",
	};

	return any(root, paths, BR_ARRAY_SIZE(paths)) || dracut_module(root, "growroot");
}

static bool has_disk_expand(const struct br_root *root)
{
	static const char *const paths[] = {
		"/usr/share/initramfs-tools/scripts/local-premount/expand_root",
		"/usr/share/initramfs-tools/scripts/local-premount/expand_rootfs",
	};

	return any(root, paths, BR_ARRAY_SIZE(paths)) || dracut_module(root, "expand_root") ||
	       dracut_module(root, "expand_rootfs");
}

/* "scripts/local-bottom/growroot", "usr/lib/dracut/hooks/pre-mount/00-growroot.sh": a hook of that name. */
static bool has_hook(const struct br_initramfs *i, const char *hook)
{
	for (size_t k = 0; k < i->names.n; k++) {
		const char *name = i->names.v[k], *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
		size_t n = strlen(base), len = strlen(hook);

		n -= br_ends(base, ".sh") ? strlen(".sh") : 0;
		base += strspn(base, "0123456789");
		base += *base == '-';
		n -= (size_t)(base - (slash ? slash + 1 : name));
		if (slash && n == len && strncmp(base, hook, len) == 0)
			return true;
	}
	return false;
}

void br_growth_look(const struct br_initramfs *i, struct br_growth_early *ret)
{
	*ret = (struct br_growth_early){
		.growroot = has_hook(i, "growroot"),
		.kiwi_repart = has_hook(i, "kiwi-repart-disk"),
		.disk_expand = has_hook(i, "expand_root") || has_hook(i, "expand_rootfs"),
		.repart = br_initramfs_has(i, "usr/lib/systemd/system/initrd-root-fs.target.wants/systemd-repart.service") &&
		          !br_initramfs_has(i, "etc/systemd/system/systemd-repart.service"),
	};
}

static void stop_free(struct br_growth_stop *s)
{
	free(s->what);
	free(s->path);
	*s = (struct br_growth_stop){0};
}

void br_growth_free(struct br_growth *g)
{
	stop_free(&g->no_growpart);
	stop_free(&g->no_resizefs);
	stop_free(&g->growroot_disabled);
	*g = (struct br_growth){0};
}

int br_growth_stop(struct br_growth_stop *s, char *what, const char *path, unsigned line)
{
	br_autofree char *owned = what, *where = strdup(path);

	if (s->what)
		return 0; /* the first reason is enough */
	if (!owned || !where)
		return -ENOMEM;
	*s = (struct br_growth_stop){BR_TAKE(owned), BR_TAKE(where), line};
	return 0;
}

int br_growth_read(const struct br_root *root, const struct br_units *units, const struct br_cloudinit *ci,
                   struct br_growth *ret)
{
	br_cleanup(br_growth_free) struct br_growth g = {
		.growpart = br_growth_program(root, "growpart"),
		.table_tool = br_growth_program(root, "sfdisk") || br_growth_program(root, "sgdisk"),
		.defines_root = has_definition(root),
		.installed = {.growroot = has_growroot(root),
		              .kiwi_repart = dracut_module(root, "kiwi-repart"),
		              .disk_expand = has_disk_expand(root)},
		.rootgrow = br_growth_program(root, "rootgrow") && br_unit_starts(units, "rootgrow.service"),
		.disk_expand = br_growth_program(root, "google_disk_expand") &&
		               br_unit_starts(units, "google-disk-expand.service"),
		.resize2fs = br_growth_program(root, "resize2fs"),
		.xfs_growfs = br_growth_program(root, "xfs_growfs"),
		.btrfs = br_growth_program(root, "btrfs"),
		.growfs = has_growfs(root),
	};
	int r = 0;

	g.repart = g.defines_root && has_repart(root) && br_unit_starts(units, "systemd-repart.service");
	if (br_root_exists(root, "/etc/growroot-disabled"))
		r = br_growth_stop(&g.growroot_disabled, strdup("the file is there"), "/etc/growroot-disabled", 0);
	if (r == 0 && ci->program)
		r = br_growth_cloud(ci, units, &g);
	if (r < 0)
		return r;
	*ret = g;
	g = (struct br_growth){0};
	return 0;
}
