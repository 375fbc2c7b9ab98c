/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* squashfs 4.0: its superblock, and the walk over its folders. */
#include <errno.h>
#include <libavutil/lzo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/squashfs-internal.h"

#define SUPERBLOCK 96
#define MAGIC      0x73717368
#define BLOCK_MAX  (1 * BR_MIB)
/* A folder that holds itself would go on for ever. */
#define DEPTH_MAX 64
/* Of a folder's listing: the format's own limit for the long form of its inode. */
#define LISTING_MAX (16 * BR_MIB)

enum inode { FOLDER = 1, FILE_, LINK, BLOCK_DEVICE, CHAR_DEVICE, FIFO, SOCKET, LONG_FOLDER, LONG_FILE, LONG_LINK, INODES = 14 };

struct walk {
	struct br_squashfs s;
	const struct br_innerfs_ops *ops;
	void *ctx;
	uint64_t names; /* bytes of listings read */
	char path[BR_PATH_MAX + 1];
	char target[BR_PATH_MAX + 1];
};

struct node {
	struct br_cpio_entry e;
	enum inode type;
	struct br_squashfs_at listing; /* of a folder */
	uint32_t listed;               /* its bytes */
	struct br_squashfs_file file;
};

static int get(struct walk *w, struct br_squashfs_at *at, unsigned char *buf, size_t len)
{
	return br_squashfs_meta(&w->s, at, buf, len);
}

static int read_folder(struct walk *w, struct br_squashfs_at *at, struct node *n)
{
	unsigned char b[24];
	bool wide = n->type == LONG_FOLDER;
	int r = get(w, at, b, wide ? 24 : 16);

	if (r < 0)
		return r;
	n->listing.block = w->s.folders + br_le32(b + (wide ? 8 : 0));
	n->listing.offset = br_le16(b + (wide ? 18 : 10));
	n->listed = wide ? br_le32(b + 4) : br_le16(b + 8);
	/* Three more than there are: "." and ".." are counted and not there. */
	n->listed = n->listed < 3 ? 0 : n->listed - 3;
	return n->listed <= LISTING_MAX ? 0 : br_innerfs_bad(w->s.said, at->block, "has a folder that is too large");
}

static int read_file(struct walk *w, struct br_squashfs_at *at, struct node *n)
{
	unsigned char b[40];
	bool wide = n->type == LONG_FILE;
	int r = get(w, at, b, wide ? 40 : 16);

	if (r < 0)
		return r;
	n->file = (struct br_squashfs_file){
		.start = wide ? br_le64(b) : br_le32(b),
		.size = wide ? br_le64(b + 8) : br_le32(b + 12),
		.fragment = br_le32(b + (wide ? 28 : 4)),
		.offset = br_le32(b + (wide ? 32 : 8)),
		.blocks = *at,
	};
	n->e.size = n->file.size;
	return 0;
}

static int read_link(struct walk *w, struct br_squashfs_at *at, struct node *n)
{
	unsigned char b[8];
	int r = get(w, at, b, sizeof(b));
	uint32_t len = r < 0 ? 0 : br_le32(b + 4);

	if (r < 0)
		return r;
	if (!len || len > BR_PATH_MAX)
		return br_innerfs_bad(w->s.said, at->block, "has a link without a target");
	r = get(w, at, (unsigned char *)w->target, len);
	w->target[len] = '\0';
	n->e.target = w->target;
	return r;
}

static int read_node(struct walk *w, struct br_squashfs_at at, struct node *ret)
{
	static const uint32_t modes[] = {S_IFDIR, S_IFREG, S_IFLNK, S_IFBLK, S_IFCHR, S_IFIFO, S_IFSOCK};
	unsigned char b[16];
	struct node n = {0};
	int r = get(w, &at, b, sizeof(b));

	if (r < 0)
		return r;
	n.type = br_le16(b);
	if (n.type < FOLDER || n.type > INODES)
		return br_innerfs_bad(w->s.said, at.block, "has an inode of no known kind");
	n.e.mode = modes[(n.type - 1) % 7] | (br_le16(b + 2) & 07777);
	n.e.nlink = 1;
	if (S_ISDIR(n.e.mode))
		r = read_folder(w, &at, &n);
	else if (S_ISREG(n.e.mode))
		r = read_file(w, &at, &n);
	else if (S_ISLNK(n.e.mode))
		r = read_link(w, &at, &n);
	*ret = n;
	return r;
}

static int walk_folder(struct walk *w, const struct node *folder, unsigned depth);

static int walk_entry(struct walk *w, struct br_squashfs_at inode, const char *name, size_t len, unsigned depth)
{
	struct node n;
	size_t cut = 0;
	int r = read_node(w, inode, &n);

	if (r < 0)
		return r;
	if (br_innerfs_down(w->path, name, len, &cut) < 0)
		return br_innerfs_bad(w->s.said, inode.block, "has a name that cannot be one");
	if (++w->s.said->entries > BR_INITRAMFS_ENTRIES_MAX)
		return br_innerfs_unread(w->s.said, inode.block, "has too many entries");
	n.e.name = w->path;
	r = w->ops->entry(w->ctx, &n.e);
	if (r > 0 && S_ISREG(n.e.mode)) {
		r = br_squashfs_body(&w->s, &n.file, w->ops, w->ctx);
		if (!r)
			r = w->ops->done(w->ctx);
	}
	if (r >= 0 && S_ISDIR(n.e.mode))
		r = walk_folder(w, &n, depth + 1);
	w->path[cut] = '\0';
	return r < 0 ? r : 0;
}

