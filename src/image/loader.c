/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/efi.h"
#include "image/grub-io.h"
#include "image/loader-internal.h"
#include "image/pe.h"
#include "base/num.h"
#include "image/volume.h"

/* Removable shim, a vendor's shim, GRUB: nothing real has more links. */
#define SHIM_HOPS_MAX 4

void br_loader_problem(struct br_loader *l, const char *code, char *text, char *fix)
{
	l->code = code;
	l->problem = text;
	l->fix = fix;
}

char *br_name_any_case(const struct br_root *root, const char *dir, const char *wanted)
{
	br_autostrv struct br_strv names = {0};

	if (br_root_list(root, dir, &names) < 0)
		return NULL;
	for (size_t i = 0; i < names.n; i++)
		if (strcasecmp(names.v[i], wanted) == 0)
			return strdup(names.v[i]);
	return NULL;
}

char *br_path_any_case(const struct br_root *root, const char *path)
{
	br_autostrv struct br_strv parts = {0};
	br_autostr struct br_str out = {0};

	br_strv_split(&parts, path, "/");
	if (parts.n > BR_PATH_PARTS)
		return NULL;
	for (size_t i = 0; i < parts.n; i++) {
		br_autofree char *name = br_name_any_case(root, out.s ? out.s : "/", parts.v[i]);

		if (!name)
			return NULL;
		br_str_printf(&out, "/%s", name);
	}
	return out.len ? br_str_take(&out) : strdup("/");
}

static int read_efi(const struct br_root *root, const char *path, struct br_efi *ret)
{
	br_autofree char *real = br_path_any_case(root, path);
	br_autoclose int fd = -1;
	int r = real ? br_root_file(root, real, &fd) : -ENOENT;

	return r < 0 ? r : br_efi_look(fd, ret);
}

/* The UEFI specification's names of the removable path, and the PE machine that such a firmware starts. */
struct efi_arch {
	const char *arch, *suffix, *grub; /* grub: the folder of GRUB's modules for it */
	unsigned machine;
};

static const struct efi_arch efi_archs[] = {
	{"x86_64", "X64", "x86_64-efi", BR_PE_X86_64},
	{"aarch64", "AA64", "arm64-efi", BR_PE_AARCH64},
	{"i686", "IA32", "i386-efi", BR_PE_I386},
	{"riscv64", "RISCV64", "riscv64-efi", BR_PE_RISCV64},
};

static int grub_at(struct br_image *img, struct br_loader *l, int esp, const char *path, const struct efi_arch *arch,
                   const struct br_efi *e)
{
	struct br_grub_view view = {.img = img, .loader = l};
	struct br_grub_io io = br_grub_io_of(&view);
	br_autofree char *device = NULL, *folder = strndup(path, (size_t)(strrchr(path, '/') - path));
	const struct br_grub_mods mods = {.prefix = e->prefix, .config = e->config, .normal = e->normal};
	struct br_grub_from from = {.path = folder, .platform = arch->grub, .efi = true};
	int r = folder ? io.device_name(io.ctx, esp, &device) : -ENOMEM;

	if (r < 0)
		return -ENOMEM;
	from.device = device;
	l->what = strdup("grub");
	l->kind = BR_LOADER_GRUB;
	l->bootable = true;
	r = br_loader_grub(img, l, &mods, &from);
	if (r == 0) {
		l->unknown = br_format("GRUB's configuration is in %s, which cannot be looked into", l->prefix);
		br_loader_forget(l);
	}
	return r < 0 ? r : 0;
}

/* A program of systemd's, and the file that its menu starts from. */
static int program_at(struct br_loader *l, int esp, enum br_loader_kind kind, const char *path, const char *cfg)
{
	l->kind = kind;
	l->what = strdup(kind == BR_LOADER_UKI ? "unified kernel image" : "systemd-boot");
	l->bootable = true;
	l->cfg_dev = esp;
	l->program = strdup(path);
	l->cfg_path = strdup(cfg);
	return l->what && l->program && l->cfg_path ? 0 : -ENOMEM;
}

static int judge_efi(struct br_image *img, struct br_loader *l, const struct br_volume *v, const char *path,
                     const struct efi_arch *arch, unsigned hops);

/* The file that the first line of a BOOT*.CSV names: "shimx64.efi,title,options,comment" in UTF-16LE. */
static char *csv_loader(const struct br_root *root, const char *path)
{
	br_autoblob struct br_blob b = {0};
	br_autostr struct br_str name = {0};
	size_t at = 0;

	if (br_root_read(root, path, BR_CONFIG_MAX, &b) < 0)
		return NULL;
	if (b.len >= 2 && br_le16(b.data) == 0xfeff)
		at = 2;
	for (; at + 1 < b.len && name.len < 255; at += 2) {
		unsigned c = br_le16(b.data + at);

		if (c == ',' || c < 0x20 || c > 0x7e)
			break;
		br_str_putc(&name, (char)c);
	}
	return name.len && !strchr(name.s, '/') && !strchr(name.s, '\\') ? br_str_take(&name) : NULL;
}

