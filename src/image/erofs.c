/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * erofs, as mkfs.erofs makes it without -z: dracut's default. Of packed files the names are read and the
 * bodies are not. An inode is told by its place: 32 bytes times its number behind the superblock's block of
 * metadata; the end of a small file or folder lies right behind it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/innerfs.h"

#define SUPERBLOCK    1024
#define MAGIC         0xe0f5e1e2
#define DEPTH_MAX     64
#define BLOCK_MAX     (64 * BR_KIB)
#define READ_MAX      (256 * BR_MIB) /* of folders and kept files together, for some may be there twice */
#define KNOWN         0x7f           /* what it asks a reader to know: the rest moves inodes elsewhere */
#define DIRENT        12

enum layout { PLAIN = 0, PACKED, INLINE, PACKED_COMPACT, CHUNKS, LAYOUTS };

struct walk {
	const struct br_extent *image;
	struct br_innerfs *said;
	const struct br_innerfs_ops *ops;
	void *ctx;
	uint64_t meta, block_size, seen; /* meta: byte where inodes are counted from; seen: bytes read */
	char path[BR_PATH_MAX + 1];
	char target[BR_PATH_MAX + 1];
	unsigned char block[BLOCK_MAX]; /* of a file's body */
};

struct node {
	uint32_t mode;
	enum layout layout;
	uint64_t at, size, start, tail; /* at: of the inode; start of its blocks; tail: what lies behind the inode */
};

static int pread_at(struct walk *w, uint64_t at, void *buf, size_t len)
{
	w->seen += len;
	if (w->seen > READ_MAX)
		return br_innerfs_unread(w->said, at, "holds too much");
	return br_innerfs_pread(w->image, w->said, at, buf, len);
}

static int read_node(struct walk *w, uint64_t nid, struct node *ret)
{
	unsigned char b[64];
	uint64_t at;
	struct node n = {0};
	bool wide;
	int r;

	if (nid > w->image->size / 32)
		return br_innerfs_bad(w->said, w->meta, "points behind its end");
	at = w->meta + 32 * nid;
	r = pread_at(w, at, b, 32);
	wide = !r && b[0] & 1;
	if (wide)
		r = pread_at(w, at + 32, b + 32, 32);
	if (r < 0)
		return r;
	n.at = at;
	n.layout = b[0] >> 1 & 7;
	n.mode = br_le16(b + 4);
	n.size = wide ? br_le64(b + 8) : br_le32(b + 8);
	n.start = (uint64_t)br_le32(b + 16) * w->block_size;
	n.tail = at + (wide ? 64 : 32);
	if (br_le16(b + 2)) /* extended attributes lie between */
		n.tail += 12 + 4 * ((uint64_t)br_le16(b + 2) - 1);
	if (n.layout >= LAYOUTS)
		return br_innerfs_bad(w->said, at, "has an inode of no known kind");
	*ret = n;
	return 0;
}

static bool readable(const struct node *n)
{
	return n->layout == PLAIN || n->layout == INLINE;
}

/* The n-th block of a body, *len bytes. */
static int read_block(struct walk *w, const struct node *n, uint64_t block, void *buf, size_t *ret_len)
{
	uint64_t blocks = (n->size + w->block_size - 1) / w->block_size, from = block * w->block_size;
	size_t len = n->size - from < w->block_size ? (size_t)(n->size - from) : (size_t)w->block_size;

	*ret_len = len;
	return pread_at(w, n->layout == INLINE && block == blocks - 1 ? n->tail : n->start + from, buf, len);
}

static int hand_out(struct walk *w, const struct node *n)
{
	int r = 0;

	for (uint64_t at = 0; !r && at < n->size; at += w->block_size) {
		size_t len = 0;

		r = read_block(w, n, at / w->block_size, w->block, &len);
		if (!r)
			r = w->ops->data(w->ctx, w->block, len);
	}
	return r < 0 ? r : w->ops->done(w->ctx);
}

static int read_link(struct walk *w, const struct node *n)
{
	size_t len;
	int r;

	if (!n->size || n->size > BR_PATH_MAX || !readable(n))
		return br_innerfs_bad(w->said, n->at, "has a link without a target");
	/* A target is shorter than any block. */
	r = read_block(w, n, 0, w->target, &len);
	w->target[r < 0 ? 0 : len] = '\0';
	return r;
}

static int walk_folder(struct walk *w, const struct node *folder, unsigned depth);

