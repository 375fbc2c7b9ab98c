/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "base/num.h"
#include "base/str.h"
#include "image/blkio.h"
#include "image/parttable.h"

#define HEADER 92
#define ENTRY  128 /* the kernel takes no other size */
/* As many as the kernel allocates for; a table has 128. */
#define ENTRIES_MAX 32768

struct disk {
	const struct br_disks *d;
	int blk;
	unsigned sector;
	uint64_t last;
};

static int read_at(const struct disk *k, uint64_t lba, uint64_t more, void *buf, size_t len)
{
	uint64_t at;

	if (__builtin_mul_overflow(lba, (uint64_t)k->sector, &at) || __builtin_add_overflow(at, more, &at))
		return -ERANGE;
	return br_blk_read(k->d, k->blk, at, buf, len);
}

static int sum_entries(const struct disk *k, uint64_t lba, uint32_t n, uint32_t *ret)
{
	unsigned char buf[32 * ENTRY];
	uLong crc = crc32(0, NULL, 0);

	for (uint32_t i = 0; i < n; i += 32) {
		size_t len = (n - i < 32 ? n - i : 32) * ENTRY;
		int r = read_at(k, lba, (uint64_t)i * ENTRY, buf, len);

		if (r < 0)
			return r;
		crc = crc32(crc, buf, (uInt)len);
	}
	*ret = (uint32_t)crc;
	return 0;
}

/* Does the checksum fit the header, whose own field counts as zero? */
static bool header_fits(const unsigned char h[512])
{
	unsigned char copy[512];
	uint32_t size = br_le32(h + 12);

	if (size < HEADER || size > 512)
		return false;
	memcpy(copy, h, sizeof(copy));
	memset(copy + 16, 0, 4);
	return crc32(crc32(0, NULL, 0), copy, size) == br_le32(h + 16);
}

/* 0 with *ret_state, or -errno of reading what is on the disk. */
static int look(const struct disk *k, uint64_t lba, unsigned char h[512], enum br_gpt_state *ret_state)
{
	uint32_t n, crc = 0;
	int r = read_at(k, lba, 0, h, 512);

	*ret_state = BR_GPT_ABSENT;
	if (r == -ERANGE)
		return 0;
	if (r < 0)
		return r;
	if (memcmp(h, "EFI PART", 8) != 0)
		return 0;
	*ret_state = BR_GPT_DAMAGED;
	n = br_le32(h + 80);
	if (!header_fits(h) || br_le64(h + 24) != lba || br_le32(h + 84) != ENTRY || n > ENTRIES_MAX)
		return 0;
	*ret_state = BR_GPT_PAST_END;
	if (br_le64(h + 48) > k->last || br_le64(h + 40) > k->last)
		return 0;
	r = sum_entries(k, br_le64(h + 72), n, &crc);
	if (r < 0 && r != -ERANGE)
		return r;
	*ret_state = r == 0 && crc == br_le32(h + 88) ? BR_GPT_SOUND : BR_GPT_DAMAGED;
	return 0;
}

static int system_disk(const struct br_disks *d)
{
	int only = -1;

	if (d->root_disk >= 0)
		return d->root_disk;
	for (size_t i = 0; i < d->n; i++) {
		if (d->blk[i].kind != BR_BLK_DISK)
			continue;
		if (only >= 0)
			return -1;
		only = (int)i;
	}
	return only;
}

/* A VHD of fixed size is the raw disk and one sector of its own behind it, which the target takes off. */
static bool has_footer(const struct disk *k)
{
	char cookie[8];

	return k->d->blk[k->blk].devno == 0 && k->sector == 512 && read_at(k, k->last, 0, cookie, sizeof(cookie)) == 0 &&
	       memcmp(cookie, "conectix", 8) == 0;
}

int br_parttable_read(const struct br_disks *d, struct br_parttable *ret)
{
	struct br_parttable t = {.disk = system_disk(d)};
	struct disk k = {.d = d, .blk = t.disk};
	unsigned char h[512];
	int r;

	*ret = t;
	if (t.disk < 0)
		return 0;
	k.sector = d->blk[t.disk].sector_size ? d->blk[t.disk].sector_size : 512;
	k.last = d->blk[t.disk].size / k.sector;
	if (k.last < 2)
		return 0;
	k.last--;
	if (has_footer(&k))
		k.last--;
	t.last = k.last;
	r = look(&k, 1, h, &t.first);
	if (r < 0)
		return r;
	if (t.first != BR_GPT_ABSENT) {
		t.backup = br_le64(h + 32);
		t.usable = br_le64(h + 48);
	}
	r = look(&k, t.first == BR_GPT_SOUND ? t.backup : t.last, h, &t.second);
	if (r < 0)
		return r;
	/* What a table for another sector size, or an MBR over an old GPT, leaves behind is none. */
	t.gpt = br_streq(d->blk[t.disk].pttype, "gpt") || (!d->blk[t.disk].pttype && t.first != BR_GPT_ABSENT);
	*ret = t;
	return 0;
}
