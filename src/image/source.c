/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "base/limits.h"
#include "image/source.h"

#define BUFFER (256 * BR_KIB)

int br_source_open(struct br_source *s, const struct br_extent *extents, size_t n)
{
	*s = (struct br_source){.extents = extents, .n = n};
	s->buf = malloc(BUFFER);
	s->parts = calloc(n ? n : 1, sizeof(*s->parts));
	if (!s->buf || !s->parts) {
		br_source_close(s);
		return -ENOMEM;
	}
	br_sha256_init(&s->sha);
	return 0;
}

void br_source_close(struct br_source *s)
{
	free(s->buf);
	free(s->parts);
	*s = (struct br_source){0};
}

/* The next bytes of the extent at hand: 0 at its end. */
static ssize_t read_extent(struct br_source *s, void *buf, size_t room)
{
	const struct br_extent *e = &s->extents[s->at];
	ssize_t n;

	if (e->size - s->done < room)
		room = (size_t)(e->size - s->done);
	if (e->mem) {
		memcpy(buf, (const char *)e->mem + s->done, room);
		return (ssize_t)room;
	}
	do {
		n = pread(e->fd, buf, room, (off_t)(e->offset + s->done));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static void end_extent(struct br_source *s)
{
	s->parts[s->at].size = s->done;
	if (s->extents[s->at].hashed) {
		br_sha256_hex(&s->sha, s->parts[s->at].sha256);
		br_sha256_init(&s->sha);
	}
	s->done = 0;
	s->at++;
}

/* Appends to what is in the buffer. False when nothing more comes. */
static bool fill(struct br_source *s)
{
	while (s->at < s->n && !s->err) {
		ssize_t n = read_extent(s, s->buf + s->len, BUFFER - s->len);

		if (n < 0) {
			s->err = (int)n;
			return false;
		}
		if (n > 0) {
			if (s->extents[s->at].hashed)
				br_sha256_add(&s->sha, s->buf + s->len, (size_t)n);
			s->done += (uint64_t)n;
			s->len += (size_t)n;
			return true;
		}
		end_extent(s);
		/* Room for it is left: fill() is called with half the buffer free. */
		while (s->at < s->n && (s->base + s->len) % 4)
			s->buf[s->len++] = 0;
	}
	return false;
}

size_t br_source_peek(struct br_source *s, size_t want)
{
	if (s->len - s->pos < want && s->pos > 0) {
		memmove(s->buf, s->buf + s->pos, s->len - s->pos);
		s->base += s->pos;
		s->len -= s->pos;
		s->pos = 0;
	}
	while (s->len - s->pos < want && fill(s))
		;
	return s->len - s->pos;
}

int br_source_drain(struct br_source *s)
{
	size_t n;

	while ((n = br_source_peek(s, 1)) > 0)
		br_source_take(s, n);
	return s->err;
}
