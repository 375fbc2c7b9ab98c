/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "image/efi.h"
#include "image/grubmods.h"

/* Bytes of a file with every access checked. */
struct span {
	const char *p;
	size_t len;
};

static bool part(struct span s, size_t at, size_t len, struct span *ret)
{
	if (at > s.len || len > s.len - at)
		return false;
	*ret = (struct span){s.p + at, len};
	return true;
}

static bool holds(struct span s, const char *text)
{
	return memmem(s.p, s.len, text, strlen(text)) != NULL;
}

struct pe {
	struct span file, sections;
	unsigned n, machine;
};

static bool pe_open(struct span file, struct pe *ret)
{
	struct span dos, coff;
	uint32_t at;

	if (!part(file, 0, 64, &dos) || memcmp(dos.p, "MZ", 2) != 0)
		return false;
	at = br_le32(dos.p + 0x3c);
	if (!part(file, at, 24, &coff) || memcmp(coff.p, "PE\0\0", 4) != 0)
		return false;
	*ret = (struct pe){.file = file, .n = br_le16(coff.p + 6), .machine = br_le16(coff.p + 4)};
	return part(file, (size_t)at + 24 + br_le16(coff.p + 20), (size_t)ret->n * 40, &ret->sections);
}

/* The raw bytes of a section by its name (8 bytes, NUL-padded). */
static bool pe_section(const struct pe *pe, const char *name, struct span *ret)
{
	for (unsigned i = 0; i < pe->n; i++) {
		const char *h = pe->sections.p + (size_t)i * 40;

		if (strncmp(h, name, 8) == 0)
			return part(pe->file, br_le32(h + 20), br_le32(h + 16), ret);
	}
	return false;
}

static int take_modules(struct span mods, struct br_efi *e)
{
	br_cleanup(br_grub_mods_free) struct br_grub_mods m = {0};
	bool wide = e->machine == 0x8664 || e->machine == 0xaa64 || e->machine == 0x5064;
	int r = br_grub_mods_parse(mods.p, mods.len, wide, &m);

	if (r < 0)
		return r == -EBADMSG ? 0 : r;
	e->prefix = BR_TAKE(m.prefix);
	e->config = BR_TAKE(m.config);
	e->normal = m.normal;
	return 0;
}

static enum br_efi_kind kind_of(const struct pe *pe, struct span *ret_mods)
{
	struct span s;

	if (pe_section(pe, ".linux", &s))
		return BR_EFI_UKI;
	if (pe_section(pe, "mods", ret_mods))
		return BR_EFI_GRUB;
	if (pe_section(pe, ".sdmagic", &s) || holds(pe->file, "#### LoaderInfo: systemd-boot"))
		return BR_EFI_SYSTEMD_BOOT;
	if (pe_section(pe, ".sbat", &s) && holds(s, "shim,"))
		return BR_EFI_SHIM;
	if (holds(pe->file, "UEFI SHIM") || holds(pe->file, "$$Version:"))
		return BR_EFI_SHIM;
	return BR_EFI_OTHER;
}

int br_efi_parse(const char *buf, size_t len, struct br_efi *ret)
{
	br_cleanup(br_efi_free) struct br_efi e = {0};
	struct span mods = {0};
	struct pe pe;
	int r = 0;

	if (!pe_open((struct span){buf, len}, &pe)) {
		*ret = (struct br_efi){.kind = BR_EFI_NO_PROGRAM};
		return 0;
	}
	e.machine = pe.machine;
	e.kind = kind_of(&pe, &mods);
	if (e.kind == BR_EFI_GRUB)
		r = take_modules(mods, &e);
	if (r < 0)
		return r;
	*ret = e;
	e = (struct br_efi){0};
	return 0;
}

void br_efi_free(struct br_efi *e)
{
	free(e->prefix);
	free(e->config);
	*e = (struct br_efi){0};
}
