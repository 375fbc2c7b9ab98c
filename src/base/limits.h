/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every cap on what a hostile root can make us read, keep or follow. A cap that is hit is said in a
 * finding (UNKNOWN), never silently taken as "nothing more there". Sizes in bytes.
 */
#ifndef BR_LIMITS_H
#define BR_LIMITS_H

#define BR_KIB (1024ULL)
#define BR_MIB (1024ULL * BR_KIB)
#define BR_GIB (1024ULL * BR_MIB)

/* Paths. The kernel's own figures: PATH_MAX and the 40 links of a path walk. */
#define BR_PATH_MAX     4096
#define BR_SYMLINKS_MAX 40
#define BR_PATH_PARTS   256

/* Files people write: the largest of the 87 vendor fstabs is under 2 KiB. */
#define BR_CONFIG_MAX (1 * BR_MIB)
/* A grub.cfg with hundreds of entries stays under 1 MiB. */
#define BR_GRUBCFG_MAX (4 * BR_MIB)
/* modules.alias.bin of a large distribution kernel: 1.5 MiB. */
#define BR_MODINDEX_MAX (32 * BR_MIB)

/* A YAML file as a tree: nodes, nesting, anchors. A netplan file of a thousand interfaces has some 20000 nodes. */
#define BR_YAML_NODES_MAX   65536
#define BR_YAML_DEPTH_MAX   64
#define BR_YAML_ANCHORS_MAX 256
/* Files of cloud-init's cloud.cfg.d that are read. */
#define BR_CLOUD_FILES_MAX 128

#define BR_FSTAB_LINES_MAX 4096
#define BR_DIR_ENTRIES_MAX 4096

/* Units of a root: names, links of their folders, bytes of one and of all together. Large servers have under 1000. */
#define BR_UNITS_MAX      4096
#define BR_UNIT_LINKS_MAX 16384
#define BR_UNIT_FILE_MAX  (256 * BR_KIB)
#define BR_UNIT_BYTES_MAX (16 * BR_MIB)
#define BR_PRESETS_MAX    4096
/* Init scripts: each of the runlevels' folders is read for each. */
#define BR_INIT_SCRIPTS_MAX 512

/* Saved rules of a firewall: files read, chains, rules, words of nft's language. */
#define BR_FIREWALL_FILES_MAX  64
#define BR_FIREWALL_CHAINS_MAX 1024
#define BR_FIREWALL_RULES_MAX  32768
#define BR_FIREWALL_SETS_MAX   1024
#define BR_FIREWALL_MOVES_MAX  4000000 /* of rules, for those that are inserted before them */
#define BR_FIREWALL_WORDS_MAX  400000
/* An ELF program or library: program headers, libraries it names, bytes of its dynamic section and of one string. */
#define BR_ELF_SEGMENTS_MAX 128
#define BR_ELF_NEEDED_MAX   256
#define BR_ELF_DYNAMIC_MAX  (64 * BR_KIB)
#define BR_ELF_STRING_MAX   BR_PATH_MAX
/* Libraries behind one program; scripts that interpret each other, the kernel's own figure; words of ld.so.conf. */
#define BR_LIBRARIES_MAX 256
#define BR_SCRIPTS_MAX   5
#define BR_LDCONF_MAX    256

/* A package manager's list of packages: Debian's status of a full desktop is 4 MiB. Leftovers of a kind that are named. */
#define BR_PACKAGES_MAX    (64 * BR_MIB)
#define BR_LEFTOVERS_SHOWN 5

/* Lines of passwd and its like, what is found wrong in them, bytes of a name. */
#define BR_ACCOUNTS_MAX     16384
#define BR_FLAWS_MAX        256
#define BR_ACCOUNT_NAME_MAX 255

/*
 * What the first boot writes before it has made the root larger: cloud-init's folders, growpart's copy of the partition
 * table. Without any of it both give up [boot truth, 174]; the true figure is larger, so that nothing is failed by it
 * that might do.
 */
#define BR_GROWTH_ROOM  BR_MIB
#define BR_GROWTH_FILES 16

/* File systems whose usage is told. */
#define BR_USAGES_MAX 64

/* Block devices looked at; a server with more is told so. */
#define BR_BLKS_MAX       1024
#define BR_PARTITIONS_MAX 256

/* Seconds another disk than the root's own has to answer. */
#define BR_DISK_PATIENCE 3

