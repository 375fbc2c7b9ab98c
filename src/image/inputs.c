/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "image/inputs-internal.h"
#include "image/sdboot.h"
#include "image/volume.h"

struct seen {
	struct br_strv names;
	br_input_fn *each;
	void *ctx;
};

int br_input_hash(const struct br_root *root, const char *path, uint64_t cap, char hex[65])
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

char *br_input_link(const struct br_root *root, const char *path)
{
	char *text = NULL;

	return br_root_readlink(root, path, &text) == 0 ? text : NULL;
}

/* Of a link both what it says and what is where it leads: a boot loader follows it again. */
static void tell_link(struct seen *s, const struct br_root *root, const char *path, const char *shown)
{
	br_autofree char *text = br_input_link(root, path);

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
	s->each(s->ctx, "file", shown, hash_or_why(br_input_hash(root, path, cap, hex), hex));
	tell_link(s, root, path, shown);
}

bool br_input_may_be_counted(const char *path)
{
	return strcasestr(path, "/loader/entries/") || strcasestr(path, "/EFI/Linux/");
}

/* Boot counting renames an entry with every boot: it is known by its name without the counter. */
static char *without_counter(char *shown)
{
	br_autofree char *name = shown;
	const char *slash = name ? strrchr(name, '/') : NULL, *last = slash ? slash + 1 : name;
	uint64_t left, done;
	size_t bare;

	/* An entry without a title goes by its file's name. */
	if (!name || (slash && !br_input_may_be_counted(name)))
		return BR_TAKE(name);
	bare = br_sdboot_tries(last, ".conf", &left, &done);
	if (!bare)
		bare = br_sdboot_tries(last, ".efi", &left, &done);
	if (!bare)
		return BR_TAKE(name);
	return br_format("%.*s%s", (int)((size_t)(last - name) + bare), name, strrchr(last, '.'));
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

/* Where GRUB's environment lies on the file system of its configuration. */
static const char *const grubenv_folders[] = {"/boot/grub", "/boot/grub2", "/grub", "/grub2"};

bool br_input_usual_grubenv(const char *path)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(grubenv_folders); i++)
		if (br_starts(path, grubenv_folders[i]) && strcmp(path + strlen(grubenv_folders[i]), "/grubenv") == 0)
			return true;
	return false;
}

int br_input_read_grubenv(const struct br_root *root, struct br_blob *ret)
{
	int r = -ENOENT;

	for (size_t i = 0; i < BR_ARRAY_SIZE(grubenv_folders) && r < 0; i++) {
		br_autofree char *path = br_format("%s/grubenv", grubenv_folders[i]);

		r = path ? br_root_read(root, path, BR_INPUT_GRUBENV_MAX, ret) : -ENOMEM;
	}
	return r;
}

char *br_input_grubenv_value(const struct br_blob *b, const char *name)
{
	br_autofree char *key = br_format("\n%s=", name);
	const char *at = key && b->data ? strstr(b->data, key) : NULL;

	return at ? strndup(at + strlen(key), strcspn(at + strlen(key), "\n")) : NULL;
}

/* The grubenv that the boot loader read where it is none of the usual places: its own path and what people know it by. */
static void other_grubenv(struct br_image *img, const struct br_chain *c, const struct br_volume **ret_v, char **ret_own,
                          char **ret_shown)
{
	for (size_t i = 0; i < c->menu.files.n; i++) {
		const char *name = c->menu.files.v[i], *colon = strchr(name, ':');
		const struct br_volume *v;

		if (!colon || !br_ends(colon, "/grubenv") || br_input_usual_grubenv(colon + 1))
			continue;
		v = br_volume(img, atoi(name));
		if (!v || v->root.fd < 0 || br_volume_locate(img, v, colon + 1, ret_own) < 0)
			continue;
		*ret_v = v;
		*ret_shown = br_volume_shown(v, colon + 1);
		return;
	}
}

static void grubenv_facts(struct seen *s, struct br_image *img, const struct br_chain *c)
{
	const struct br_volume *v = c->loader.cfg_dev >= 0 ? br_volume(img, c->loader.cfg_dev) : NULL;
	br_autofree char *own = NULL, *shown = NULL, *place = NULL;
	br_autoblob struct br_blob b = {0};
	int r;

	other_grubenv(img, c, &v, &own, &shown);
	place = shown ? br_format("@%s", shown) : strdup("");
	if (!v || v->root.fd < 0 || !place || br_strv_has(&s->names, shown ? place : "grubenv"))
		return;
	/* That there is none is a fact as well. */
	r = own ? br_root_read(&v->root, own, BR_INPUT_GRUBENV_MAX, &b) : br_input_read_grubenv(&v->root, &b);
	if (r < 0 && r != -ENOENT)
		return;
	br_strv_add(&s->names, shown ? place : "grubenv");
	for (size_t i = 0; i < BR_ARRAY_SIZE(grubenv_names); i++) {
		br_autofree char *name = br_format("grubenv.%s%s", grubenv_names[i], place);
		br_autofree char *value = br_input_grubenv_value(&b, grubenv_names[i]);

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
		br_autofree char *text = br_input_link(root, paths[i]);

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

bool br_input_same_path(const char *a, const char *b)
{
	br_autofree char *x = without_counter(a ? strdup(a) : NULL), *y = without_counter(b ? strdup(b) : NULL);

	return br_streq(x, y);
}
