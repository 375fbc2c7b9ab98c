#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Does the root's partition grow? growpart(1) on an image whose disk has become larger, and the verdict of
# OnlineResizeFS on the same image before. Needs cloud-guest-utils, fdisk, gdisk and e2fsprogs.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
export PATH=$PATH:/usr/sbin:/sbin
command -v growpart >/dev/null || {
  skip 'growing partitions' 'no growpart here'
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
}
make -s build/bootready
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A root that lacks nothing for growing.
root=$work/root
mkdir -p "$root"/usr/{bin,sbin} "$root"/etc/cloud "$root"/usr/lib/systemd/{system,system-generators} \
  "$root"/etc/systemd/system/cloud-init.target.wants
ln -s usr/bin usr/sbin usr/lib "$root"
ln -s ../lib/systemd/systemd "$root/usr/sbin/init"
for program in usr/bin/growpart usr/sbin/sfdisk usr/sbin/resize2fs usr/bin/cloud-init usr/lib/systemd/systemd; do
  install -m 755 /dev/null "$root/$program"
done
echo '#!/bin/sh' | install -m 755 /dev/stdin "$root/usr/lib/systemd/system-generators/cloud-init-generator"
units=/usr/lib/systemd/system
printf '[Unit]\n' | tee "$root$units"/{basic,cloud-init}.target >/dev/null
printf '[Unit]\nRequires=basic.target\n' >"$root$units/multi-user.target"
ln -s multi-user.target "$root$units/default.target"
printf '[Service]\nExecStart=/usr/bin/cloud-init init\n[Install]\nWantedBy=cloud-init.target\n' >"$root$units/cloud-init.service"
ln -s "$units/cloud-init.service" "$root/etc/systemd/system/cloud-init.target.wants"
printf 'cloud_init_modules:\n - growpart\n - resizefs\n' >"$root/etc/cloud/cloud.cfg"

# layout NAME PARTITION SCRIPT: the root on that partition of a 500 MiB disk, which grows to 1 GiB.
layout() {
  local name=$1 part=$2 file=$work/disk.img start size uuid grew fails
  rm -f "$file"
  truncate -s 500M "$file"
  printf '%b' "$3" | sfdisk -q "$file"
  start=$(sfdisk -d "$file" | sed -nE "s|^$file$part .*start= *([0-9]+),.*|\1|p")
  size=$(sfdisk -d "$file" | sed -nE "s|^$file$part .*size= *([0-9]+),.*|\1|p")
  mkfs.ext4 -q -E offset=$((start * 512)) "$file" $((size / 2))k 2>/dev/null
  uuid=$(blkid -p -O $((start * 512)) -o value -s UUID "$file")
  echo "UUID=$uuid / ext4 defaults 0 1" >"$root/etc/fstab"
  # "OnlineResizeFS [FAILED]", and below it "    root-not-last: ...".
  fails=$({ build/bootready check --root "$root" --disk "$file" --only OnlineResizeFS || true; } |
    sed -nE '/^OnlineResizeFS/{s/.*\[(.*)\]/\1/p;:a;n;s/^    ([a-z-]+): .*/\1/p;/^ /ba}' | grep -v '^fix$' | xargs)
  truncate -s 1G "$file"
  grew=no
  # Into a gap before the next partition it may grow as well: only what reaches the disk's new end counts.
  if growpart "$file" "$part" >"$work/log" 2>&1; then
    size=$(sfdisk -d "$file" | sed -nE "s|^$file$part .*size= *([0-9]+),.*|\1|p")
    [ $((start + size)) -lt $((1000 * 2048)) ] || grew=yes
  fi
  case "$grew $fails" in
    "yes OK" | "no FAILED root-not-last"* | "no FAILED growth-logical"*) ok "$name: grew: $grew; here: $fails" ;;
    *)
      sed 's/^/# /' "$work/log"
      not_ok "$name: grew: $grew; here: $fails"
      ;;
  esac
}

