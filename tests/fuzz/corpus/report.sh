#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A report as bootready writes it, of a root that is nearly empty, and one of a root with a chain.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/etc"
echo 'UUID=6c0f4a5e-9d27-4b1c-8e33-1f2a7b90c310 / ext4 defaults 0 1' >"$root/etc/fstab"
"$top/build/bootready" check --root "$root" --format json >"$1/usual" || [ $? -le 2 ]
jq -c '.boot = [{firmware: "bios", entry: "x", kernel: "/boot/k", release: "1", initramfs: "/boot/i", cmdline: "ro", root: "x",
  root_device: null, root_driver: null}]' "$1/usual" >"$1/boot"
# What every format has to write otherwise than it is, and a list.
jq -c '"<b>&|`*_[x](javascript:y)\u202e\\x1b]]>--> \"'\''" as $markup |
  (.system.os, .boot[].entry, .boot[].cmdline, .checks[].findings[].message) |= $markup' "$1/boot" >"$1/markup"
jq -s . "$1/usual" "$1/markup" >"$1/list"
