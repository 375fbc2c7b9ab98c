/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files of an initramfs are kept, and their bodies. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "image/initramfs-internal.h"

#define SMALL (1 * BR_MIB)
/* Bodies of hard-linked files whose kept name, if they have one, has not come yet. */
#define LINKED_MAX (8 * BR_MIB)

/* Below lib/modules/RELEASE, or usr/lib/modules/RELEASE. */
static const char *const indexes[] = {
	"modules.dep.bin",     "modules.alias.bin",         "modules.builtin",
	"modules.builtin.bin", "modules.builtin.alias.bin", "modules.builtin.modinfo",
};

/* Modules whose own facts are asked for (what kernel and machine they were built for, parameters). */
static const char *const modules[] = {
	"virtio",      "virtio_ring", "virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net",
	"nvme",        "nvme_core",   "xen_blkfront", "hv_vmbus", "hv_storvsc",  "hv_netvsc",
	"ena",         "gve",         "mana",
};

/* fnmatch() patterns; a "*" stops at slashes. */
static const char *const texts[] = {
	"VERSION",
	"conf/*",
	"conf/conf.d/*",
	"config",
	"buildconfig",
	"cryptroot/crypttab",
	"etc/booster.init.yaml",
	"etc/cmdline",
	"etc/cmdline.d/*.conf",
	"etc/crypttab",
	"etc/fstab",
	"etc/initrd-release",
	"etc/lvm/*",
	"etc/lvm/devices/*",
	"etc/mdadm.conf",
	"etc/mdadm/mdadm.conf",
	"etc/modprobe.d/*.conf",
	"etc/modules-load.d/*.conf",
	"etc/multipath.conf",
	"lib/dracut/*",
	"lib/dracut/hooks/initqueue/finished/*.sh",
	"lib/modprobe.d/*.conf",
	"run/modprobe.d/*.conf",
	"usr/lib/dracut/*",
	"usr/lib/dracut/hooks/initqueue/finished/*.sh",
	"usr/lib/initrd-release",
	"usr/lib/modprobe.d/*.conf",
	"usr/lib/modules-load.d/*.conf",
	"var/lib/dracut/hooks/initqueue/finished/*.sh",
};

/* Is name MODULE.ko, plain or compressed? - and _ are equal in names of modules. */
static bool wanted_module(const char *name)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(modules); i++) {
		const char *m = modules[i], *n = name;

		while (*m && (*m == *n || (*m == '_' && *n == '-')))
			m++, n++;
		if (!*m && br_starts(n, ".ko"))
			return true;
	}
	return false;
}

static enum br_keep_kind wants_below_modules(const char *path)
{
	const char *below = strchr(path, '/');

	if (!below || below == path)
		return BR_KEEP_NOT;
	for (size_t i = 0; i < BR_ARRAY_SIZE(indexes); i++)
		if (strcmp(below + 1, indexes[i]) == 0)
			return BR_KEEP_INDEX;
	return wanted_module(strrchr(below, '/') + 1) ? BR_KEEP_MODULE : BR_KEEP_NOT;
}

enum br_keep_kind br_keep_wants(const char *path)
{
	const char *rest = br_starts(path, "usr/") ? path + 4 : path;

	if (br_starts(rest, "lib/modules/"))
		return wants_below_modules(rest + strlen("lib/modules/"));
	for (size_t i = 0; i < BR_ARRAY_SIZE(texts); i++)
		if (*texts[i] == *path && fnmatch(texts[i], path, FNM_PATHNAME) == 0)
			return BR_KEEP_TEXT;
	return BR_KEEP_NOT;
}

void br_keep_init(struct br_keep *k)
{
	*k = (struct br_keep){.group = -1};
	for (size_t i = 0; i < BR_KEEP_BUCKETS; i++)
		k->buckets[i] = -1;
}

static void free_groups(struct br_keep *k)
{
	for (size_t i = 0; i < k->n_groups; i++) {
		if (k->groups[i].have)
			k->held -= k->groups[i].data.len;
		br_strv_free(&k->groups[i].wanted);
		br_blob_free(&k->groups[i].data);
	}
	k->n_groups = 0;
	for (size_t i = 0; i < BR_KEEP_BUCKETS; i++)
		k->buckets[i] = -1;
}

void br_keep_free(struct br_keep *k)
{
	free_groups(k);
	free(k->groups);
	for (size_t i = 0; i < k->n; i++) {
		free(k->kept[i].path);
		br_blob_free(&k->kept[i].data);
	}
	free(k->kept);
	free(k->path);
	br_blob_free(&k->body);
	free(k->limit);
	*k = (struct br_keep){.group = -1};
}

static int say_limit(struct br_keep *k, const char *path)
{
	if (!k->limit)
		k->limit = br_format("%s is more than is kept of an initramfs", path);
	return k->limit ? 0 : -ENOMEM;
}