gpt='label: gpt\n'
dos='label: dos\n'
layout 'GPT, last' 2 "$gpt,100M\n,300M\n"
layout 'GPT, alone' 1 "$gpt,300M\n"
layout 'GPT, first of two' 1 "$gpt,300M\n,100M\n"
layout 'GPT, last by place and first by number' 1 "${gpt}1: start=200M, size=200M\n2: start=1M, size=100M\n"
layout 'GPT, first by place and last by number' 3 "${gpt}1: start=300M, size=100M\n3: start=1M, size=200M\n"
layout 'GPT, cloud image: 1 behind 14 and 15' 1 "${gpt}14: start=1M, size=4M\n15: start=5M, size=100M\n1: start=105M, size=300M\n"
layout 'GPT, swap behind' 2 "$gpt,100M,U\n,200M,L\n,100M,S\n"
layout 'GPT, a gap and a small one at the end' 1 "${gpt}1: start=1M, size=200M\n2: start=490M, size=5M\n"
layout 'MBR, last' 2 "$dos,100M,S\n,300M,L\n"
layout 'MBR, alone' 1 "$dos,300M,L\n"
layout 'MBR, first of two' 1 "$dos,300M,L\n,100M,S\n"
layout 'MBR, before an extended one with swap' 1 "$dos,300M,L\n,,E\n,50M,S\n"
layout 'MBR, logical' 5 "$dos,50M,L\n,,E\n,300M,L\n"
layout 'MBR, first logical of two' 5 "$dos,50M,L\n,,E\n,200M,L\n,50M,S\n"
layout 'MBR, before an empty extended one' 1 "$dos,300M,L\n,,E\n"
layout 'MBR, fourth primary' 4 "$dos,50M,L\n,50M,L\n,50M,L\n,200M,L\n"
# The order on the disk and the order of the numbers, apart from each other: every permutation of three.
for order in '1 2 3' '1 3 2' '2 1 3' '2 3 1' '3 1 2' '3 2 1'; do
  read -r a b c <<<"$order"
  layout "GPT, on the disk in the order $order, the root is 2" 2 \
    "$gpt$a: start=1M, size=120M\n$b: start=130M, size=120M\n$c: start=260M, size=120M\n"
done
layout 'GPT, number 128' 128 "${gpt}1: start=1M, size=50M\n128: start=60M, size=300M\n"
layout 'GPT, not aligned' 1 "${gpt}1: start=2085, size=600001\n"
layout 'GPT, last behind a gap' 2 "${gpt}1: start=1M, size=10M\n2: start=200M, size=200M\n"
layout 'GPT, full to the last sector' 1 "${gpt}1: start=1M\n"
layout 'GPT, 4 KiB behind it' 1 "${gpt}1: start=1M, size=300M\n2: start=302M, size=8\n"
layout 'GPT, a BIOS boot partition behind it' 1 "${gpt}1: start=1M, size=300M\n14: start=302M, size=4M, type=21686148-6449-6E6F-744E-656564454649\n"
layout 'GPT, root of an x86-64 by type' 2 "$gpt,50M,U\n,300M,4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709\n"
layout 'GPT, marked for legacy boot' 1 "${gpt}1: start=1M, size=300M, attrs=\"LegacyBIOSBootable\"\n"
layout 'MBR, last by place and first by number' 1 "${dos}1: start=200M, size=200M, type=83\n2: start=1M, size=100M, type=83\n"
layout 'MBR, first by place and last by number' 3 "${dos}1: start=300M, size=100M, type=83\n3: start=1M, size=200M, type=83\n"
layout 'MBR, behind an extended one' 2 "${dos}1: start=1M, size=100M, type=5\n5: start=2M, size=50M, type=82\n2: start=150M, size=200M, type=83\n"
layout 'MBR, marked active, a gap before it' 2 "${dos}1: start=1M, size=10M, type=83\n2: start=100M, size=300M, type=83, bootable\n"
sums
