/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/span.h"
#include "base/str.h"
#include "image/efi.h"
#include "image/grubmods.h"
#include "image/pe.h"
#include "image/root.h"

/* The largest loader is a GRUB with everything in it: some 4 MiB. */
#define EFI_PROGRAM_MAX (16 * BR_MIB)
#define SD_BOOT_MARKER  "#### LoaderInfo: systemd-boot"
#define SD_STUB_MARKER  "#### LoaderInfo: systemd-stub"

static bool holds(struct br_span s, const char *text)
{
	return memmem(s.p, s.len, text, strlen(text)) != NULL;
}

struct pe {
	struct br_span file, sections;
	unsigned n, machine;
};

static bool pe_open(struct br_span file, struct pe *ret)
{
	struct br_span dos, coff;
	uint32_t at;

	if (!br_span_part(file, 0, 64, &dos) || memcmp(dos.p, "MZ", 2) != 0)
		return false;
	at = br_le32(dos.p + 0x3c);
	if (!br_span_part(file, at, 24, &coff) || memcmp(coff.p, "PE\0\0", 4) != 0)
		return false;
	*ret = (struct pe){.file = file, .n = br_le16(coff.p + 6), .machine = br_le16(coff.p + 4)};
	return br_span_part(file, (size_t)at + 24 + br_le16(coff.p + 20), (size_t)ret->n * 40, &ret->sections);
}

/* The raw bytes of a section by its name (8 bytes, NUL-padded). */
static bool pe_section(const struct pe *pe, const char *name, struct br_span *ret)
{
	for (unsigned i = 0; i < pe->n; i++) {
		const char *h = pe->sections.p + (size_t)i * 40;

		if (strncmp(h, name, 8) == 0)
			return br_span_part(pe->file, br_le32(h + 20), br_le32(h + 16), ret);
	}
	return false;
}

static int take_modules(struct br_span mods, struct br_efi *e)
{
	br_cleanup(br_grub_mods_free) struct br_grub_mods m = {0};
	bool wide = e->machine == BR_PE_X86_64 || e->machine == BR_PE_AARCH64 || e->machine == BR_PE_RISCV64;
	int r = br_grub_mods_parse(mods.p, mods.len, wide, &m);

	if (r < 0)
		return r == -EBADMSG ? 0 : r;
	e->prefix = BR_TAKE(m.prefix);
	e->config = BR_TAKE(m.config);
	e->normal = m.normal;
	return 0;
}

static enum br_efi_kind kind_of(const struct pe *pe, struct br_span *ret_mods)
{
	struct br_span s;

	if (pe_section(pe, ".linux", &s))
		return BR_EFI_UKI;
	if (pe_section(pe, "mods", ret_mods))
		return BR_EFI_GRUB;
	if (holds(pe->file, SD_STUB_MARKER))
		return BR_EFI_UKI;
	if (holds(pe->file, SD_BOOT_MARKER))
		return BR_EFI_SYSTEMD_BOOT;
	if (pe_section(pe, ".sbat", &s) && holds(s, "shim,"))
		return BR_EFI_SHIM;
	if (holds(pe->file, "UEFI SHIM") || holds(pe->file, "$$Version:"))
		return BR_EFI_SHIM;
	return BR_EFI_OTHER;
}

/* Up to four digits at *at, which then stands behind them. */
static unsigned take_number(struct br_span s, size_t *at)
{
	unsigned n = 0;

	for (size_t end = *at + 4; *at < s.len && *at < end && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at)
		n = n * 10 + (unsigned)(s.p[*at] - '0');
	return n;
}

/* "#### LoaderInfo: systemd-boot 252.39-1~deb12u2 ####": 252039. */
static unsigned sdboot_version(struct br_span file)
{
	const char *mark = memmem(file.p, file.len, SD_BOOT_MARKER " ", strlen(SD_BOOT_MARKER " "));
	size_t at = mark ? (size_t)(mark - file.p) + strlen(SD_BOOT_MARKER " ") : file.len;
	unsigned major = take_number(file, &at), minor = 0;

	if (at < file.len && file.p[at] == '.') {
		at++;
		minor = take_number(file, &at);
	}
	return major * 1000 + (minor < 999 ? minor : 999);
}

int br_efi_parse(const char *buf, size_t len, struct br_efi *ret)
{
	br_cleanup(br_efi_free) struct br_efi e = {0};
	struct br_span mods = {0};
	struct pe pe;
	int r = 0;

	if (!pe_open((struct br_span){buf, len}, &pe)) {
		*ret = (struct br_efi){.kind = BR_EFI_NO_PROGRAM};
		return 0;
	}
	e.machine = pe.machine;
	e.kind = kind_of(&pe, &mods);
	if (e.kind == BR_EFI_GRUB)
		r = take_modules(mods, &e);
	if (r < 0)
		return r;
	if (e.kind == BR_EFI_SYSTEMD_BOOT)
		e.version = sdboot_version(pe.file);
	*ret = e;
	e = (struct br_efi){0};
	return 0;
}

/* The kernel's own headers: x86's at 0x202, arm64's at 0x38. */
static bool is_kernel(int fd)
{
	char h[0x206];

	return pread(fd, h, sizeof(h), 0) == sizeof(h) &&
	       (memcmp(h + 0x202, "HdrS", 4) == 0 || memcmp(h + 0x38, "ARM\x64", 4) == 0);
}

int br_efi_look(int fd, struct br_efi *ret)
{
	br_autoblob struct br_blob b = {0};
	br_autope struct br_pe pe = {0};
	int r = br_pe_read_fd(fd, &pe);

	if (r == -EBADMSG) {
		*ret = (struct br_efi){.kind = BR_EFI_NO_PROGRAM};
		return 0;
	}
	if (r < 0)
		return r;
	*ret = (struct br_efi){.kind = BR_EFI_OTHER, .machine = pe.machine};
	if (br_pe_find(&pe, ".linux"))
		ret->kind = BR_EFI_UKI;
	if (ret->kind == BR_EFI_UKI || is_kernel(fd) || pe.size > EFI_PROGRAM_MAX)
		return 0;
	r = br_read_fd(fd, EFI_PROGRAM_MAX, &b);
	return r < 0 ? r : br_efi_parse(b.data, b.len, ret);
}

void br_efi_free(struct br_efi *e)
{
	free(e->prefix);
	free(e->config);
	*e = (struct br_efi){0};
}
