#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lvmconf.sh FOLDER: lvm.conf as distributions ship it in small, filters, and a devices file.
cd "$1" || exit 70
printf 'config {\n\tchecks = 1\n}\ndevices {\n\tdir = "/dev"\n\tscan = [ "/dev" ]\n\tuse_devicesfile = 1\n\t# filter = [ "a|.*|" ]\n}\n' > conf
printf 'devices {\n\tglobal_filter = [ "a|^/dev/sda[0-9]$|", "a/nvme.*/", "r|.*|" ]\n\tfilter=["r(cdrom)"]\n}\n' > filters
printf '# LVM uses devices listed in this file.\nHASH=1\nPRODUCT_UUID=2\nVERSION=1.1.1\nIDTYPE=sys_wwid IDNAME=naa.5 DEVNAME=/dev/sda3 PVID=abcdefghijklmnopqrstuvwxyz012345 PART=3\n' > devices
