/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the boot waits for: local-fs.target requires the mount, so without its device the machine ends in
 * the emergency shell. As systemd-fstab-generator(8) decides it: tests/oracles/fstab-generator.py compares.
 */
#include "image/fstab.h"

/* Types that come over the network: they hang on remote-fs.target, which the boot does without. */
static const char *const network_types[] = {
	"afs",  "ceph", "cifs", "smb3", "smbfs", "sshfs",     "ncpfs",  "ncp",
	"nfs",  "nfs4", "gfs",  "gfs2", "lustre", "glusterfs", "pvfs2", "ocfs2", "davfs",
};

/* Mount points of the kernel's own file systems: systemd mounts them itself and passes fstab's lines over. */
static const char *const own_targets[] = {
	"/proc",           "/sys",           "/dev",        "/dev/shm",
	"/dev/pts",        "/run",           "/run/lock",   "/sys/firmware/efi/efivars",
	"/sys/fs/selinux", "/sys/fs/cgroup", "/sys/fs/bpf", "/sys/fs/pstore",
	"/sys/fs/smackfs", "/sys/kernel/security",
};

bool br_fstab_is_network_type(const char *type)
{
	if (br_starts(type, "fuse."))
		type += strlen("fuse.");
	for (size_t i = 0; i < BR_ARRAY_SIZE(network_types); i++)
		if (strcmp(type, network_types[i]) == 0)
			return true;
	return false;
}

/* Of a word and its opposite the last one counts. */
static bool says(const char *options, const char *yes, const char *no)
{
	size_t len;
	const char *a = br_option(options, yes, &len), *b = br_option(options, no, &len);

	return a && (!b || a > b);
}

static bool has(const char *options, const char *name)
{
	size_t len;

	return br_option(options, name, &len) != NULL;
}

/* One of the options is this very text. */
static bool has_text(const char *options, const char *text)
{
	size_t n = strlen(text);

	for (const char *at = options; (at = strstr(at, text)); at += n)
		if ((at == options || at[-1] == ',') && (!at[n] || at[n] == ','))
			return true;
	return false;
}

static size_t path_len(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return n;
}

static bool same_path(const char *a, const char *b)
{
	size_t n = path_len(a);

	return n == path_len(b) && memcmp(a, b, n) == 0;
}

static bool is_own_target(const char *target)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(own_targets); i++)
		if (same_path(target, own_targets[i]))
			return true;
	return br_starts(target, "/sys/fs/cgroup/");
}

/* A second entry for a mount point gets no unit: the first one stands. */
static bool is_second(const struct br_fstab *f, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!f->entries[i].ignored && !f->entries[i].swap &&
		    same_path(f->entries[i].target, f->entries[at].target))
			return true;
	return false;
}

/* Pulled in by units of its own instead of by local-fs.target. */
static bool pulled_otherwise(const char *options)
{
	return has(options, "x-systemd.wanted-by") ||
	       (has(options, "x-systemd.required-by") &&
	        !has_text(options, "x-systemd.required-by=local-fs.target"));
}

void br_fstab_waits(struct br_fstab *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct br_fstab_entry *e = &f->entries[i];
		const char *o = e->options;
		bool root = same_path(e->target, "/");

		e->swap = strcmp(e->type, "swap") == 0;
		e->nofail = says(o, "nofail", "fail");
		e->noauto = says(o, "noauto", "auto");
		e->automount = has(o, "x-systemd.automount") || has_text(o, "comment=systemd.automount");
		e->netdev = has(o, "_netdev") || br_fstab_is_network_type(e->type);
		/* "srv/x" is taken as below "/", "srv" is passed over as no path. */
		e->ignored = !e->swap &&
		             (!strchr(e->target, '/') || is_own_target(e->target) || is_second(f, i));
		/* The root is mounted when systemd reads fstab: none of the options lets it off. */
		e->waits = !e->ignored && !e->swap && !e->netdev &&
		           (root || (!e->nofail && !e->noauto && !e->automount && !pulled_otherwise(o)));
		if (root && !e->ignored)
			e->nofail = e->noauto = e->automount = false;
	}
}
