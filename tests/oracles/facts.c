/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For the comparisons with other tools: prints what the readers found, a line a thing.
 *   facts disks PATH...    each device: name, then TAG=value of those it has
 *   facts volumes PATH...  the mapper names of all LVM volumes
 *   facts waits FILE       of an fstab the targets that the boot waits for
 *   facts bad FILE         the lines of an fstab that libmount refuses
 *   facts cloud ROOT       what of cloud-init's configuration keeps the root from growing
 *   facts datasource ROOT CMDLINE   does cloud-init look for the data of Alibaba Cloud: looks, excluded, off, untold
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "image/cloudinit.h"
#include "base/limits.h"
#include "image/disks.h"
#include "image/fstab.h"
#include "image/growth.h"

static void tag(const char *name, const char *value)
{
	if (value)
		printf(" %s=%s", name, value);
}

static int disks(char **paths, int n, bool volumes)
{
	struct br_disks_ask ask = {.paths = (const char *const *)paths, .n_paths = (size_t)n, .root_fd = -1};
	br_cleanup(br_disks_free) struct br_disks d = {0};

	if (br_disks_read(&ask, &d) < 0)
		return 1;
	for (size_t i = 0; i < d.n; i++) {
		const struct br_blk *b = &d.blk[i];

		for (size_t j = 0; volumes && j < b->lvs.n; j++)
			puts(b->lvs.v[j]);
		/* blkid looks into no volume that nobody opened. */
		if (volumes || b->kind == BR_BLK_VOLUME)
			continue;
		printf("%s", b->name);
		tag("TYPE", b->type);
		tag("UUID", b->uuid);
		tag("LABEL", b->label);
		tag("UUID_SUB", b->subuuid);
		tag("PARTUUID", b->partuuid);
		tag("PARTLABEL", b->partlabel);
		tag("PTTYPE", b->pttype);
		tag("PTUUID", b->ptuuid);
		if (b->kind == BR_BLK_PART)
			printf(" START=%llu SIZE=%llu", (unsigned long long)b->start, (unsigned long long)b->size);
		tag("UNREAD", b->unread);
		putchar('\n');
	}
	return 0;
}

static int fstab(const char *path, bool bad)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	br_autoblob struct br_blob blob = {0};
	br_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || br_read_fd(fd, BR_CONFIG_MAX, &blob) < 0 || br_fstab_parse(blob.data, blob.len, &f) < 0)
		return 1;
	for (size_t i = 0; bad && i < f.n_bad; i++)
		printf("%u\n", f.bad[i].line);
	for (size_t i = 0; !bad && i < f.n; i++)
		if (f.entries[i].waits)
			puts(f.entries[i].target);
	return 0;
}

static void stop(const char *name, const struct br_growth_stop *s)
{
	if (s->what)
		printf("%s: %s\n", name, s->what);
}

/* The boot comes to all that cloud-init runs: its configuration alone is asked about. */
static int cloud(const char *folder)
{
	struct br_unit services[] = {{.name = (char[]){"cloud-config.service"}, .starts = true},
	                             {.name = (char[]){"cloud-final.service"}, .starts = true},
	                             {.name = (char[]){"cloud-init.service"}, .starts = true}};
	const struct br_units units = {.init = BR_INIT_SYSTEMD, .v = services, .n = BR_ARRAY_SIZE(services)};
	br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
	br_cleanup(br_growth_free) struct br_growth g = {0};
	struct br_root root;
	int r = br_root_open(&root, folder);

	if (r < 0)
		return 1;
	r = br_cloudinit_read(&root, &ci);
	if (r == 0)
		r = br_growth_read(&root, &units, &ci, &g);
	br_root_close(&root);
	stop("growpart", &g.no_growpart);
	stop("resizefs", &g.no_resizefs);
	if (ci.config.unread)
		printf("unread: %s\n", ci.config.unread);
	return r < 0;
}

static int datasource(const char *folder, const char *cmdline)
{
	static const char *const words[] = {"untold", "looks", "excluded", "off"};
	br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
	struct br_cloud_answer a;
	struct br_root root;
	int r = br_root_open(&root, folder);

	if (r < 0)
		return 1;
	r = br_cloudinit_read(&root, &ci);
	br_root_close(&root);
	if (r < 0)
		return 1;
	br_cloudinit_search(&ci, cmdline, "x86_64", "AliYun", &a);
	puts(words[a.search]);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (strcmp(what, "disks") == 0 || strcmp(what, "volumes") == 0)
		return disks(argv + 2, argc - 2, what[0] == 'v');
	if (strcmp(what, "waits") == 0 || strcmp(what, "bad") == 0)
		return fstab(argv[2], what[0] == 'b');
	if (strcmp(what, "cloud") == 0)
		return cloud(argv[2]);
	if (strcmp(what, "datasource") == 0 && argc > 3)
		return datasource(argv[2], argv[3]);
	fputs("usage: facts disks|volumes|waits|bad|cloud PATH... | datasource ROOT CMDLINE\n", stderr);
	return 64;
}
