#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# modindex.sh FOLDER: indexes by depmod, of built-in modules and their aliases.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dir=$work/lib/modules/1.0
mkdir -p "$dir"
printf 'kernel/%s.ko\n' virtio virtio_blk virtio_ring ext4 ext2 nvme nvme-core >"$dir/modules.builtin"
printf '%s\0' 'virtio_blk.alias=virtio:d00000002v*' 'nvme.alias=pci:v*d*sv*sd*bc01sc08i02*' \
  'ext4.alias=ext3' 'ext4.alias=fs-ext4' 'odd.alias=x[a-f]y?z*' >"$dir/modules.builtin.modinfo"
: >"$dir/modules.order"
depmod -b "$work" 1.0
cp "$dir"/*.bin "$1"
