/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Virtio and Nvme checks on chains made by hand. */
#include <errno.h>

#include "checks/drivers.h"
#include "initrd.h"
#include "result.h"
#include "test.h"
#include "tree.h"

#define R   "6.1.0-1-test"
#define DIR "usr/lib/modules/" R

#define VALUE(s, k, v) {.section = (char *)(s), .key = (char *)(k), .value = (char *)(v)}
static struct br_profile_value rules[] = {
	VALUE("Virtio", "severity", "failed"),
	VALUE("Virtio", "initramfs", "virtio_blk virtio_pci"),
	VALUE("Virtio", "root", "virtio_net"),
	VALUE("Nvme", "severity", "failed"),
	VALUE("Nvme", "initramfs", "nvme"),
	VALUE("Nvme", "io_timeout", "4294967295"),
};
static const struct br_profile profile = {.name = (char *)"test", .values = rules, .n = BR_ARRAY_SIZE(rules)};

static const struct pair all_dep[] = {
	{"nvme", "kernel/nvme.ko: kernel/nvme-core.ko"}, {"nvme_core", "kernel/nvme-core.ko:"},
	{"virtio_blk", "kernel/virtio_blk.ko:"},         {"virtio_net", "kernel/virtio_net.ko:"},
	{"virtio_pci", "kernel/virtio_pci.ko:"},
};
static const struct pair all_alias[] = {
	{"pci:v*d*sv*sd*bc01sc08i02*", "nvme"},
	{"pci:v00001AF4d*sv*sd*bc*sc*i*", "virtio_pci"},
	{"virtio:d00000001v*", "virtio_net"},
	{"virtio:d00000002v*", "virtio_blk"},
};
static const char every[] = "virtio_blk.ko virtio_pci.ko virtio_net.ko nvme.ko nvme-core.ko";

/* One image with two chains; a test changes what it is about before it looks. */
struct world {
	struct br_image img;
	struct br_chain chains[2];
	struct br_boot_entry entry;
	struct br_chain_file initrd;
	const char *files, *modprobe, *builtin; /* of the initramfs; builtin: modules.builtin's text */
	const char *dir, *hidden; /* hidden: an image inside that is not read */
	const char *cut; /* of what files the root has, NULL all */
	bool byte;       /* io_timeout is one */
	bool root;       /* the root has modules of that release */
	const char *root_builtin;
	struct br_root root_fs;
};

#define INFO(type) "vermagic=" R " SMP\0parmtype=io_timeout:" type
static const char info[] = INFO("uint"), byte_info[] = INFO("byte");

static void put_modules(struct br_str *b, const struct world *w)
{
	br_autostrv struct br_strv files = {0};
	br_autostr struct br_str dep = {0}, alias = {0}, ko = {0};
	char path[256];

	add_dirs(b, w->dir);
	snprintf(path, sizeof(path), "%s/kernel", w->dir);
	add_dirs(b, path);
	add_dirs(b, "etc/modprobe.d");
	add_index(&dep, all_dep, BR_ARRAY_SIZE(all_dep));
	add_index(&alias, all_alias, BR_ARRAY_SIZE(all_alias));
	snprintf(path, sizeof(path), "%s/modules.dep.bin", w->dir);
	add_bytes(b, path, &dep);
	snprintf(path, sizeof(path), "%s/modules.alias.bin", w->dir);
	add_bytes(b, path, &alias);
	if (w->builtin) {
		snprintf(path, sizeof(path), "%s/modules.builtin", w->dir);
		add_file(b, path, w->builtin);
	}
	if (w->modprobe)
		add_file(b, "etc/modprobe.d/t.conf", w->modprobe);
	add_ko(&ko, EM_X86_64, w->byte ? byte_info : info, sizeof(info), false);
	br_strv_split(&files, w->files, " ");
	for (size_t i = 0; i < files.n; i++) {
		snprintf(path, sizeof(path), "%s/kernel/%s", w->dir, files.v[i]);
		add_bytes(b, path, &ko);
	}
}

