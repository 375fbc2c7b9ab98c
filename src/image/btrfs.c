/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "image/btrfs.h"

#define SUPER       65536
#define SUPER_SIZE  4096
#define HEADER      101
#define NODE_MAX    65536
#define LEVELS      8
/* Nodes read in all; each subvolume in a folder takes some more than the root tree's hundreds. */
#define NODES_MAX   20000
#define CHUNKS_MAX  4096
#define SUBVOLUMES_MAX 4096
/* Folders between a subvolume and the one above it. */
#define FOLDERS_MAX 32
#define PATH_LONGEST 4096

#define CHUNK_TREE_ID 3
#define ROOT_DIR   6
#define FIRST_DIR  256
#define INODE_REF  12
#define DIR_ITEM   84
#define ROOT_ITEM  132
#define ROOT_REF   156
#define CHUNK_ITEM 228

/* RAID0, RAID10, RAID5, RAID6: a node is not whole on one device. */
#define STRIPED (1ULL << 3 | 1ULL << 6 | 1ULL << 7 | 1ULL << 8)

struct key {
	uint64_t object;
	uint8_t type;
	uint64_t offset;
};

struct chunk {
	uint64_t logical, length, physical;
};

struct fs {
	br_btrfs_read read;
	void *ctx;
	uint32_t node_size;
	uint64_t device, root, chunk_root;
	uint8_t root_level, chunk_level;
	struct chunk *chunks;
	size_t n_chunks, cap_chunks;
	unsigned nodes;
};

/* 0 go on, 1 enough, -errno. */
typedef int (*on_item)(struct fs *fs, void *ctx, const struct key *k, const unsigned char *data, uint32_t len);

static struct key key_at(const unsigned char *p)
{
	return (struct key){br_le64(p), p[8], br_le64(p + 9)};
}

static int compare(const struct key *a, const struct key *b)
{
	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static int read_logical(struct fs *fs, uint64_t logical, unsigned char *buf)
{
	for (size_t i = 0; i < fs->n_chunks; i++) {
		const struct chunk *c = &fs->chunks[i];

		if (logical < c->logical || logical - c->logical >= c->length ||
		    c->length - (logical - c->logical) < fs->node_size)
			continue;
		return fs->read(fs->ctx, c->physical + (logical - c->logical), buf, fs->node_size);
	}
	return -ENOTSUP;
}

/* What lies on this device of a chunk: the copy of one that has several. */
static int add_chunk(struct fs *fs, uint64_t logical, const unsigned char *p, size_t len, size_t *ret_size)
{
	uint16_t stripes = len >= 48 ? br_le16(p + 44) : 0;
	int r;

	if (!stripes || len < 48 + (size_t)stripes * 32)
		return -EBADMSG;
	*ret_size = 48 + (size_t)stripes * 32;
	if (br_le64(p + 24) & STRIPED)
		return 0;
	for (unsigned i = 0; i < stripes; i++) {
		const unsigned char *s = p + 48 + (size_t)i * 32;

		if (br_le64(s) != fs->device)
			continue;
		if (fs->n_chunks == CHUNKS_MAX)
			return -E2BIG;
		r = br_grow(&fs->chunks, &fs->cap_chunks, fs->n_chunks, sizeof(*fs->chunks));
		if (r < 0)
			return r;
		fs->chunks[fs->n_chunks++] = (struct chunk){logical, br_le64(p), br_le64(s + 8)};
		return 0;
	}
	return 0;
}

/* A leaf's items from min to max. */
static int walk_leaf(struct fs *fs, const unsigned char *node, uint32_t items, const struct key *min,
                     const struct key *max, on_item call, void *ctx)
{
	int r = 0;

	if (items > (fs->node_size - HEADER) / 25)
		return -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < items; i++) {
		const unsigned char *p = node + HEADER + (size_t)i * 25;
		struct key k = key_at(p);
		uint32_t at = br_le32(p + 17), len = br_le32(p + 21);

		if (compare(&k, min) < 0 || compare(&k, max) > 0)
			continue;
		if (at > fs->node_size - HEADER || len > fs->node_size - HEADER - at)
			return -EBADMSG;
		r = call(fs, ctx, &k, node + HEADER + at, len);
	}
	return r;
}