/* An initramfs: bytes unpacked, entries, segments. Rescue images pass 500 MiB unpacked. */
#define BR_INITRAMFS_UNPACKED_MAX (4 * BR_GIB)
#define BR_INITRAMFS_ENTRIES_MAX  200000
#define BR_INITRAMFS_SEGMENTS_MAX 64
/* Names kept of an initramfs, all together. */
#define BR_INITRAMFS_NAMES_MAX (24 * BR_MIB)
#define BR_INITRAMFS_NAME_MAX  4096
/* Bytes kept of its files (module indexes, etc/cmdline.d ...), all together. */
#define BR_INITRAMFS_KEPT_MAX (40 * BR_MIB)

/* A squash or erofs image in a packed initramfs, held to be read: dracut's are of 20 to 60 MiB, and not packed. */
#define BR_INITRAMFS_INNER_MAX (128 * BR_MIB)

/* A kernel, initramfs or configuration that a report names by its hash. */
#define BR_INPUT_MAX (1 * BR_GIB)

/* Kernels other than the default one whose initramfs is read too. */
#define BR_OTHER_KERNELS_MAX 4

/* The GRUB script evaluator: commands run, nesting, variables, entries, bytes of one expansion. */
#define BR_GRUB_STEPS_MAX   200000
#define BR_GRUB_DEPTH_MAX   32
#define BR_GRUB_VARS_MAX    1024
#define BR_GRUB_ENTRIES_MAX 1024
#define BR_GRUB_WORD_MAX    (64 * BR_KIB)
#define BR_BLS_ENTRIES_MAX  512

/* A text section of a unified kernel image: the kernel itself takes a few KiB of command line. */
#define BR_UKI_TEXT_MAX (64 * BR_KIB)
/* Profiles of one unified kernel image; systemd's own bound. */
#define BR_UKI_PROFILES_MAX 256
/* A syslinux configuration: files read (each INCLUDE is one), and labels. */
#define BR_SYSLINUX_FILES_MAX  64
#define BR_SYSLINUX_LABELS_MAX 1024

/* Network configuration: profiles kept, assignments of one file, files one reader opens, nesting of includes. */
#define BR_NET_PROFILES_MAX 1024
#define BR_NET_ITEMS_MAX    4096
#define BR_NET_FILES_MAX    512
#define BR_NET_DEPTH_MAX    10
#define BR_NET_STEPS_MAX    100000
/* sshd_config: files read (each Include anew), names one pattern matches, problems told. */
#define BR_SSHD_FILES_MAX    512
#define BR_SSHD_GLOB_MAX     1024
#define BR_SSHD_PROBLEMS_MAX 24
/* Words that are looked for in sshd itself, each in all of it. */
#define BR_SSHD_LOOKUPS_MAX  256
/* sshd itself: 1.3 MiB in Debian 12. */
#define BR_SSHD_PROGRAM_MAX (8 * BR_MIB)
/* dpkg's status file: 3 MiB with 3000 packages. */
#define BR_SSHD_STATUS_MAX (16 * BR_MIB)

/* Findings one check may leave; the last one says that there are more. */
#define BR_FINDINGS_MAX 64
#define BR_MESSAGE_MAX  1024

/*
 * A stored report: 40 checks with every finding that they may leave, each of a full message, path and fix, stay under it.
 * JSON of somebody else's: nesting, values, keys of one object, digits of a number. A report nests five deep and has
 * some 2000 values.
 */
#define BR_STORED_MAX      (8 * BR_MIB)
#define BR_JSON_DEPTH_MAX  16
#define BR_JSON_VALUES_MAX 200000
#define BR_JSON_KEYS_MAX   256
#define BR_JSON_NUMBER_MAX 20
/* Reports that one run shows together, and their bytes: a fleet's, of some 30 KiB each. */
#define BR_SHEETS_MAX       1000
#define BR_SHEETS_BYTES_MAX (128 * BR_MIB)
/* Files and facts that one report may rest on; words of one of a policy's lists, and its waivers. */
#define BR_INPUTS_MAX  1024
#define BR_INPUTS_BYTES_MAX (4 * BR_GIB) /* of a stored report, that are hashed again */
#define BR_POLICY_WORDS_MAX 256
/* A signature and a public key are two short lines. */
#define BR_SIGNATURE_MAX (4 * BR_KIB)

/* One message from the worker to its supervisor. */
#define BR_RECORD_MAX (4 * BR_MIB)

/* Seconds: the default deadline of a whole check, and the report writer's own. */
#define BR_DEADLINE_DEFAULT 30
#define BR_DEADLINE_MAX     3600
#define BR_WRITER_PATIENCE  10

#endif
