/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The boot chain, one a firmware: boot loader's configuration, default entry, its kernel, its own
 * initramfs, its command line, root= and what that names. Worked out once, shared by the checks.
 */
#ifndef BR_CHAIN_H
#define BR_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "base/str.h"
#include "image/disks.h"
#include "image/early.h"
#include "image/grub.h"
#include "image/grubfs.h"
#include "image/initramfs.h"
#include "image/modules.h"

enum br_firmware {
	BR_FW_BIOS,
	BR_FW_UEFI,
};

/* A file that the chain rests on, and how reading it went. */
struct br_chain_file {
	int blk;       /* device it lies on, -1 unknown */
	char *path;    /* as the boot loader names it on that device */
	char *shown;   /* the root's own path of it ("/boot/vmlinuz-..."), else path */
	int err;       /* 0 read; -ENOENT absent; -ENODATA device or folder could not be read; other -errno */
	uint64_t size;
	bool holed;    /* parts of it are not stored: zeros that a file system leaves out */
};

enum br_kernel_state {
	BR_KERNEL_UNREAD = 0,
	BR_KERNEL_SOUND,
	BR_KERNEL_ABSENT,
	BR_KERNEL_EMPTY,
	BR_KERNEL_TRUNCATED,
	BR_KERNEL_NOT_ONE, /* no kernel image that we know */
};

/* Who reads the menu. */
enum br_loader_kind {
	BR_LOADER_OTHER = 0,
	BR_LOADER_GRUB,
	BR_LOADER_SYSTEMD_BOOT,
	BR_LOADER_UKI, /* none: the firmware starts a unified kernel image by itself */
	BR_LOADER_SYSLINUX,
};

/* What a firmware finds first. */
struct br_loader {
	enum br_loader_kind kind;
	unsigned machine;   /* UEFI: BR_PE_*, what its firmware starts */
	unsigned version;   /* systemd-boot: 252039 is 252.39; 0 not told */
	bool bootable;      /* the firmware would start something from this disk */
	bool claimed;       /* the disk carries something that is meant for this firmware */
	int esp;            /* UEFI: index of the ESP, -1 */
	char *removable;    /* UEFI: the removable-path loader found, NULL none */
	char *problem;      /* why not bootable; NULL */
	const char *code;   /* Grub's finding code for it */
	char *fix;
	char *unknown;      /* could not tell: why; NULL */
	char *what;         /* "grub", "systemd-boot", ...: the loader by name, NULL */
	char *cfg_path;     /* where its configuration starts */
	int cfg_dev;
	char *cfg_shown;    /* the root's own path of it, NULL none */
	char *prefix;       /* GRUB's $prefix at the start, NULL */
	char *grub_root;    /* GRUB's $root at the start, NULL: cfg_dev's name */
	char *cmdpath;      /* GRUB's $cmdpath, NULL */
	char *reinstall;    /* GRUB: the command that installs it anew, NULL */
	char *normal;       /* what GRUB loads from $prefix ahead of all else, NULL nothing */
	char *embedded;     /* the text behind BR_EMBEDDED_CONFIG, NULL */
	char *program;      /* systemd-boot, UKI: its own path on the ESP; NULL */
	char *modules;      /* syslinux: the folder that it was installed to; NULL */
};

struct br_chain {
	enum br_firmware firmware;
	bool offered; /* the profile offers this firmware (or --firmware names it) */
	struct br_loader loader;
	struct br_menu menu; /* n == 0 when no menu could be read */
	const struct br_boot_entry *entry; /* the one that boots; NULL none or unknown */
	char *unknown;            /* why the entry could not be told; NULL */
	char *stale;              /* a file system it was read from needs its journal replayed; NULL */
	struct br_grubfs grubfs;  /* of the file system that holds the kernel */
	struct br_strv gone;      /* other entries whose kernel is not there: "title\tpath" */
	struct br_chain_file kernel;
	enum br_kernel_state kernel_state;
	char *release;            /* "6.1.0-56-amd64"; NULL unknown */
	struct br_chain_file *initrds;
	size_t n_initrds;
	struct br_initramfs initramfs; /* all initrds of the entry, as one */
	bool initramfs_read;
	bool shares;              /* initramfs, modules and root_modules are an earlier chain's */
	bool initramfs_running;   /* the running one stands in for a file that could not be read */
	bool running_differs;     /* preboot: the running initramfs holds other modules than the file */
	struct br_modtree *modules;      /* of the initramfs; NULL: modules_why */
	char *modules_why;
	struct br_modtree *root_modules; /* of the root, same release; NULL: root_modules_why */
	char *root_modules_why;
	struct br_strv blacklist; /* "module\treason" */
	const char *cmdline;      /* of entry, as far as the kernel reads it; "" none */
	char *cmdline_start;      /* owned: what is left of one that is too long; NULL: all of it counts */
	unsigned cmdline_cut;     /* the bytes of it that the kernel reads; 0: all */
	char *root_text;          /* root=..., or from the initramfs's cmdline.d; NULL none */
	struct br_spec root_spec;
	struct br_found root_found;
	struct br_early early; /* what the initramfs itself waits for and opens; of the default entries alone */
};

const char *br_firmware_name(enum br_firmware fw); /* "bios", "uefi" */

struct br_image;

/*
 * Works out img->chains (volumes, loaders, menus, kernels, root=): needs disks and fstab read.
 * br_chains_drivers() then reads each chain's initramfs and module indexes. Both: 0 or -errno for memory
 * and I/O alone; what is wrong or unknown about a chain is told in it.
 */
int br_chains_read(struct br_image *img) br_must_check;
int br_chains_drivers(struct br_image *img) br_must_check;
/* The other kernels of a menu, as chains of their own (img->others), read as far as drivers go. */
int br_others_read(struct br_image *img) br_must_check;
/* What its loader offers, and the entry that boots by itself. */
int br_chain_menu(struct br_image *img, struct br_chain *c) br_must_check;
/* For a chain whose entry was chosen: its kernel and where its initramfs files lie. */
int br_chain_files(struct br_image *img, struct br_chain *c) br_must_check;
/* Reads its initramfs, blacklists and module indexes. */
int br_chain_modules(struct br_image *img, struct br_chain *c) br_must_check;
/* Resolves c->root_text on the disks: root_spec and root_found. */
int br_chain_root(const struct br_image *img, struct br_chain *c) br_must_check;
void br_chains_free(struct br_image *img);

/* The last value of key= in a kernel command line ("" for a bare word); NULL absent; caller frees. */
char *br_cmdline_get(const char *cmdline, const char *key);
/* Does dracut take such a value (NULL: none) as switching off? 0, no, off. */
bool br_cmdline_is_no(const char *value);
/* Every value of key=, in their order, appended. */
void br_cmdline_all(const char *cmdline, const char *key, struct br_strv *ret);
bool br_cmdline_has(const char *cmdline, const char *word);

#endif
