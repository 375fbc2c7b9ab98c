/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The segments of an initramfs, one after the other as the kernel takes them. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "image/initramfs-internal.h"
#include "image/kernelfile.h"
#include "image/unpack.h"

struct reader {
	struct br_source in;
	struct br_cpio cpio;
	struct br_tree tree;
	struct br_keep keep;
	struct br_hold hold;
	struct br_initramfs *ret;
	bool packed;       /* what comes out of a decompressor, not the file's own bytes */
	bool closed;       /* plain: the trailer of the segment at hand was seen */
	char path[BR_PATH_MAX + 1]; /* of the member at hand */
	uint64_t unpacked; /* of all segments */
	bool too_big;
};

static struct br_segment *segment(struct reader *r)
{
	return &r->ret->segments[r->ret->n_segments - 1];
}

static int add_segment(struct reader *r, const char *compression, uint64_t offset)
{
	struct br_initramfs *i = r->ret;

	if (i->n_segments == BR_INITRAMFS_SEGMENTS_MAX) {
		i->unread = br_format("more than %d segments", BR_INITRAMFS_SEGMENTS_MAX);
		return i->unread ? -E2BIG : -ENOMEM;
	}
	if (br_grow(&i->segments, &i->cap_segments, i->n_segments, sizeof(*i->segments)) < 0)
		return -ENOMEM;
	i->segments[i->n_segments++] = (struct br_segment){.offset = offset, .compression = compression};
	r->closed = false;
	return 0;
}

/* In plain bytes the trailer ends a segment, and the next member opens one. */
static int in_segment(struct reader *r)
{
	uint64_t start = r->cpio.start;

	return !r->packed && r->closed ? add_segment(r, br_codec_name(BR_CODEC_NONE), start) : 0;
}

/* The image inside: where it lies in the one file that is read, or else as it comes. */
static int hold_image(struct reader *r, const struct br_cpio_entry *e)
{
	struct br_extent where = r->in.extents[0];

	if (r->packed || r->in.n != 1)
		return br_hold_begin(&r->hold, r->path, e->size, NULL);
	where.offset += where.mem ? 0 : r->cpio.at;
	where.mem = where.mem ? (const char *)where.mem + r->cpio.at : NULL;
	where.size = e->size;
	return br_hold_begin(&r->hold, r->path, e->size, &where);
}

static int on_entry(void *ctx, const struct br_cpio_entry *e)
{
	struct reader *r = ctx;
	int n = in_segment(r);

	if (n < 0)
		return n;
	segment(r)->entries++;
	r->keep.collecting = r->hold.open = false;
	n = br_tree_add(&r->tree, e->name, e->mode, e->target, r->path);
	if (n > 0 && S_ISREG(e->mode) && br_hold_wants(r->path))
		return hold_image(r, e);
	return n > 0 ? br_keep_begin(&r->keep, r->path, e) : n;
}

/* Up to the end of the member at hand, with its padding. */
static void measure_plain(struct reader *r)
{
	segment(r)->size = segment(r)->unpacked = r->cpio.next - segment(r)->offset;
}

static int on_data(void *ctx, const void *buf, size_t len)
{
	struct reader *r = ctx;
	int n = br_keep_data(&r->keep, buf, len);

	return n < 0 ? n : br_hold_data(&r->hold, buf, len);
}

static int on_done(void *ctx)
{
	struct reader *r = ctx;

	br_hold_end(&r->hold);
	return br_keep_end(&r->keep);
}

static int on_trailer(void *ctx)
{
	struct reader *r = ctx;
	int n = in_segment(r);

	if (n < 0)
		return n;
	if (!r->packed)
		measure_plain(r);
	r->closed = true;
	return br_keep_trailer(&r->keep);
}

static const struct br_cpio_ops ops = {on_entry, on_data, on_done, on_trailer};

/*
 * What is behind a defect is lost to the kernel, and the file at hand stays half written. in_one: in the
 * last segment, not where the next should start.
 */
static int say_defect(struct reader *r, bool in_one, uint64_t offset, const char *what)
{
	struct br_initramfs *i = r->ret;

	if (in_one)
		i->defect = br_format("byte %" PRIu64 ", in segment %zu (%s, from byte %" PRIu64 "): %s", offset,
		                      i->n_segments, segment(r)->compression, segment(r)->offset, what);
	else
		i->defect = br_format("byte %" PRIu64 ": %s", offset, what);
	if (r->cpio.state == BR_CPIO_BODY)
		i->cut = strdup(r->path);
	return i->defect && (r->cpio.state != BR_CPIO_BODY || i->cut) ? -EBADMSG : -ENOMEM;
}

static bool over_limit(struct reader *r, size_t more)
{
	r->unpacked += more;
	segment(r)->unpacked += more;
	return r->unpacked > BR_INITRAMFS_UNPACKED_MAX;
}

static int read_plain(struct reader *r)
{
	size_t n, used;
	int e = add_segment(r, br_codec_name(BR_CODEC_NONE), br_source_offset(&r->in));

	r->packed = false;
	r->cpio.at = br_source_offset(&r->in);
	r->cpio.next = r->cpio.at;
	while (!e && (n = br_source_peek(&r->in, 1)) > 0) {
		e = br_cpio_push(&r->cpio, br_source_here(&r->in), n, &used);
		if (e == -EBADMSG)
			return say_defect(r, true, r->cpio.at, r->cpio.defect);
		if (e < 0)
			return e;
		br_source_take(&r->in, used);
		if (!r->closed)
			measure_plain(r);
		r->unpacked += used;
		if (r->unpacked > BR_INITRAMFS_UNPACKED_MAX) {
			r->too_big = true;
			return -E2BIG;
		}
		if (used < n)
			break;
	}
	if (e || r->in.err || r->cpio.state == BR_CPIO_BETWEEN)
		return e;
	segment(r)->size = segment(r)->unpacked = br_source_offset(&r->in) - segment(r)->offset;
	return say_defect(r, true, br_source_offset(&r->in), "the file is cut short");
}

