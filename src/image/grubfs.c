/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/fsstate.h"
#include "image/grubfs.h"
#include "image/image.h"

static const struct {
	const char *type; /* prefix of libblkid's */
	unsigned since;   /* GRUB release, major * 100 + minor */
	uint32_t reads;   /* all that this release takes */
} masks[] = {
	/* filetype recover meta_bg extent 64bit mmp flex_bg encrypt */
	{"ext", 204, 0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x10000},
	/* metadata_csum_seed large_dir */
	{"ext", 212, 0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x10000 | 0x2000 | 0x4000},
	/* ftype spinodes meta_uuid */
	{"xfs", 204, 0x7},
	/* bigtime needsrepair */
	{"xfs", 206, 0x1f},
	/* nrext64 */
	{"xfs", 212, 0x3f},
	/* exchange parent metadir */
	{"xfs", 214, 0x1ff},
};

static const struct {
	const char *type;
	uint32_t bit;
	const char *name; /* as tune2fs -l and xfs_info show it */
} names[] = {
	{"ext", 0x400, "ea_inode"},    {"ext", 0x1000, "dirdata"},       {"ext", 0x2000, "metadata_csum_seed"},
	{"ext", 0x4000, "large_dir"},  {"ext", 0x8000, "inline_data"},   {"ext", 0x20000, "casefold"},
	{"xfs", 0x8, "bigtime"},       {"xfs", 0x10, "needsrepair"},     {"xfs", 0x20, "nrext64"},
	{"xfs", 0x40, "exchange"},     {"xfs", 0x80, "parent"},          {"xfs", 0x100, "metadir"},
};

/* "2.06", "2.02~beta3" -> 206, 202; 0 no such version. */
static unsigned release(const char *version)
{
	uint64_t major, minor;
	const char *dot = version ? strchr(version, '.') : NULL;

	if (!dot || br_parse_uint(version, (size_t)(dot - version), 10, 0, 99, &major) < 0 ||
	    br_parse_uint(dot + 1, strspn(dot + 1, "0123456789"), 10, 0, 99, &minor) < 0)
		return 0;
	return (unsigned)(major * 100 + minor);
}

uint32_t br_grubfs_odd(const char *type, uint32_t incompat, const char *version)
{
	unsigned is = release(version);
	uint32_t reads = 0;
	bool known = false;

	for (size_t i = 0; i < BR_ARRAY_SIZE(masks); i++) {
		if (!type || !br_starts(type, masks[i].type))
			continue;
		if (!known || !is || masks[i].since <= is)
			reads = masks[i].reads;
		known = true;
	}
	return known ? incompat & ~reads : 0;
}

static uint32_t incompat_of(const struct br_disks *d, int blk)
{
	struct br_fsstate s = {0};

	return br_fsstate_read(d, blk, &s) == 0 ? s.incompat : 0;
}

/* grub_version="2.06" of the modules that grub-install takes from. */
static char *installed_version(const struct br_root *root)
{
	static const char *const places[] = {
		"/usr/lib/grub/i386-pc/modinfo.sh",
		"/usr/lib/grub/x86_64-efi/modinfo.sh",
		"/usr/lib/grub/arm64-efi/modinfo.sh",
		"/usr/share/grub2/i386-pc/modinfo.sh",
		"/usr/share/grub2/x86_64-efi/modinfo.sh",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(places); i++) {
		static const char key[] = "grub_version=";
		br_autoblob struct br_blob b = {0};
		const char *at;

		if (br_root_read(root, places[i], BR_CONFIG_MAX, &b) < 0 || !(at = strstr(b.data, key)))
			continue;
		at += strlen(key);
		at += *at == '"';
		return strndup(at, strcspn(at, "\"\n"));
	}
	return NULL;
}

static char *name_all(const char *type, uint32_t odd)
{
	br_autostr struct br_str out = {0};

	for (uint32_t bit = 1; bit; bit <<= 1) {
		const char *name = NULL;

		if (!(odd & bit))
			continue;
		for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
			if (names[i].bit == bit && br_starts(type, names[i].type))
				name = names[i].name;
		br_str_puts(&out, out.len ? " " : "");
		if (name)
			br_str_puts(&out, name);
		else
			br_str_printf(&out, "0x%x", (unsigned)bit);
	}
	return br_str_take(&out);
}

int br_grubfs_look(struct br_image *img, int blk, struct br_grubfs *ret)
{
	const char *type = img->disks.blk[blk].type;
	struct br_grubfs g = {.blk = blk};

	if (!type) {
		*ret = g;
		return 0;
	}
	g.version = installed_version(&img->root);
	g.odd = br_grubfs_odd(type, incompat_of(&img->disks, blk), g.version);
	if (g.odd && !(g.names = name_all(type, g.odd))) {
		br_grubfs_free(&g);
		return -ENOMEM;
	}
	*ret = g;
	return 0;
}

void br_grubfs_free(struct br_grubfs *g)
{
	free(g->version);
	free(g->names);
	*g = (struct br_grubfs){.blk = -1};
}
