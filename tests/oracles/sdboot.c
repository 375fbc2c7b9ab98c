/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For bootctl.py: sdboot VERSION ESP [XBOOTLDR]: the ids of systemd-boot's entries in the order of its menu, the one
 * that starts by itself with a star before it. VERSION as major * 1000 + minor, 0 the newest.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "image/root.h"
#include "image/sdboot.h"
#include "image/uki.h"

static struct br_sdboot_entry entries[BR_BLS_ENTRIES_MAX];
static size_t n;

static int add_type2(const struct br_root *root, const char *dir, const char *name, unsigned version)
{
	br_autofree char *path = br_format("%s/%s", dir, name);
	br_autoclose int fd = -1;
	int r = br_root_file(root, path, &fd);

	for (unsigned profile = 0; r == 0; profile++) {
		br_autouki struct br_uki u = {0};

		r = br_uki_read(fd, profile, &u);
		if (r == 0 && u.osrel)
			r = br_sdboot_unified_parse(u.osrel, u.profile, profile, name, version, &entries[n]);
		if (r == 0 && u.osrel && entries[n].type != BR_SDBOOT_NONE)
			n++;
		if (version && version < BR_SD_PROFILES)
			break;
	}
	return 0;
}

static int add_type1(const struct br_root *root, const char *dir, const char *name, unsigned version)
{
	br_autofree char *path = br_format("%s/%s", dir, name);
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &b);

	if (r == 0)
		r = br_sdboot_entry_parse(b.data, b.len, name, "x64", version, &entries[n]);
	if (r == 0 && entries[n].type != BR_SDBOOT_NONE && !entries[n].foreign)
		n++;
	return r;
}

static int gather(const char *dir, const char *suffix, unsigned version, const struct br_root *root)
{
	br_autostrv struct br_strv names = {0};
	int r = 0;

	if (br_root_list(root, dir, &names) < 0)
		return 0;
	for (size_t i = 0; r == 0 && i < names.n; i++)
		if (br_sdboot_is_entry(names.v[i], suffix, version))
			r = *suffix == '.' && suffix[1] == 'e' ? add_type2(root, dir, names.v[i], version) :
			                                         add_type1(root, dir, names.v[i], version);
	return r;
}

int main(int argc, char **argv)
{
	struct br_sdboot_conf conf = {0};
	br_autoblob struct br_blob b = {0};
	unsigned version;
	bool stale;
	int r = 0, boots;

	if (argc < 3)
		return 64;
	version = (unsigned)atoi(argv[1]);
	for (int i = 2; r == 0 && i < argc; i++) {
		struct br_root root;

		r = br_root_open(&root, argv[i]);
		if (r == 0 && i == 2 && br_root_read(&root, "/loader/loader.conf", BR_CONFIG_MAX, &b) == 0)
			r = br_sdboot_conf_parse(b.data, b.len, version, &conf);
		if (r == 0)
			r = gather("/EFI/Linux", ".efi", version, &root);
		if (r == 0)
			r = gather("/loader/entries", ".conf", version, &root);
		br_root_close(&root);
	}
	br_sdboot_sort(entries, n, version);
	boots = br_sdboot_choose(entries, n, &conf, version, &stale);
	for (size_t i = 0; i < n; i++)
		printf("%s%s\n", (int)i == boots ? "*" : "", entries[i].id);
	return r < 0;
}
