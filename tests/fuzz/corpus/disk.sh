#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Small disks: the tables and the superblocks lie in the first 128 KiB.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
disk() {
  truncate -s 4M "$1"
  printf '%b' "$2" | sfdisk -q "$1"
}
disk "$1/gpt" 'label: gpt\nfirst-lba: 34\nstart=64,size=64,name=a\nstart=128,size=64\nstart=192,size=2000\n'
disk "$1/mbr" 'label: dos\n1: start=8,size=40\n2: start=64,size=4000,type=5\n5: start=72,size=40\n6: start=128,size=40,type=82\n'
for kind in ext2 ext4 vfat; do
  truncate -s 4M "$1/$kind"
  "mkfs.$kind" "$1/$kind" >/dev/null 2>&1
done
truncate -s 4M "$1/swap"
mkswap "$1/swap" >/dev/null 2>&1
for file in "$1"/*; do
  truncate -s 128K "$file"
done
