/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/modinfo.h"
#include "image/modules-internal.h"
#include "initrd.h"
#include "test.h"
#include "tree.h"

#define DIR     "usr/lib/modules/6.1.0"
#define VIRTIO  "virtio:d00000002v00001AF4"
#define MAGIC   "vermagic=6.1.0 SMP mod_unload "

/* One modules folder; what it lacks is set by a test. */
struct folder {
	const struct pair *dep, *alias, *builtin;
	size_t n_dep, n_alias, n_builtin;
	const char *files; /* blank-separated, below DIR */
	const char *modprobe, *modinfo;
	size_t modinfo_len;
	bool no_dep;
	struct br_str ko; /* virtio_blk.ko's bytes; nothing: an ordinary one */
};

static const struct pair dep[] = {
	{"nvme_core", "kernel/nvme-core.ko:"},
	{"virtio", "kernel/virtio.ko: kernel/virtio_ring.ko"},
	{"virtio_blk", "kernel/virtio_blk.ko: kernel/virtio.ko kernel/virtio_ring.ko"},
	{"virtio_ring", "kernel/virtio_ring.ko:"},
};
static const struct pair alias[] = {{"virtio:d00000002v*", "virtio_blk"}};
static const struct pair builtin[] = {{"ext4", "kernel/fs/ext4/ext4.ko"}};

static const struct folder whole = {
	.dep = dep, .n_dep = BR_ARRAY_SIZE(dep),
	.alias = alias, .n_alias = BR_ARRAY_SIZE(alias),
	.builtin = builtin, .n_builtin = BR_ARRAY_SIZE(builtin),
	.files = "virtio.ko virtio_blk.ko virtio_ring.ko nvme-core.ko nvmem.ko",
};

static void ordinary_ko(struct br_str *b)
{
	static const char info[] = "license=GPL\0" MAGIC "\0parmtype=io_timeout:uint\0parmtype=x:bool";

	add_ko(b, EM_X86_64, info, sizeof(info), false);
}

static void make_index(struct br_str *b, const char *name, const struct pair *p, size_t n)
{
	br_autostr struct br_str index = {0};

	add_index(&index, p, n);
	add_bytes(b, name, &index);
}

static void make_initramfs(struct br_str *b, const struct folder *f)
{
	br_autostrv struct br_strv files = {0};

	add_dirs(b, DIR "/kernel");
	add_dirs(b, "etc/modprobe.d");
	add_link(b, "lib", "usr/lib");
	if (!f->no_dep)
		make_index(b, DIR "/modules.dep.bin", f->dep, f->n_dep);
	make_index(b, DIR "/modules.alias.bin", f->alias, f->n_alias);
	make_index(b, DIR "/modules.builtin.bin", f->builtin, f->n_builtin);
	if (f->modprobe)
		add_file(b, "etc/modprobe.d/t.conf", f->modprobe);
	if (f->modinfo)
		add_member(b, &(struct member){.name = DIR "/modules.builtin.modinfo", .body = f->modinfo,
		                               .len = f->modinfo_len});
	br_strv_split(&files, f->files, " ");
	for (size_t i = 0; i < files.n; i++) {
		br_autostr struct br_str ko = {0};
		char path[256];

		snprintf(path, sizeof(path), DIR "/kernel/%s", files.v[i]);
		if (f->ko.len && br_starts(files.v[i], "virtio_blk"))
			br_str_add(&ko, f->ko.s, f->ko.len);
		else
			ordinary_ko(&ko);
		add_bytes(b, path, &ko);
	}
}

struct answer {
	enum br_driver_state state;
	char what[256], chain[256];
	int r;
};

