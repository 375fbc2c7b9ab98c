# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The disks in a snapshot in memory: what a journal's replay writes stays there, and what is judged is what will boot.
# Sourced by init.sh.
#
# Each disk has, one on the other, a file in memory that takes what is written, behind a loop device; a device-mapper
# snapshot, which opens the disk for reading alone; and a loop device on that, because the kernel looks for partitions
# there and not on a device-mapper device. All else is then asked of these devices in place of the disks. The memory has
# a bound: a snapshot that comes to it can be read no more, and the disks are looked at anew without their journals.
# shellcheck disable=SC2034 # the libraries use one another's variables

rescue_memory=/run/bootready-snapshots # the files
rescue_losetup=/usr/lib/bootready/losetup
rescue_least=16                        # MiB that are worth a try

# br_copies : a word a disk, DEVICE:DISK; none where the disks are looked at themselves.
br_copies=

# rescue_free_memory : the MiB that snapshots may take, in br_mib: half of what is available.
rescue_free_memory() {
  br_mib=0
  while read -r br_name br_kib _; do
    [ "$br_name" != MemAvailable: ] || br_mib=$((br_kib / 2048))
  done < /proc/meminfo
}

# rescue_copy DISK : its snapshot, with its partitions, is /dev/$br_copy.
rescue_copy() {
  br_why=
  read -r br_sectors < "/sys/block/$1/size"
  read -r br_block < "/sys/block/$1/queue/logical_block_size"
  truncate -s "${br_mib}M" "$rescue_memory/$1" &&
    br_taken=$($rescue_losetup --find --show "$rescue_memory/$1") &&
    dmsetup create "bootready-$1" --table "0 $br_sectors snapshot /dev/$1 $br_taken N 8" &&
    br_copy=$($rescue_losetup --find --show --partscan --sector-size "$br_block" "/dev/mapper/bootready-$1") || return
  br_copy=${br_copy#/dev/}
  br_copies="$br_copies $br_copy:$1"
}

# rescue_copy_all : false, and why in br_why, where not every disk has a snapshot.
rescue_copy_all() {
  br_why='this initramfs has no dmsetup or no losetup'
  command -v dmsetup > /dev/null && [ -x $rescue_losetup ] || return
  rescue_free_memory
  br_why="no more than $br_mib MiB of memory can be spared"
  [ "$br_mib" -ge $rescue_least ] || return
  br_why='the kernel has no snapshots'
  modprobe -q -a loop dm-mod dm-snapshot || return
  mkdir -p $rescue_memory
  br_why='there is no room in memory'
  mount -t tmpfs -o "size=${br_mib}m,mode=700,nosuid,nodev,noexec" snapshots $rescue_memory || return
  for br_disk in $br_disks; do
    rescue_copy "$br_disk" 2> /run/snapshots.log && continue
    read -r br_why < /run/snapshots.log
    br_why="$br_disk could not be put into one${br_why:+ ($br_why)}"
    return 1
  done
}

# rescue_snapshot : br_disks becomes the snapshots, where there can be some.
rescue_snapshot() {
  [ "$replay" != yes ] && [ -n "$br_disks" ] || return 0
  # Nobody makes links for these devices, and nobody is to be waited for.
  export DM_DISABLE_UDEV=1
  if ! rescue_copy_all; then
    rescue_problem "no snapshot in memory: $br_why; no journal is replayed"
    rescue_drop_copies
    return
  fi
  br_real_disks=$br_disks br_disks='' replay=yes
  for br_word in $br_copies; do br_disks="$br_disks ${br_word%:*}"; done
}

# rescue_copies_lost : one of them took more than its memory.
rescue_copies_lost() {
  for br_word in $br_copies; do
    case $(dmsetup status "bootready-${br_word#*:}") in
      *Invalid* | *Overflow*) return 0 ;;
    esac
  done
  return 1
}

# rescue_drop_copies : all that was mounted and assembled goes, and the snapshots with it.
rescue_drop_copies() {
  while [ "${br_folders:-0}" -gt 0 ]; do
    umount -l "$rescue_mounts/$br_folders"
    br_folders=$((br_folders - 1))
  done
  [ ! -e /proc/mdstat ] || mdadm --stop --scan
  # What lies on the others goes first.
  for _ in 1 2 3; do
    dmsetup remove_all
    $rescue_losetup -D
  done
  umount $rescue_memory
  br_copies=
} > /dev/null 2>&1

# rescue_fall_back : where memory was not enough, the disks themselves, each journal as it is. False where it was.
rescue_fall_back() {
  rescue_copies_lost || return
  rescue_drop_copies
  br_disks=$br_real_disks replay='' br_missed=
  rescue_problem "the snapshot in memory outgrew its $br_mib MiB: looked at again, and no journal is replayed"
}

# rescue_disk_devices : the disks, or their snapshots, each with its partitions.
rescue_disk_devices() {
  for br_disk in $br_disks; do
    echo "/dev/$br_disk"
    for br_part in "/sys/block/$br_disk/$br_disk"*; do [ ! -e "$br_part" ] || echo "/dev/${br_part##*/}"; done
  done
}

# rescue_devices : all that may have a file system: what is on the disks, in their order, and what was assembled of it.
rescue_devices() {
  rescue_disk_devices
  for br_device in /dev/md[0-9]*; do [ ! -b "$br_device" ] || echo "$br_device"; done
  for br_device in /sys/block/dm-*; do
    # What another device lies on, such as a leg of an array, is not looked at for itself.
    for br_name in "$br_device/holders"/*; do [ ! -e "$br_name" ] || continue 2; done
    { read -r br_name < "$br_device/dm/name"; } 2> /dev/null || continue
    case $br_name in bootready-*) ;; *) echo "/dev/mapper/$br_name" ;; esac
  done
}

# rescue_real DEVICE : what people know it by, in br_real: of a snapshot, the disk's own.
rescue_real() {
  br_real=$1
  for br_word in $br_copies; do
    br_disk=${br_word#*:}
    case $1 in
      "/dev/${br_word%:*}") br_real=/dev/$br_disk ;;
      "/dev/${br_word%:*}p"*)
        case $br_disk in *[0-9]) br_disk=${br_disk}p ;; esac
        br_real=/dev/$br_disk${1##*p}
        ;;
    esac
  done
}
