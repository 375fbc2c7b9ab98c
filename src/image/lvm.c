/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of the logical volumes of an LVM2 physical volume, from its own metadata, so that a volume that
 * nobody opened is known to be there. Format (lvm2's lib/format_text/layout.h and its man page lvmcfg):
 * one of the first four 512-byte sectors starts with "LABELONE", le32 at 20 the offset of the PV header in
 * it, "LVM2 001" at 24. The header: 32 bytes uuid, le64 size, then (le64 offset, le64 size) of the data
 * areas up to a zero pair, then of the metadata areas. A metadata area: le32 crc, 16 bytes magic, le32
 * version, le64 start, le64 size, then (le64 offset, le64 size, le32 crc, le32 flags) of the text; its text
 * is a ring behind the area's first 512 bytes. The text: name { key = value  key = [ values ]  name { } }.
 */
#include <errno.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/disks-internal.h"
#include "image/lvm.h"

#define SECTOR   512
#define MDA_HEAD 512
/* vgcfgbackup of a group with hundreds of volumes is under 1 MiB. */
#define TEXT_MAX  (4 * BR_MIB)
#define DEPTH_MAX 16

static const unsigned char mda_magic[16] = " LVM2 x[5A%r0N*>";

static int read_at(int fd, uint64_t at, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buf + done, len - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		done += (size_t)n;
	}
	return 0;
}

static void skip_blank(struct br_lvm_words *w)
{
	while (w->at < w->end) {
		if (*w->at == '#') {
			while (w->at < w->end && *w->at != '\n')
				w->at++;
		} else if (strchr(" \t\r\n,", *w->at) && *w->at) {
			w->at++;
		} else {
			return;
		}
	}
}

void br_lvm_word(struct br_lvm_words *w)
{
	size_t n = 0;
	bool quoted;

	skip_blank(w);
	w->kind = 0;
	w->word[0] = '\0';
	if (w->at == w->end || !*w->at)
		return;
	if (strchr("{}[]=", *w->at)) {
		w->kind = *w->at++;
		return;
	}
	quoted = *w->at == '"';
	w->at += quoted;
	while (w->at < w->end && *w->at && (quoted ? *w->at != '"' : !strchr(" \t\r\n,{}[]=\"#", *w->at))) {
		if (quoted && *w->at == '\\' && w->at + 1 < w->end)
			w->at++;
		if (n + 1 < sizeof(w->word))
			w->word[n++] = *w->at;
		w->at++;
	}
	if (quoted && w->at < w->end && *w->at == '"')
		w->at++;
	w->word[n] = '\0';
	w->kind = quoted ? '"' : 'w';
}

/* Where we are: names of the open sections, 0 the group, 1 "logical_volumes", 2 a volume, 3 a segment. */
struct state {
	char group[BR_LVM_WORD_MAX], section[BR_LVM_WORD_MAX], volume[BR_LVM_WORD_MAX];
	char key[BR_LVM_WORD_MAX];
	unsigned depth, lists, pvs;
	bool visible, pool;
};

static void volume_done(const struct state *s, struct br_strv *ret)
{
	br_autofree char *name = NULL;

	if (!s->visible || s->pool)
		return;
	name = br_mapper_name(s->group, strlen(s->group), s->volume);
	if (name)
		br_strv_add(ret, name);
	else
		ret->oom = true;
}

static int open_section(struct state *s, const char *name)
{
	if (s->depth == DEPTH_MAX || !name[0])
		return -EBADMSG;
	if (s->depth == 0)
		strcpy(s->group, name);
	else if (s->depth == 1)
		strcpy(s->section, name);
	else if (s->depth == 2) {
		strcpy(s->volume, name);
		s->visible = s->pool = false;
		s->pvs += strcmp(s->section, "physical_volumes") == 0;
	}
	s->depth++;
	return 0;
}

static bool in_volumes(const struct state *s)
{
	return s->depth >= 3 && strcmp(s->section, "logical_volumes") == 0;
}

static void take_value(struct state *s, const char *value)
{
	if (!in_volumes(s))
		return;
	if (s->depth == 3 && strcmp(s->key, "status") == 0)
		s->visible |= strcmp(value, "VISIBLE") == 0;
	/* A pool is no device that one mounts. */
	if (s->depth == 4 && strcmp(s->key, "type") == 0)
		s->pool |= br_ends(value, "-pool");
}

int br_lvm_parse(const char *text, size_t len, struct br_strv *ret, unsigned *ret_pvs)
{
	br_autostrv struct br_strv volumes = {0};
	struct br_lvm_words w = {.at = text, .end = text + len};
	struct state s = {0};
	char name[BR_LVM_WORD_MAX] = "";
	int r;

	for (br_lvm_word(&w); w.kind; br_lvm_word(&w)) {
		switch (w.kind) {
		case '{':
			r = open_section(&s, name);
			if (r < 0)
				return r;
			break;
		case '}':
			if (!s.depth)
				return -EBADMSG;
			if (s.depth == 3 && in_volumes(&s))
				volume_done(&s, &volumes);
			s.depth--;
			break;
		case '=':
			strcpy(s.key, name);
			break;
		case '[':
		case ']':
			break;
		default:
			if (s.key[0] && w.kind == '"')
				take_value(&s, w.word);
			else if (w.kind == 'w')
				strcpy(name, w.word);
			continue;
		}
		if (w.kind == '{' || w.kind == '}')
			name[0] = s.key[0] = '\0';
	}
	if (!s.group[0] || s.depth)
		return -EBADMSG;
	if (volumes.oom)
		return -ENOMEM;
	*ret = volumes;
	*ret_pvs = s.pvs;
	volumes = (struct br_strv){0};
	return 0;
}

/* The text of the metadata area at area, which is a ring. */
static int read_text(int fd, uint64_t area, uint64_t area_size, struct br_strv *ret, unsigned *ret_pvs)
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
	return r < 0 ? r : br_lvm_parse(text, size, ret, ret_pvs);
}

/* The (offset, size) pairs of the label's sector, from at: past the data areas, then each metadata area. */
static int read_areas(int fd, uint64_t start, uint64_t pv_size, const unsigned char *sector, size_t at,
                      struct br_strv *ret, unsigned *ret_pvs)
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
		r = read_text(fd, start + offset, size, ret, ret_pvs);
		if (r == 0)
			return 0;
	}
	return r;
}

int br_lvm_read(int fd, uint64_t start, uint64_t size, struct br_strv *ret, unsigned *ret_pvs)
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
		return read_areas(fd, start, size, sector, header + 40, ret, ret_pvs);
	}
	return -ENODATA;
}