/* Looks for a driver in the initramfs made of f. */
static struct answer look(const struct folder *f, const char *name, const char *modalias, const char *cmdline)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	br_autostrv struct br_strv blacklist = {0}, forced = {0};
	br_autodriver struct br_driver d = {0};
	br_autofree char *why = NULL;
	struct br_modtree *t = NULL;
	struct answer a = {.state = BR_DRIVER_UNKNOWN};
	const struct br_driver_ask ask = {
		.name = name, .alias = modalias, .blacklist = &blacklist, .forced = &forced, .machine = EM_X86_64};

	make_initramfs(&b, f);
	a.r = read_initramfs(&b, &i);
	if (!a.r)
		a.r = br_modtree_initramfs(&i, "6.1.0", &t, &why);
	if (!a.r)
		a.r = br_initramfs_blacklist(&i, &blacklist);
	if (!a.r)
		a.r = br_cmdline_blacklist(cmdline, NULL, &blacklist);
	if (!a.r)
		a.r = br_forced_modules(&i, cmdline, &forced);
	if (!a.r)
		a.r = br_driver_look(t, &ask, &d);
	a.state = d.state;
	snprintf(a.what, sizeof(a.what), "%s", d.what ? d.what : "");
	for (size_t k = 0; k < d.chain.n; k++) {
		strcat(a.chain, k ? " " : "");
		strcat(a.chain, d.chain.v[k]);
	}
	br_modtree_free(t);
	return a;
}

#define EXPECT_LOOK(a, s, w)                                                                       \
	do {                                                                                       \
		struct answer a__ = (a);                                                           \
		EXPECT_INT(a__.r, 0);                                                              \
		EXPECT_STR(br_driver_state_name(a__.state), br_driver_state_name(s));              \
		EXPECT_STR(a__.what, w);                                                           \
	} while (0)

BR_TEST(present)
{
	struct answer a = look(&whole, "virtio-blk", VIRTIO, "");

	EXPECT_LOOK(a, BR_DRIVER_PRESENT, "");
	EXPECT_STR(a.chain, "virtio_ring virtio virtio_blk");
	EXPECT_LOOK(look(&whole, "nvme_core", NULL, ""), BR_DRIVER_PRESENT, "");
}

BR_TEST(built_in)
{
	EXPECT_LOOK(look(&whole, "ext4", NULL, ""), BR_DRIVER_BUILTIN, "");
	/* What forbids loading does not touch what need not be loaded. */
	EXPECT_LOOK(look(&whole, "ext4", NULL, "module_blacklist=ext4"), BR_DRIVER_BUILTIN, "");
}

BR_TEST(absent)
{
	EXPECT_LOOK(look(&whole, "nvme", "pci:x", ""), BR_DRIVER_ABSENT, ""); /* nvmem and nvme-core are not it */
	EXPECT_LOOK(look(&whole, "virtio_bl", NULL, ""), BR_DRIVER_ABSENT, "");
}

BR_TEST(file_missing)
{
	struct folder f = whole;

	f.files = "virtio.ko virtio_ring.ko";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_NO_FILE, DIR "/kernel/virtio_blk.ko");
}

BR_TEST(dependency_missing)
{
	struct folder f = whole;

	f.files = "virtio.ko virtio_blk.ko";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_NO_DEP, DIR "/kernel/virtio_ring.ko");
}

BR_TEST(not_indexed)
{
	struct folder f = whole;

	f.n_dep = 2;
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_NOT_INDEXED, DIR "/kernel/virtio_blk.ko");
	f.no_dep = true;
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_NOT_INDEXED,
	            DIR "/kernel/virtio_blk.ko (there is no " DIR "/modules.dep.bin)");
}

BR_TEST(alias_missing)
{
	struct folder f = whole;

	f.n_alias = 0;
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_NO_ALIAS, VIRTIO);
	/* Loaded by name, no modalias is needed. */
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "rd.driver.pre=virtio_blk"), BR_DRIVER_PRESENT, "");
	EXPECT_LOOK(look(&f, "virtio_blk", NULL, ""), BR_DRIVER_PRESENT, "");
}

