#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Tags and partitions of made image files: as blkid(8) and sfdisk(8) name them, and LVM's volumes as lvs(8)
# made them. Needs e2fsprogs, dosfstools, fdisk; xfsprogs, btrfs-progs, lvm2, cryptsetup-bin, mdadm, f2fs-tools
# and exfatprogs add cases.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
export PATH=$PATH:/usr/sbin:/sbin
facts=$(program facts)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tags=(TYPE UUID LABEL UUID_SUB)

# values FILE OFFSET SIZE: "TAG=value" lines of the content, as blkid probes it.
values() {
  local tag value probe=(blkid -p -u 'filesystem,raid,crypto,other' -O "$2" -S "$3" -o value)
  [ -n "$("${probe[@]}" "$1" 2>/dev/null || true)" ] || return 0
  for tag in "${tags[@]}"; do
    value=$("${probe[@]}" -s "$tag" "$1" 2>/dev/null || true)
    [ -z "$value" ] || echo "$tag=$value"
  done
}

# field NAME LINE PATTERN: sets NAME to what the pattern's first group has of a line of sfdisk's, or to nothing and is false.
field() {
  printf -v "$1" ''
  [[ $2 =~ $3 ]] && printf -v "$1" %s "${BASH_REMATCH[1]}"
}
extended='type=(5|f|85)(,|$)'

# compare NAME FILE: the disk as a whole when it has no table, else each partition that sfdisk lists.
compare() {
  local name=$1 file=$2 label line start size bytes uuid part theirs
  label=$(blkid -p -o value -s PTTYPE "$file" 2>/dev/null || true)
  { sfdisk -d "$file" 2>/dev/null || true; } >"$work/dump"
  {
    # exFAT's boot sector passes for an empty MBR.
    if ! grep -q start= "$work/dump"; then
      uuid=$(blkid -p -o value -s PTUUID "$file" || true)
      echo "disk0 $(values "$file" 0 "$(stat -c %s "$file")" | xargs) ${label:+PTTYPE=$label}${uuid:+ PTUUID=$uuid}"
    else
      # What is on the disk as a whole is compared above; here only the table counts.
      echo "disk0 PTTYPE=$label PTUUID=$(blkid -p -o value -s PTUUID "$file")"
      while IFS= read -r line; do
        field start "$line" 'start= *([0-9]+)'
        field size "$line" 'size= *([0-9]+)'
        field part "$line" "^$file([0-9]+) "
        bytes=$((size * 512)) theirs=
        if [[ $line =~ $extended ]]; then bytes=-; else theirs=$(values "$file" $((start * 512)) "$bytes" | xargs); fi
        field uuid "$line" '[, ]uuid=([^,]+)' || uuid=$(printf '%s-%02x' "$(sfdisk --disk-id "$file" | sed 's/^0x//')" "$part")
        field label "$line" 'name="([^"]*)"' || :
        echo "disk0p$part${theirs:+ $theirs} PARTUUID=${uuid,,}${label:+ PARTLABEL=$label} START=$((start * 512)) SIZE=$bytes"
      done < <(grep start= "$work/dump")
    fi
  } | sed -E 's/SIZE=-.*/SIZE=-/; s/  +/ /; s/ +$//' | sort >"$work/theirs"
  # An extended partition's size is the kernel's own choice (two sectors): left out.
  "$facts" disks "$file" | awk -v ext="$(sed -nE "s|^$file([0-9]+) .*type=(5\|f\|85)(,.*)?$|\1|p" "$work/dump")" \
    '{ if (ext != "" && $1 == "disk0p" ext) sub(/SIZE=[0-9]+/, "SIZE=-"); print }' | sort >"$work/ours"
  if cmp -s "$work/theirs" "$work/ours"; then
    ok "$name"
  else
    diff "$work/theirs" "$work/ours" | sed 's/^/# /' || true
    not_ok "$name"
  fi
}

# whole NAME TOOL COMMAND...: a file system on a whole disk; FILE in the command is the image.
whole() {
  local name=$1 tool=$2
  shift 2
  command -v "$tool" >/dev/null || { skip "$name" "no $tool here"; return 0; }
  rm -f "$work/fs.img"
  truncate -s "${room:-64M}" "$work/fs.img"
  "${@//FILE/$work/fs.img}" >"$work/log" 2>&1 || { sed 's/^/# /' "$work/log"; not_ok "$name: $tool"; return 0; }
  cp --sparse=always "$work/fs.img" "$work/$name.img"
  compare "$name" "$work/$name.img"
}

