/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/limits.h"
#include "image/chain.h"
#include "missing/missing.h"

/* A file of parameters, as dracut reads it: each line is more of the command line. */
static int add_parameters(const struct br_root *root, const char *path, struct br_str *line)
{
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &b);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	br_str_puts(line, b.data); /* up to a NUL: no parameter has one */
	br_str_putc(line, ' ');
	return line->oom ? -ENOMEM : 0;
}

/* etc/cmdline.d in the order of names, then etc/cmdline, then the kernel's: dracut's order, where the last one counts. */
static int read_cmdline(const struct br_root *self, const struct br_root *proc, struct br_missing *m)
{
	br_autostrv struct br_strv names = {0};
	br_autostr struct br_str line = {0};
	int r = br_root_list(self, "/etc/cmdline.d", &names);

	if (r == -ENOMEM)
		return r;
	for (size_t i = 0; r >= 0 && i < names.n; i++) {
		br_autofree char *path = br_format("/etc/cmdline.d/%s", names.v[i]);

		if (!path)
			return -ENOMEM;
		r = br_ends(path, ".conf") ? add_parameters(self, path, &line) : 0;
		if (r < 0)
			return r;
	}
	r = add_parameters(self, "/etc/cmdline", &line);
	if (r == 0)
		r = add_parameters(proc, "/cmdline", &line);
	if (r < 0)
		return r;
	br_str_puts(&line, ""); /* one without a word is none the less one */
	m->cmdline = br_str_take(&line);
	return m->cmdline ? 0 : -ENOMEM;
}

/* root=block:/dev/sda1 is dracut's own spelling of root=/dev/sda1. */
static int parse_root(struct br_missing *m)
{
	br_autofree char *text = br_cmdline_get(m->cmdline, "root");
	const char *plain = text && br_starts(text, "block:") ? text + strlen("block:") : text;

	m->fstype = br_cmdline_get(m->cmdline, "rootfstype");
	m->flags = br_cmdline_get(m->cmdline, "rootflags");
	if (!plain || !*plain)
		return 0;
	m->root_text = strdup(plain);
	return m->root_text ? br_spec_parse(m->root_text, &m->spec) : -ENOMEM;
}

/* What the initramfs that runs can load. Without an answer every module's state stays unknown. */
static int read_modules(const struct br_root *self, struct br_missing *m)
{
	br_autofree char *why = NULL; /* told by the releases it has instead */
	struct utsname u;
	int r = br_initramfs_read_running(self, &m->initramfs);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (uname(&u) < 0 || !(m->release = strdup(u.release)))
		return -ENOMEM;
	if (br_cmdline_blacklist(m->cmdline, m->initramfs.made_by, &m->blacklist) < 0 ||
	    br_initramfs_blacklist(&m->initramfs, &m->blacklist) < 0 ||
	    br_forced_modules(&m->initramfs, m->cmdline, &m->forced) < 0)
		return -ENOMEM;
	r = br_modtree_initramfs(&m->initramfs, m->release, &m->modules, &why);
	return r == -ENOMEM ? r : 0;
}

static int read_disks(const struct br_missing_ask *ask, struct br_missing *m)
{
	const struct br_disks_ask disks = {.scan = true, .root_fd = -1, .machine = ask->machine};
	int r = br_disks_read(&disks, &m->disks);

	m->found.blk = -1;
	if (r < 0)
		return r;
	/* Whichever disk the root is on: it is asked of this machine as it stands, not of one to come. */
	for (size_t i = 0; i < m->disks.n; i++)
		m->disks.blk[i].named = true;
	if (m->root_text)
		br_disks_find(&m->disks, &m->spec, &m->found);
	return 0;
}

static int open_part(const char *machine, const char *name, struct br_root *ret)
{
	br_autofree char *path = br_format("%s/%s", machine, name);

	if (!path)
		return -ENOMEM;
	if (br_root_open(ret, path) < 0)
		ret->fd = -1; /* what it would tell is not known then */
	return 0;
}

static bool has_program(const struct br_root *self, const char *name)
{
	static const char *const folders[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/systemd", "/lib/systemd"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_format("%s/%s", folders[i], name);

		if (path && br_root_exists(self, path))
			return true;
	}
	return false;
}

static void read_programs(const struct br_root *self, struct br_missing *m)
{
	m->lvm = has_program(self, "lvm");
	m->mdadm = has_program(self, "mdadm");
	m->cryptsetup = has_program(self, "cryptsetup") || has_program(self, "systemd-cryptsetup");
}

static int read_all(const struct br_missing_ask *ask, const struct br_root *self, struct br_missing *m)
{
	const char *machine = ask->machine ? ask->machine : "";
	br_cleanup(br_root_close) struct br_root proc = {.fd = -1}, sys = {.fd = -1};
	br_autofree char *kmsg = br_format("%s/dev/kmsg", machine);
	int r = kmsg ? open_part(machine, "proc", &proc) : -ENOMEM;

	if (r == 0)
		r = open_part(machine, "sys", &sys);
	if (r == 0)
		r = read_cmdline(self, &proc, m);
	if (r == 0)
		r = parse_root(m);
	if (r == 0)
		r = read_disks(ask, m);
	if (r == 0)
		r = read_modules(self, m);
	read_programs(self, m);
	if (r == 0)
		r = br_missing_buses(&sys, self, m);
	if (r == 0)
		r = br_missing_kernel_words(kmsg, m);
	if (r == 0)
		r = br_missing_near(m, ask->look_inside);
	return r < 0 ? r : br_missing_tell(m);
}

int br_missing_read(const struct br_missing_ask *ask, struct br_missing *m)
{
	br_cleanup(br_root_close) struct br_root self = {.fd = -1};
	int r = br_root_open(&self, ask->self);

	return r < 0 ? r : read_all(ask, &self, m);
}

void br_missing_free(struct br_missing *m)
{
	br_spec_free(&m->spec);
	br_disks_free(&m->disks);
	br_modtree_free(m->modules);
	br_initramfs_free(&m->initramfs);
	br_strv_free(&m->blacklist);
	br_strv_free(&m->forced);
	br_strv_free(&m->words);
	for (size_t i = 0; i < m->n_unbound; i++) {
		free(m->unbound[i].device);
		free(m->unbound[i].alias);
		free(m->unbound[i].module);
		free(m->unbound[i].what);
	}
	for (size_t i = 0; i < m->n_near; i++) {
		free(m->near[i].why);
		free(m->near[i].os);
		free(m->near[i].fstab_root);
	}
	for (size_t i = 0; i < m->n_told; i++) {
		free(m->told[i].message);
		free(m->told[i].fix);
	}
	free(m->unbound);
	free(m->told);
	free(m->cmdline);
	free(m->root_text);
	free(m->fstype);
	free(m->flags);
	free(m->release);
	*m = (struct br_missing){0};
}
