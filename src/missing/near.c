/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the file systems that are there may be the one that was meant. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/fstab.h"
#include "image/mounts.h"
#include "image/system.h"
#include "missing/missing.h"

#define INSIDE BR_MOUNT_DIR "/nearest"
/* So many letters of a tag may be wrong for it to be a slip of somebody's fingers; shorter tags than that are not compared. */
#define SLIPS_MAX   3
#define SLIP_LENGTH 8
#define TAG_MAX     128

static bool is_linux_fs(const struct br_blk *b)
{
	static const char *const types[] = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs"};

	for (size_t i = 0; b->use == BR_USE_FS && i < BR_ARRAY_SIZE(types); i++)
		if (br_streq(b->type, types[i]))
			return true;
	return false;
}

/* Levenshtein's distance, in a row at a time. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[TAG_MAX + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > TAG_MAX || nb > TAG_MAX)
		return UINT32_MAX;
	for (size_t k = 0; k <= nb; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= na; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t k = 1; k <= nb; k++) {
			unsigned change = corner + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[k - 1]));

			corner = row[k];
			row[k] = change;
			if (row[k - 1] + 1 < row[k])
				row[k] = row[k - 1] + 1;
			if (corner + 1 < row[k])
				row[k] = corner + 1;
		}
	}
	return row[nb];
}

static bool slipped(const char *want, const char *have)
{
	return have && strlen(want) >= SLIP_LENGTH && distance(want, have) <= SLIPS_MAX;
}

/* The tags of a device, and the kinds of specification that they answer. */
struct tag {
	enum br_spec_kind kind;
	const char *name, *value;
};

static void tags_of(const struct br_blk *b, struct tag ret[4])
{
	ret[0] = (struct tag){BR_SPEC_UUID, "UUID", b->uuid};
	ret[1] = (struct tag){BR_SPEC_LABEL, "LABEL", b->label};
	ret[2] = (struct tag){BR_SPEC_PARTUUID, "PARTUUID", b->partuuid};
	ret[3] = (struct tag){BR_SPEC_PARTLABEL, "PARTLABEL", b->partlabel};
}

/* Owned, NULL: its tags are not near; or memory. */
static char *near_by_tag(const struct br_spec *s, const struct br_blk *b)
{
	struct tag tags[4];

	if (s->kind != BR_SPEC_UUID && s->kind != BR_SPEC_LABEL && s->kind != BR_SPEC_PARTUUID && s->kind != BR_SPEC_PARTLABEL)
		return NULL;
	tags_of(b, tags);
	for (size_t i = 0; i < BR_ARRAY_SIZE(tags); i++)
		if (tags[i].value && strcasecmp(tags[i].value, s->value) == 0)
			return tags[i].kind == s->kind ? br_format("has this %s in other letters", tags[i].name) :
			                                 br_format("has this as its %s", tags[i].name);
	for (size_t i = 0; i < BR_ARRAY_SIZE(tags); i++)
		if (tags[i].kind == s->kind && slipped(s->value, tags[i].value))
			return br_format("its %s differs in a few letters", tags[i].name);
	return NULL;
}

/* sda3 and vda3, sda3 and nvme0n1p3: the same partition of a disk that goes by another name. */
static char *near_by_number(const struct br_spec *s, const struct br_blk *b)
{
	size_t n = s->kind == BR_SPEC_KERNEL_NAME ? strlen(s->value) : 0, digits = 0;

	uint64_t number;

	while (digits < n && isdigit((unsigned char)s->value[n - 1 - digits]))
		digits++;
	if (b->kind != BR_BLK_PART || br_parse_uint(s->value + n - digits, digits, 10, 1, BR_PARTITIONS_MAX, &number) < 0 || number != b->partno)
		return NULL;
	return br_format("has the number of %s on a disk of another name", s->value);
}

