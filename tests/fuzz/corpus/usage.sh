#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage.sh FOLDER: superblocks of mke2fs's own.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
for type in ext2 ext4; do
  truncate -s 8M "$1/image"
  "mkfs.$type" -q -F "$1/image" 2>/dev/null
  dd if="$1/image" of="$1/$type" bs=1024 skip=1 count=1 status=none
  rm "$1/image"
done