/* shim starts the loader beside it; with its fallback program beside it, what a vendor's CSV names. */
static int judge_shim(struct br_image *img, struct br_loader *l, const struct br_volume *v, const char *path,
                      const struct efi_arch *arch, unsigned hops)
{
	br_autofree char *dir = strndup(path, (size_t)(strrchr(path, '/') - path));
	br_autofree char *beside = dir ? br_format("%s/grub%s.efi", dir, arch->suffix) : NULL;
	br_autofree char *fallback = dir ? br_format("%s/fb%s.efi", dir, arch->suffix) : NULL;
	br_autofree char *real = NULL, *fb = NULL;
	br_autostrv struct br_strv vendors = {0};

	if (!beside || !fallback)
		return -ENOMEM;
	fb = hops == 0 ? br_path_any_case(&v->root, fallback) : NULL;
	if (!fb) {
		real = br_path_any_case(&v->root, beside);
		if (real)
			return judge_efi(img, l, v, real, arch, hops + 1);
		br_loader_problem(l, "efi-no-chain", br_format("%s is shim, and the loader it starts (%s) is not there", path, beside),
		        br_format("copy the distribution's grub%s.efi to %s on the ESP", arch->suffix, beside));
		return 0;
	}
	if (br_root_list(&v->root, "/EFI", &vendors) < 0)
		return 0;
	for (size_t i = 0; i < vendors.n; i++) {
		br_autofree char *csv = br_format("/EFI/%s/BOOT%s.CSV", vendors.v[i], arch->suffix);
		br_autofree char *csv_real = csv ? br_path_any_case(&v->root, csv) : NULL;
		br_autofree char *name = csv_real ? csv_loader(&v->root, csv_real) : NULL;
		br_autofree char *loader = name ? br_format("/EFI/%s/%s", vendors.v[i], name) : NULL;
		br_autofree char *real_loader = loader ? br_path_any_case(&v->root, loader) : NULL;

		if (real_loader)
			return judge_efi(img, l, v, real_loader, arch, hops + 1);
	}
	br_loader_problem(l, "efi-no-chain", br_format("%s is shim with its fallback program, and no vendor's CSV names a loader", path),
	        br_format("put the vendor's BOOT%s.CSV and shim beside each other below /EFI, or remove %s",
	                  arch->suffix, fallback));
	return 0;
}

static int judge_efi(struct br_image *img, struct br_loader *l, const struct br_volume *v, const char *path,
                     const struct efi_arch *arch, unsigned hops)
{
	br_cleanup(br_efi_free) struct br_efi e = {0};
	int r;

	if (hops > SHIM_HOPS_MAX) {
		br_loader_problem(l, "efi-no-chain", br_format("%s: shim starts shim without end", path),
		        br_format("reinstall the boot loader for removable media"));
		return 0;
	}
	r = read_efi(&v->root, path, &e);

	if (r < 0) {
		l->unknown = br_format("%s: %s", path, br_strerror(-r));
		return r == -ENOMEM ? r : 0;
	}
	if (e.kind != BR_EFI_NO_PROGRAM && e.machine && e.machine != arch->machine) {
		br_loader_problem(l, "efi-no-fallback", br_format("%s is built for another processor", path),
		        br_format("reinstall the boot loader for removable media"));
		return 0;
	}
	l->machine = arch->machine;
	switch (e.kind) {
	case BR_EFI_SHIM:
		return judge_shim(img, l, v, path, arch, hops);
	case BR_EFI_GRUB:
		return grub_at(img, l, v->blk, path, arch, &e);
	case BR_EFI_SYSTEMD_BOOT:
		l->version = e.version;
		return program_at(l, v->blk, BR_LOADER_SYSTEMD_BOOT, path, "/loader/loader.conf");
	case BR_EFI_UKI:
		return program_at(l, v->blk, BR_LOADER_UKI, path, path);
	case BR_EFI_NO_PROGRAM:
		br_loader_problem(l, "efi-no-fallback", br_format("%s is no EFI program", path),
		        br_format("reinstall the boot loader for removable media"));
		return 0;
	case BR_EFI_OTHER:
		break;
	}
	l->what = strdup("a loader we do not know");
	l->bootable = true;
	l->unknown = br_format("%s is %s, whose configuration is not read", path, l->what);
	return 0;
}

