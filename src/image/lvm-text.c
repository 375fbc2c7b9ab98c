/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of LVM's metadata: name { key = value  key = [ values ]  name { } }, physical volumes before logical
 * ones. A segment of type "striped" on one stripe is the extents of one physical volume, one behind the other.
 */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/disks-internal.h"
#include "image/lvm.h"

#define DEPTH_MAX 16
#define SECTOR    512
/* lvm2 itself advises against more than a hundred in a group. */
#define PVS_MAX 1024

struct pv {
	char *name, *id; /* "pv0", its UUID */
	uint64_t start;  /* bytes to its first extent */
};

/* A segment as far as it was read. */
struct segment {
	uint64_t first, count, at; /* extents: of the volume, how many, of the physical volume */
	char pv[BR_LVM_WORD_MAX];
	bool linear, single, placed;
};

/* Where we are: names of the open sections, 0 the group, 1 "logical_volumes", 2 a volume, 3 a segment. */
struct state {
	char group[BR_LVM_WORD_MAX], section[BR_LVM_WORD_MAX], name[BR_LVM_WORD_MAX];
	char key[BR_LVM_WORD_MAX];
	unsigned depth;
	bool visible, pool;
	uint64_t extent; /* bytes */
	struct pv *pvs;
	size_t n_pvs, cap_pvs;
	struct segment segment;
	struct br_lvm_volume volume; /* the open one; its numbers are extents until it is closed */
	bool scattered;              /* of it: what comes next is no part of its run */
	struct br_lvm *out;
};

static void state_free(struct state *s)
{
	for (size_t i = 0; i < s->n_pvs; i++) {
		free(s->pvs[i].name);
		free(s->pvs[i].id);
	}
	free(s->pvs);
	free(s->volume.pv);
}

void br_lvm_free(struct br_lvm *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].name);
		free(l->v[i].pv);
	}
	free(l->v);
	*l = (struct br_lvm){0};
}

static const struct pv *pv_named(const struct state *s, const char *name)
{
	for (size_t i = 0; i < s->n_pvs; i++)
		if (s->pvs[i].id && strcmp(s->pvs[i].name, name) == 0)
			return &s->pvs[i];
	return NULL;
}

/* Segments stand in the volume's order; the run goes on while they do on one physical volume. */
static int segment_done(struct state *s)
{
	const struct segment *g = &s->segment;
	const struct pv *pv = pv_named(s, g->pv);
	struct br_lvm_volume *v = &s->volume;
	bool plain = g->linear && g->single && g->placed && pv;

	if (__builtin_add_overflow(v->size, g->count, &v->size))
		return -EBADMSG;
	if (!g->first && plain && !v->pv) {
		v->pv = strdup(pv->id);
		if (!v->pv)
			return -ENOMEM;
		v->start = g->at;
		v->run = g->count;
	} else if (plain && !s->scattered && v->pv && strcmp(v->pv, pv->id) == 0 && g->first == v->run &&
	           g->at == v->start + v->run) {
		v->run += g->count;
	} else {
		s->scattered = true;
	}
	return 0;
}

/* Extents to bytes; what does not fit is nowhere. */
static bool in_bytes(const struct state *s, struct br_lvm_volume *v)
{
	const struct pv *pv = NULL;
	uint64_t end;

	for (size_t i = 0; i < s->n_pvs; i++)
		if (br_streq(s->pvs[i].id, v->pv))
			pv = &s->pvs[i];
	return pv && s->extent && !__builtin_mul_overflow(v->start, s->extent, &v->start) &&
	       !__builtin_add_overflow(v->start, pv->start, &v->start) &&
	       !__builtin_mul_overflow(v->run, s->extent, &v->run) &&
	       !__builtin_mul_overflow(v->size, s->extent, &v->size) && !__builtin_add_overflow(v->start, v->run, &end) &&
	       end <= INT64_MAX;
}

static int volume_done(struct state *s)
{
	struct br_lvm_volume v = s->volume;

	s->volume = (struct br_lvm_volume){0};
	if (!s->visible || s->pool) {
		free(v.pv);
		return 0;
	}
	if (!in_bytes(s, &v)) {
		free(v.pv);
		v = (struct br_lvm_volume){0};
	}
	v.name = br_mapper_name(s->group, strlen(s->group), s->name);
	if (!v.name || br_grow(&s->out->v, &s->out->cap, s->out->n, sizeof(v)) < 0) {
		free(v.name);
		free(v.pv);
		return -ENOMEM;
	}
	s->out->v[s->out->n++] = v;
	return 0;
}

static bool in_volumes(const struct state *s)
{
	return s->depth >= 3 && strcmp(s->section, "logical_volumes") == 0;
}

