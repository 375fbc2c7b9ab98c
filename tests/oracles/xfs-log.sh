#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# XFS logs of many histories (just made, unmounted, shut down, gone round several times, with and without stripes),
# and whether they have to be replayed: bootready's reader against xfs_logprint and xfs_repair -n. Needs xfsprogs, a
# kernel with xfs and loop devices.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 70
. tests/oracles/lib.sh

if ! command -v mkfs.xfs > /dev/null || ! command -v xfs_io > /dev/null || [ "$(id -u)" != 0 ] || ! grep -qw xfs /proc/filesystems; then
  skip 'XFS logs' 'no xfsprogs, no xfs in the kernel, or not root'
  exit 0
fi
if [ -z "${XFS_LOG_INSIDE:-}" ]; then
  XFS_LOG_INSIDE=1 exec unshare --mount --propagation private -- bash "$PWD/tests/oracles/xfs-log.sh"
fi
reader=$(program xfslog) || exit 70
work=$(mktemp -d -p "${BOOTREADY_TMP:-/var/tmp}")
trap 'umount "$work/mnt" 2> /dev/null; rm -rf "$work"' EXIT
mkdir "$work/mnt"
image=$work/fs.img

# What xfsprogs say: a log with nothing after the unmount record has its head where its tail is.
trusted() {
  local out status
  xfs_repair -n "$image" > "$work/repair" 2>&1
  status=$?
  out=$(xfs_logprint -t "$image" 2> /dev/null)
  if grep -q 'valuable metadata changes in a log' "$work/repair" || { [ $status = 2 ] && [[ $out != *CLEAN* ]]; }; then
    echo dirty
  elif [[ $out == *'<CLEAN>'* ]]; then
    echo clean
  else
    echo dirty
  fi
}

compare() {
  local want got
  want=$(trusted)
  got=$("$reader" "$image")
  if [ "$got" = "$want" ] && [ "$want" = "$2" ]; then
    ok "$1: $got"
  else
    not_ok "$1: bootready says $got, xfsprogs $want, expected $2"
  fi
}

in_use() {
  mount -o loop "$image" "$work/mnt" 2> /dev/null || return 1
  local round
  for round in $(seq "$1"); do
    (cd "$work/mnt" && mkdir -p d && cd d && seq -f "f%g-$round" 1500 | xargs touch && sync -f . && rm -rf ./*)
    xfs_io -c fsync "$work/mnt" > /dev/null
  done
}

history() {
  local name=$1 rounds=$2
  shift 2
  rm -f "$image"
  truncate -s "${size:-400M}" "$image"
  mkfs.xfs -q "$@" "$image" > /dev/null 2>&1 || { skip "$name" 'mkfs.xfs does not make such a one'; return; }
  compare "$name, just made" clean
  in_use "$rounds" || { skip "$name" 'it cannot be mounted here'; return; }
  umount "$work/mnt"
  compare "$name, unmounted" clean
  in_use "$rounds"
  xfs_io -x -c 'shutdown -f' "$work/mnt" > /dev/null
  umount "$work/mnt"
  compare "$name, shut down in use" dirty
  daddr=$(xfs_logprint -t "$image" 2> /dev/null | sed -nE 's/.*log device: .* daddr: ([0-9]+) .*/\1/p')
  cycle=$(od -An -tu4 --endian=big -j $((daddr * 512)) -N 8 "$image" | awk '{print $1 == 4276992702 ? $2 : $1}')
  mount -o loop "$image" "$work/mnt" && umount "$work/mnt"
  compare "$name, replayed" clean
}

history 'a plain XFS' 1
history 'a log that went round' 25 --unsupported -l size=10m
if [ "$cycle" -gt 2 ]; then ok "it did: cycle $cycle"; else not_ok "it did not: cycle $cycle"; fi
history 'a striped log' 10 --unsupported -l su=65536,size=16m
history 'a widely striped log' 10 --unsupported -l su=262144,size=32m
history 'small blocks' 2 -b size=1024
history 'large sectors' 2 -s size=4096
history 'one without checksums' 2 -m crc=0
size=2G history 'a large log' 1 -l size=256m
sums
