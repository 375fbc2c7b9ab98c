/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "check.h"
#include "image/image.h"
#include "image/looproot.h"
#include "image/mounts.h"
#include "image/usr.h"
#include "image/volume.h"

static void settle(struct br_fact *fact, int r, const char *what)
{
	if (r >= 0) {
		fact->state = BR_FACT_READ;
		return;
	}
	fact->state = BR_FACT_UNREADABLE;
	fact->why = br_format("%s: %s", what, br_strerror(-r));
}

static void load_fstab(struct br_image *img)
{
	const char *layout = br_usr_layout(&img->root);

	settle(&img->fstab_fact, layout ? -ENODATA : br_fstab_read(&img->root, &img->fstab), "/etc/fstab");
	if (layout) {
		free(img->fstab_fact.why);
		img->fstab_fact.why = br_format("a layout that is not known: %s", layout);
	}
}

static void load_usr(struct br_image *img)
{
	br_usr_look(img);
}

static void load_replayed(struct br_image *img)
{
	const struct br_volume *v = img->disks.root >= 0 ? br_volume(img, img->disks.root) : NULL;

	img->replayed_fact.state = v && v->stale ? BR_FACT_UNREADABLE : BR_FACT_READ;
	if (v && v->stale)
		img->replayed_fact.why = br_format("the journal of the root needs recovery; what was read may be old");
}

static void load_units(struct br_image *img)
{
	char *why = NULL;
	int r = br_units_read(&img->root, &img->units, &why);

	settle(&img->units_fact, r, "the units of services");
	if (why) {
		free(img->units_fact.why);
		img->units_fact.why = why;
	}
}

static void load_rootfs(struct br_image *img)
{
	if (img->disks.root >= 0)
		settle(&img->rootfs_fact, br_fsstate_read(&img->disks, img->disks.root, &img->rootfs), "the superblock of the root");
	if (img->rootfs_fact.state == BR_FACT_UNREADABLE && img->disks.blk[img->disks.root].unread) {
		free(img->rootfs_fact.why);
		img->rootfs_fact.why = br_format("%s: %s", img->disks.blk[img->disks.root].name,
		                                 img->disks.blk[img->disks.root].unread);
	}
}

static void load_table(struct br_image *img)
{
	settle(&img->parttable_fact, br_parttable_read(&img->disks, &img->parttable), "the partition table");
}

static void load_services(struct br_image *img)
{
	settle(&img->services_fact, br_services_read(&img->root, img->profile, &img->services), "programs of services");
}

static void load_growth(struct br_image *img)
{
	settle(&img->growth_fact, br_growth_read(&img->root, &img->units, &img->cloudinit, &img->growth), "what grows the root");
}

static void load_sshd(struct br_image *img)
{
	const struct br_units *units = img->units_fact.state == BR_FACT_READ ? &img->units : NULL;

	settle(&img->sshd_fact, br_sshd_read(&img->root, br_system_family(&img->system), &img->fstab, units, &img->sshd),
	       "sshd");
}

/*
 * In a folder that is no mount of one of the disks themselves: a loop device says which image it shows, and in
 * a plain folder only fstab can say which file system it came from.
 */
static void guess_root(struct br_image *img, dev_t root_dev)
{
	const struct br_fstab_entry *e = br_fstab_target(&img->fstab, "/");
	struct br_found f;
	int loop;

	if (img->disks.root >= 0 || !img->disks.known)
		return;
	if (!major(root_dev)) {
		br_autofree char *at = realpath(img->ask.root, NULL);

		root_dev = at ? br_mount_device(at) : 0;
	}
	loop = br_loop_root(&img->disks, root_dev);
	if (loop >= 0)
		br_disks_set_root(&img->disks, loop);
	if (loop >= 0 || !e)
		return;
	br_disks_find(&img->disks, &e->spec, &f);
	if (f.match == BR_MATCH_FOUND)
		br_disks_set_root(&img->disks, f.blk);
}

