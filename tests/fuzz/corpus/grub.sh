#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Machines in one file: configuration, boot loader entry, environment block, answers, with 0xff between them.
set -eu
for cfg in tests/unit/data/grub/*/*/boot/grub*/grub.cfg tests/unit/data/grub/*/*/grub/grub.cfg; do
  [ -f "$cfg" ] || continue
  name=$(printf '%s' "$cfg" | tr / _)
  {
    cat "$cfg"
    printf '\377title T\nversion 1\nlinux /k\ninitrd /i %s\noptions %s x\n' "\$tuned_initrd" "\$kernelopts"
    printf '\377# GRUB Environment Block\nsaved_entry=1>0\nkernelopts=root=/dev/sda1\n######'
    printf '\377menuentry m { linux /k %s }\n\377\002\003\005\007\013\021' "\$1"
  } >"$1/$name"
done
