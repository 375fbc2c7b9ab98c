#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo.sh FOLDER: an object with a module's sections, plain and compressed.
set -euo pipefail
cd "$1"
printf '%s\n' '__attribute__((section(".modinfo"), used)) static const char info[] =' \
  '"vermagic=6.1.0 SMP\0parmtype=io_timeout:uint\0license=GPL";' \
  '__attribute__((section("__versions"), used)) static const char versions[64] = "module_layout";' >m.c
gcc -c -o ko m.c
rm m.c
gzip <ko >ko.gz
xz --check=crc32 <ko >ko.xz
zstd -q <ko >ko.zst
