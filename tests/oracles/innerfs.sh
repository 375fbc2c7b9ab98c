#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# An image inside an initramfs: the names that unsquashfs and fsck.erofs find in it, and the bodies of files that are
# kept of it, as the module index says them when they are read right.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
bootready=${BOOTREADY:-build/bootready}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for tool in mksquashfs unsquashfs mkfs.erofs fsck.erofs depmod; do
  command -v "$tool" >/dev/null || { skip 'images inside' "no $tool here"; sums; exit; }
done
tree=$work/tree modules=$work/tree/usr/lib/modules/1.0

# The driver is built in by the kernel's own list, which is longer than a block and ends in a fragment.
mkdir -p "$modules/kernel" "$tree"/{etc,dev,usr/share/many}
{ seq 60000 | sed 's,.*,kernel/filler/m&.ko,' && echo kernel/drivers/nvme/host/nvme.ko; } >"$modules/modules.builtin"
: >"$modules/modules.order"
depmod -b "$tree/usr" 1.0 2>/dev/null || depmod -b "$tree" 1.0 2>/dev/null || :
ln -s usr/lib "$tree/lib"
for n in $(seq 700); do echo "$n" >"$tree/usr/share/many/a file of number $n"; done
mkfifo "$tree/dev/fifo"
ln -s /dev/null "$tree/etc/null"
head -c 3000000 /dev/urandom >"$tree/usr/share/random"
truncate -s 2M "$tree/usr/share/hole"
(cd "$tree" && find . -mindepth 1 | sed 's,^./,,' | sort) >"$work/names"

# judge NAME IMAGE INSIDE
judge() {
  mkdir -p "$work/outer"
  cp "$2" "$work/outer/$3"
  (cd "$work/outer" && echo "$3" | cpio -o -H newc --quiet) >"$work/initramfs"
  rm -r "$work/outer"
  "$bootready" initramfs "$work/initramfs" --files --format json >"$work/json" || :
  jq -r '.files[]' "$work/json" | grep -vxF "$3" | sort >"$work/ours"
  if ! cmp -s "$work/names" "$work/ours"; then
    not_ok "$1: $(jq -r '.broken // .hides_why // "other names"' "$work/json")"
    diff "$work/names" "$work/ours" | head -n 6 | sed 's/^/#   /' || :
  elif [ "$(jq -r '.kernels[0].drivers[] | select(.name == "nvme").state' "$work/json")" != built-in ]; then
    not_ok "$1: the last line of a long file"
  else
    ok "$1: $(wc -l <"$work/ours") names, and the last line of a long file"
  fi
}

for how in gzip lzo xz lz4 zstd; do
  for block in 4096 131072 1048576; do
    mksquashfs "$tree" "$work/image" -quiet -no-progress -noappend -comp "$how" -b "$block" -always-use-fragments >/dev/null
    rm -rf "$work/out"
    unsquashfs -q -n -d "$work/out" "$work/image" >/dev/null 2>&1 || :
    (cd "$work/out" && find . -mindepth 1 | sed 's,^./,,' | sort) | cmp -s - "$work/names" ||
      not_ok "unsquashfs itself finds other names: $how"
    judge "squashfs, $how, blocks of $block" "$work/image" squashfs-root.img
  done
done
mksquashfs "$tree" "$work/image" -quiet -no-progress -noappend -noI -noD -noF -no-fragments >/dev/null
judge 'squashfs, nothing packed, no fragments' "$work/image" squash-root.img
mkfs.erofs -x -1 -T 0 "$work/plain.erofs" "$tree" >/dev/null 2>&1
fsck.erofs "$work/plain.erofs" >/dev/null 2>&1 || not_ok 'fsck.erofs takes its own image'
judge 'erofs' "$work/plain.erofs" erofs-root.img
sums
