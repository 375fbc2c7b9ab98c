/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `check --help` says. */
#include "cli.h"
#include "report/report.h"

int br_check_help(void)
{
	puts("usage: bootready [check] [OPTION]...\n"
	     "Judges whether a root will boot on a target cloud. Changes nothing but its own\n"
	     "report.\n"
	     "\n"
	     "  --root DIR           the root to examine (default /)\n"
	     "  --context C          live (default for /), offline (for a DIR) or preboot\n"
	     "  --disk PATH          a disk of the machine: block device or raw image;\n"
	     "                       repeatable\n"
	     "  --initramfs FILE     judge this initramfs in place of the default entry's own\n"
	     "  --profile NAME|FILE  the target's rules (default alibaba)\n"
	     "  --firmware F         auto (default), bios or uefi\n"
	     "  --only ID,..         run these checks alone\n"
	     "  --skip ID,..         leave these out");
	for (size_t i = 0; i < br_n_writers; i++)
		printf("  %-8s %-9s %s%s\n", i ? "" : "--format", br_writers[i]->name, br_writers[i]->description,
		       i ? "" : " (default)");
	puts("  --output FILE        where the format goes (default standard output)\n"
	     "  --subject S          the image, [NAME=]sha256:DIGEST, for formats that name it\n"
	     "  --report R           auto: /etc/bootready/report.json on the root (default in\n"
	     "                       preboot), none (default else), or another path on it\n"
	     "  --fail-on F          failed (default) or warning: what makes the status 1\n"
	     "  --deadline SECONDS   the longest it may take (default 30)\n"
	     "  --color C            auto (default), always or never\n"
	     "  --announce           tell also every console, the virtio-serial port\n"
	     "                       org.bootready.report, the kernel log and\n"
	     "                       /run/initramfs/bootready\n"
	     "  --help\n"
	     "\n"
	     "Exit status: 0 ready, 1 not ready, 2 undetermined, 64 wrong usage, 70 internal\n"
	     "error.");
	return br_finish_output(0);
}
