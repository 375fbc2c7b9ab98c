/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "image/inputs.h"
#include "image/sdboot.h"
#include "image/volume.h"

struct seen {
	struct br_strv names;
	br_input_fn *each;
	void *ctx;
};

static int hash_of(const struct br_root *root, const char *path, uint64_t cap, char hex[65])
{
	br_autoclose int fd = -1;
	struct br_sha256 sum;
	uint64_t len = 0;
	char buf[65536];
	ssize_t n;
	int r = br_root_file(root, path, &fd);

	if (r < 0)
		return r;
	br_sha256_init(&sum);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		br_sha256_add(&sum, buf, (size_t)n);
		len += (uint64_t)n;
		if (len > cap)
			return -EFBIG;
	}
	br_sha256_hex(&sum, hex);
	return n < 0 ? -errno : 0;
}

/* What the link at path says, owned; NULL there is none. */
static char *link_text(const struct br_root *root, const char *path)
{
	char *text = NULL;

	return br_root_readlink(root, path, &text) == 0 ? text : NULL;
}

/* Of a link both what it says and what is where it leads: a boot loader follows it again. */
static void tell_link(struct seen *s, const struct br_root *root, const char *path, const char *shown)
{
	br_autofree char *text = link_text(root, path);

	if (text)
		s->each(s->ctx, "link", shown, text);
}

static const char *hash_or_why(int r, const char *hex)
{
	return r == 0 ? hex : r == -ENOENT || r == -ENOTDIR ? NULL : BR_INPUT_UNREADABLE;
}

/* Each file once: two firmwares share most of theirs. */
static void file(struct seen *s, const struct br_root *root, const char *path, uint64_t cap, const char *shown)
{
	char hex[65];

	if (br_strv_has(&s->names, shown))
		return;
	br_strv_add(&s->names, shown);
	s->each(s->ctx, "file", shown, hash_or_why(hash_of(root, path, cap, hex), hex));
	tell_link(s, root, path, shown);
}

static bool may_be_counted(const char *path)
{
	return strcasestr(path, "/loader/entries/") || strcasestr(path, "/EFI/Linux/");
}

/* Boot counting renames an entry with every boot: it is known by its name without the counter. */
static char *without_counter(char *shown)
{
	br_autofree char *name = shown;
	char *slash = name ? strrchr(name, '/') : NULL;
	uint64_t left, done;
	size_t bare;

	if (!slash || !may_be_counted(name))
		return BR_TAKE(name);
	bare = br_sdboot_tries(slash + 1, ".conf", &left, &done);
	if (!bare)
		bare = br_sdboot_tries(slash + 1, ".efi", &left, &done);
	if (!bare)
		return BR_TAKE(name);
	return br_format("%.*s%s", (int)((size_t)(slash + 1 - name) + bare), name, strrchr(slash, '.'));
}

static void volume_file(struct seen *s, struct br_image *img, int blk, const char *path, uint64_t cap)
{
	const struct br_volume *v = blk >= 0 ? br_volume(img, blk) : NULL;
	br_autofree char *own = NULL, *shown = NULL;

	if (!v || br_volume_locate(img, v, path, &own) < 0)
		return;
	shown = without_counter(br_volume_shown(v, path));
	if (shown)
		file(s, &v->root, own, cap, shown);
}

/* The configuration files that were read, as "device:path". */
static void config_files(struct seen *s, struct br_image *img, const struct br_chain *c)
{
	for (size_t i = 0; i < c->menu.files.n; i++) {
		const char *colon = strchr(c->menu.files.v[i], ':');

		if (!colon || colon[1] != '/' || br_ends(colon, "/grubenv"))
			continue;
		volume_file(s, img, atoi(c->menu.files.v[i]), colon + 1, BR_GRUBCFG_MAX);
	}
}

/* Only what selects an entry: a boot rewrites boot_success, recordfail and their like. */
static const char *const grubenv_names[] = {"saved_entry", "next_entry", "kernelopts", "default_kernelopts",
                                            "tuned_params", "tuned_initrd"};

static int read_grubenv(const struct br_root *root, struct br_blob *ret)
{
	static const char *const folders[] = {"/boot/grub", "/boot/grub2", "/grub", "/grub2"};
	int r = -ENOENT;

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders) && r < 0; i++) {
		br_autofree char *path = br_format("%s/grubenv", folders[i]);

		r = path ? br_root_read(root, path, 64 * BR_KIB, ret) : -ENOMEM;
	}
	return r;
}