static void put_root(const struct world *w)
{
	br_autostrv struct br_strv files = {0};
	br_autostr struct br_str dep = {0}, alias = {0}, ko = {0};

	tree_new();
	if (!w->root)
		return;
	add_ko(&ko, EM_X86_64, info, sizeof(info), false);
	add_index(&dep, all_dep, BR_ARRAY_SIZE(all_dep));
	add_index(&alias, all_alias, BR_ARRAY_SIZE(all_alias));
	tree_bytes("/lib/modules/" R "/modules.dep.bin", dep.s, dep.len, 0644);
	tree_bytes("/lib/modules/" R "/modules.alias.bin", alias.s, alias.len, 0644);
	if (w->root_builtin)
		tree_file("/lib/modules/" R "/modules.builtin", w->root_builtin);
	br_strv_split(&files, every, " ");
	for (size_t i = 0; i < files.n; i++) {
		char path[256];

		if (w->cut && strstr(files.v[i], w->cut))
			continue;
		snprintf(path, sizeof(path), "/lib/modules/" R "/kernel/%s", files.v[i]);
		tree_bytes(path, ko.s, ko.len, 0644);
	}
}

static void world_new(struct world *w)
{
	*w = (struct world){.files = every, .dir = DIR, .root = true};
	w->entry = (struct br_boot_entry){.title = (char *)"T"};
	w->initrd = (struct br_chain_file){.blk = 0, .shown = (char *)"/boot/initrd"};
	for (size_t i = 0; i < 2; i++)
		w->chains[i] = (struct br_chain){
			.offered = true, .entry = &w->entry, .release = (char *)R, .cmdline = "quiet",
			.kernel = {.shown = (char *)"/boot/vmlinuz"}, .initrds = &w->initrd, .n_initrds = 1,
			.initramfs_read = true};
	w->img = (struct br_image){.profile = &profile, .chains = w->chains, .n_chains = 2};
	w->img.system.arch = (char *)"x86_64";
}

/* Reads both chains' files, as far as the test left them readable, and runs a check. */
static void world_run(struct world *w, const struct br_check *check, struct br_result *res)
{
	br_autostr struct br_str b = {0};
	int r = 0;

	put_modules(&b, w);
	put_root(w);
	r |= br_root_open(&w->root_fs, tree_dir);
	for (size_t i = 0; i < 2; i++) {
		struct br_chain *c = &w->chains[i];
		bool unread = c->initramfs.unread;

		if (c->initramfs_read && !unread) {
			r |= read_initramfs(&b, &c->initramfs);
			c->initramfs.squash = w->hidden ? strdup(w->hidden) : NULL;
			if (c->release && br_modtree_initramfs(&c->initramfs, c->release, &c->modules, &c->modules_why) == -ENOMEM)
				r = -ENOMEM;
			r |= br_initramfs_blacklist(&c->initramfs, &c->blacklist);
		}
		r |= br_cmdline_blacklist(c->cmdline, NULL, &c->blacklist);
		if (c->release && br_modtree_root(&w->root_fs, c->release, &c->root_modules, &c->root_modules_why) == -ENOMEM)
			r = -ENOMEM;
	}
	EXPECT_INT(r, 0);
	*res = (struct br_result){.check = check};
	check->run(&w->img, res);
}

static void world_free(struct world *w)
{
	for (size_t i = 0; i < 2; i++) {
		struct br_chain *c = &w->chains[i];

		br_modtree_free(c->modules);
		br_modtree_free(c->root_modules);
		br_initramfs_free(&c->initramfs);
		br_strv_free(&c->blacklist);
		free(c->modules_why);
		free(c->root_modules_why);
	}
	br_root_close(&w->root_fs);
}

/* The check's status and its findings' codes, as one text. */
static void expect(struct world *w, const struct br_check *check, const char *text)
{
	struct br_result res;
	br_autostr struct br_str b = {0};

	world_run(w, check, &res);
	br_str_puts(&b, br_status_name(res.status));
	for (size_t i = 0; i < res.n_findings; i++) {
		br_str_printf(&b, " %s", res.findings[i].code);
		EXPECT(res.findings[i].severity != BR_SEV_FAILED || res.findings[i].fix);
		EXPECT(strlen(res.findings[i].message) > 20);
	}
	EXPECT_STR(b.s, text);
	br_result_free(&res);
	world_free(w);
}

