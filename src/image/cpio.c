/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/num.h"
#include "image/cpio.h"

/* The header's 110 bytes and the name fill a multiple of 4. */
static size_t padded_name(size_t namesize)
{
	return ((namesize + 1) & ~(size_t)3) + 2;
}

static int bad(struct br_cpio *c, const char *defect)
{
	c->defect = defect;
	return -EBADMSG;
}

enum field { INO, MODE, UID, GID, NLINK, MTIME, FILESIZE, MAJOR, MINOR, RMAJOR, RMINOR, NAMESIZE, CHECK, FIELDS };

static int parse_header(struct br_cpio *c, uint32_t f[FIELDS])
{
	bool newc = memcmp(c->buf, "070701", 6) == 0;

	c->checked = memcmp(c->buf, "070702", 6) == 0;
	if (!newc && !c->checked)
		return bad(c, memcmp(c->buf, "070707", 6) == 0 ? "an old cpio format, not newc" : "no cpio header");
	for (size_t i = 0; i < FIELDS; i++) {
		uint64_t v;

		if (br_parse_uint(c->buf + 6 + 8 * i, 8, 16, 0, UINT32_MAX, &v) < 0)
			return bad(c, "a damaged cpio header");
		f[i] = (uint32_t)v;
	}
	return 0;
}

static int got_header(struct br_cpio *c)
{
	uint32_t f[FIELDS];
	int r = parse_header(c, f);

	if (r < 0)
		return r;
	c->e = (struct br_cpio_entry){
		.mode = f[MODE],
		.nlink = f[NLINK],
		.ino = f[INO],
		.major = f[MAJOR],
		.minor = f[MINOR],
		.size = f[FILESIZE],
	};
	c->check = f[CHECK];
	c->start = c->at - BR_CPIO_HEADER;
	c->next = (c->at + padded_name(f[NAMESIZE]) + f[FILESIZE] + 3) & ~(uint64_t)3;
	c->state = BR_CPIO_PADDING;
	/* The kernel passes over what it cannot hold, and over bodies of what has none. */
	if (!f[NAMESIZE] || f[NAMESIZE] > BR_PATH_MAX)
		return 0;
	c->want = padded_name(f[NAMESIZE]);
	if (S_ISLNK(c->e.mode)) {
		if (f[FILESIZE] > BR_PATH_MAX)
			return 0;
		c->want += f[FILESIZE];
	} else if (!S_ISREG(c->e.mode) && f[FILESIZE]) {
		return 0;
	}
	c->have = 0;
	c->left = f[NAMESIZE]; /* until the name is there */
	c->state = BR_CPIO_NAMING;
	return 0;
}

static int got_name(struct br_cpio *c)
{
	size_t namesize = (size_t)c->left;

	if (c->buf[namesize - 1] != '\0')
		return bad(c, "a name without its end");
	c->state = BR_CPIO_PADDING;
	memcpy(c->name, c->buf, namesize);
	if (strcmp(c->name, "TRAILER!!!") == 0)
		return c->ops->trailer(c->ctx);
	c->e.name = c->name;
	if (S_ISLNK(c->e.mode)) {
		c->buf[c->want] = '\0';
		c->e.target = c->buf + padded_name(namesize);
	}
	if (S_ISREG(c->e.mode)) {
		c->left = c->e.size;
		c->sum = 0;
		c->state = BR_CPIO_BODY;
	}
	return c->ops->entry(c->ctx, &c->e);
}

static int got_body(struct br_cpio *c)
{
	c->state = BR_CPIO_PADDING;
	if (c->checked && c->sum != c->check)
		return bad(c, "a file whose checksum does not match");
	return c->ops->done(c->ctx);
}

/* One step on len > 0 bytes (or on none, where none are needed). *used says how many it took. */
static int collect(struct br_cpio *c, const unsigned char *p, size_t len, size_t *used)
{
	size_t n = c->want - c->have < len ? c->want - c->have : len;

	memcpy(c->buf + c->have, p, n);
	c->have += n;
	c->at += n;
	*used = n;
	if (c->have < c->want)
		return 0;
	return c->state == BR_CPIO_HEADING ? got_header(c) : got_name(c);
}

static int body(struct br_cpio *c, const unsigned char *p, size_t len, size_t *used)
{
	size_t n = c->left < len ? (size_t)c->left : len;
	int r = n ? c->ops->data(c->ctx, p, n) : 0;

	if (r < 0)
		return r;
	for (size_t i = 0; c->checked && i < n; i++)
		c->sum += p[i];
	c->left -= n;
	c->at += n;
	*used = n;
	return c->left ? 0 : got_body(c);
}

static void padding(struct br_cpio *c, size_t len, size_t *used)
{
	size_t n = c->next - c->at < len ? (size_t)(c->next - c->at) : len;

	c->at += n;
	*used = n;
	if (c->at == c->next)
		c->state = BR_CPIO_BETWEEN;
}

/* *used == 0: the byte is not ours. */
static int between(struct br_cpio *c, const unsigned char *p, size_t len, size_t *used)
{
	size_t n = 0;

	while (n < len && p[n] == 0)
		n++;
	c->at += n;
	*used = n;
	if (n)
		return 0;
	if (c->at % 4)
		return bad(c, "padding that does not end at a multiple of 4");
	if (*p == '0') {
		c->have = 0;
		c->want = BR_CPIO_HEADER;
		c->state = BR_CPIO_HEADING;
	}
	return 0;
}

int br_cpio_push(struct br_cpio *c, const void *buf, size_t len, size_t *ret_used)
{
	const unsigned char *p = buf;
	size_t at = 0;
	int r = 0;

	/* An empty body or padding needs no byte to be over. */
	while (!r && (at < len || (c->state == BR_CPIO_BODY && !c->left) ||
	              (c->state == BR_CPIO_PADDING && c->at == c->next))) {
		enum br_cpio_state was = c->state;
		size_t used = 0;

		if (was == BR_CPIO_BETWEEN)
			r = between(c, p + at, len - at, &used);
		else if (was == BR_CPIO_BODY)
			r = body(c, p + at, len - at, &used);
		else if (was == BR_CPIO_PADDING)
			padding(c, len - at, &used);
		else
			r = collect(c, p + at, len - at, &used);
		at += used;
		if (was == BR_CPIO_BETWEEN && c->state == was && !used)
			break;
	}
	if (r < 0)
		return r;
	*ret_used = at;
	return 0;
}