BR_TEST(blacklists)
{
	struct folder f = whole;

	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "modprobe.blacklist=virtio-blk"), BR_DRIVER_BLACKLISTED,
	            "modprobe.blacklist=");
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "module_blacklist=virtio_ring"), BR_DRIVER_BLACKLISTED,
	            "module_blacklist=");
	/* A plain blacklist is about modaliases: not about what another module needs, nor loading by name. */
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "modprobe.blacklist=virtio_ring"), BR_DRIVER_PRESENT, "");
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "modprobe.blacklist=virtio_blk rd.driver.pre=virtio_blk"),
	            BR_DRIVER_PRESENT, "");
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "module_blacklist=virtio_blk rd.driver.pre=virtio_blk"),
	            BR_DRIVER_BLACKLISTED, "module_blacklist=");
	/* systemd-modules-load takes no notice of aliases, but of blacklists. */
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "modprobe.blacklist=virtio_blk modules_load=virtio_blk"),
	            BR_DRIVER_BLACKLISTED, "modprobe.blacklist=");
	f.modprobe = "blacklist virtio_blk\n";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_BLACKLISTED, "etc/modprobe.d/t.conf:1");
	f.modprobe = "install virtio /bin/false\n";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "rd.driver.pre=virtio_blk"), BR_DRIVER_BLACKLISTED,
	            "etc/modprobe.d/t.conf:1");
}

BR_TEST(aliases_of_modprobe_d)
{
	struct folder f = whole;

	f.modprobe = "alias virtio:d00000002v* off\n";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_BLACKLISTED, "etc/modprobe.d/t.conf:1");
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, "rd.driver.pre=virtio_blk"), BR_DRIVER_PRESENT, "");
	f.modprobe = "alias virtio:d00000002v* virtio-blk\n";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_PRESENT, "");
	f.modprobe = "alias virtio:d00000001v* off\nalias virtio_blk off\n";
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_PRESENT, "");
}

BR_TEST(wrong_build)
{
	static const char other[] = "vermagic=5.10.0 SMP ";
	struct folder f = whole;

	add_ko(&f.ko, EM_AARCH64, MAGIC, sizeof(MAGIC), false);
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_WRONG_BUILD,
	            DIR "/kernel/virtio_blk.ko: for another machine (ELF machine 183)");
	f.ko.len = 0;
	add_ko(&f.ko, EM_X86_64, other, sizeof(other), false);
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_WRONG_BUILD,
	            DIR "/kernel/virtio_blk.ko: for kernel 5.10.0");
	f.ko.len = 0;
	add_ko(&f.ko, EM_X86_64, other, sizeof(other), true); /* symbol versions are compared instead */
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_PRESENT, "");
	f.ko.len = 0;
	br_str_puts(&f.ko, "zeros where a module was");
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_WRONG_BUILD,
	            DIR "/kernel/virtio_blk.ko: damaged, or no module");
	br_str_free(&f.ko);
}

BR_TEST(compressed_modules)
{
	static const struct pair zst[] = {{"virtio_blk", "kernel/virtio_blk.ko.zst:"}};
	br_autostr struct br_str ko = {0};
	struct folder f = whole;

	f.dep = zst;
	f.n_dep = 1;
	f.files = "virtio_blk.ko.zst";
	ordinary_ko(&ko);
	add_packed(&f.ko, ZSTD, &ko);
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_PRESENT, "");
	f.ko.len /= 2;
	EXPECT_LOOK(look(&f, "virtio_blk", VIRTIO, ""), BR_DRIVER_WRONG_BUILD,
	            DIR "/kernel/virtio_blk.ko.zst: damaged, or no module");
	br_str_free(&f.ko);
}

BR_TEST(damaged_index)
{
	br_autostr struct br_str b = {0}, index = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	br_autodriver struct br_driver d = {0}, e = {0};
	br_autofree char *why = NULL;
	struct br_modtree *t = NULL;

	add_dirs(&b, DIR);
	add_index(&index, dep, BR_ARRAY_SIZE(dep));
	index.len /= 2;
	add_bytes(&b, DIR "/modules.dep.bin", &index);
	add_file(&b, DIR "/modules.builtin", "kernel/fs/ext4/ext4.ko\nkernel/b-c.ko\n");
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_INT(br_modtree_initramfs(&i, "6.1.0", &t, &why), 0);
	EXPECT_INT(br_driver_look(t, &(struct br_driver_ask){.name = "virtio_blk"}, &d), 0);
	EXPECT_INT(d.state, BR_DRIVER_BAD_INDEX);
	EXPECT_STR(d.what, DIR "/modules.dep.bin: a node beyond its end");
	EXPECT_INT(br_driver_look(t, &(struct br_driver_ask){.name = "b_c"}, &e), 0);
	EXPECT_INT(e.state, BR_DRIVER_BUILTIN);
	br_modtree_free(t);
}