/* Something below /EFI is a program: the ESP is there to be booted from. */
static bool esp_is_used(const struct br_root *esp)
{
	br_autostrv struct br_strv dirs = {0};

	if (br_root_list(esp, "/EFI", &dirs) < 0)
		return false;
	for (size_t i = 0; i < dirs.n; i++) {
		br_autostrv struct br_strv files = {0};
		br_autofree char *dir = br_format("/EFI/%s", dirs.v[i]);

		if (!dir || br_root_list(esp, dir, &files) < 0)
			continue;
		for (size_t k = 0; k < files.n; k++)
			if (strlen(files.v[k]) > 4 && strcasecmp(files.v[k] + strlen(files.v[k]) - 4, ".efi") == 0)
				return true;
	}
	return false;
}

/* What puts a loader at the removable path, by the loader that the ESP has elsewhere. */
static char *put_removable(const struct br_image *img, const struct br_root *esp, const struct efi_arch *arch, const char *path)
{
	br_autofree char *sdboot = br_format("/EFI/systemd/systemd-boot%s.efi", arch->suffix);
	br_autofree char *found = sdboot ? br_path_any_case(esp, sdboot) : NULL;

	if (found)
		return br_format("bootctl install");
	if (br_system_family(&img->system) == BR_FAMILY_DEBIAN)
		return br_format("grub-install --target=%s-efi --removable", arch->suffix[0] == 'A' ? "arm64" : "x86_64");
	return br_format("copy the loader and what it needs to %s on the ESP", path);
}

static int look_uefi(struct br_image *img, struct br_loader *l)
{
	const struct efi_arch *arch = NULL;
	const struct br_volume *v;
	br_autofree char *path = NULL;

	for (size_t i = 0; i < BR_ARRAY_SIZE(efi_archs); i++)
		if (br_streq(efi_archs[i].arch, img->system.arch))
			arch = &efi_archs[i];
	l->esp = br_disks_esp(&img->disks, img->disks.root_disk);
	if (l->esp < 0 && img->disks.blk[img->disks.root_disk].unread) {
		l->unknown = br_format("the disk could not be read: %s", img->disks.blk[img->disks.root_disk].unread);
		return 0;
	}
	if (l->esp < 0) {
		br_loader_problem(l, "efi-no-fallback", br_format("the disk has no EFI system partition"),
		        br_format("boot it by BIOS, or add an ESP with \\EFI\\BOOT"));
		return 0;
	}
	v = br_volume(img, l->esp);
	if (!v)
		return -ENOMEM;
	if (v->root.fd < 0 || !arch) {
		l->unknown = v->root.fd < 0 ? br_format("the EFI system partition: %s", v->why ? v->why : "unreadable")
		                            : br_format("the architecture of the root is not known");
		l->fix = v->fix ? strdup(v->fix) : NULL;
		return 0;
	}
	l->claimed = esp_is_used(&v->root);
	path = br_format("/EFI/BOOT/BOOT%s.EFI", arch->suffix);
	l->removable = path ? br_path_any_case(&v->root, path) : NULL;
	if (!l->removable) {
		br_loader_problem(l, "efi-no-fallback",
		        br_format("%s is not on the EFI system partition, and a new machine has no boot entries", path),
		        put_removable(img, &v->root, arch, path));
		return 0;
	}
	return judge_efi(img, l, v, l->removable, arch, 0);
}

int br_loader_look(struct br_image *img, enum br_firmware fw, struct br_loader *ret)
{
	const char *foreign = br_loader_foreign(img);

	*ret = (struct br_loader){.esp = -1, .cfg_dev = -1};
	if (foreign) {
		ret->what = strdup(foreign);
		ret->unknown = br_format("this machine is booted by %s, which is not read", foreign);
		return ret->what && ret->unknown ? 0 : -ENOMEM;
	}
	if (img->disks.root_disk < 0) {
		ret->unknown = br_format("%s", img->disks.known ? "the disk that the root lies on is not known"
		                                                : "the disks are not known; name them with --disk");
		return 0;
	}
	return fw == BR_FW_UEFI ? look_uefi(img, ret) : br_loader_bios(img, ret);
}

void br_loader_free(struct br_loader *l)
{
	free(l->removable);
	free(l->problem);
	free(l->fix);
	free(l->unknown);
	free(l->what);
	free(l->cfg_path);
	free(l->cfg_shown);
	free(l->prefix);
	free(l->grub_root);
	free(l->cmdpath);
	free(l->normal);
	free(l->reinstall);
	free(l->embedded);
	free(l->program);
	free(l->modules);
	*l = (struct br_loader){0};
}