static int walk(struct fs *fs, uint64_t at, unsigned level, const struct key *min, const struct key *max, on_item call,
                void *ctx)
{
	br_autofree unsigned char *node = malloc(fs->node_size);
	uint32_t items;
	int r = 0;

	if (!node)
		return -ENOMEM;
	if (++fs->nodes > NODES_MAX)
		return -E2BIG;
	r = read_logical(fs, at, node);
	if (r < 0)
		return r;
	items = br_le32(node + 96);
	if (br_le64(node + 48) != at || node[100] != level)
		return -EBADMSG;
	if (level == 0)
		return walk_leaf(fs, node, items, min, max, call, ctx);
	if (items > (fs->node_size - HEADER) / 33)
		return -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < items; i++) {
		const unsigned char *p = node + HEADER + (size_t)i * 33;
		struct key first = key_at(p), next = {UINT64_MAX, UINT8_MAX, UINT64_MAX};

		if (i + 1 < items)
			next = key_at(p + 33);
		if (compare(&first, max) <= 0 && compare(&next, min) > 0)
			r = walk(fs, br_le64(p + 17), level - 1, min, max, call, ctx);
	}
	return r;
}

static int on_chunk(struct fs *fs, void *ctx br_unused, const struct key *k, const unsigned char *data, uint32_t len)
{
	size_t size;

	return k->type == CHUNK_ITEM ? add_chunk(fs, k->offset, data, len, &size) : 0;
}

/* The superblock, and with its few chunks the chunk tree, which has them all. */
static int open_fs(struct fs *fs)
{
	static const struct key all_min = {0}, all_max = {UINT64_MAX, UINT8_MAX, UINT64_MAX};
	br_autofree unsigned char *sb = malloc(SUPER_SIZE);
	size_t used, size;
	int r = sb ? fs->read(fs->ctx, SUPER, sb, SUPER_SIZE) : -ENOMEM;

	if (r < 0)
		return r;
	if (memcmp(sb + 64, "_BHRfS_M", 8) != 0)
		return -EBADMSG;
	fs->root = br_le64(sb + 80);
	fs->chunk_root = br_le64(sb + 88);
	fs->node_size = br_le32(sb + 148);
	fs->root_level = sb[198];
	fs->chunk_level = sb[199];
	fs->device = br_le64(sb + 201);
	used = br_le32(sb + 160);
	if (fs->node_size < 4096 || fs->node_size > NODE_MAX || fs->root_level >= LEVELS || fs->chunk_level >= LEVELS ||
	    used > 2048)
		return -EBADMSG;
	for (size_t at = 0; r == 0 && at + 17 < used; at += 17 + size)
		r = add_chunk(fs, br_le64(sb + 811 + at + 9), sb + 811 + at + 17, used - at - 17, &size);
	return r < 0 ? r : walk(fs, fs->chunk_root, fs->chunk_level, &all_min, &all_max, on_chunk, NULL);
}

static int on_root(struct fs *fs br_unused, void *ctx, const struct key *k, const unsigned char *data, uint32_t len)
{
	struct br_subvolumes *ret = ctx;
	struct br_subvolume *s;
	uint16_t n;
	int r;

	if (k->type == DIR_ITEM && k->object == ROOT_DIR && len >= 30 + 7 && br_le16(data + 27) == 7 &&
	    memcmp(data + 30, "default", 7) == 0)
		ret->default_id = br_le64(data);
	if (k->type != ROOT_REF)
		return 0;
	n = len >= 18 ? br_le16(data + 16) : 0;
	if (!n || len < 18U + n)
		return -EBADMSG;
	if (ret->n == SUBVOLUMES_MAX)
		return -E2BIG;
	r = br_grow(&ret->v, &ret->cap, ret->n, sizeof(*ret->v));
	if (r < 0)
		return r;
	s = &ret->v[ret->n];
	*s = (struct br_subvolume){.id = k->offset, .parent = k->object, .dir = br_le64(data)};
	s->name = strndup((const char *)data + 18, n);
	ret->n++;
	return s->name ? 0 : -ENOMEM;
}

