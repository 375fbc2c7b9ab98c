/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where an LVM2 physical volume keeps its group's metadata (lvm2's lib/format_text/layout.h): one of the first four 512-byte sectors starts with "LABELONE", le32 at 20 the offset of the PV header in
 * it, "LVM2 001" at 24. The header: 32 bytes uuid, le64 size, then (le64 offset, le64 size) of the data
 * areas up to a zero pair, then of the metadata areas. A metadata area: le32 crc, 16 bytes magic, le32
 * version, le64 start, le64 size, then (le64 offset, le64 size, le32 crc, le32 flags) of the text; its text
 * is a ring behind the area's first 512 bytes.
 */
#include <errno.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/num.h"
#include "image/lvm.h"

#define SECTOR   512
#define MDA_HEAD 512
/* vgcfgbackup of a group with hundreds of volumes is under 1 MiB. */
#define TEXT_MAX (4 * BR_MIB)

static const unsigned char mda_magic[16] = " LVM2 x[5A%r0N*>";

static int read_at(int fd, uint64_t at, void *buf, size_t len)
{
	int r = br_pread_all(fd, buf, len, at);

	return r == -ENODATA ? -EBADMSG : r;
}

/* The text of the metadata area at area, which is a ring. */
static int read_text(int fd, uint64_t area, uint64_t area_size, struct br_lvm *ret)
{
	unsigned char head[MDA_HEAD];
	br_autofree char *text = NULL;
	uint64_t offset, size, first;
	int r = read_at(fd, area, head, sizeof(head));

	if (r < 0)
		return r;
	if (memcmp(head + 4, mda_magic, sizeof(mda_magic)) != 0)
		return -EBADMSG;
	offset = br_le64(head + 40);
	size = br_le64(head + 48);
	if (size == 0 || (br_le32(head + 60) & 1)) /* never written, or told to be ignored */
		return -ENODATA;
	if (offset < MDA_HEAD || offset >= area_size || size > area_size - MDA_HEAD || size > TEXT_MAX)
		return -EBADMSG;
	text = malloc(size);
	if (!text)
		return -ENOMEM;
	first = size < area_size - offset ? size : area_size - offset;
	r = read_at(fd, area + offset, text, first);
	if (r >= 0 && first < size)
		r = read_at(fd, area + MDA_HEAD, text + first, size - first);
	return r < 0 ? r : br_lvm_parse(text, size, ret);
}

/* The (offset, size) pairs of the label's sector, from at: past the data areas, then each metadata area. */
static int read_areas(int fd, uint64_t start, uint64_t pv_size, const unsigned char *sector, size_t at,
                      struct br_lvm *ret)
{
	bool metadata = false;
	int r = -ENODATA;

	for (; at + 16 <= SECTOR; at += 16) {
		uint64_t offset = br_le64(sector + at), size = br_le64(sector + at + 8);

		if (!offset) {
			if (metadata)
				break;
			metadata = true;
			continue;
		}
		if (!metadata)
			continue;
		if (offset >= pv_size || size <= MDA_HEAD || size > pv_size - offset) {
			r = -EBADMSG;
			continue;
		}
		r = read_text(fd, start + offset, size, ret);
		if (r == 0)
			return 0;
	}
	return r;
}

int br_lvm_read(int fd, uint64_t start, uint64_t size, struct br_lvm *ret)
{
	unsigned char sector[SECTOR];

	for (uint64_t i = 0; i < 4; i++) {
		uint32_t header;
		int r;

		if (size < (i + 1) * SECTOR)
			break;
		r = read_at(fd, start + i * SECTOR, sector, sizeof(sector));
		if (r < 0)
			return r;
		if (memcmp(sector, "LABELONE", 8) != 0 || memcmp(sector + 24, "LVM2 001", 8) != 0)
			continue;
		header = br_le32(sector + 20);
		if (header > SECTOR - 40)
			return -EBADMSG;
		return read_areas(fd, start, size, sector, header + 40, ret);
	}
	return -ENODATA;
}