static int add(struct br_missing *m, int blk, char *why)
{
	struct br_near *n = &m->near[m->n_near];

	*n = (struct br_near){.blk = blk, .why = why};
	if (!why)
		return -ENOMEM;
	m->n_near++;
	return 0;
}

/* Is a system there, at the top or in the subvolume that distributions put it in? */
static bool open_system(const char *at, struct br_root *ret)
{
	static const char *const tops[] = {"", "/@", "/root"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(tops); i++) {
		br_autofree char *path = br_format("%s%s", at, tops[i]);

		if (!path || br_root_open(ret, path) < 0)
			continue;
		if (br_root_exists(ret, "/etc/os-release") || br_root_exists(ret, "/etc/fstab"))
			return true;
		br_root_close(ret);
	}
	return false;
}

static void read_system(const struct br_root *root, struct br_near *n)
{
	struct br_fstab fstab = {0};
	struct br_system system = {0};
	const struct br_fstab_entry *e;

	br_system_read(root, &system);
	n->os = BR_TAKE(system.os);
	if (br_fstab_read(root, &fstab) == 0 && (e = br_fstab_target(&fstab, "/")))
		n->fstab_root = strdup(e->source);
	br_fstab_free(&fstab);
	br_system_free(&system);
}

/*
 * What is on a file system that the boot does not wait for: were it the one, the boot's own mount would share ours, and
 * with it that no journal is replayed.
 */
static bool read_inside(const struct br_missing *m, struct br_near *n)
{
	const struct br_blk *b = &m->disks.blk[n->blk];
	br_cleanup(br_root_close) struct br_root root = {.fd = -1};
	bool found;

	if (!b->devno || br_mount_read_only(&m->disks, n->blk, INSIDE "/fs") < 0)
		return false;
	found = open_system(INSIDE "/fs", &root);
	if (found)
		read_system(&root, n);
	br_root_close(&root);
	root.fd = -1;
	(void)umount2(INSIDE "/fs", MNT_DETACH);
	return found;
}

static bool listed(const struct br_missing *m, int blk)
{
	for (size_t i = 0; i < m->n_near; i++)
		if (m->near[i].blk == blk)
			return true;
	return false;
}

static int near_by_words(struct br_missing *m)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < m->disks.n && m->n_near < BR_MISSING_NEAR_MAX; i++) {
		const struct br_blk *b = &m->disks.blk[i];
		char *why = is_linux_fs(b) ? near_by_tag(&m->spec, b) : NULL;

		if (!why && is_linux_fs(b))
			why = near_by_number(&m->spec, b);
		if (why)
			r = add(m, (int)i, why);
	}
	return r;
}

static int near_by_content(struct br_missing *m)
{
	for (size_t i = 0; i < m->n_near; i++)
		if (is_linux_fs(&m->disks.blk[m->near[i].blk]))
			(void)read_inside(m, &m->near[i]);
	for (size_t i = 0; i < m->disks.n && m->n_near < BR_MISSING_NEAR_MAX; i++) {
		struct br_near n = {.blk = (int)i};

		if (!is_linux_fs(&m->disks.blk[i]) || listed(m, (int)i) || !read_inside(m, &n))
			continue;
		m->near[m->n_near] = n;
		n.why = strdup(n.fstab_root && br_streq(n.fstab_root, m->root_text) ? "its fstab names what is asked for" : "a system is on it");
		if (!n.why) {
			free(n.os);
			free(n.fstab_root);
			return -ENOMEM;
		}
		m->near[m->n_near++] = n;
	}
	return 0;
}

int br_missing_near(struct br_missing *m, bool look_inside)
{
	int r;

	/* Without root= the boot may take any of them, and what it mounts is not ours to look into. */
	if (!m->root_text || (m->found.match != BR_MATCH_NONE && m->found.match != BR_MATCH_UNKNOWN))
		return 0;
	r = near_by_words(m);
	if (r == 0 && look_inside && m->found.match == BR_MATCH_NONE && br_mount_private(INSIDE) == 0)
		r = near_by_content(m);
	return r;
}
