#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# innerfs.sh FOLDER: one tree as squashfs of every compression and as erofs of both kinds.
set -euo pipefail
to=$1
export PATH=$PATH:/usr/sbin:/sbin
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/usr/lib/modules/1.0/kernel "$tree"/etc/cmdline.d
seq 3000 >"$tree/usr/lib/modules/1.0/kernel/numbers"
echo 'root=UUID=1' >"$tree/etc/cmdline.d/root.conf"
for n in $(seq 40); do echo "$n" >"$tree/etc/file-$n"; done
ln -s usr/lib "$tree/lib"
mkfifo "$tree/fifo"
truncate -s 20000 "$tree/hole"
for how in gzip lzo xz lz4 zstd; do
  mksquashfs "$tree" "$to/$how.squashfs" -quiet -no-progress -noappend -comp "$how" -b 4096 -always-use-fragments >/dev/null
done
mksquashfs "$tree" "$to/plain.squashfs" -quiet -no-progress -noappend -noI -noD -noF -b 4096 >/dev/null
mkfs.erofs -x -1 -T 0 "$to/plain.erofs" "$tree" >/dev/null 2>&1
mkfs.erofs -x -1 -T 0 -z lz4 "$to/lz4.erofs" "$tree" >/dev/null 2>&1