static int open_pv(struct state *s, const char *name)
{
	if (s->n_pvs >= PVS_MAX)
		return -EBADMSG;
	if (br_grow(&s->pvs, &s->cap_pvs, s->n_pvs, sizeof(*s->pvs)) < 0)
		return -ENOMEM;
	s->pvs[s->n_pvs] = (struct pv){.name = strdup(name)};
	return s->pvs[s->n_pvs++].name ? 0 : -ENOMEM;
}

static int open_section(struct state *s, const char *name)
{
	int r = 0;

	if (s->depth == DEPTH_MAX || !name[0])
		return -EBADMSG;
	if (s->depth == 0)
		strcpy(s->group, name);
	else if (s->depth == 1)
		strcpy(s->section, name);
	else if (s->depth == 2) {
		strcpy(s->name, name);
		s->visible = s->pool = s->scattered = false;
		if (strcmp(s->section, "physical_volumes") == 0)
			r = open_pv(s, name);
	} else if (s->depth == 3) {
		s->segment = (struct segment){0};
	}
	s->depth++;
	return r;
}

static int close_section(struct state *s)
{
	int r = 0;

	if (!s->depth)
		return -EBADMSG;
	if (s->depth == 4 && in_volumes(s))
		r = segment_done(s);
	if (s->depth == 3 && in_volumes(s))
		r = volume_done(s);
	s->depth--;
	return r;
}

static int take_string(struct state *s, const char *value)
{
	struct pv *pv = s->n_pvs ? &s->pvs[s->n_pvs - 1] : NULL;

	if (s->depth == 3 && pv && strcmp(s->section, "physical_volumes") == 0 && strcmp(s->key, "id") == 0 && !pv->id) {
		pv->id = strdup(value);
		return pv->id ? 0 : -ENOMEM;
	}
	if (!in_volumes(s))
		return 0;
	if (s->depth == 3 && strcmp(s->key, "status") == 0)
		s->visible |= strcmp(value, "VISIBLE") == 0;
	/* A pool is no device that one mounts. */
	if (s->depth == 4 && strcmp(s->key, "type") == 0) {
		s->pool |= br_ends(value, "-pool");
		s->segment.linear = strcmp(value, "striped") == 0 || strcmp(value, "linear") == 0;
	}
	if (s->depth == 4 && strcmp(s->key, "stripes") == 0 && !s->segment.pv[0])
		strcpy(s->segment.pv, value);
	return 0;
}

static void take_number(struct state *s, const char *word)
{
	struct segment *g = &s->segment;
	uint64_t value;

	if (br_parse_uint(word, strlen(word), 10, 0, INT64_MAX / SECTOR, &value) < 0)
		return;
	if (s->depth == 1 && strcmp(s->key, "extent_size") == 0)
		s->extent = value * SECTOR;
	if (s->depth == 3 && s->n_pvs && strcmp(s->section, "physical_volumes") == 0 && strcmp(s->key, "pe_start") == 0)
		s->pvs[s->n_pvs - 1].start = value * SECTOR;
	if (s->depth != 4 || !in_volumes(s))
		return;
	if (strcmp(s->key, "start_extent") == 0)
		g->first = value;
	else if (strcmp(s->key, "extent_count") == 0)
		g->count = value;
	else if (strcmp(s->key, "stripe_count") == 0)
		g->single = value == 1;
	else if (strcmp(s->key, "stripes") == 0 && g->pv[0] && !g->placed) {
		g->at = value;
		g->placed = true;
	}
}

static int take_words(struct state *s, struct br_lvm_words *w)
{
	char name[BR_LVM_WORD_MAX] = "";
	int r = 0;

	for (br_lvm_word(w); w->kind && r >= 0; br_lvm_word(w)) {
		if (w->kind == '{')
			r = open_section(s, name);
		else if (w->kind == '}')
			r = close_section(s);
		else if (w->kind == '=')
			strcpy(s->key, name);
		else if (s->key[0] && w->kind == '"')
			r = take_string(s, w->word);
		else if (w->kind == 'w') {
			take_number(s, w->word);
			strcpy(name, w->word);
		}
		if (w->kind == '{' || w->kind == '}')
			name[0] = s->key[0] = '\0';
	}
	return r;
}

int br_lvm_parse(const char *text, size_t len, struct br_lvm *ret)
{
	br_cleanup(br_lvm_free) struct br_lvm out = {0};
	br_cleanup(state_free) struct state s = {.out = &out};
	struct br_lvm_words w = {.at = text, .end = text + len};
	int r = take_words(&s, &w);

	if (r < 0)
		return r;
	if (!s.group[0] || s.depth)
		return -EBADMSG;
	out.pvs = (unsigned)s.n_pvs;
	*ret = out;
	out = (struct br_lvm){0};
	return 0;
}
