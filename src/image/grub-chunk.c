/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of parsed commands; a file looked through for its first syntax error. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "image/grub-internal.h"

struct slab {
	struct slab *before;
	max_align_t data[];
};

#define SLAB_SIZE 4096

void *br_gs_alloc(struct grub_arena *a, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	size_t want;
	void *p;

	if (size > GRUB_ARENA_MAX)
		return NULL;
	size = (size + align - 1) / align * align;
	if (!a->last || a->size - a->used < size) {
		struct slab *s;

		want = size > SLAB_SIZE ? size : SLAB_SIZE;
		if (*a->live + want > GRUB_ARENA_MAX)
			return NULL;
		s = malloc(sizeof(*s) + want);
		if (!s)
			return NULL;
		s->before = a->last;
		a->last = s;
		a->size = want;
		a->used = 0;
		a->total += want;
		*a->live += want;
	}
	p = (char *)((struct slab *)a->last)->data + a->used;
	a->used += size;
	return memset(p, 0, size);
}

char *br_gs_alloc_str(struct grub_arena *a, const char *s, size_t len)
{
	char *p = br_gs_alloc(a, len + 1);

	if (p && len)
		memcpy(p, s, len);
	return p;
}

void br_gs_arena_free(struct grub_arena *a)
{
	struct slab *s = a->last;

	while (s) {
		struct slab *before = s->before;

		free(s);
		s = before;
	}
	if (a->live)
		*a->live -= a->total;
	*a = (struct grub_arena){0};
}

void br_gs_chunk_free(struct grub_chunk *c)
{
	br_gs_arena_free(&c->arena);
	free(c->functions);
	*c = (struct grub_chunk){0};
}

int br_gs_first_error(const char *text, size_t len, unsigned *ret_line, unsigned *ret_read)
{
	struct grub_src src = {.text = text, .len = len, .first = 1, .is_file = true};
	size_t live = 0;
	int r;

	do {
		struct grub_chunk c;

		r = br_gs_parse(&src, &live, &c);
		if (r == -EINVAL) {
			*ret_line = c.error_line;
			*ret_read = c.last_line;
		}
		br_gs_chunk_free(&c);
	} while (r > 0);
	return r == -EINVAL ? 1 : r;
}