static void load_disks(struct br_image *img)
{
	struct stat st = {0};
	struct br_disks_ask ask = {
		.paths = (const char *const *)img->ask.disks->v,
		.n_paths = img->ask.disks->n,
		.scan = img->context != BR_OFFLINE,
		.root_fd = img->root.fd,
	};

	if (br_root_stat(&img->root, "/", &st) == 0)
		ask.root_dev = st.st_dev;
	settle(&img->disks_fact, br_disks_read(&ask, &img->disks), "the machine's disks");
	if (img->disks_fact.state == BR_FACT_READ)
		guess_root(img, ask.root_dev);
	/* Whatever is not found may be on the disk that was not given. */
	if (img->context == BR_OFFLINE && img->disks.known && img->disks.root < 0 && !img->disks.unread)
		img->disks.unread = strdup("the disk that the root lies on is not among those given");
}

static void load_cloudinit(struct br_image *img)
{
	settle(&img->cloudinit_fact, br_cloudinit_read(&img->root, &img->cloudinit), "cloud-init");
}

/* With the configuration of the kernel that boots by itself. */
static void load_selinux(struct br_image *img)
{
	const char *release = NULL;

	for (size_t i = 0; i < img->n_chains && !release; i++)
		if (img->chains[i].offered && img->chains[i].entry)
			release = img->chains[i].release;
	settle(&img->selinux_fact, br_selinux_read(&img->root, release, &img->selinux), "/etc/selinux/config");
}

static void load_chains(struct br_image *img)
{
	int r = br_chains_read(img);

	/* An absent or odd /etc/default/grub decides nothing about this boot. */
	if (r == 0 && br_grub_defaults_read(&img->root, &img->grub_defaults) == -ENOMEM)
		r = -ENOMEM;
	if (r == 0)
		r = br_rootdev_read(img);
	settle(&img->chains_fact, r, "the boot chain");
}

static void load_drivers(struct br_image *img)
{
	if (img->chains_fact.state != BR_FACT_READ) {
		img->drivers_fact.state = BR_FACT_UNREADABLE;
		img->drivers_fact.why = br_format("%s", img->chains_fact.why ? img->chains_fact.why : "");
		return;
	}
	settle(&img->drivers_fact, br_chains_drivers(img), "initramfs and module indexes");
}

static void load_network(struct br_image *img)
{
	settle(&img->network_fact, br_network_read(&img->root, &img->network), "the configuration of the network");
}

static void load_kernels(struct br_image *img)
{
	settle(&img->kernels_fact, br_kernels_read(img, &img->kernels), "the installed kernels");
}

static void load_accounts(struct br_image *img)
{
	settle(&img->accounts_fact,
	       br_accounts_read(&img->root, &img->fstab, br_program_machine(img->system.arch), &img->accounts),
	       "users and groups");
}

static void load_leftovers(struct br_image *img)
{
	settle(&img->leftovers_fact, br_leftovers_read(&img->root, &img->fstab, &img->leftovers),
	       "what the source machine left");
}

static void load_attrs(struct br_image *img)
{
	settle(&img->attrs_fact, br_attrs_read(&img->root, &img->attrs), "the system's files");
}

static void load_libdirs(struct br_image *img)
{
	settle(&img->libdirs_fact, br_libdirs_read(&img->root, &img->system, &img->libdirs), "the library folders");
}

static void load_usages(struct br_image *img)
{
	settle(&img->usages_fact, br_usage_read(img, &img->usages), "how full the file systems are");
}