BR_TEST(other_release)
{
	br_autostr struct br_str b = {0};
	br_autoinitramfs struct br_initramfs i = {0};
	br_autofree char *why = NULL, *up = NULL;
	struct br_modtree *t = NULL;

	make_initramfs(&b, &whole);
	EXPECT_INT(read_initramfs(&b, &i), 0);
	EXPECT_INT(br_modtree_initramfs(&i, "6.1.1", &t, &why), -ENOENT);
	EXPECT_STR(why, "no modules of 6.1.1 in it, but of 6.1.0");
	EXPECT_INT(br_modtree_initramfs(&i, "../6.1.0", &t, &up), -ENOENT);
	EXPECT(t == NULL);
}

static void put_index(const char *path, const struct pair *p, size_t n)
{
	br_autostr struct br_str b = {0};

	add_index(&b, p, n);
	tree_bytes(path, b.s, b.len, 0644);
}

/* A signed module as the kernel has it: 4 bytes of signature, their length, the line that says so. */
static void signed_ko(struct br_str *b, const char *info, size_t n)
{
	static const char tail[] = "sign\0\0\2\0\0\0\0\0\0\0\0\4~Module signature appended~\n";

	add_ko(b, EM_X86_64, info, n, true);
	br_str_add(b, tail, sizeof(tail) - 1);
}

/* virtio_blk as an initramfs and the root beside it have it: what is said of the initramfs's. */
static enum br_driver_state beside(const char *ours, size_t n_ours, const char *roots, size_t n_roots, bool sign)
{
	const struct br_driver_ask plain = {.name = "virtio_blk", .alias = VIRTIO};
	br_cleanup(br_initramfs_free) struct br_initramfs i = {0};
	br_cleanup(br_root_close) struct br_root root = {.fd = -1};
	struct br_modtree *t = NULL, *r = NULL;
	br_autodriver struct br_driver d = {0};
	struct br_driver_ask with;
	struct folder f = whole;
	br_autostr struct br_str ko = {0}, img = {0};
	br_autofree char *why = NULL;

	if (sign)
		signed_ko(&f.ko, ours, n_ours);
	else
		add_ko(&f.ko, EM_X86_64, ours, n_ours, true);
	signed_ko(&ko, roots, n_roots);
	tree_new();
	put_index("/" DIR "/modules.dep.bin", dep, BR_ARRAY_SIZE(dep));
	put_index("/" DIR "/modules.alias.bin", alias, BR_ARRAY_SIZE(alias));
	tree_link("/lib", "usr/lib");
	tree_bytes("/" DIR "/kernel/virtio_blk.ko", ko.s, ko.len, 0644);
	make_initramfs(&img, &f);
	EXPECT_INT(read_initramfs(&img, &i), 0);
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_modtree_initramfs(&i, "6.1.0", &t, &why), 0);
	EXPECT_INT(br_modtree_root(&root, "6.1.0", &r, &why), 0);
	with = plain;
	with.beside = r;
	EXPECT_INT(br_driver_look(t, &with, &d), 0);
	EXPECT(d.state != BR_DRIVER_UNKNOWN || strstr(d.what, "virtio_blk.ko differs from the root's own"));
	EXPECT(d.state != BR_DRIVER_WRONG_BUILD || strstr(d.what, "virtio_blk.ko: changed after it had been signed"));
	br_modtree_free(t);
	br_modtree_free(r);
	br_str_free(&f.ko);
	return d.state;
}

