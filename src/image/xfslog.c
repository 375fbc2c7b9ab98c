/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "image/xfslog.h"

#define BLOCK 512
#define MAGIC 0xfeedbabeU
/* Log blocks; the kernel's own limit is 2 GiB less one file system block. */
#define LOG_MAX (2ULL << 30)
/* Blocks of the longest record: 256 KiB, its headers, and as much padding to the stripe again. */
#define RECORD_MAX 1100
#define UNMOUNTED  0x20

struct log {
	br_xfs_read read;
	void *ctx;
	uint64_t at;     /* byte */
	uint64_t blocks; /* of 512 bytes; it is a ring of them */
};

static int read_block(const struct log *l, uint64_t n, unsigned char *buf)
{
	return l->read(l->ctx, l->at + n % l->blocks * BLOCK, buf, BLOCK);
}

/* Every block begins with the count of times that writing went round; a record's header has its magic there. */
static uint32_t cycle_of(const unsigned char *block)
{
	uint32_t first = br_be32(block);

	return first == MAGIC ? br_be32(block + 4) : first;
}

static int read_cycle(const struct log *l, uint64_t n, uint32_t *ret)
{
	unsigned char buf[BLOCK];
	int r = read_block(l, n, buf);

	if (r == 0)
		*ret = cycle_of(buf);
	return r;
}

/* The first block of that cycle behind first, which is of another one; last is of it. */
static int find_cycle(const struct log *l, uint64_t first, uint64_t last, uint32_t cycle, uint64_t *ret)
{
	while (last - first > 1) {
		uint64_t middle = first + (last - first) / 2;
		uint32_t here;
		int r = read_cycle(l, middle, &here);

		if (r < 0)
			return r;
		if (here == cycle)
			last = middle;
		else
			first = middle;
	}
	*ret = last;
	return 0;
}

/* Where the next record would be written. *ret_empty: nothing ever was. */
static int find_head(const struct log *l, uint64_t *ret, bool *ret_empty)
{
	uint32_t first, last;
	int r = read_cycle(l, 0, &first);

	if (r == 0)
		r = read_cycle(l, l->blocks - 1, &last);
	if (r < 0)
		return r;
	*ret_empty = first == 0;
	*ret = l->blocks;
	return first == 0 || first == last ? 0 : find_cycle(l, 0, l->blocks - 1, last, ret);
}

/* Blocks of a record's headers: one for each 32 KiB of what its writer's buffers hold. */
static uint64_t header_blocks(const unsigned char *h)
{
	uint32_t size = br_be32(h + 320);

	return (br_be32(h + 8) & 2) && size > 32768 ? ((uint64_t)size + 32767) / 32768 : 1;
}

/* Is the record at that block what unmounting writes, and the last one? */
static int judge(const struct log *l, uint64_t at, const unsigned char *header, uint64_t head, bool *ret_dirty)
{
	uint64_t headers = header_blocks(header), data = ((uint64_t)br_be32(header + 12) + BLOCK - 1) / BLOCK;
	unsigned char op[BLOCK];
	int r = 0;

	*ret_dirty = true;
	if (br_be32(header + 40) != 1 || (at + headers + data) % l->blocks != head % l->blocks)
		return 0;
	r = read_block(l, at + headers, op);
	if (r == 0)
		*ret_dirty = !(op[9] & UNMOUNTED);
	return r;
}

static int find_last(const struct log *l, uint64_t head, bool *ret_dirty)
{
	unsigned char buf[BLOCK];

	/* No record as far back as the longest reaches: none that unmounting wrote. */
	*ret_dirty = true;
	for (uint64_t back = 1; back <= RECORD_MAX && back <= l->blocks; back++) {
		uint64_t at = (head % l->blocks + l->blocks - back) % l->blocks;
		int r = read_block(l, at, buf);

		if (r < 0)
			return r;
		if (br_be32(buf) == MAGIC)
			return judge(l, at, buf, head, ret_dirty);
	}
	return 0;
}

/* Where the superblock says that the log lies. */
static int find_log(struct log *l)
{
	unsigned char sb[BLOCK];
	uint64_t start, group, block, size, blocks;
	unsigned shift;
	int r = l->read(l->ctx, 0, sb, sizeof(sb));

	if (r < 0)
		return r;
	if (memcmp(sb, "XFSB", 4) != 0)
		return -EBADMSG;
	size = br_be32(sb + 4);
	start = br_be64(sb + 48);
	blocks = br_be32(sb + 96);
	shift = sb[124];
	if (!start)
		return -ENOTSUP;
	if (size < BLOCK || size > 65536 || (size & (size - 1)) || shift > 31 || !blocks || blocks * size > LOG_MAX)
		return -EBADMSG;
	group = start >> shift;
	block = start & ((1ULL << shift) - 1);
	if (group > UINT32_MAX || block >= br_be32(sb + 84))
		return -EBADMSG;
	l->at = (group * br_be32(sb + 84) + block) * size;
	l->blocks = blocks * size / BLOCK;
	return l->at < (1ULL << 62) ? 0 : -EBADMSG;
}

int br_xfs_dirty(br_xfs_read read, void *ctx, bool *ret_dirty)
{
	struct log l = {.read = read, .ctx = ctx};
	uint64_t head;
	bool empty, dirty = false;
	int r = find_log(&l);

	if (r == 0)
		r = find_head(&l, &head, &empty);
	if (r == 0 && !empty)
		r = find_last(&l, head, &dirty);
	if (r == 0)
		*ret_dirty = dirty;
	return r;
}