whole ext2 mkfs.ext2 mkfs.ext2 -q -L 'two' FILE
whole ext3 mkfs.ext3 mkfs.ext3 -q -L 'thr ee' FILE
whole ext4 mkfs.ext4 mkfs.ext4 -q -L $'gr\xc3\xbcn' FILE
whole ext4-external-journal mke2fs mke2fs -q -O journal_dev FILE
whole vfat mkfs.vfat mkfs.vfat -n ESP FILE
whole vfat32 mkfs.vfat mkfs.vfat -F 32 FILE
whole swap mkswap mkswap -L swp FILE
room=400M whole xfs mkfs.xfs mkfs.xfs -q -L data FILE
room=200M whole btrfs mkfs.btrfs mkfs.btrfs -q -L pool FILE
whole f2fs mkfs.f2fs mkfs.f2fs -q -l flash FILE
whole exfat mkfs.exfat mkfs.exfat -n EX FILE
whole luks2 cryptsetup cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /bin/true --label box FILE
whole luks1 cryptsetup cryptsetup luksFormat -q --type luks1 --pbkdf-force-iterations 1000 --key-file /bin/true FILE
whole empty true true
whole noise dd dd if=/dev/urandom of=FILE bs=1M count=4 conv=notrunc

# table NAME SCRIPT: partitions by sfdisk, of 64 MiB or more each with one of the file systems made above.
table() {
  local name=$1 file=$work/$1.img i=0 line start size kinds=(ext4 vfat swap btrfs xfs ext2 luks2)
  truncate -s 1G "$file"
  printf '%b' "$2" | sfdisk -q "$file"
  while IFS= read -r line; do
    [[ ! $line =~ $extended ]] || continue
    field start "$line" 'start= *([0-9]+)'
    field size "$line" 'size= *([0-9]+)'
    [ -e "$work/${kinds[i % 7]}.img" ] && [ "$size" -ge 131072 ] &&
      dd if="$work/${kinds[i % 7]}.img" of="$file" bs=512 seek="$start" count=131072 conv=notrunc,sparse status=none
    i=$((i + 1))
  done < <(sfdisk -d "$file" | grep start=)
  compare "$name" "$file"
}

table gpt 'label: gpt\nsize=1M,type=21686148-6449-6E6F-744E-656564454649,name=bios\nsize=100M,type=U,name="EFI System"\n,,L\n'
table gpt-out-of-order 'label: gpt\nstart=600M,size=100M,name=b\nstart=1M,size=100M,name=a\nstart=300M,size=100M\n'
table gpt-many "label: gpt\n$(for _ in $(seq 100); do printf 'size=4M\\n'; done)"
table mbr 'label: dos\nsize=100M,type=83,bootable\nsize=100M,type=82\nsize=100M,type=7\n,,L\n'
table mbr-logical 'label: dos\n,100M,L\n,,E\n,100M,L\n,70M,S\n,100M,L\n,100M,L\n'
table mbr-extended-lba 'label: dos\n1: size=100M\n2: size=800M,type=f\n5: size=100M\n6: size=100M\n'
table mbr-empty 'label: dos\n'

# LVM's own metadata: volumes made without a device-mapper.
lvm_case() {
  local pv=$work/pv.img loop conf
  command -v pvcreate >/dev/null || { skip 'LVM volumes' 'no lvm2 here'; return 0; }
  truncate -s 200M "$pv"
  loop=$(losetup --find --show "$pv" 2>/dev/null) || { skip 'LVM volumes' 'no loop device here'; return 0; }
  conf="devices{filter=[\"a|^$loop\$|\",\"r|.*|\"] use_devicesfile=0} backup{backup=0 archive=0} global{use_lvmpolld=0}"
  {
    pvcreate -qq -ff -y --config "$conf" "$loop"
    vgcreate -qq --config "$conf" br-test "$loop"
    for i in $(seq 12); do
      lvcreate -qq --driverloaded n -y -an -Zn -Wn --config "$conf" -n "vol-$i" -l 1 br-test
    done
    lvremove -qq --driverloaded n -y --config "$conf" br-test/vol-3
    lvrename -qq --driverloaded n --config "$conf" br-test vol-4 re_named.x+y
    lvs --config "$conf" --noheadings -o lv_name br-test | sed 's/ //g; s/-/--/g; s/^/br--test-/' | sort >"$work/lvs"
  } >"$work/log" 2>&1 3>&- || { losetup -d "$loop"; sed 's/^/# /' "$work/log"; skip 'LVM volumes' 'lvm2 could not make them here'; return 0; }
  losetup -d "$loop"
  "$facts" volumes "$pv" | sort >"$work/ours"
  if [ "$(wc -l <"$work/lvs")" -eq 11 ] && cmp -s "$work/lvs" "$work/ours"; then
    ok 'LVM volumes'
  else
    diff "$work/lvs" "$work/ours" | sed 's/^/# /' || true
    not_ok 'LVM volumes'
  fi
  compare lvm "$pv"
}
lvm_case
sums
