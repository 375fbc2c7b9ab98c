#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Subvolumes of btrfs made as distributions do (flat, nested in folders, hundreds of snapshots, another default):
# bootready's reader against btrfs subvolume list and get-default. Needs btrfs-progs, a kernel with btrfs, loop devices.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 70
. tests/oracles/lib.sh

if ! command -v mkfs.btrfs > /dev/null || [ "$(id -u)" != 0 ] || ! grep -qw btrfs /proc/filesystems; then
  skip 'btrfs subvolumes' 'no btrfs-progs, no btrfs in the kernel, or not root'
  exit 0
fi
if [ -z "${SUBVOLUMES_INSIDE:-}" ]; then
  SUBVOLUMES_INSIDE=1 exec unshare --mount --propagation private -- bash "$PWD/tests/oracles/btrfs-subvolumes.sh"
fi
reader=$(program subvolumes) || exit 70
work=$(mktemp -d -p "${BOOTREADY_TMP:-/var/tmp}")
trap 'umount "$work/mnt" 2> /dev/null; rm -rf "$work"' EXIT
mkdir "$work/mnt"
image=$work/fs.img mnt=$work/mnt

# compare NAME COMMANDS [mkfs.btrfs options]: the commands run in the mounted top.
compare() {
  local name=$1 commands=$2
  shift 2
  rm -f "$image"
  truncate -s 512M "$image"
  if ! mkfs.btrfs -q "$@" "$image" > /dev/null 2>&1 || ! mount -o loop "$image" "$mnt"; then
    skip "$name" 'it cannot be made or mounted here'
    return
  fi
  (cd "$mnt" && eval "$commands") > /dev/null
  { btrfs subvolume list "$mnt" | sed -E 's/^ID ([0-9]+) .* path /\1 /' | sort; echo "default $(btrfs subvolume get-default "$mnt" | sed -E 's/^ID ([0-9]+) .*/\1/')"; } > "$work/want"
  umount "$mnt"
  "$reader" "$image" > "$work/all"
  { grep -v '^default' "$work/all" | sort; grep '^default' "$work/all"; } > "$work/got"
  if cmp -s "$work/want" "$work/got"; then
    ok "$name: $(($(wc -l < "$work/want") - 1)) subvolumes, $(tail -n 1 "$work/want")"
  else
    not_ok "$name"
    diff "$work/want" "$work/got" | head -n 10 | sed 's/^/# /'
  fi
}

# shellcheck disable=SC2016
suse='btrfs subvolume create @ && for v in home opt root srv tmp; do btrfs subvolume create @/$v; done
  mkdir -p @/boot/grub2 && btrfs subvolume create @/boot/grub2/x86_64-efi && btrfs subvolume create @/.snapshots
  mkdir @/.snapshots/1 && btrfs subvolume snapshot @ @/.snapshots/1/snapshot && btrfs subvolume set-default @/.snapshots/1/snapshot'
compare 'none' :
compare 'flat' 'btrfs subvolume create @ && btrfs subvolume create @home'
compare 'as SUSE lays it out' "$suse"
# shellcheck disable=SC2016
compare 'four hundred snapshots' 'btrfs subvolume create @ && mkdir -p deep/in/folders && for i in $(seq 400); do btrfs subvolume snapshot @ deep/in/folders/s$i; done'
compare 'one that was deleted' 'btrfs subvolume create a && btrfs subvolume create b && btrfs subvolume delete -c a'
# shellcheck disable=SC2016
compare 'small nodes and many files' 'btrfs subvolume create @ && mkdir @/d && (cd @/d && seq 5000 | xargs touch) && mkdir @/d/e && btrfs subvolume create @/d/e/f' -n 4096
compare 'single metadata' "$suse" -m single
compare 'mixed groups' "$suse" --mixed
sums
