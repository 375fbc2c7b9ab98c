/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file system that unpacking an initramfs makes: names, folders and links, no contents. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "image/initramfs-internal.h"

#define SLOTS_FIRST 4096

static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return h;
}

/* The slot of path, or the free one it would take. */
static size_t slot_of(const struct br_tree *t, const char *path, uint32_t hash)
{
	size_t s = hash & (t->n_slots - 1);

	while (t->slots[s]) {
		const struct br_node *n = &t->nodes[t->slots[s] - 1];

		if (n->hash == hash && strcmp(n->path, path) == 0)
			break;
		s = (s + 1) & (t->n_slots - 1);
	}
	return s;
}

const struct br_node *br_tree_find(const struct br_tree *t, const char *path)
{
	uint32_t i = t->slots[slot_of(t, path, hash_of(path))];

	return i ? &t->nodes[i - 1] : NULL;
}

static struct br_node *find(struct br_tree *t, const char *path)
{
	return (struct br_node *)br_tree_find(t, path);
}

static int grow_slots(struct br_tree *t)
{
	size_t want = t->n_slots ? 2 * t->n_slots : SLOTS_FIRST;
	uint32_t *slots;

	if (2 * (t->n + 1) <= t->n_slots)
		return 0;
	slots = calloc(want, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->n_slots = want;
	for (size_t i = 0; i < t->n; i++)
		slots[slot_of(t, t->nodes[i].path, t->nodes[i].hash)] = (uint32_t)i + 1;
	return 0;
}

static int new_node(struct br_tree *t, const char *path, struct br_node **ret)
{
	struct br_node *n;
	int r = grow_slots(t);

	if (!r)
		r = br_grow(&t->nodes, &t->cap, t->n, sizeof(*t->nodes));
	if (r < 0)
		return r;
	n = &t->nodes[t->n];
	*n = (struct br_node){.path = strdup(path), .hash = hash_of(path)};
	if (!n->path)
		return -ENOMEM;
	t->slots[slot_of(t, path, n->hash)] = (uint32_t)++t->n;
	*ret = n;
	return 0;
}

int br_tree_init(struct br_tree *t)
{
	/* Made by the kernel itself before it unpacks anything (its usr/default_cpio_list). */
	static const char *const made[] = {"dev", "root"};

	*t = (struct br_tree){0};
	for (size_t i = 0; i < BR_ARRAY_SIZE(made); i++) {
		struct br_node *n;
		int r = new_node(t, made[i], &n);

		if (r < 0) {
			br_tree_free(t);
			return r;
		}
		n->type = S_IFDIR;
		n->implied = true;
	}
	return 0;
}

void br_tree_free(struct br_tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->nodes[i].path);
		free(t->nodes[i].target);
	}
	free(t->nodes);
	free(t->slots);
	free(t->orphan);
	*t = (struct br_tree){0};
}

static const char *link_of(const void *ctx, const char *path)
{
	const struct br_node *n = br_tree_find(ctx, path);

	return n ? n->target : NULL;
}

static int add_orphan(struct br_tree *t, const char *name)
{
	t->orphans++;
	if (!t->orphan)
		t->orphan = strdup(name);
	return t->orphan ? 0 : -ENOMEM;
}

/* The folder that path lies in: NULL when there is none, t's root has no node and gives *ret_root. */
static struct br_node *folder_of(struct br_tree *t, const char *path, bool *ret_root)
{
	char folder[BR_PATH_MAX + 1];
	const char *slash = strrchr(path, '/');
	struct br_node *n;

	*ret_root = !slash;
	if (!slash)
		return NULL;
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	n = find(t, folder);
	return n && n->type == S_IFDIR ? n : NULL;
}

/* Something else stands there under that name: the kernel removes it, unless it is a folder in use. */
static bool make_way(struct br_node *n, uint32_t type)
{
	if (n->type == type && type != S_IFLNK)
		return true;
	if (n->type == S_IFDIR && (n->children || n->implied))
		return false;
	free(n->target);
	n->target = NULL;
	n->type = type;
	return true;
}

static bool fits(struct br_tree *t, const char *path, const char *target)
{
	t->bytes += strlen(path) + 1 + (target ? strlen(target) + 1 : 0);
	if (t->n < BR_INITRAMFS_ENTRIES_MAX && t->bytes <= BR_INITRAMFS_NAMES_MAX)
		return true;
	t->full = true;
	return false;
}

int br_tree_add(struct br_tree *t, const char *name, uint32_t mode, const char *target, char *ret)
{
	struct br_node *n, *folder;
	bool in_root;
	int r = br_link_resolve(link_of, t, name, false, ret);

	if (r < 0)
		return r == -ENOMEM ? r : add_orphan(t, name);
	if (!*ret)
		return 0;
	folder = folder_of(t, ret, &in_root);
	if (!folder && !in_root)
		return add_orphan(t, ret);
	n = find(t, ret);
	if (n && !make_way(n, mode & S_IFMT))
		return 0;
	if (!fits(t, ret, target))
		return 0;
	if (!n) {
		if (folder)
			folder->children++;
		r = new_node(t, ret, &n); /* moves the nodes: folder is of no use behind it */
		if (r < 0)
			return r;
	}
	n->type = mode & S_IFMT;
	n->implied = false;
	if (target && !(n->target = strdup(target)))
		return -ENOMEM;
	return 1;
}

/* The names move over rather than being copied: at the cap they are half of all memory. */
static int hand_over(struct br_node *n, struct br_initramfs *ret)
{
	struct br_link link;

	if (n->target) {
		link = (struct br_link){.path = strdup(n->path), .target = n->target};
		if (!link.path || br_grow(&ret->links, &ret->cap_links, ret->n_links, sizeof(*ret->links)) < 0) {
			free(link.path);
			return -ENOMEM;
		}
		ret->links[ret->n_links++] = link;
		n->target = NULL;
	}
	if (br_grow(&ret->names.v, &ret->names.cap, ret->names.n, sizeof(*ret->names.v)) < 0)
		return -ENOMEM;
	ret->names.v[ret->names.n++] = BR_TAKE(n->path);
	return 0;
}

int br_tree_finish(struct br_tree *t, struct br_initramfs *ret)
{
	int r = 0;

	free(t->slots); /* nothing is looked up any more */
	t->slots = NULL;
	t->n_slots = 0;
	for (size_t i = 0; !r && i < t->n; i++)
		if (!t->nodes[i].implied)
			r = hand_over(&t->nodes[i], ret);
	ret->orphans = t->orphans;
	ret->orphan = BR_TAKE(t->orphan);
	return r;
}
