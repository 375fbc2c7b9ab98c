#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cat >"$1/usual" <<'F'
# <file system> <mount point> <type> <options> <dump> <pass>
UUID=9cc84cb5-4310-4517-a07d-a4eca0aa7485 / ext4 errors=remount-ro,x-systemd.growfs 0 1
UUID=A859-2039 /boot/efi vfat umask=0077,shortname=winnt 0 2
/dev/mapper/rhel-swap none swap sw,nofail 0 0
LABEL=a\040b /mnt/c\134d xfs noauto,x-systemd.automount 0 0
F
cat >"$1/odd" <<'F'
UUID="1 2" /a ext4 x
/dev/disk/by-label/a\x20b rel/ative auto,xfs context="system_u:object_r:x:s0,c1",nofail 0 0
srv:/x /srv nfs4 _netdev 0 0
/dev//sda1 /x
F