/* From the decompressor. */
static int take_unpacked(void *ctx, const void *buf, size_t len)
{
	struct reader *r = ctx;
	size_t used;
	int e;

	if (over_limit(r, len)) {
		r->too_big = true;
		return 1;
	}
	e = br_cpio_push(&r->cpio, buf, len, &used);
	if (!e && used < len) {
		r->cpio.defect = "junk behind the archive inside";
		e = -EBADMSG;
	}
	return e == -EBADMSG ? 1 : e;
}

static int read_packed(struct reader *r)
{
	enum br_codec codec = br_codec_detect(br_source_here(&r->in), br_source_peek(&r->in, 2));
	uint64_t offset = br_source_offset(&r->in);
	enum br_unpack_end end;
	const char *why;
	int e;

	if (codec == BR_CODEC_NONE)
		return say_defect(r, false, offset, "neither a cpio archive nor a compression that the kernel knows");
	e = add_segment(r, br_codec_name(codec), offset);
	if (e < 0)
		return e;
	r->packed = true;
	r->cpio.at = r->cpio.next = 0;
	e = br_unpack(codec, &r->in, take_unpacked, r, &end, &why);
	if (e < 0)
		return e;
	segment(r)->size = br_source_offset(&r->in) - offset;
	if (r->too_big)
		return -E2BIG;
	if (end == BR_UNPACK_UNREAD) {
		r->ret->unread = br_format("the %s segment from byte %" PRIu64 ": %s", br_codec_name(codec),
		                           offset, why);
		return r->ret->unread ? -E2BIG : -ENOMEM;
	}
	if (end == BR_UNPACK_STOPPED)
		return say_defect(r, true, br_source_offset(&r->in), r->cpio.defect);
	if (end != BR_UNPACK_WHOLE)
		return say_defect(r, true, br_source_offset(&r->in), why);
	if (r->cpio.state != BR_CPIO_BETWEEN)
		return say_defect(r, true, br_source_offset(&r->in), "the archive inside is cut short");
	return 0;
}

/* -EBADMSG and -E2BIG: what there is to say about it stands in ret. */
static int read_segments(struct reader *r)
{
	int e = 0;

	while (!e && br_source_peek(&r->in, 2) > 0) {
		unsigned char c = *br_source_here(&r->in);

		if (c == '0' && br_source_offset(&r->in) % 4 == 0)
			e = read_plain(r);
		else if (c == 0)
			br_source_take(&r->in, 1);
		else
			e = read_packed(r);
	}
	return e;
}

static int conclude(struct reader *r)
{
	struct br_initramfs *i = r->ret;
	int e = br_source_drain(&r->in);

	if (e < 0)
		return e;
	if (r->too_big && !i->unread) {
		i->unread = br_format("more than %llu bytes unpacked", BR_INITRAMFS_UNPACKED_MAX);
		if (!i->unread)
			return -ENOMEM;
	}
	if (!i->n_segments && !i->defect) {
		i->defect = strdup(br_source_offset(&r->in) ? "nothing but NULs in it" : "it is empty");
		if (!i->defect)
			return -ENOMEM;
	}
	i->n_parts = r->in.n;
	i->parts = BR_TAKE(r->in.parts);
	/* Hard links end with the archive, and what the image inside has of a file comes after. */
	e = br_keep_trailer(&r->keep);
	if (!e)
		e = br_hold_read(&r->hold, &r->tree, &r->keep, i);
	return e < 0 ? e : br_initramfs_settle(i, &r->tree, &r->keep);
}

static void reader_free(struct reader **r)
{
	if (!*r)
		return;
	br_source_close(&(*r)->in);
	br_tree_free(&(*r)->tree);
	br_keep_free(&(*r)->keep);
	br_hold_free(&(*r)->hold);
	free(*r);
}

int br_initramfs_read(const struct br_extent *extents, size_t n, struct br_initramfs *ret)
{
	br_cleanup(reader_free) struct reader *r = calloc(1, sizeof(*r));
	br_autoinitramfs struct br_initramfs i = {0};
	int e;

	if (!r)
		return -ENOMEM;
	r->ret = &i;
	r->cpio.ops = &ops;
	r->cpio.ctx = r;
	br_keep_init(&r->keep);
	br_hold_init(&r->hold);
	e = br_tree_init(&r->tree);
	if (!e)
		e = br_source_open(&r->in, extents, n);
	if (!e)
		e = read_segments(r);
	if (e < 0 && e != -EBADMSG && e != -E2BIG)
		return e;
	e = conclude(r);
	if (e < 0)
		return e;
	*ret = i;
	i = (struct br_initramfs){0};
	return 0;
}

int br_initramfs_read_fd(int fd, bool hashed, struct br_initramfs *ret)
{
	struct br_extent part = {.fd = fd, .size = UINT64_MAX};
	int r = br_pe_section(fd, ".initrd", &part);

	if (r < 0 && r != -ENOENT && r != -EBADMSG)
		return r;
	part.hashed = hashed;
	return br_initramfs_read(&part, 1, ret);
}
