/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's commands. What is not in the table and is no function does nothing and succeeds, as in
 * GRUB; what is in it as cmd_quiet exists there but changes nothing that the boot depends on.
 */
#include <string.h>

#include "image/grub-internal.h"

static int cmd_quiet(struct grub_run *r, size_t n, char **v)
{
	(void)r;
	(void)n;
	(void)v;
	return GRUB_OK;
}

static int cmd_false(struct grub_run *r, size_t n, char **v)
{
	(void)r;
	(void)n;
	(void)v;
	return GRUB_FALSE;
}

static int cmd_set(struct grub_run *r, size_t n, char **v)
{
	const char *eq;
	br_autofree char *name = NULL;

	if (n < 2)
		return GRUB_OK;
	eq = strchr(v[1], '=');
	if (!eq)
		return GRUB_ERROR;
	name = strndup(v[1], (size_t)(eq - v[1]));
	if (name)
		br_gs_set(r, name, eq + 1);
	else
		br_gs_oom(r);
	return GRUB_OK;
}

static int cmd_unset(struct grub_run *r, size_t n, char **v)
{
	if (n < 2)
		return GRUB_ERROR;
	br_gs_unset(r, v[1]);
	return GRUB_OK;
}

static int cmd_export(struct grub_run *r, size_t n, char **v)
{
	if (n < 2)
		return GRUB_ERROR;
	for (size_t i = 1; i < n && r->halt == RUN_ON; i++)
		br_gs_export(r, v[i]);
	return GRUB_OK;
}

static int cmd_insmod(struct grub_run *r, size_t n, char **v)
{
	if (n < 2)
		return GRUB_ERROR;
	if (strcmp(v[1], "regexp") == 0)
		r->glob = true;
	/* Success even where GRUB does not find the module. */
	return GRUB_OK;
}

/* 64 bits are what every cloud's machines have. */
static int cmd_cpuid(struct grub_run *r, size_t n, char **v)
{
	(void)r;
	(void)n;
	(void)v;
	return GRUB_OK;
}

/* What its answer would be only the machine knows; harmless where nobody asks for it. */
static int cmd_asks(struct grub_run *r, size_t n, char **v)
{
	(void)n;
	if (r->n_cond)
		br_gs_note(r, BR_MENU_UNSUPPORTED, v[0]);
	return GRUB_FALSE;
}

/* It changes what comes after, in a way that is not followed. */
static int cmd_unknown(struct grub_run *r, size_t n, char **v)
{
	(void)n;
	br_gs_note(r, BR_MENU_UNSUPPORTED, v[0]);
	return GRUB_OK;
}

/* The boot ends here, or goes somewhere else. */
static int cmd_leave(struct grub_run *r, size_t n, char **v)
{
	(void)n;
	if (r->in_default)
		br_gs_note(r, BR_MENU_UNSUPPORTED, v[0]);
	r->halt = HALT_EXIT;
	return GRUB_OK;
}

/* Newer configurations ask first, and offer an entry where the firmware can. */
static int cmd_fwsetup(struct grub_run *r, size_t n, char **v)
{
	if (n > 1 && strcmp(v[1], "--is-supported") == 0)
		return strcmp(r->start->platform, "efi") == 0 ? GRUB_OK : GRUB_ERROR;
	return cmd_leave(r, n, v);
}

static int cmd_authenticate(struct grub_run *r, size_t n, char **v)
{
	const char *superusers = br_gs_get(r, "superusers");

	(void)n;
	(void)v;
	if (superusers && r->in_default)
		br_gs_note(r, BR_MENU_PASSWORD, superusers);
	return GRUB_OK;
}