/* Owned; NULL: not in it. */
static char *grubenv_value(const struct br_blob *b, const char *name)
{
	br_autofree char *key = br_format("\n%s=", name);
	const char *at = key && b->data ? strstr(b->data, key) : NULL;

	return at ? strndup(at + strlen(key), strcspn(at + strlen(key), "\n")) : NULL;
}

static void grubenv_facts(struct seen *s, struct br_image *img, const struct br_chain *c)
{
	const struct br_volume *v = c->loader.cfg_dev >= 0 ? br_volume(img, c->loader.cfg_dev) : NULL;
	br_autoblob struct br_blob b = {0};
	int r;

	if (!v || v->root.fd < 0 || br_strv_has(&s->names, "grubenv"))
		return;
	/* That there is none is a fact as well. */
	r = read_grubenv(&v->root, &b);
	if (r < 0 && r != -ENOENT)
		return;
	br_strv_add(&s->names, "grubenv");
	for (size_t i = 0; i < BR_ARRAY_SIZE(grubenv_names); i++) {
		br_autofree char *name = br_format("grubenv.%s", grubenv_names[i]), *value = grubenv_value(&b, grubenv_names[i]);

		if (name)
			s->each(s->ctx, "fact", name, value);
	}
}

/* The state of a file that the first boot fills: what it holds differs between boots, that it does not. */
static const char *machine_id_state(const struct br_image *img)
{
	const char *id = img->system.machine_id;

	if (!id)
		return br_root_exists(&img->root, "/etc/machine-id") ? "empty" : "absent";
	return strcmp(id, "uninitialized") == 0 ? "uninitialized" : "set";
}

static const char *resolv_conf_state(const struct br_image *img)
{
	struct stat st;

	if (br_root_lstat(&img->root, "/etc/resolv.conf", &st) < 0)
		return "absent";
	return S_ISLNK(st.st_mode) ? "link" : S_ISREG(st.st_mode) ? "file" : "other";
}

/* In steps that matter to a check, so that a boot's own few files do not count. */
static const char *step(unsigned long long used, unsigned long long usable)
{
	if (!usable)
		return "uncounted";
	return used * 100 > usable * 95 ? "over 95 %" : used * 100 > usable * 90 ? "over 90 %" : "up to 90 %";
}

static void usage_facts(struct seen *s, const struct br_image *img)
{
	struct statvfs v;

	if (fstatvfs(img->root.fd, &v) < 0)
		return;
	s->each(s->ctx, "fact", "root.blocks", step(v.f_blocks - v.f_bfree, v.f_blocks - v.f_bfree + v.f_bavail));
	s->each(s->ctx, "fact", "root.inodes", step(v.f_files - v.f_ffree, v.f_files));
}

/* The links of a merged /usr, which lead to every program; also where there is none. */
static void top_links(struct seen *s, const struct br_root *root)
{
	static const char *const paths[] = {"/bin", "/sbin", "/lib", "/lib64"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		br_autofree char *text = link_text(root, paths[i]);

		s->each(s->ctx, "link", paths[i], text);
	}
}

static void volume_link(struct seen *s, struct br_image *img, const struct br_chain_file *f)
{
	const struct br_volume *v = f->blk >= 0 ? br_volume(img, f->blk) : NULL;
	br_autofree char *own = NULL;

	if (v && br_volume_locate(img, v, f->path, &own) == 0)
		tell_link(s, &v->root, own, f->shown);
}

/* Hashed already where the files were read to their ends. */
static void initrds(struct seen *s, struct br_image *img, const struct br_chain *c)
{
	bool hashed = c->initramfs_read && !c->initramfs_running && !c->initramfs.defect && !c->initramfs.unread &&
	              !img->ask.initramfs && c->initramfs.n_parts == c->n_initrds;

	/* Of a unified image they are parts of the kernel's own file. */
	for (size_t k = 0; k < c->n_initrds && !c->entry->unified; k++) {
		const char *shown = c->initrds[k].shown;

		if (!hashed) {
			volume_file(s, img, c->initrds[k].blk, c->initrds[k].path, BR_INPUT_MAX);
		} else if (!br_strv_has(&s->names, shown)) {
			br_strv_add(&s->names, shown);
			s->each(s->ctx, "file", shown, c->initramfs.parts[k].sha256);
			volume_link(s, img, &c->initrds[k]);
		}
	}
}

