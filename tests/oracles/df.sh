#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# How full is it? df(1) and DiskUsage's and InodeUsage's own counting (usage.c) on the same file systems: mounted, and by the
# superblock where it is ext. Needs the mkfs of each, and loop devices.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
export PATH=$PATH:/usr/sbin:/sbin
if [ "${BOOTREADY_DF_NAMESPACE-}" != 1 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    skip 'df' 'mounting needs root'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
  fi
  BOOTREADY_DF_NAMESPACE=1 exec unshare --mount --propagation private -- "$0" "$@"
fi
ask=$(program usage)
work=$(mktemp -d)
trap 'umount -q -l "$work/mnt" "$work" 2>/dev/null || true; rm -rf "$work"' EXIT
# In memory: nothing waits for a disk.
mount -t tmpfs -o size=2g work "$work"
mkdir "$work/mnt"

# fill MNT MEGABYTES FILES
fill() {
  mkdir -p "$1/d"
  [ "$2" -eq 0 ] || fallocate -l "$2M" "$1/d/big" 2>/dev/null || head -c "$2M" /dev/zero >"$1/d/big"
  if [ "$3" -gt 0 ]; then (cd "$1/d" && seq "$3" | xargs touch); fi
  sync -f "$1"
}

df_says() {
  df -B1 --output=size,used,avail,pcent,itotal,iused,ipcent "$1" | tail -n 1 | tr -d '%' |
    awk '{for (i = 1; i <= NF; i++) if ($i == "-") $i = 0; print $1, $2, $3, $4, $5, $6, $7}'
}

same() {
  if [ "$2" = "$3" ]; then ok "$1: $2"; else not_ok "$1: df: $2; here: $3"; fi
}

# ext NAME SIZE MEGABYTES FILES MKFS...: mounted, and by the superblock of what was unmounted.
file_system() {
  local name=$1 size=$2 megabytes=$3 files=$4 says
  shift 4
  rm -f "$work/img"
  truncate -s "$size" "$work/img"
  if ! "$@" "$work/img" >/dev/null 2>&1; then skip "$name" 'no such mkfs here'; return 0; fi
  if ! mount -o loop "$work/img" "$work/mnt" 2>/dev/null; then skip "$name" 'the kernel mounts none'; return 0; fi
  fill "$work/mnt" "$megabytes" "$files"
  says=$(df_says "$work/mnt")
  same "$name, mounted" "$says" "$("$ask" "$work/mnt")"
  umount "$work/mnt"
  case $1 in
    *ext[234])
      mount -o loop,ro "$work/img" "$work/mnt"
      says=$(df_says "$work/mnt")
      umount "$work/mnt"
      same "$name, by its superblock" "$says" "$("$ask" --ext "$work/img")"
      ;;
  esac
}

file_system 'ext4' 300M 100 500 mkfs.ext4 -q
file_system 'ext4, a fifth kept for root' 200M 120 10 mkfs.ext4 -q -m 20
file_system 'ext4, nothing kept' 100M 60 10 mkfs.ext4 -q -m 0
file_system 'ext4, full to the part kept for root' 100M 82 10 mkfs.ext4 -q -m 10
file_system 'ext4, few inodes' 64M 1 400 mkfs.ext4 -q -N 512
file_system 'ext4 of 1 KiB blocks' 50M 20 10 mkfs.ext4 -q -b 1024
file_system 'ext4 without a journal' 80M 20 10 mkfs.ext4 -q -O '^has_journal'
file_system 'ext4 of 32 bits' 80M 20 10 mkfs.ext4 -q -O '^64bit'
file_system 'ext2' 80M 20 10 mkfs.ext2 -q
file_system 'ext3' 80M 20 10 mkfs.ext3 -q
file_system 'ext4 of 40 GiB' 40G 10 10 mkfs.ext4 -q
file_system 'xfs' 320M 100 500 mkfs.xfs -q
file_system 'btrfs' 256M 50 100 mkfs.btrfs -q
file_system 'vfat' 64M 20 20 mkfs.vfat
file_system 'f2fs' 200M 50 20 mkfs.f2fs -q

# tmpfs NAME OPTIONS MEGABYTES FILES
tmpfs() {
  mount -t tmpfs -o "$2" x "$work/mnt"
  fill "$work/mnt" "$3" "$4"
  same "$1" "$(df_says "$work/mnt")" "$("$ask" "$work/mnt")"
  umount "$work/mnt"
}
tmpfs 'tmpfs' size=40m,nr_inodes=2000 12 100
tmpfs 'tmpfs, full' size=4m,nr_inodes=200 4 100
tmpfs 'tmpfs without a limit of inodes' size=40m,nr_inodes=0 1 10
tmpfs 'tmpfs, 1 of 1000 inodes' size=40m,nr_inodes=1000 0 0

mkdir "$work/packed" && head -c 300000 /dev/urandom >"$work/packed/a"
if mksquashfs "$work/packed" "$work/packed.img" -quiet >/dev/null 2>&1 && mount -o loop "$work/packed.img" "$work/mnt" 2>/dev/null; then
  says=$("$ask" "$work/mnt")
  if [ "$says" = sealed ]; then ok 'squashfs is sealed'; else not_ok "squashfs: $says"; fi
  umount "$work/mnt"
else
  skip squashfs 'the kernel mounts none'
fi
sums
