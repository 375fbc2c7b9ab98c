/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every key a profile may hold: a misspelt one is an error, not a rule that silently does not apply. */
#ifndef BR_PROFILE_KEYS_H
#define BR_PROFILE_KEYS_H

struct br_profile_key {
	const char *section; /* NULL: any check's */
	const char *key;
};

static const struct br_profile_key br_profile_keys[] = {
	{"profile", "title"},
	{"profile", "firmware"},        /* what the target offers: "bios uefi" */
	{NULL, "severity"},             /* failed, warning or skip; a check without it is not wanted */
	{"Virtio", "initramfs"},        /* drivers that have to be in the initramfs or built in */
	{"Virtio", "initramfs_s390x"},  /* the same there, where devices hang on channel I/O; instead of "initramfs" */
	{"Virtio", "root"},             /* drivers for which the root is early enough */
	{"TargetDrivers", "initramfs"}, /* disk drivers beyond those of Virtio and Nvme */
	{"TargetDrivers", "initramfs_also"}, /* of some machines alone: a warning without */
	{"TargetDrivers", "initramfs_also_aarch64"}, /* the same there, where there is no Xen */
	{"TargetDrivers", "root_also_aarch64"},
	{"TargetDrivers", "root"},      /* the one network driver that the target cannot do without */
	{"TargetDrivers", "root_also"}, /* of some machines, or for speed: a warning without */
	{"Nvme", "initramfs"},
	{"Nvme", "io_timeout"},         /* value nvme_core.io_timeout has to have */
	{"Fstab", "disk_names"},        /* how the target's kernel names its disks: "vd nvme" */
	{"Grub", "serial_console"},     /* yes: a console=ttyS... has to be on the command line */
	{"PartitionTable", "swap"},     /* forbidden: no swap partition on the system disk */
	{"FilesystemFeatures", "unwanted"}, /* of ext4:64bit ext4:project+quota xfs:v4 */
	{"Selinux", "wanted"},            /* disabled, or any */
	{"CloudInit", "wanted"},          /* required, optional (another tool does the work) or forbidden */
	{"CloudInit", "datasources"},   /* cloud-init's names of where the target has an instance's data */
	{"CloudInit", "minimum"},       /* the oldest release that the target takes */
	{"SupportMocInstanceTypes", "too_old"}, /* releases, "centos:5" */
	{"SupportMocInstanceTypes", "kernel"},  /* the oldest kernel that works */
	{"CriticalUser", "root_login"}, /* yes: root has to be able to log in by a password */
	{"DiskUsage", "full_percent"},  /* more than that is full, more than the other a warning */
	{"DiskUsage", "high_percent"},
	{"DiskUsage", "free_mib"},      /* free space that has to be there */
	{"InodeUsage", "full_percent"},
	{"InodeUsage", "high_percent"},
	{"Dhcp", "interfaces"},         /* names that the target may give its first card; "ens1..31": each of them */
	{"Dhcp", "drivers"},            /* the kernel's drivers of that card */
	{"Dhcp", "ifnames"},            /* net.ifnames=0 is asked for: info or warning */
	{"SshConfig", "root_login"},     /* values of PermitRootLogin that the target allows; none: any */
	{"SshConfig", "password_login"}, /* the same of PasswordAuthentication */
	{"OnlineResizeFS", "disk_gib"}, /* the largest system disk offered, GiB */
	{"CloudAssistant", "name"}, /* what it is called */
	{"CloudAssistant", "wanted"}, /* required, or forbidden */
	{"CloudAssistant", "units"}, /* names of its services: one of them has to start */
	{"CloudAssistant", "paths"}, /* programs, one of which shows that it is installed */
	{"CloudAssistant", "started_by"}, /* files that make a service without [Install] start, udev's rules */
	{"CloudAssistant", "fix"}, /* how to install it; the next ones: on that family's systems */
	{"CloudAssistant", "fix_debian"},
	{"CloudAssistant", "fix_redhat"},
	{"CloudAssistant", "fix_suse"},
	{"CloudAssistant", "fix_arch"},
	{"SecurityCenterAgent", "name"},
	{"SecurityCenterAgent", "wanted"},
	{"SecurityCenterAgent", "units"},
	{"SecurityCenterAgent", "paths"},
	{"SecurityCenterAgent", "started_by"},
	{"SecurityCenterAgent", "fix"},
	{"SecurityCenterAgent", "fix_debian"},
	{"SecurityCenterAgent", "fix_redhat"},
	{"SecurityCenterAgent", "fix_suse"},
	{"SecurityCenterAgent", "fix_arch"},
	{"QemuGuestAgent", "name"},
	{"QemuGuestAgent", "wanted"},
	{"QemuGuestAgent", "units"},
	{"QemuGuestAgent", "paths"},
	{"QemuGuestAgent", "started_by"},
	{"QemuGuestAgent", "fix"},
	{"QemuGuestAgent", "fix_debian"},
	{"QemuGuestAgent", "fix_redhat"},
	{"QemuGuestAgent", "fix_suse"},
	{"QemuGuestAgent", "fix_arch"},
	{"Firewall", "wanted"}, /* forbidden: every one that starts is told as a warning */
	{"ForeignTools", "own"}, /* platforms whose guest tools are right here: "vmware virtualbox xen parallels hyperv" */
};

#endif