static const struct grub_command_row commands[] = {
    {".", br_gs_cmd_source, false},
    {"[", br_gs_cmd_test, true},
    {"authenticate", cmd_authenticate, false},
    {"blscfg", br_gs_cmd_blscfg, false},
    {"bls_import", br_gs_cmd_blscfg, false},
    {"boot", br_gs_cmd_boot, false},
    {"break", br_gs_cmd_break, false},
    {"chainloader", br_gs_cmd_chainloader, false},
    {"configfile", br_gs_cmd_source, false},
    {"continue", br_gs_cmd_break, false},
    {"decrement", br_gs_cmd_increment, false},
    {"eval", br_gs_cmd_eval, false},
    {"export", cmd_export, false},
    {"extract_entries_configfile", br_gs_cmd_extract, false},
    {"extract_entries_source", br_gs_cmd_extract, false},
    {"false", cmd_false, false},
    {"increment", br_gs_cmd_increment, false},
    {"initrd", br_gs_cmd_initrd, false},
    {"initrd16", br_gs_cmd_initrd, false},
    {"initrdefi", br_gs_cmd_initrd, false},
    {"insmod", cmd_insmod, false},
    {"linux", br_gs_cmd_linux, false},
    {"linux16", br_gs_cmd_linux, false},
    {"linuxefi", br_gs_cmd_linux, false},
    {"load_env", br_gs_cmd_load_env, false},
    {"normal", br_gs_cmd_normal, false},
    {"probe", br_gs_cmd_probe, false},
    {"regexp", br_gs_cmd_regexp, false},
    {"return", br_gs_cmd_return, false},
    {"search", br_gs_cmd_search, true},
    {"search.file", br_gs_cmd_search_short, false},
    {"search.fs_label", br_gs_cmd_search_short, false},
    {"search.fs_uuid", br_gs_cmd_search_short, false},
    {"set", cmd_set, true},
    {"setparams", br_gs_cmd_setparams, false},
    {"shift", br_gs_cmd_shift, false},
    {"source", br_gs_cmd_source, false},
    {"test", br_gs_cmd_test, true},
    {"true", cmd_quiet, false},
    {"unset", cmd_unset, false},

    {"multiboot", br_gs_cmd_other_loader, false},
    {"multiboot2", br_gs_cmd_other_loader, false},
    {"ntldr", br_gs_cmd_other_loader, false},
    {"appleloader", br_gs_cmd_other_loader, false},
    {"kfreebsd", br_gs_cmd_other_loader, false},
    {"knetbsd", br_gs_cmd_other_loader, false},
    {"kopenbsd", br_gs_cmd_other_loader, false},
    {"xen_hypervisor", br_gs_cmd_other_loader, false},
    {"xnu_kernel", br_gs_cmd_other_loader, false},
    {"xnu_kernel64", br_gs_cmd_other_loader, false},
    {"uki", br_gs_cmd_other_loader, false},

    {"exit", cmd_leave, false},
    {"fwsetup", cmd_fwsetup, false},
    {"halt", cmd_leave, false},
    {"lockdown", cmd_quiet, false},
    {"normal_exit", cmd_leave, false},
    {"reboot", cmd_leave, false},

    {"cryptomount", cmd_unknown, false},
    {"legacy_configfile", cmd_unknown, false},
    {"legacy_source", cmd_unknown, false},
    {"loopback", cmd_unknown, false},
    {"read", cmd_unknown, false},
    {"smbios", cmd_unknown, false},
    {"syslinux_configfile", cmd_unknown, false},
    {"syslinux_source", cmd_unknown, false},
    {"zfs-bootfs", cmd_unknown, false},

    {"cmp", cmd_asks, false},
    {"cpuid", cmd_cpuid, false},
    {"cryptocheck", cmd_asks, false},
    {"file", cmd_asks, false},
    {"getenv", cmd_asks, false},
    {"gptsync", cmd_asks, false},
    {"hashsum", cmd_asks, false},
    {"keystatus", cmd_false, false},
    {"md5sum", cmd_asks, false},
    {"net_bootp", cmd_asks, false},
    {"net_bootp6", cmd_asks, false},
    {"net_dhcp", cmd_asks, false},
    {"rdmsr", cmd_asks, false},
    {"setpci", cmd_asks, false},
    {"sha1sum", cmd_asks, false},
    {"sha256sum", cmd_asks, false},
    {"sha512sum", cmd_asks, false},
    {"tpm", cmd_asks, false},
    {"verify_detached", cmd_asks, false},

    /* Ahead of functions of the same name, and without a part in the boot. */
    {"acpi", cmd_quiet, false},
    {"background_color", cmd_quiet, false},
    {"background_image", cmd_quiet, false},
    {"badram", cmd_quiet, false},
    {"cat", cmd_quiet, false},
    {"clear", cmd_quiet, false},
    {"cutmem", cmd_quiet, false},
    {"date", cmd_quiet, false},
    {"devicetree", cmd_quiet, false},
    {"drivemap", cmd_quiet, false},
    {"dump", cmd_quiet, false},
    {"echo", cmd_quiet, false},
    {"gettext", cmd_quiet, false},
    {"help", cmd_quiet, false},
    {"keymap", cmd_quiet, false},
    {"list_env", cmd_quiet, false},
    {"loadfont", cmd_quiet, false},
    {"ls", cmd_quiet, false},
    {"lsmod", cmd_quiet, false},
    {"module", cmd_quiet, false},
    {"module2", cmd_quiet, false},
    {"nativedisk", cmd_quiet, false},
    {"parttool", cmd_quiet, false},
    {"password", cmd_quiet, false},
    {"password_pbkdf2", cmd_quiet, false},
    {"play", cmd_quiet, false},
    {"rmmod", cmd_quiet, false},
    {"save_env", cmd_quiet, false},
    {"serial", cmd_quiet, false},
    {"sleep", cmd_quiet, false},
    {"terminal_input", cmd_quiet, false},
    {"terminal_output", cmd_quiet, false},
    {"terminfo", cmd_quiet, false},
    {"usb_keyboard", cmd_quiet, false},
    {"vbeinfo", cmd_quiet, false},
    {"videoinfo", cmd_quiet, false},
};

const struct grub_command_row *br_gs_command_find(const char *name)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
