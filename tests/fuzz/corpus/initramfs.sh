#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# initramfs.sh FOLDER: small archives, plain, packed, and behind each other.
set -euo pipefail
out=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/etc/modprobe.d" "$work/conf" "$work/usr/lib/modules/1.0/kernel"
cd "$work"
echo 'blacklist x' >etc/modprobe.d/a.conf
ln etc/modprobe.d/a.conf etc/hard
ln -s usr/lib lib
echo virtio_blk >conf/modules
echo kernel/virtio_blk.ko >usr/lib/modules/1.0/modules.builtin
: >usr/lib/modules/1.0/modules.order
depmod -b "$work/usr" 1.0 2>/dev/null || depmod -b "$work" 1.0
rm -f usr/lib/modules/1.0/modules.{symbols,devname,softdep,alias,dep,order}
find . | sort | cpio -o -H newc --quiet >"$out/newc"
find . | sort | cpio -o -H crc --quiet >"$out/crc"
cd "$out"
gzip -9 <newc >packed.gz
bzip2 <newc >packed.bz2
xz --check=crc32 <newc >packed.xz
xz --format=lzma <newc >packed.lzma
zstd -q <newc >packed.zst
lz4 -q -l <newc >packed.lz4
cat newc packed.zst >plain-zst
{ cat packed.xz && head -c 512 /dev/zero && cat packed.gz; } >xz-gz
