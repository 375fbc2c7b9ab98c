/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <lzma.h>
#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/grubcore.h"

#define LOADED_AT        0x8200
#define DECOMPRESSOR_MAX (0x9000 - LOADED_AT)
#define HEADER_SIZE      0x1c
#define PARTITION        0x1a
/* Kernel and modules unpacked; with every module of a release it is 3 MiB. */
#define UNPACKED_MAX (16 * BR_MIB)
/* mov $imm32,%esi */
#define MOV_ESI 0xbe
/* Of the decompressor's instructions one sets the place; others look alike by chance. */
#define TRIES_MAX 16

size_t br_grub_blocks(const unsigned char *sector, struct br_grub_blocks ret[BR_GRUB_BLOCKS_MAX])
{
	size_t n = 0;

	for (unsigned at = 500; n < BR_GRUB_BLOCKS_MAX && br_le16(sector + at + 8); at -= 12)
		ret[n++] = (struct br_grub_blocks){br_le64(sector + at), br_le16(sector + at + 8)};
	return n;
}

/* false: what stands there does not unpack to exactly len bytes. */
static int unlzma(const unsigned char *in, size_t in_len, unsigned char *out, size_t len, bool *ret)
{
	lzma_options_lzma options = {.dict_size = 64 * BR_KIB, .lc = 3, .lp = 0, .pb = 2};
	const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, NULL}};
	lzma_stream z = LZMA_STREAM_INIT;
	lzma_ret step = lzma_raw_decoder(&z, filters);

	z.next_in = in;
	z.avail_in = in_len;
	z.next_out = out;
	z.avail_out = len;
	while (step == LZMA_OK && z.avail_out)
		step = lzma_code(&z, LZMA_RUN);
	*ret = z.avail_out == 0;
	lzma_end(&z);
	return step == LZMA_MEM_ERROR ? -ENOMEM : 0;
}

static bool is_text(const char *s)
{
	for (; s && *s; s++)
		if ((unsigned char)*s < ' ' && !isspace((unsigned char)*s))
			return false;
	return true;
}

/*
 * The packing has no checksum, and where redundancy was added GRUB mends what is damaged before it unpacks, as we do
 * not: what did not come out whole is not to be believed.
 */
static int take_mods(const char *buf, size_t len, struct br_grub_mods *ret)
{
	br_cleanup(br_grub_mods_free) struct br_grub_mods m = {0};
	int r = br_grub_mods_parse(buf, len, false, &m);

	if (r == 0 && (!m.whole || !is_text(m.prefix) || !is_text(m.config) ||
	               (m.prefix && m.prefix[0] != '(' && m.prefix[0] != '/')))
		r = -EBADMSG;
	if (r < 0)
		return r;
	*ret = m;
	m = (struct br_grub_mods){0};
	return 0;
}

/* The module area lies behind the kernel, on a word; the kernel's own code names "mimg" too. */
static int find_mods(const char *buf, size_t len, struct br_grub_mods *ret)
{
	for (size_t at = 0; at + 12 <= len; at += 4) {
		const char *p = buf + at;

		if (memcmp(p, "mimg", 4) == 0 && br_le32(p + 4) == 12 && br_le32(p + 8) >= 12 && br_le32(p + 8) <= len - at)
			return take_mods(p, len - at, ret);
	}
	return -EBADMSG;
}

static int try_at(const unsigned char *buf, size_t len, size_t at, unsigned char *out, struct br_grub_mods *ret)
{
	size_t packed = br_le32(buf + 8), unpacked = br_le32(buf + 12);
	bool good = false;
	int r = unlzma(buf + at, len - at < packed ? len - at : packed, out, unpacked, &good);

	if (r == 0)
		r = good ? find_mods((char *)out, unpacked, ret) : -EBADMSG;
	return r;
}

int br_grub_core_parse(const unsigned char *buf, size_t len, struct br_grub_core *ret)
{
	size_t unpacked, end = len < DECOMPRESSOR_MAX ? len : DECOMPRESSOR_MAX;
	br_autofree unsigned char *out = NULL;
	struct br_grub_core c = {0};
	unsigned tries = 0;

	if (len < HEADER_SIZE)
		return -EBADMSG;
	unpacked = br_le32(buf + 12);
	if (!br_le32(buf + 8) || !unpacked || unpacked > UNPACKED_MAX)
		return -EBADMSG;
	out = malloc(unpacked);
	if (!out)
		return -ENOMEM;
	for (size_t i = HEADER_SIZE; i + 5 <= end && tries < TRIES_MAX; i++) {
		uint32_t to = buf[i] == MOV_ESI ? br_le32(buf + i + 1) : 0;
		int r;

		if (to <= LOADED_AT + HEADER_SIZE || to > LOADED_AT + DECOMPRESSOR_MAX || to - LOADED_AT >= len)
			continue;
		tries++;
		r = try_at(buf, len, to - LOADED_AT, out, &c.mods);
		if (r == -EBADMSG)
			continue;
		if (r < 0)
			return r;
		c.part = buf[PARTITION] == 0xff ? 0 : buf[PARTITION] + 1;
		*ret = c;
		return 0;
	}
	return -EBADMSG;
}

void br_grub_core_free(struct br_grub_core *c)
{
	br_grub_mods_free(&c->mods);
	*c = (struct br_grub_core){0};
}