BR_TEST(one_signature_is_of_one_content)
{
	static const char older[] = "vermagic=5.1.0 SMP mod_unload \0license=GPL";
	static const char same[] = MAGIC "\0license=GPL", other[] = MAGIC "\0license=BSD", longer[] = MAGIC "\0license=GPL v2";

	EXPECT_INT(beside(same, sizeof(same), same, sizeof(same), true), BR_DRIVER_PRESENT);
	EXPECT_INT(beside(same, sizeof(same), other, sizeof(other), true), BR_DRIVER_UNKNOWN);
	EXPECT_INT(beside(same, sizeof(same), longer, sizeof(longer), true), BR_DRIVER_UNKNOWN);
	/* Symbols have versions here, so that the release by itself is no reason. */
	EXPECT_INT(beside(older, sizeof(older), same, sizeof(same), true), BR_DRIVER_WRONG_BUILD);
	EXPECT_INT(beside(older, sizeof(older), older, sizeof(older), true), BR_DRIVER_PRESENT);
	EXPECT_INT(beside(same, sizeof(same), older, sizeof(older), true), BR_DRIVER_UNKNOWN);
	/* Whoever took the signature off may have changed it as well. */
	EXPECT_INT(beside(same, sizeof(same), other, sizeof(other), false), BR_DRIVER_PRESENT);
}

BR_TEST(of_a_root)
{
	br_autodriver struct br_driver d = {0}, missing = {0}, barred = {0};
	br_autofree char *why = NULL, *none = NULL, *type = NULL;
	br_autostr struct br_str ko = {0};
	struct br_modtree *t = NULL, *no = NULL;
	struct br_root root;

	ordinary_ko(&ko);
	tree_new();
	tree_link("/lib", "/usr/lib"); /* absolute: it must not lead out */
	put_index("/" DIR "/modules.dep.bin", dep, BR_ARRAY_SIZE(dep));
	put_index("/" DIR "/modules.alias.bin", alias, BR_ARRAY_SIZE(alias));
	tree_bytes("/" DIR "/kernel/virtio_ring.ko", ko.s, ko.len, 0644);
	tree_bytes("/" DIR "/kernel/nvme-core.ko", ko.s, ko.len, 0644);
	tree_link("/" DIR "/kernel/virtio.ko", "virtio_ring.ko");
	tree_file("/etc/modprobe.d/x.conf", "blacklist virtio-ring\n");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_modtree_root(&root, "6.1.0", &t, &why), 0);
	EXPECT_INT(br_driver_look(t, &(struct br_driver_ask){.name = "virtio"}, &d), 0);
	EXPECT_INT(d.state, BR_DRIVER_PRESENT);
	EXPECT_INT(br_driver_look(t, &(struct br_driver_ask){.name = "virtio_blk"}, &missing), 0);
	EXPECT_INT(missing.state, BR_DRIVER_NO_FILE);
	EXPECT_INT(br_driver_look(t, &(struct br_driver_ask){.name = "virtio_ring"}, &barred), 0);
	EXPECT_STR(barred.what, "/etc/modprobe.d/x.conf:1");
	EXPECT_INT(br_module_parmtype(t, "nvme_core", "io_timeout", &type), 0);
	EXPECT_STR(type, "uint");
	EXPECT_INT(br_modtree_root(&root, "6.1.1", &no, &none), -ENOENT);
	EXPECT_STR(none, "no /lib/modules/6.1.1");
	br_modtree_free(t);
	br_root_close(&root);
}