void br_inputs(struct br_image *img, br_input_fn *each, void *ctx)
{
	struct seen s = {.each = each, .ctx = ctx};

	for (size_t i = 0; i < img->n_chains; i++) {
		const struct br_chain *c = &img->chains[i];

		if (!c->offered)
			continue;
		config_files(&s, img, c);
		if (c->kernel.path)
			volume_file(&s, img, c->kernel.blk, c->kernel.path, BR_INPUT_MAX);
		initrds(&s, img, c);
		grubenv_facts(&s, img, c);
	}
	if (img->fstab_fact.state == BR_FACT_READ) {
		file(&s, &img->root, "/etc/fstab", BR_CONFIG_MAX, "/etc/fstab");
		file(&s, &img->root, "/etc/crypttab", BR_CONFIG_MAX, "/etc/crypttab");
	}
	top_links(&s, &img->root);
	each(ctx, "fact", "machine-id", machine_id_state(img));
	each(ctx, "fact", "resolv.conf", resolv_conf_state(img));
	usage_facts(&s, img);
	if (img->disks_fact.state == BR_FACT_READ && img->disks.root >= 0)
		each(ctx, "fact", "root.uuid", img->disks.blk[img->disks.root].uuid);
	br_strv_free(&s.names);
}

/* A folder that is empty, or is not there: what belongs on it is not mounted, and says nothing about the file. */
static bool seems_unmounted(const struct br_root *root, const char *path)
{
	br_autofree char *dir = strdup(path);
	char *slash;

	while (dir && (slash = strrchr(dir, '/')) && slash != dir) {
		br_autostrv struct br_strv names = {0};

		*slash = '\0';
		if (br_root_list(root, dir, &names) == 0)
			return names.n == 0 || (names.n == 1 && strcmp(names.v[0], "lost+found") == 0);
	}
	return false;
}

/* The file of that name, or the one that has a boot counter in it. */
static char *counted(const struct br_root *root, const char *path)
{
	br_autofree char *dir = strdup(path);
	char *slash = dir ? strrchr(dir, '/') : NULL;
	br_autostrv struct br_strv names = {0};

	if (!slash || !may_be_counted(path))
		return NULL;
	*slash = '\0';
	if (br_root_list(root, dir, &names) < 0)
		return NULL;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *full = br_format("%s/%s", dir, names.v[i]);

		if (full && strcmp(full, path) != 0 && br_input_same_path(full, path))
			return BR_TAKE(full);
	}
	return NULL;
}

/* A stored report names what is read, and may name anything many times. */
static int hash_within(const struct br_root *root, const char *path, uint64_t *budget, char hex[65])
{
	struct stat st;
	int r = br_root_stat(root, path, &st);

	if (r < 0)
		return r;
	if (st.st_size < 0 || (uint64_t)st.st_size > *budget)
		return -EFBIG;
	*budget -= (uint64_t)st.st_size;
	return hash_of(root, path, BR_INPUT_MAX, hex);
}

static int file_now(const struct br_root *root, const char *path, uint64_t *budget, char **ret)
{
	char hex[65];
	int r = hash_within(root, path, budget, hex);

	if (r == -ENOENT) {
		br_autofree char *other = counted(root, path);

		if (other)
			r = hash_within(root, other, budget, hex);
	}
	if (r == -ENOENT || r == -ENOTDIR) {
		*ret = NULL;
		return seems_unmounted(root, path) ? -ENOMEDIUM : 0;
	}
	if (r < 0)
		return r;
	*ret = strdup(hex);
	return *ret ? 0 : -ENOMEM;
}

int br_input_now(const struct br_root *root, const char *kind, const char *name, uint64_t *budget, char **ret)
{
	br_autoblob struct br_blob b = {0};
	int r;

	if (strcmp(kind, "file") == 0)
		return file_now(root, name, budget, ret);
	if (strcmp(kind, "link") == 0) {
		*ret = link_text(root, name);
		return !*ret && seems_unmounted(root, name) ? -ENOMEDIUM : 0;
	}
	if (!br_starts(name, "grubenv."))
		return -EOPNOTSUPP;
	r = read_grubenv(root, &b);
	if (r == -ENOENT && seems_unmounted(root, "/boot/grub/grubenv"))
		return -ENOMEDIUM;
	if (r < 0 && r != -ENOENT)
		return r;
	*ret = grubenv_value(&b, name + strlen("grubenv."));
	return 0;
}

bool br_input_same_path(const char *a, const char *b)
{
	br_autofree char *x = without_counter(a ? strdup(a) : NULL), *y = without_counter(b ? strdup(b) : NULL);

	return br_streq(x, y);
}
