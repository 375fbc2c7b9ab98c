/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What udev has already read of a disk: /run/udev/data/bMAJOR:MINOR, lines of "S:link", "I:time" and
 * "E:KEY=value" (sd-device's format; keys of udev's blkid builtin). A disk that never answers is not
 * touched when this suffices.
 */
#include <errno.h>
#include <sys/sysmacros.h>

#include "base/limits.h"
#include "image/disks-internal.h"

struct entry {
	struct br_blob blob;
	struct br_strv lines; /* "E:..", "S:.." */
	bool initialized;
};

static void entry_free(struct entry *e)
{
	br_blob_free(&e->blob);
	br_strv_free(&e->lines);
}

static int entry_read(const struct br_machine *m, dev_t devno, struct entry *ret)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/b%u:%u", major(devno), minor(devno));
	r = br_root_read(&m->udev, path, BR_CONFIG_MAX, &ret->blob);
	if (r < 0)
		return r;
	br_strv_split(&ret->lines, ret->blob.data, "\n");
	for (size_t i = 0; i < ret->lines.n; i++)
		if (br_starts(ret->lines.v[i], "I:"))
			ret->initialized = true;
	return ret->lines.oom ? -ENOMEM : 0;
}

static const char *property(const struct entry *e, const char *key)
{
	size_t n = strlen(key);

	for (size_t i = 0; i < e->lines.n; i++) {
		const char *l = e->lines.v[i];

		if (br_starts(l, "E:") && strncmp(l + 2, key, n) == 0 && l[2 + n] == '=')
			return l + 2 + n + 1;
	}
	return NULL;
}

/* The *_ENC properties: what may not stand in a link's name is \xNN. */
static char *decoded(const struct entry *e, const char *key)
{
	const char *s = property(e, key);

	return s ? br_udev_unescape(s) : NULL;
}

static char *copied(const struct entry *e, const char *key)
{
	const char *s = property(e, key);

	return s ? strdup(s) : NULL;
}

static void links_of(const struct entry *e, struct br_strv *ret)
{
	static const char *const tags[] = {"disk/by-uuid/", "disk/by-label/", "disk/by-partuuid/",
	                                   "disk/by-partlabel/"};

	for (size_t i = 0; i < e->lines.n; i++) {
		const char *link = e->lines.v[i] + 2;
		bool tag = false;

		if (!br_starts(e->lines.v[i], "S:"))
			continue;
		for (size_t j = 0; j < BR_ARRAY_SIZE(tags); j++)
			tag |= br_starts(link, tags[j]);
		if (!tag)
			br_strv_add(ret, link);
	}
}

void br_udev_links(const struct br_machine *m, dev_t devno, struct br_strv *ret)
{
	br_cleanup(entry_free) struct entry e = {0};

	if (m->udev.fd >= 0 && entry_read(m, devno, &e) >= 0)
		links_of(&e, ret);
}

static enum br_blk_use use_of(const char *usage, const char *type)
{
	if (!type)
		return BR_USE_NONE;
	return br_use_of(usage ? usage : "", type);
}

static void fill(const struct entry *e, struct br_blk *b)
{
	b->type = copied(e, "ID_FS_TYPE");
	b->use = use_of(property(e, "ID_FS_USAGE"), b->type);
	b->uuid = decoded(e, "ID_FS_UUID_ENC");
	b->label = decoded(e, "ID_FS_LABEL_ENC");
	b->subuuid = decoded(e, "ID_FS_UUID_SUB_ENC");
	if (property(e, "ID_FS_AMBIVALENT"))
		b->unread = strdup("ambivalent: it bears the signatures of several file systems");
	if (b->kind == BR_BLK_PART) {
		b->partuuid = copied(e, "ID_PART_ENTRY_UUID");
		b->partlabel = decoded(e, "ID_PART_ENTRY_NAME");
		b->parttype = copied(e, "ID_PART_ENTRY_TYPE");
	} else {
		b->pttype = copied(e, "ID_PART_TABLE_TYPE");
		b->ptuuid = copied(e, "ID_PART_TABLE_UUID");
	}
}

/*
 * Enough is: udev finished with the disk and every partition, and found a table or a content on it. What
 * holds LVM is read all the same: its volumes' names are not in the database.
 */
bool br_udev_read(const struct br_machine *m, struct br_dev *d)
{
	size_t n = 1 + d->n_parts;
	struct br_blk *blks;
	bool enough = true, content = false;

	if (m->udev.fd < 0)
		return false;
	blks = calloc(n, sizeof(*blks));
	if (!blks)
		return false;
	for (size_t i = 0; i < n && enough; i++) {
		br_cleanup(entry_free) struct entry e = {0};
		const struct br_kpart *p = i ? &d->parts[i - 1] : NULL;

		if (entry_read(m, p ? p->devno : d->devno, &e) < 0 || !e.initialized) {
			enough = false;
			break;
		}
		blks[i].kind = p ? BR_BLK_PART : d->mapped ? BR_BLK_MAPPED : BR_BLK_DISK;
		blks[i].partno = p ? p->partno : 0;
		blks[i].start = p ? p->start : 0;
		blks[i].size = p ? p->size : d->size;
		fill(&e, &blks[i]);
		content |= blks[i].type || blks[i].pttype;
		enough &= blks[i].use != BR_USE_LVM || (p ? p->held : d->held);
	}
	if (!enough || !content) {
		br_blks_free(blks, n);
		return false;
	}
	d->found = blks;
	d->n_found = n;
	return true;
}