BR_TEST(parameters)
{
	static const char info[] = "nvme_core.license=GPL\0nvme_core.parmtype=io_timeout:byte\0nvme.parmtype=x:int";
	static const struct pair built[] = {{"nvme_core", "kernel/nvme-core.ko"}};
	struct folder f = whole;
	br_autostr struct br_str b = {0}, c = {0};
	br_autoinitramfs struct br_initramfs module = {0}, inside = {0};
	br_autofree char *why = NULL, *type = NULL, *other = NULL, *none = NULL;
	struct br_modtree *t = NULL, *u = NULL;

	make_initramfs(&b, &whole);
	EXPECT_INT(read_initramfs(&b, &module), 0);
	EXPECT_INT(br_modtree_initramfs(&module, "6.1.0", &t, &why), 0);
	EXPECT_INT(br_module_parmtype(t, "nvme_core", "io_timeout", &type), 0);
	EXPECT_STR(type, "uint");
	EXPECT_INT(br_module_parmtype(t, "nvme_core", "io", &none), -ENOENT);
	br_modtree_free(t);

	f.n_dep = 0;
	f.builtin = built;
	f.modinfo = info;
	f.modinfo_len = sizeof(info);
	make_initramfs(&c, &f);
	EXPECT_INT(read_initramfs(&c, &inside), 0);
	EXPECT_INT(br_modtree_initramfs(&inside, "6.1.0", &u, &why), 0);
	EXPECT_INT(br_module_parmtype(u, "nvme_core", "io_timeout", &other), 0);
	EXPECT_STR(other, "byte");
	EXPECT_INT(br_module_parmtype(u, "nvme", "io_timeout", &none), -ENOENT);
	br_modtree_free(u);
}

/* A dependency's path is text from outside: it must not make libkmod look at this machine's files. */
BR_TEST(paths_in_the_index_stay_text)
{
	static const struct pair up[] = {
		{"a", "/etc/passwd: ../../../../etc/passwd"}, {"virtio_blk", "kernel/virtio_blk.ko: /etc/passwd"}};
	struct folder f = whole;

	f.dep = up;
	f.n_dep = 2;
	EXPECT_LOOK(look(&f, "a", NULL, ""), BR_DRIVER_NO_FILE, "etc/passwd");
	EXPECT_LOOK(look(&f, "virtio_blk", NULL, ""), BR_DRIVER_NO_DEP, "etc/passwd");
}

BR_TEST(libkmod_gets_no_paths)
{
	static const struct pair up[] = {{"a", "kernel/a.ko: /etc/passwd"}};
	br_cleanup(br_kmod_unref) struct kmod_ctx *ctx = NULL;
	struct br_blob b[BR_INDEXES] = {{0}};
	br_autostr struct br_str index = {0};
	struct kmod_module *m = NULL;
	struct kmod_list *deps;

	add_index(&index, up, 1);
	b[BR_INDEX_DEP] = (struct br_blob){index.s, index.len};
	EXPECT_INT(br_kmod_open(b, &ctx), 0);
	EXPECT_INT(kmod_module_new_from_name_lookup(ctx, "a", &m), 0);
	EXPECT(m != NULL);
	deps = m ? kmod_module_get_dependencies(m) : NULL;
	EXPECT(deps == NULL);
	kmod_module_unref_list(deps);
	kmod_module_unref(m);
	/* The index that was handed in is as it was, and the copy's folder is gone. */
	EXPECT(memmem(index.s, index.len, "/etc/passwd", 11) != NULL);
	EXPECT(access(m ? kmod_get_dirname(ctx) : "/", F_OK) < 0);
}

BR_TEST(elf_out_of_bounds)
{
	br_autostr struct br_str ko = {0};
	struct br_modinfo m;
	size_t whole_len;

	ordinary_ko(&ko);
	EXPECT_INT(br_modinfo_parse(ko.s, ko.len, &m), 0);
	EXPECT_STR(br_modinfo_get(ko.s + m.at, m.len, "vermagic", ""), "6.1.0 SMP mod_unload ");
	whole_len = ko.len;
	for (ko.len = 0; ko.len < whole_len; ko.len++)
		EXPECT_INT(br_modinfo_parse(ko.s, ko.len, &m), -EBADMSG);
	for (size_t at = 0; at < 64 + 4 * 64; at++) {
		ko.s[at] ^= (char)0xff;
		if (br_modinfo_parse(ko.s, ko.len, &m) == 0)
			EXPECT(m.at + m.len <= ko.len);
		ko.s[at] ^= (char)0xff;
	}
}

BR_TEST_MAIN()