/* In the order of their dependencies: what a row needs stands above it. */
static const struct {
	unsigned need, implies;
	size_t fact;
	void (*load)(struct br_image *img);
} facts[] = {
	{BR_NEED_FSTAB, 0, offsetof(struct br_image, fstab_fact), load_fstab},
	{BR_NEED_DISKS, BR_NEED_FSTAB, offsetof(struct br_image, disks_fact), load_disks},
	{BR_NEED_USR, BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, usr_fact), load_usr},
	{BR_NEED_REPLAYED, BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, replayed_fact), load_replayed},
	{BR_NEED_UNITS, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, units_fact), load_units},
	{BR_NEED_ROOTFS, BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, rootfs_fact), load_rootfs},
	{BR_NEED_TABLE, BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, parttable_fact), load_table},
	{BR_NEED_SERVICES, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, services_fact), load_services},
	{BR_NEED_SSHD, BR_NEED_UNITS | BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, sshd_fact), load_sshd},
	{BR_NEED_NETWORK, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, network_fact), load_network},
	{BR_NEED_CHAINS, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, chains_fact), load_chains},
	{BR_NEED_CLOUDINIT, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, cloudinit_fact),
         load_cloudinit},
	{BR_NEED_GROWTH, BR_NEED_UNITS | BR_NEED_CLOUDINIT | BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS,
         offsetof(struct br_image, growth_fact), load_growth},
	{BR_NEED_SELINUX, BR_NEED_CHAINS | BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS,
         offsetof(struct br_image, selinux_fact), load_selinux},
	{BR_NEED_DRIVERS, BR_NEED_CHAINS | BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS,
         offsetof(struct br_image, drivers_fact), load_drivers},
	{BR_NEED_KERNELS, BR_NEED_DRIVERS | BR_NEED_CHAINS | BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS,
         offsetof(struct br_image, kernels_fact), load_kernels},
	{BR_NEED_ACCOUNTS, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, accounts_fact),
         load_accounts},
	{BR_NEED_LEFTOVERS, BR_NEED_FSTAB, offsetof(struct br_image, leftovers_fact), load_leftovers},
	{BR_NEED_ATTRS, 0, offsetof(struct br_image, attrs_fact), load_attrs},
	{BR_NEED_LIBDIRS, BR_NEED_USR | BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, libdirs_fact), load_libdirs},
	{BR_NEED_USAGE, BR_NEED_FSTAB | BR_NEED_DISKS, offsetof(struct br_image, usages_fact), load_usages},
};

void br_image_load(struct br_image *img, unsigned needs)
{
	for (size_t i = BR_ARRAY_SIZE(facts); i--;)
		if (needs & facts[i].need)
			needs |= facts[i].implies;
	for (size_t i = 0; i < BR_ARRAY_SIZE(facts); i++) {
		struct br_fact *fact = (struct br_fact *)((char *)img + facts[i].fact);

		if ((needs & facts[i].need) && fact->state == BR_FACT_NOT_READ)
			facts[i].load(img);
	}
}

const struct br_fact *br_image_unmet(const struct br_image *img, unsigned needs)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(facts); i++) {
		const struct br_fact *fact = (const struct br_fact *)((const char *)img + facts[i].fact);

		if ((needs & facts[i].need) && fact->state != BR_FACT_READ)
			return fact;
	}
	return NULL;
}

int br_image_open(const struct br_image_ask *ask, struct br_image *ret)
{
	struct br_image img = {
		.ask = *ask,
		.context = ask->context,
		.profile = ask->profile,
		.self.fd = -1,
		.disks = {.root = -1, .root_disk = -1},
	};
	int r = br_root_open(&img.root, ask->root);

	if (r < 0)
		return r;
	if (ask->context == BR_PREBOOT) {
		r = br_root_open(&img.self, "/");
		if (r < 0) {
			br_root_close(&img.root);
			return r;
		}
	}
	br_system_read(&img.root, &img.system);
	if (ask->context == BR_OFFLINE) {
		/* Of the machine that looks, not of the one that is looked at. */
		free(img.system.boot_mode);
		img.system.boot_mode = NULL;
	}
	*ret = img;
	return 0;
}

void br_image_close(struct br_image *img)
{
	br_kernels_free(&img->kernels);
	br_chains_free(img);
	br_volumes_free(img);
	br_grub_defaults_free(&img->grub_defaults);
	free(img->usr_fix);
	free(img->lvm_why);
	br_subvolumes_free(&img->subvolumes);
	br_units_free(&img->units);
	br_services_free(&img->services);
	br_accounts_free(&img->accounts);
	br_leftovers_free(&img->leftovers);
	br_libdirs_free(&img->libdirs);
	br_usage_free(&img->usages);
	br_network_free(&img->network);
	br_sshd_free(&img->sshd);
	br_growth_free(&img->growth);
	br_cloudinit_free(&img->cloudinit);
	br_selinux_free(&img->selinux);
	br_fstab_free(&img->fstab);
	br_disks_free(&img->disks);
	br_system_free(&img->system);
	for (size_t i = 0; i < BR_ARRAY_SIZE(facts); i++)
		free(((struct br_fact *)((char *)img + facts[i].fact))->why);
	br_root_close(&img->root);
	br_root_close(&img->self);
}