extern const struct br_check br_check_virtio, br_check_nvme;

BR_TEST(all_there)
{
	struct world w;

	world_new(&w);
	expect(&w, &br_check_virtio, "OK");
	world_new(&w);
	w.chains[0].cmdline = w.chains[1].cmdline = "nvme_core.io_timeout=4294967295";
	expect(&w, &br_check_nvme, "OK");
}

/* The list of the root's own architecture takes the other's place. */
BR_TEST(list_of_an_architecture)
{
	struct br_profile_value own[] = {VALUE("Virtio", "severity", "failed"), VALUE("Virtio", "initramfs", "virtio_pci"),
	                                 VALUE("Virtio", "initramfs_s390x", "virtio_ccw")};
	const struct br_profile kvm = {.name = (char *)"kvm", .values = own, .n = BR_ARRAY_SIZE(own)};
	struct world w;

	world_new(&w);
	w.img.profile = &kvm;
	expect(&w, &br_check_virtio, "OK");
	world_new(&w);
	w.img.profile = &kvm;
	w.img.system.arch = (char *)"s390x";
	expect(&w, &br_check_virtio, "FAILED virtio-driver-missing");
}

BR_TEST(missing)
{
	struct world w;

	world_new(&w);
	w.files = "virtio_pci.ko virtio_net.ko";
	expect(&w, &br_check_virtio, "FAILED virtio-file-missing"); /* its index has it still */
	world_new(&w);
	w.files = "virtio_blk.ko virtio_pci.ko";
	expect(&w, &br_check_virtio, "OK"); /* virtio_net in the root is early enough */
	world_new(&w);
	w.files = "virtio_blk.ko virtio_pci.ko";
	w.cut = "virtio_net";
	expect(&w, &br_check_virtio, "FAILED virtio-file-missing");
	world_new(&w);
	w.files = "nvme.ko";
	expect(&w, &br_check_nvme, "FAILED nvme-dependency-missing nvme-io-timeout");
}

BR_TEST(built_in)
{
	struct world w;

	world_new(&w);
	w.files = "virtio_blk.ko";
	w.builtin = "kernel/drivers/virtio/virtio_pci.ko\n";
	expect(&w, &br_check_virtio, "OK");
	world_new(&w);
	w.files = "virtio_blk.ko";
	w.root_builtin = "kernel/drivers/virtio/virtio_pci.ko\n";
	w.dir = "usr/lib/modules/5.10";
	expect(&w, &br_check_virtio, "FAILED virtio-other-release");
}

BR_TEST(blacklisted)
{
	struct world w;

	world_new(&w);
	w.modprobe = "blacklist virtio_blk\n";
	expect(&w, &br_check_virtio, "FAILED virtio-blacklisted");
	world_new(&w);
	w.chains[0].cmdline = w.chains[1].cmdline = "modprobe.blacklist=nvme";
	expect(&w, &br_check_nvme, "FAILED nvme-blacklisted nvme-io-timeout");
	world_new(&w);
	w.files = "virtio_blk.ko virtio_pci.ko";
	w.chains[0].cmdline = w.chains[1].cmdline = "modprobe.blacklist=virtio_net";
	expect(&w, &br_check_virtio, "FAILED virtio-blacklisted");
	world_new(&w);
	w.files = "virtio_blk.ko virtio_pci.ko";
	w.modprobe = "blacklist virtio_net\n"; /* the initramfs's own: the root's modprobe does not see it */
	expect(&w, &br_check_virtio, "OK");
}

/* Both firmwares boot the same kernel: said once. Different ones: each for itself. */
BR_TEST(chains)
{
	struct world w;

	world_new(&w);
	w.files = "virtio_pci.ko virtio_net.ko";
	w.chains[1].kernel.shown = (char *)"/boot/other";
	w.chains[1].release = (char *)"6.2";
	expect(&w, &br_check_virtio, "FAILED virtio-file-missing virtio-other-release virtio-other-release "
	       "virtio-unreadable");
	world_new(&w);
	w.files = "virtio_pci.ko virtio_net.ko";
	w.chains[0].offered = w.chains[1].offered = false;
	expect(&w, &br_check_virtio, "UNKNOWN virtio-kernel-unknown");
	world_new(&w);
	w.chains[0].entry = NULL;
	expect(&w, &br_check_virtio, "OK"); /* that no entry boots is Grub's to say */
}

