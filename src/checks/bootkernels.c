/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/limits.h"
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"installed-kernel-broken", BR_BASIS_POLICY, "a kernel that is not the default one is empty, truncated or no kernel"},
	{"installed-kernel-without-initramfs", BR_BASIS_POLICY, "a kernel that is not the default one has no initramfs"},
	{"installed-initramfs-broken", BR_BASIS_POLICY, "the initramfs of a kernel that is not the default one is broken"},
	{"installed-initramfs-of-another", BR_BASIS_POLICY, "an initramfs holds modules of another kernel only"},
	{"installed-initramfs-without-kernel", BR_BASIS_POLICY, "an initramfs whose kernel is not there"},
	{"installed-kernel-without-modules", BR_BASIS_POLICY, "a kernel that is not the default one has no modules in the root"},
	{"installed-kernel-unread", BR_BASIS_POLICY, "a kernel or its initramfs could not be read"},
	{"installed-kernels-unseen", BR_BASIS_POLICY, "the folder with the kernels could not be looked into"},
};

static const char *name_of(const struct br_installed *k)
{
	return k->release ? k->release : k->key ? k->key : k->path;
}

static void judge_image(const struct br_installed *k, struct br_result *res)
{
	static const char *const words[] = {
		[BR_KERNEL_EMPTY] = "is empty",
		[BR_KERNEL_TRUNCATED] = "is truncated",
		[BR_KERNEL_NOT_ONE] = "is no kernel",
	};

	if (k->state == BR_KERNEL_UNREAD)
		br_find(res, "installed-kernel-unread", BR_SEV_UNKNOWN, k->path, 0, NULL, "this kernel is of a form that is not read here");
	else if (k->state != BR_KERNEL_SOUND && k->state != BR_KERNEL_ABSENT)
		br_find(res, "installed-kernel-broken", BR_SEV_WARNING, k->path, 0, "reinstall the kernel's package",
		        "a kernel that is not the default one %s", words[k->state]);
}

static void judge_initramfs(const struct br_image *img, const struct br_installed *k, struct br_result *res)
{
	br_autofree char *fix = br_fix_make(img, NULL, k->release ? k->release : k->key);

	switch (k->initramfs_state) {
	case BR_INSTALLED_NONE:
		br_find(res, "installed-kernel-without-initramfs", BR_SEV_WARNING, k->path, 0, fix,
		        "there is no initramfs for this kernel, which is not the default one");
		break;
	case BR_INSTALLED_GONE:
		br_find(res, "installed-kernel-without-initramfs", BR_SEV_WARNING, k->initramfs, 0, fix,
		        "the initramfs of the entry \"%s\" is not there", k->entry->title);
		break;
	case BR_INSTALLED_EMPTY:
		br_find(res, "installed-initramfs-broken", BR_SEV_WARNING, k->initramfs, 0, fix,
		        "the initramfs of kernel %s, which is not the default one, is empty", name_of(k));
		break;
	case BR_INSTALLED_BROKEN:
		br_find(res, "installed-initramfs-broken", BR_SEV_WARNING, k->initramfs, 0, fix,
		        "the initramfs of kernel %s, which is not the default one, is broken: %s", name_of(k), k->why);
		break;
	case BR_INSTALLED_OTHER:
		br_find(res, "installed-initramfs-of-another", BR_SEV_WARNING, k->initramfs, 0, fix,
		        "the initramfs of kernel %s holds modules of %s only", name_of(k), k->why);
		break;
	case BR_INSTALLED_UNREAD:
		br_find(res, "installed-kernel-unread", BR_SEV_UNKNOWN, k->initramfs, 0, NULL,
		        "the initramfs of kernel %s: %s", name_of(k), k->why);
		break;
	case BR_INSTALLED_SOUND:
	case BR_INSTALLED_THERE:
	case BR_INSTALLED_UNUSED:
		break;
	}
}

/* dracut's rescue kernel outlives the package whose modules it was made with: its initramfs has them all. */
static void judge_modules(const struct br_installed *k, struct br_result *res)
{
	br_autofree char *path = k->release ? br_format("/lib/modules/%s", k->release) : NULL;

	if (!path || k->modules || k->rescue)
		return;
	if (k->modules_unread)
		br_find(res, "installed-kernel-unread", BR_SEV_UNKNOWN, path, 0, NULL,
		        "the modules of kernel %s could not be looked at", k->release);
	else
		br_find(res, "installed-kernel-without-modules", BR_SEV_WARNING, path, 0, "reinstall or remove the kernel's package",
		        "the kernel %s, which is not the default one, has no modules in the root", k->path);
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_kernels *l = &img->kernels;

	if (l->unread)
		br_find(res, "installed-kernels-unseen", BR_SEV_UNKNOWN, NULL, 0, l->fix, "%s", l->unread);
	for (size_t i = 0; i < l->n; i++) {
		const struct br_installed *k = &l->k[i];

		if (k->is_default) /* the Grub check's matter */
			continue;
		judge_image(k, res);
		judge_initramfs(img, k, res);
		judge_modules(k, res);
	}
	for (size_t i = 0; i < l->orphans.n; i++)
		br_find(res, "installed-initramfs-without-kernel", BR_SEV_WARNING, l->orphans.v[i], 0,
		        "remove it, or install its kernel again", "the kernel of this initramfs is not there");
	if (l->more)
		br_find(res, "installed-kernel-unread", BR_SEV_INFO, NULL, 0, NULL,
		        "%zu more kernels have an initramfs; whether it is whole was not looked at", l->more);
	br_conclude(res);
}

const struct br_check br_check_bootkernels = {
	.id = "BootKernels",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "installed kernels beside the default one could boot too",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_DISKS | BR_NEED_KERNELS,
	.wants = BR_NEED_FSTAB,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "Every kernel beside the default one and in /boot, and those that other entries of the menu load; of each "
		 "the initramfs that its entry loads or that has its name (initrd.img-VERSION, initramfs-VERSION.img, "
		 "initrd-VERSION), and /lib/modules/VERSION in the root.",
	.fails = "Never. It warns of a kernel that is truncated, that has no initramfs or a broken one, or no modules, "
		 "and of an initramfs whose kernel is gone. dracut's rescue kernel may lack modules, a kernel "
		 "whose entry loads none on purpose an initramfs.",
	.why = "These are what one falls back to when the default kernel does not come up, and the next update may "
	       "make one of them the default.",
	.mend = "Make the initramfs anew (update-initramfs -c -k VERSION, dracut --force --kver VERSION), reinstall the "
		"kernel's package, or remove what is left of it.",
	.run = run,
};