/* The group of a hard-linked file, made when it is the first of its names. */
static int find_group(struct br_keep *k, const struct br_cpio_entry *e, int *ret)
{
	int *bucket = &k->buckets[(e->ino ^ e->ino >> 8) % BR_KEEP_BUCKETS], r;

	for (int g = *bucket; g >= 0; g = k->groups[g].next)
		if (k->groups[g].ino == e->ino && k->groups[g].major == e->major &&
		    k->groups[g].minor == e->minor) {
			*ret = g;
			return 0;
		}
	r = br_grow(&k->groups, &k->cap_groups, k->n_groups, sizeof(*k->groups));
	if (r < 0)
		return r;
	k->groups[k->n_groups] = (struct br_keep_group){
		.ino = e->ino, .major = e->major, .minor = e->minor, .next = *bucket};
	*ret = *bucket = (int)k->n_groups++;
	return 0;
}

/* Is the body to be collected, as far as its group is concerned? */
static int join_group(struct br_keep *k, const char *path, bool wanted, const struct br_cpio_entry *e,
                      bool *collect)
{
	struct br_keep_group *g;
	int r = find_group(k, e, &k->group);

	if (r < 0)
		return r;
	g = &k->groups[k->group];
	if (wanted) {
		br_strv_add(&g->wanted, path);
		if (g->wanted.oom)
			return -ENOMEM;
		if (g->lost)
			return say_limit(k, path);
	}
	*collect = g->wanted.n > 0;
	if (!*collect && e->size && e->size <= SMALL) {
		*collect = k->held + e->size <= LINKED_MAX;
		g->lost = !*collect;
	}
	return 0;
}

/* A body of that kind and size: may it be held? Of a module only its own facts are missed. */
static int room_for(struct br_keep *k, const char *path, enum br_keep_kind kind, uint64_t size, bool *ret)
{
	uint64_t max = kind == BR_KEEP_INDEX ? BR_MODINDEX_MAX : SMALL;

	*ret = size <= max && k->held + size <= BR_INITRAMFS_KEPT_MAX && k->n < BR_DIR_ENTRIES_MAX;
	return *ret || kind == BR_KEEP_NOT || kind == BR_KEEP_MODULE ? 0 : say_limit(k, path);
}

int br_keep_begin(struct br_keep *k, const char *path, const struct br_cpio_entry *e)
{
	enum br_keep_kind kind = br_keep_wants(path);
	bool linked = e->nlink > 1, collect = kind != BR_KEEP_NOT;
	int r;

	k->collecting = false;
	k->group = -1;
	free(k->path);
	k->path = NULL;
	if (!S_ISREG(e->mode))
		return 0;
	if (collect && !linked && !(k->path = strdup(path)))
		return -ENOMEM;
	if (linked && (r = join_group(k, path, collect, e, &collect)) < 0)
		return r;
	if (!collect || (linked && !e->size))
		return 0;
	r = room_for(k, path, kind, e->size, &collect);
	if (r < 0 || !collect)
		return r;
	br_blob_free(&k->body);
	k->body = (struct br_blob){.data = malloc((size_t)e->size + 1)};
	if (!k->body.data)
		return -ENOMEM;
	k->collecting = true;
	return 0;
}

int br_keep_data(struct br_keep *k, const void *buf, size_t len)
{
	if (k->collecting) {
		memcpy(k->body.data + k->body.len, buf, len);
		k->body.len += len;
	}
	return 0;
}

int br_keep_put(struct br_keep *k, const char *path, struct br_blob *data)
{
	size_t i;
	int r;

	for (i = 0; i < k->n && strcmp(k->kept[i].path, path) != 0; i++)
		;
	if (i == k->n) {
		r = br_grow(&k->kept, &k->cap, k->n, sizeof(*k->kept));
		if (r < 0)
			return r;
		k->kept[i].path = strdup(path);
		if (!k->kept[i].path)
			return -ENOMEM;
		k->n++;
	}
	k->held += data->len;
	k->held -= k->kept[i].data.len;
	br_blob_free(&k->kept[i].data);
	k->kept[i].data = *data;
	*data = (struct br_blob){0};
	return 0;
}

int br_keep_end(struct br_keep *k)
{
	if (!k->collecting)
		return 0;
	k->collecting = false;
	k->body.data[k->body.len] = '\0';
	if (k->path)
		return br_keep_put(k, k->path, &k->body);
	struct br_keep_group *g = &k->groups[k->group];

	if (g->have)
		k->held -= g->data.len;
	k->held += k->body.len;
	br_blob_free(&g->data);
	g->data = k->body;
	g->have = true;
	k->body = (struct br_blob){0};
	return 0;
}

int br_keep_trailer(struct br_keep *k)
{
	for (size_t i = 0; i < k->n_groups; i++) {
		const struct br_keep_group *g = &k->groups[i];

		for (size_t w = 0; w < g->wanted.n; w++) {
			/* A group none of whose names came with a body is an empty file. */
			struct br_blob copy = {.data = calloc(1, g->data.len + 1), .len = g->data.len};
			int r;

			if (!copy.data)
				return -ENOMEM;
			if (g->data.len)
				memcpy(copy.data, g->data.data, g->data.len);
			r = br_keep_put(k, g->wanted.v[w], &copy);
			br_blob_free(&copy);
			if (r < 0)
				return r;
		}
	}
	free_groups(k);
	return 0;
}