BR_TEST(not_to_be_told)
{
	struct world w;

	world_new(&w);
	w.chains[0].release = w.chains[1].release = NULL;
	expect(&w, &br_check_virtio, "UNKNOWN virtio-kernel-unknown");
	world_new(&w);
	w.chains[0].initramfs_read = w.chains[1].initramfs_read = false;
	w.initrd.err = -EIO;
	expect(&w, &br_check_nvme, "UNKNOWN nvme-unreadable nvme-io-timeout");
	world_new(&w);
	w.chains[0].initramfs.unread = strdup("lzo");
	w.chains[1].offered = false;
	expect(&w, &br_check_nvme, "UNKNOWN nvme-unreadable nvme-io-timeout");
	world_new(&w);
	w.chains[0].stale = w.chains[1].stale = (char *)"a journal needs recovery";
	expect(&w, &br_check_nvme, "UNKNOWN nvme-unreadable");
	world_new(&w);
	w.files = "";
	w.dir = "usr/lib/empty";
	w.root = false;
	expect(&w, &br_check_nvme, "UNKNOWN nvme-unreadable nvme-io-timeout");
}

BR_TEST(no_initramfs)
{
	struct world w;

	world_new(&w);
	w.chains[0].initramfs_read = w.chains[1].initramfs_read = false;
	w.initrd.err = -ENOENT;
	expect(&w, &br_check_nvme, "FAILED nvme-driver-missing nvme-io-timeout");
	world_new(&w);
	w.chains[0].initramfs_read = w.chains[1].initramfs_read = false;
	w.chains[0].n_initrds = w.chains[1].n_initrds = 0;
	expect(&w, &br_check_nvme, "FAILED nvme-driver-missing nvme-io-timeout");
	world_new(&w);
	w.files = "";
	w.dir = "usr/lib/empty";
	expect(&w, &br_check_nvme, "FAILED nvme-driver-missing nvme-io-timeout");
}

BR_TEST(running_stands_in)
{
	struct world w;

	world_new(&w);
	w.chains[0].initramfs_running = w.chains[1].initramfs_running = true;
	expect(&w, &br_check_virtio, "OK virtio-running-initramfs");
}

BR_TEST(io_timeout)
{
	static const struct {
		const char *cmdline, *modprobe, *result;
		bool byte;
	} rows[] = {
		{"quiet", NULL, "WARNING nvme-io-timeout", false},
		{"nvme_core.io_timeout=30", NULL, "WARNING nvme-io-timeout", false},
		{"nvme_core.io_timeout=255", NULL, "WARNING nvme-io-timeout", false}, /* its type is uint */
		{"nvme-core.io_timeout=4294967295", NULL, "OK", false},
		{"quiet", "options nvme_core io_timeout=4294967295\n", "OK", false},
		{"nvme_core.io_timeout=4294967295 nvme_core.io_timeout=30", NULL, "WARNING nvme-io-timeout", false},
		{"nvme_core.io_timeout=255", NULL, "OK", true},
		{"nvme_core.io_timeout=4294967295", NULL, "WARNING nvme-io-timeout", true},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct world w;

		world_new(&w);
		w.chains[0].cmdline = w.chains[1].cmdline = rows[i].cmdline;
		w.modprobe = rows[i].modprobe;
		w.byte = rows[i].byte;
		expect(&w, &br_check_nvme, rows[i].result);
	}
}

BR_TEST(squash_hides)
{
	struct world w;

	world_new(&w);
	w.files = "";
	w.dir = "usr/lib/empty";
	w.hidden = "erofs-root.img";
	expect(&w, &br_check_nvme, "UNKNOWN nvme-unreadable nvme-io-timeout");
}

BR_TEST_MAIN()
