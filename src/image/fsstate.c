/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "image/blkio.h"
#include "image/fsstate.h"
#include "image/image.h"

#define EXT_OFFSET   1024
#define BTRFS_OFFSET 65536

bool br_fsstate_place(const char *type, uint64_t *ret_offset)
{
	if (br_starts(type, "ext"))
		*ret_offset = EXT_OFFSET;
	else if (br_streq(type, "xfs"))
		*ret_offset = 0;
	else if (br_streq(type, "btrfs"))
		*ret_offset = BTRFS_OFFSET;
	else
		return false;
	return true;
}

const char *br_fsstate_repair(const char *type)
{
	return br_streq(type, "xfs") ? "xfs_repair" : br_streq(type, "btrfs") ? "btrfs check --repair" : "e2fsck -f";
}

/* The product, or all there can be: a crafted size is larger than any device. */
static uint64_t times(uint64_t blocks, uint64_t size)
{
	uint64_t all;

	return __builtin_mul_overflow(blocks, size, &all) ? UINT64_MAX : all;
}

static int parse_ext(const unsigned char *sb, time_t now, struct br_fsstate *s)
{
	uint32_t incompat = br_le32(sb + 0x60), ro = br_le32(sb + 0x64), log = br_le32(sb + 0x18);
	uint64_t blocks = br_le32(sb + 0x04), checked = br_le32(sb + 0x40), interval = br_le32(sb + 0x44);
	unsigned mounts = br_le16(sb + 0x34), most = br_le16(sb + 0x36);

	if (br_le16(sb + 0x38) != 0xef53 || log > 6)
		return -EBADMSG;
	if (incompat & 0x80)
		blocks |= (uint64_t)br_le32(sb + 0x150) << 32;
	s->size = times(blocks, 1024u << log);
	s->incompat = incompat;
	s->to_replay = incompat & 0x4;
	/* s_last_orphan, and the feature that says of the orphan file that it is in use. */
	s->orphans = br_le32(sb + 0xe8) != 0 || (ro & 0x10000);
	s->errors = br_le16(sb + 0x3a) & 0x2;
	/* 0 and -1: never. */
	s->due = (most && most < 0x8000 && mounts >= most) || (interval && now > 0 && (uint64_t)now > checked + interval);
	s->features = (incompat & 0x80 ? BR_FS_64BIT : 0) | (ro & 0x100 ? BR_FS_QUOTA : 0) | (ro & 0x2000 ? BR_FS_PROJECT : 0);
	return 0;
}

static int parse_xfs(const unsigned char *sb, struct br_fsstate *s)
{
	if (memcmp(sb, "XFSB", 4) != 0)
		return -EBADMSG;
	s->size = times(br_be64(sb + 8), br_be32(sb + 4));
	/* Version 4 has no such field: the low nibble of its sb_versionnum is not 5. */
	if ((sb[101] & 0xf) != 5)
		s->features = BR_FS_V4;
	else
		s->incompat = br_be32(sb + 216);
	s->needs_repair = s->incompat & 0x10;
	return 0;
}

/* The size of this one device of it, from the item that describes it. */
static int parse_btrfs(const unsigned char *sb, struct br_fsstate *s)
{
	if (memcmp(sb + 0x40, "_BHRfS_M", 8) != 0)
		return -EBADMSG;
	s->size = br_le64(sb + 0xc9 + 8);
	s->devices = br_le64(sb + 0x88);
	s->errors = br_le64(sb + 0x38) & 0x4;
	s->to_replay = br_le64(sb + 0x60) != 0; /* the root of the log tree */
	return 0;
}

int br_fsstate_parse(const char *type, const unsigned char *sb, time_t now, struct br_fsstate *ret)
{
	struct br_fsstate s = {.known = true};
	int r = br_streq(type, "xfs") ? parse_xfs(sb, &s) : br_streq(type, "btrfs") ? parse_btrfs(sb, &s) : parse_ext(sb, now, &s);

	if (r == 0)
		*ret = s;
	return r;
}

int br_fsstate_read(const struct br_disks *d, int blk, struct br_fsstate *ret)
{
	const char *type = d->blk[blk].type;
	unsigned char sb[BR_FSSTATE_BYTES];
	uint64_t offset;
	int r;

	if (!type)
		return -ENODATA;
	if (!br_fsstate_place(type, &offset)) {
		*ret = (struct br_fsstate){0};
		return 0;
	}
	r = br_blk_read(d, blk, offset, sb, sizeof(sb));
	return r < 0 ? r : br_fsstate_parse(type, sb, time(NULL), ret);
}