static int found(struct walk *w, const struct node *n, unsigned depth)
{
	struct br_cpio_entry e = {.name = w->path, .mode = n->mode, .nlink = 1, .size = n->size};
	int r = 0;

	if (++w->said->entries > BR_INITRAMFS_ENTRIES_MAX)
		return br_innerfs_unread(w->said, n->at, "has too many entries");
	if (S_ISLNK(n->mode)) {
		r = read_link(w, n);
		e.target = w->target;
	}
	if (!r)
		r = w->ops->entry(w->ctx, &e);
	if (n->layout == PACKED || n->layout == PACKED_COMPACT)
		w->said->compression = "packed";
	if (r > 0 && S_ISREG(n->mode) && readable(n))
		r = hand_out(w, n);
	else if (r > 0 && S_ISREG(n->mode))
		w->said->unread = "keeps its files packed, which is not read"; /* the other names still count */
	if (r >= 0 && S_ISDIR(n->mode))
		r = walk_folder(w, n, depth + 1);
	return r < 0 ? r : 0;
}

static int walk_entry(struct walk *w, uint64_t nid, const char *name, size_t len, unsigned depth)
{
	struct node n;
	size_t cut = 0;
	int r;

	if (len <= 2 && memcmp(name, "..", len) == 0)
		return 0;
	r = read_node(w, nid, &n);
	if (r < 0)
		return r;
	if (br_innerfs_down(w->path, name, len, &cut) < 0)
		return br_innerfs_bad(w->said, n.at, "has a name that cannot be one");
	r = found(w, &n, depth);
	w->path[cut] = '\0';
	return r;
}

/* A block of a folder: number (8 bytes), where its name starts (2), kind (1), nothing (1) for each; then names. */
static int walk_block(struct walk *w, const struct node *folder, const unsigned char *b, size_t len, unsigned depth)
{
	size_t names = len < DIRENT ? 0 : br_le16(b + 8);
	int r = 0;

	if (!names || names % DIRENT || names > len)
		return br_innerfs_bad(w->said, folder->at, "has a damaged folder");
	for (size_t at = 0; !r && at < names; at += DIRENT) {
		size_t from = br_le16(b + at + 8), to = at + DIRENT < names ? br_le16(b + at + DIRENT + 8) : len;

		if (from < names || to > len || from >= to)
			return br_innerfs_bad(w->said, folder->at, "has a damaged folder");
		r = walk_entry(w, br_le64(b + at), (const char *)b + from, strnlen((const char *)b + from, to - from), depth);
	}
	return r;
}

static int walk_folder(struct walk *w, const struct node *folder, unsigned depth)
{
	br_autofree unsigned char *block = malloc(w->block_size);
	int r = 0;

	if (!block)
		return -ENOMEM;
	if (depth > DEPTH_MAX)
		return br_innerfs_unread(w->said, folder->at, "has folders that are too deep");
	if (!readable(folder))
		return br_innerfs_unread(w->said, folder->at, "keeps its folders packed, which is not read");
	for (uint64_t at = 0; !r && at < folder->size; at += w->block_size) {
		size_t len = 0;

		r = read_block(w, folder, at / w->block_size, block, &len);
		if (!r)
			r = walk_block(w, folder, block, len, depth);
	}
	return r;
}

static int read_all(struct walk *w)
{
	unsigned char b[128];
	struct node root;
	int r = br_innerfs_pread(w->image, w->said, SUPERBLOCK, b, sizeof(b));

	if (r < 0)
		return r;
	if (br_le32(b) != MAGIC)
		return br_innerfs_bad(w->said, SUPERBLOCK, "is no erofs image");
	if (b[12] < 9 || b[12] > 16 || b[90])
		return br_innerfs_bad(w->said, SUPERBLOCK + 12, "has blocks of an impossible size");
	if (br_le32(b + 80) & ~(uint32_t)KNOWN || br_le16(b + 86))
		return br_innerfs_unread(w->said, SUPERBLOCK + 80, "is of a newer kind than is read");
	w->block_size = 1ULL << b[12];
	w->meta = (uint64_t)br_le32(b + 40) * w->block_size;
	if ((uint64_t)br_le32(b + 36) * w->block_size > w->image->size)
		return br_innerfs_bad(w->said, w->image->size, "is cut short");
	r = read_node(w, br_le16(b + 14), &root);
	if (!r && !S_ISDIR(root.mode))
		r = br_innerfs_bad(w->said, root.at, "has no root folder");
	return r < 0 ? r : walk_folder(w, &root, 0);
}

int br_erofs_read(const struct br_extent *image, const struct br_innerfs_ops *ops, void *ctx, struct br_innerfs *ret)
{
	struct walk *w = calloc(1, sizeof(*w));
	int r = -ENOMEM;

	*ret = (struct br_innerfs){.type = "erofs", .compression = "none", .size = image->size};
	if (!w)
		return r;
	w->image = image;
	w->said = ret;
	w->ops = ops;
	w->ctx = ctx;
	r = read_all(w);
	free(w);
	return r == -EBADMSG && (ret->defect || ret->unread) ? 0 : r;
}