/* A run of entries whose inodes lie in one block: count - 1 (4 bytes), that block (4), an inode number (4). */
static int walk_run(struct walk *w, struct br_squashfs_at *at, uint32_t *left, unsigned depth)
{
	unsigned char head[12], b[8];
	char name[256];
	uint32_t count;
	int r = *left < sizeof(head) ? br_innerfs_bad(w->s.said, at->block, "has a damaged folder") :
	                               get(w, at, head, sizeof(head));

	if (r < 0)
		return r;
	*left -= sizeof(head);
	count = br_le32(head);
	for (uint32_t i = 0; i <= count && i < 256; i++) {
		size_t len;

		/* Where its inode lies in the block (2 bytes), its number (2), its kind (2), its length - 1 (2), the name. */
		r = *left < sizeof(b) ? -EBADMSG : get(w, at, b, sizeof(b));
		len = r < 0 ? 0 : (size_t)br_le16(b + 6) + 1;
		if (r == -EBADMSG || len > sizeof(name) || *left - sizeof(b) < len)
			return w->s.said->defect || w->s.said->unread ? -EBADMSG : br_innerfs_bad(w->s.said, at->block, "has a damaged folder");
		if (!r)
			r = get(w, at, (unsigned char *)name, len);
		if (r < 0)
			return r;
		*left -= (uint32_t)(sizeof(b) + len);
		r = walk_entry(w, (struct br_squashfs_at){w->s.inodes + br_le32(head + 4), br_le16(b)}, name, len, depth);
		if (r < 0)
			return r;
	}
	return 0;
}

static int walk_folder(struct walk *w, const struct node *folder, unsigned depth)
{
	struct br_squashfs_at at = folder->listing;
	uint32_t left = folder->listed;
	int r = 0;

	if (depth > DEPTH_MAX)
		return br_innerfs_unread(w->s.said, at.block, "has folders that are too deep");
	while (!r && left)
		r = walk_run(w, &at, &left, depth);
	return r;
}

static int read_superblock(struct br_squashfs *s, struct br_squashfs_at *ret_root)
{
	unsigned char b[SUPERBLOCK];
	int r = br_innerfs_pread(s->image, s->said, 0, b, sizeof(b));

	if (r < 0)
		return r;
	if (br_le32(b) != MAGIC)
		return br_innerfs_bad(s->said, 0, "is no squashfs image");
	if (br_le16(b + 28) != 4)
		return br_innerfs_bad(s->said, 28, "is of another version of squashfs than the kernel's");
	s->block_size = br_le32(b + 12);
	s->fragments = br_le32(b + 16);
	s->codec = br_le16(b + 20);
	s->inodes = br_le64(b + 64);
	s->folders = br_le64(b + 72);
	s->fragment_list = br_le64(b + 80);
	if (s->block_size < 4096 || s->block_size > BLOCK_MAX || s->block_size & (s->block_size - 1))
		return br_innerfs_bad(s->said, 12, "has blocks of an impossible size");
	if (!br_squashfs_codec_name(s->codec))
		return br_innerfs_bad(s->said, 20, "is packed in a way that the kernel does not know");
	s->said->compression = br_squashfs_codec_name(s->codec);
	if (br_le64(b + 40) > s->image->size)
		return br_innerfs_bad(s->said, s->image->size, "is cut short");
	*ret_root = (struct br_squashfs_at){s->inodes + (br_le64(b + 32) >> 16), br_le64(b + 32) & 0xffff};
	return 0;
}

static int read_all(struct walk *w)
{
	struct br_squashfs *s = &w->s;
	struct br_squashfs_at root;
	struct node n;
	int r = read_superblock(s, &root);

	if (r < 0)
		return r;
	s->cache = calloc(BR_SQUASHFS_CACHE, sizeof(*s->cache));
	/* A metadata block may be longer than a small block of a file. */
	s->packed = malloc((s->block_size > 0x8000 ? s->block_size : 0x8000) + AV_LZO_INPUT_PADDING);
	s->plain = malloc(s->block_size + AV_LZO_OUTPUT_PADDING);
	s->fragment = malloc(s->block_size + AV_LZO_OUTPUT_PADDING);
	if (!s->cache || !s->packed || !s->plain || !s->fragment)
		return -ENOMEM;
	r = read_node(w, root, &n);
	if (!r && !S_ISDIR(n.e.mode))
		r = br_innerfs_bad(s->said, root.block, "has no root folder");
	return r < 0 ? r : walk_folder(w, &n, 0);
}

int br_squashfs_read(const struct br_extent *image, const struct br_innerfs_ops *ops, void *ctx,
                     struct br_innerfs *ret)
{
	struct walk *w = calloc(1, sizeof(*w));
	int r = -ENOMEM;

	*ret = (struct br_innerfs){.type = "squashfs", .compression = "none", .size = image->size};
	if (!w)
		return r;
	w->s.image = image;
	w->s.said = ret;
	w->ops = ops;
	w->ctx = ctx;
	r = read_all(w);
	free(w->s.cache);
	free(w->s.packed);
	free(w->s.plain);
	free(w->s.fragment);
	free(w);
	return r == -EBADMSG && (ret->defect || ret->unread) ? 0 : r;
}
