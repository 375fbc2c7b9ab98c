/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a reading child found, as bytes through a pipe: a count, then each device's numbers and strings in
 * the order of put_blk(). Numbers are 8 bytes in the machine's order, a string its length + 1 (0: NULL) and
 * its bytes. The child worked on hostile data, so the parent takes nothing it says on trust.
 */
#include <errno.h>

#include "base/limits.h"
#include "image/disks-internal.h"

static void put_u64(struct br_str *out, uint64_t v)
{
	br_str_add(out, (const char *)&v, sizeof(v));
}

static void put_str(struct br_str *out, const char *s)
{
	put_u64(out, s ? strlen(s) + 1 : 0);
	if (s)
		br_str_puts(out, s);
}

static void put_blk(struct br_str *out, const struct br_blk *b)
{
	const uint64_t numbers[] = {b->kind,        b->partno, b->start,   b->size,
	                            b->sector_size, b->use,    b->fs_size, b->lvs_read,
	                            b->group_pvs, b->whole};
	const char *const strings[] = {b->type,     b->uuid,   b->label,  b->subuuid, b->partuuid,
	                               b->partlabel, b->parttype, b->pttype, b->ptuuid,  b->unread, b->mapper};

	for (size_t i = 0; i < BR_ARRAY_SIZE(numbers); i++)
		put_u64(out, numbers[i]);
	for (size_t i = 0; i < BR_ARRAY_SIZE(strings); i++)
		put_str(out, strings[i]);
	put_u64(out, b->lvs.n);
	for (size_t i = 0; i < b->lvs.n; i++)
		put_str(out, b->lvs.v[i]);
}

void br_wire_put(struct br_str *out, const struct br_blk *blks, size_t n)
{
	put_u64(out, n);
	for (size_t i = 0; i < n; i++)
		put_blk(out, &blks[i]);
}

struct cursor {
	const char *at;
	size_t left;
	bool bad;
};

static uint64_t get_u64(struct cursor *c)
{
	uint64_t v = 0;

	if (c->bad || c->left < sizeof(v)) {
		c->bad = true;
		return 0;
	}
	memcpy(&v, c->at, sizeof(v));
	c->at += sizeof(v);
	c->left -= sizeof(v);
	return v;
}

static char *get_str(struct cursor *c)
{
	uint64_t n = get_u64(c);
	char *s;

	if (n == 0)
		return NULL;
	n--;
	if (c->bad || n > c->left || memchr(c->at, '\0', n)) {
		c->bad = true;
		return NULL;
	}
	s = strndup(c->at, n);
	c->bad |= !s;
	c->at += n;
	c->left -= n;
	return s;
}

static void get_blk(struct cursor *c, struct br_blk *b)
{
	uint64_t kind = get_u64(c), partno = get_u64(c), start = get_u64(c), size = get_u64(c);
	uint64_t sector = get_u64(c), use = get_u64(c), fs_size = get_u64(c), lvs_read = get_u64(c);
	uint64_t group_pvs = get_u64(c), whole = get_u64(c), n;
	char **const strings[] = {&b->type,      &b->uuid,     &b->label,  &b->subuuid, &b->partuuid,
	                          &b->partlabel, &b->parttype, &b->pttype, &b->ptuuid,  &b->unread, &b->mapper};

	if (kind > BR_BLK_VOLUME || use > BR_USE_OTHER || partno > UINT32_MAX || sector > UINT32_MAX)
		c->bad = true;
	b->kind = (enum br_blk_kind)kind;
	b->partno = (unsigned)partno;
	b->start = start;
	b->size = size;
	b->sector_size = (unsigned)sector;
	b->use = (enum br_blk_use)use;
	b->fs_size = fs_size;
	b->lvs_read = lvs_read == 1;
	b->group_pvs = (unsigned)group_pvs;
	b->whole = whole;
	for (size_t i = 0; i < BR_ARRAY_SIZE(strings); i++)
		*strings[i] = get_str(c);
	c->bad |= (kind == BR_BLK_VOLUME) != (b->mapper != NULL);
	n = get_u64(c);
	for (uint64_t i = 0; i < n && !c->bad; i++) {
		br_autofree char *name = get_str(c);

		if (name)
			br_strv_add(&b->lvs, name);
		else
			c->bad = true;
	}
	c->bad |= b->lvs.oom;
}

int br_wire_get(const char *buf, size_t len, struct br_blk **ret, size_t *ret_n)
{
	struct cursor c = {buf, len, false};
	uint64_t n = get_u64(&c);
	struct br_blk *blks;

	if (c.bad || n == 0 || n > BR_PARTITIONS_MAX + 1)
		return -EBADMSG;
	blks = calloc(n, sizeof(*blks));
	if (!blks)
		return -ENOMEM;
	for (uint64_t i = 0; i < n && !c.bad; i++)
		get_blk(&c, &blks[i]);
	if (c.bad || c.left) {
		br_blks_free(blks, n);
		return -EBADMSG;
	}
	*ret = blks;
	*ret_n = n;
	return 0;
}