/* The tree of a subvolume: where, and how high. */
struct tree {
	uint64_t at;
	uint8_t level;
	bool found;
};

static int on_tree(struct fs *fs br_unused, void *ctx, const struct key *k, const unsigned char *data, uint32_t len)
{
	struct tree *t = ctx;

	if (k->type != ROOT_ITEM || len < 239)
		return 0;
	*t = (struct tree){br_le64(data + 176), data[238], true};
	return t->level < LEVELS ? 0 : -EBADMSG;
}

struct folder {
	uint64_t parent;
	char *name; /* owned */
};

static int on_folder(struct fs *fs br_unused, void *ctx, const struct key *k, const unsigned char *data, uint32_t len)
{
	struct folder *f = ctx;
	uint16_t n = len >= 10 ? br_le16(data + 8) : 0;

	if (k->type != INODE_REF)
		return 0;
	if (!n || len < 10U + n)
		return -EBADMSG;
	f->parent = k->offset;
	f->name = strndup((const char *)data + 10, n);
	return f->name ? 1 : -ENOMEM;
}

/* Puts "name/" before path. */
static int put_before(char **path, const char *name)
{
	char *longer = br_format("%s/%s", name, *path);

	if (!longer)
		return -ENOMEM;
	free(*path);
	*path = longer;
	return strlen(longer) > PATH_LONGEST ? -E2BIG : 0;
}

/* The folders of the parent subvolume that lead to it, before path. */
static int climb(struct fs *fs, const struct br_subvolume *s, char **path)
{
	const struct key min = {s->parent, ROOT_ITEM, 0}, max = {s->parent, ROOT_ITEM, UINT64_MAX};
	struct tree t = {0};
	uint64_t dir = s->dir;
	int r = dir == FIRST_DIR ? 0 : walk(fs, fs->root, fs->root_level, &min, &max, on_tree, &t);

	for (unsigned depth = 0; r >= 0 && dir != FIRST_DIR; depth++) {
		const struct key from = {dir, INODE_REF, 0}, to = {dir, INODE_REF, UINT64_MAX};
		struct folder f = {0};

		if (!t.found || depth == FOLDERS_MAX)
			return -EBADMSG;
		r = walk(fs, t.at, t.level, &from, &to, on_folder, &f);
		if (r == 1)
			r = put_before(path, f.name);
		else if (r == 0)
			r = -EBADMSG;
		dir = f.parent;
		free(f.name);
	}
	return r;
}

static const struct br_subvolume *by_id(const struct br_subvolumes *l, uint64_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

static int find_path(struct fs *fs, const struct br_subvolumes *l, struct br_subvolume *s)
{
	br_autofree char *path = strdup(s->name);
	const struct br_subvolume *at = s;
	int r = path ? climb(fs, s, &path) : -ENOMEM;

	for (unsigned depth = 0; r >= 0 && at->parent != BR_BTRFS_TOP; depth++) {
		at = by_id(l, at->parent);
		if (!at || depth == FOLDERS_MAX)
			return -EBADMSG;
		r = put_before(&path, at->name);
		if (r == 0)
			r = climb(fs, at, &path);
	}
	if (r < 0)
		return r;
	s->path = BR_TAKE(path);
	return 0;
}

int br_btrfs_subvolumes(br_btrfs_read read, void *ctx, struct br_subvolumes *ret)
{
	static const struct key all_min = {0}, all_max = {UINT64_MAX, UINT8_MAX, UINT64_MAX};
	br_cleanup(br_subvolumes_free) struct br_subvolumes l = {.default_id = BR_BTRFS_TOP};
	struct fs fs = {.read = read, .ctx = ctx};
	int r = open_fs(&fs);

	if (r == 0)
		r = walk(&fs, fs.root, fs.root_level, &all_min, &all_max, on_root, &l);
	for (size_t i = 0; r == 0 && i < l.n; i++)
		r = find_path(&fs, &l, &l.v[i]);
	free(fs.chunks);
	if (r < 0)
		return r;
	*ret = l;
	l = (struct br_subvolumes){0};
	return 0;
}

void br_subvolumes_free(struct br_subvolumes *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		free(s->v[i].path);
	}
	free(s->v);
	*s = (struct br_subvolumes){0};
}
