# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The file systems, and which of them are roots. Sourced by init.sh.
# shellcheck disable=SC2034 # the libraries use one another's variables

# rescue_members UUID : device=... options for all devices of a btrfs, which nobody has told the kernel of. Of copies of
# one device the first, as blkid lists them.
rescue_members() {
  br_members='' br_at='' br_of_it='' br_parts=' '
  while read -r br_line; do
    case $br_line in
      DEVNAME=*) br_at=${br_line#*=} br_of_it= ;;
      "UUID=$1") br_of_it=yes ;;
      UUID_SUB=*)
        case $br_parts in *" $br_line "*) br_of_it= ;; esac
        [ -z "$br_of_it" ] || { br_members="$br_members,device=$br_at" br_parts="$br_parts$br_line "; }
        ;;
    esac
  done < "$rescue_tags"
}

# rescue_mount DEVICE FOLDER [OPTIONS] : read-only; with the journal as it is, unless it may be replayed.
rescue_mount() {
  rescue_type_of "$1"
  br_options=ro,nosuid,nodev,noexec${3:+,$3}
  case $br_type in
    # What its superblock asks for at an error may be a panic.
    ext[234]) br_fs=ext4 br_raw=noload br_options=$br_options,errors=continue ;;
    xfs) br_fs=xfs br_raw=norecovery br_options=$br_options,nouuid ;;
    btrfs)
      br_fs=btrfs br_raw=rescue=nologreplay
      rescue_members "$br_uuid"
      br_options=$br_options$br_members
      ;;
    f2fs) br_fs=f2fs br_raw=norecovery ;;
    vfat) br_fs=vfat br_raw= ;;
    *) return 1 ;;
  esac
  [ "$replay" = yes ] || br_options=$br_options${br_raw:+,$br_raw}
  mount -t "$br_fs" -o "$br_options" "$1" "$2" 2> /dev/null
}

# rescue_has PATH... : one of them is there, be it a link that leads nowhere from here.
rescue_has() {
  for br_path; do
    { [ -e "$br_path" ] || [ -L "$br_path" ]; } && return 0
  done
  return 1
}

# rescue_is_root FOLDER : a system's root, or the top of one whose root is made at boot.
rescue_is_root() {
  if rescue_has "$1/etc/os-release" "$1/usr/lib/os-release"; then
    rescue_has "$1/etc/fstab" "$1/sbin/init" "$1/usr/lib/systemd/systemd" "$1/usr/sbin/init" "$1/bin/init"
  else
    rescue_has "$1/ostree/repo" "$1/etc/NIXOS" || { rescue_has "$1/etc/fstab" && rescue_has "$1/sbin/init"; }
  fi
}

# rescue_new_folder : an empty folder to mount on, in br_folder. They are made eight at a time.
rescue_new_folder() {
  br_folders=$((${br_folders:-0} + 1))
  br_folder=$rescue_mounts/$br_folders
  [ ! -d "$br_folder" ] || return 0
  set --
  while [ $# -lt 8 ]; do set -- "$@" "$rescue_mounts/$((br_folders + $#))"; done
  mkdir -p "$@"
}

# rescue_try DEVICE [OPTIONS] : mounted at br_folder; a line more in the list of roots where it is one.
rescue_try() {
  rescue_new_folder
  rescue_mount "$1" "$br_folder" "${2-}" || return 2
  rescue_is_root "$br_folder" || return 1
  echo "$br_folder $1 $br_type ${2-}" >> "$rescue_roots"
}

# rescue_try_subvolumes DEVICE : the roots at the top that are not what a mount without a word shows. Where that mount
# shows a root, it is the only one: others are snapshots of it, as a rule.
rescue_try_subvolumes() {
  rescue_new_folder
  rescue_mount "$1" "$br_folder" subvolid=5 || return 0
  br_top=$br_folder br_tops="$br_tops $1:$br_folder"
  for br_sub in "$br_top"/* "$br_top"/@/.snapshots/1/snapshot; do rescue_try_subvolume "$1"; done
}

# rescue_try_below : those one below the top, where there is no root anywhere else: beside one they are containers' roots.
rescue_try_below() {
  [ ! -s "$rescue_roots" ] || return 0
  for br_word in $br_tops; do
    br_top=${br_word#*:}
    for br_sub in "$br_top"/*/*; do rescue_try_subvolume "${br_word%%:*}"; done
  done
}

# rescue_is_subvolume FOLDER : its top has a number of its own (BTRFS_FIRST_FREE_OBJECTID).
rescue_is_subvolume() {
  # shellcheck disable=SC2046 # the number is the first word
  set -- $(ls -di "$1")
  [ "${1-}" = 256 ]
}

rescue_try_subvolume() { # rescue_try_subvolume DEVICE : $br_sub, below $br_top
  if [ -L "$br_sub" ] || [ -L "${br_sub%/*}" ] || [ ! -d "$br_sub" ] || ! rescue_is_root "$br_sub"; then return; fi
  rescue_is_subvolume "$br_sub" || return 0
  rescue_real "$1"
  # In a mount's options, on a console and in a list of lines a name is not a name alone.
  case ${br_sub#"$br_top"/} in
    *[!A-Za-z0-9/._@:+-]*) rescue_missed "$br_real: a subvolume with a root and an unusual name was not looked at" ;;
    *)
      rescue_try "$1" "subvol=${br_sub#"$br_top"/}" ||
        rescue_missed "$br_real: the subvolume ${br_sub#"$br_top"/} with a root could not be mounted"
      ;;
  esac
}

# rescue_first DEVICE TYPE UUID [MEMBER] : false where it is the copy of one that was there before: of two with the same
# UUIDs the kernel, and LVM, take one.
rescue_first() {
  case $br_done in
    *" $2 $3 ${4-}/ "*)
      rescue_real "$1"
      rescue_missed "$br_real: a copy of another ($2, with the same UUIDs): it was not looked at"
      return 1
      ;;
  esac
  br_done="$br_done $2 $3 ${4-}/ "
}

rescue_look_at() { # rescue_look_at DEVICE TYPE UUID [MEMBER]
  case $2 in
    ext[234] | xfs | f2fs) rescue_try "$1" ;;
    btrfs)
      rescue_first "$@" || return 0
      case $br_done in *" all $3 "*) return ;; esac
      br_done="$br_done all $3 "
      rescue_try "$1"
      ;;
    crypto_LUKS | BitLocker)
      rescue_real "$1"
      rescue_say "$br_real is encrypted ($2): what is in it was not looked at"
      rescue_tell "encrypted $br_real $2"
      return
      ;;
    LVM2_member)
      rescue_first "$@"
      return
      ;;
    linux_raid_member)
      [ -z "${4-}" ] || rescue_first "$@"
      return
      ;;
    swap | swsuspend | vfat | iso9660 | squashfs) return ;;
    *_member | jfs | reiserfs | nilfs2 | bcache*)
      rescue_real "$1"
      rescue_missed "$br_real: what is on it is not looked at here ($2)"
      return
      ;;
    *) return ;;
  esac
  case $? in
    1) [ "$2" != btrfs ] || rescue_try_subvolumes "$1" ;;
    2)
      rescue_real "$1"
      rescue_missed "$br_real: the $2 on it could not be mounted"
      ;;
  esac
}

# rescue_find_roots : every file system is looked at once. A root stays mounted, and so does what is none.
rescue_find_roots() {
  br_done=' ' br_tops=
  : > "$rescue_roots"
  br_at='' br_uuid='' br_type=
  br_kind=
  # shellcheck disable=SC2162 # as above
  while IFS= read br_word; do
    case $br_word in
      DEVNAME=*) br_device=${br_word#*=} br_id='' br_part_id='' br_kind='' ;;
      UUID=*) br_id=${br_word#*=} ;;
      UUID_SUB=*) br_part_id=${br_word#*=} ;;
      TYPE=*) br_kind=${br_word#*=} ;;
      '') [ -z "$br_kind" ] || rescue_look_at "$br_device" "$br_kind" "$br_id" "$br_part_id"; br_kind= ;;
    esac
  done < "$rescue_tags"
  # What ends a device's words is an empty line, but for the last one's.
  [ -z "$br_kind" ] || rescue_look_at "$br_device" "$br_kind" "$br_id" "$br_part_id"
  rescue_try_below
}

# rescue_part DISK NUMBER : its partition, in br_found.
rescue_part() {
  case $1 in
    *[0-9]) br_found=/dev/${1}p$2 ;;
    *) br_found=/dev/$1$2 ;;
  esac
  [ -b "$br_found" ]
}

# rescue_by_place DEVICE : what a path such as /dev/sda1 is here, in br_found: where the machine has disks of that kind,
# the one of that name; else, for the disks of another machine, the one that comes so many in their order.
rescue_by_place() {
  br_found=''
  case $1 in
    /dev/nvme[0-9]n1p[1-9]*) br_named=${1#/dev/} br_part=${1##*p} br_named=${br_named%p*} br_nth=${br_named#nvme} br_nth=$((${br_nth%%n*} + 1)) br_kind=nvme ;;
    /dev/[shv]d[a-d][1-9]* | /dev/xvd[a-d][1-9]*)
      br_part=${1##*[a-d]} br_named=${1#/dev/}
      br_named=${br_named%"$br_part"}
      br_kind=${br_named%?}
      case $br_named in *a) br_nth=1 ;; *b) br_nth=2 ;; *c) br_nth=3 ;; *) br_nth=4 ;; esac
      ;;
    *) return 1 ;;
  esac
  case $br_part in *[!0-9]*) return 1 ;; esac
  br_same_kind=''
  for br_here in $br_disks; do
    rescue_real "/dev/$br_here"
    [ "$br_real" != "/dev/$br_named" ] || { rescue_part "$br_here" "$br_part"; return; }
    case $br_real in "/dev/$br_kind"*) br_same_kind=yes ;; esac
  done
  [ -z "$br_same_kind" ] || return 1
  for br_here in $br_disks; do
    br_nth=$((br_nth - 1))
    [ $br_nth -ne 0 ] || { rescue_part "$br_here" "$br_part"; return; }
  done
  return 1
}

# rescue_device SPEC : what fstab's first field names, in br_found.
rescue_device() {
  br_spec=$1
  # As the kernel will read it; most have nothing of the kind, and a process costs.
  case $br_spec in *\\*) br_spec=$(printf %b "$br_spec") ;; esac
  case $br_spec in
    /dev/disk/by-uuid/*) br_spec=UUID=${br_spec##*/} ;;
    /dev/disk/by-label/*) br_spec=LABEL=${br_spec##*/} ;;
    /dev/disk/by-partuuid/*) br_spec=PARTUUID=${br_spec##*/} ;;
    /dev/disk/by-partlabel/*) br_spec=PARTLABEL=${br_spec##*/} ;;
  esac
  case $br_spec in
    UUID=* | LABEL=* | PARTUUID=* | PARTLABEL=*)
      br_value=${br_spec#*=}
      br_value=${br_value#\"}
      rescue_tagged "${br_spec%%=*}" "${br_value%\"}" "$br_root_disk"
      ;;
    /dev/mapper/* | /dev/md* | /dev/*/*)
      br_found=$br_spec
      [ -b "$br_spec" ]
      ;;
    *) rescue_by_place "$br_spec" ;;
  esac
}

# rescue_inside ROOT PATH : PATH below ROOT is a folder, and no link on the way leads somewhere else.
rescue_inside() {
  br_rest=${2#/} br_path=$1
  while [ -n "$br_rest" ]; do
    br_path=$br_path/${br_rest%%/*}
    [ ! -L "$br_path" ] || return 1
    case $br_rest in
      */*) br_rest=${br_rest#*/} ;;
      *) br_rest= ;;
    esac
  done
  [ -d "$br_path" ]
}

# rescue_mount_entry ROOT SPEC PLACE OPTIONS
rescue_mount_entry() {
  br_place=$3
  # As the kernel will read it: fstab(5) has a way to write any byte.
  case $br_place in *\\*) br_place=$(printf %b "$3") ;; esac
  case $br_place in
    / | [!/]* | */../* | */..) return 0 ;;
  esac
  case ,$4, in
    *,noauto,*) case $br_place in /boot | /boot/* | /efi) ;; *) return 0 ;; esac ;;
  esac
  [ "$br_place" != /boot ] || br_boot_named=yes
  rescue_device "$2" || return 0
  rescue_inside "$1" "$br_place" || return 0
  br_sub=
  case ,$4, in
    *,subvol=*) br_sub=,$4 br_sub=subvol=${br_sub#*,subvol=} br_sub=${br_sub%%,*} ;;
    *,subvolid=*) br_sub=,$4 br_sub=subvolid=${br_sub#*,subvolid=} br_sub=${br_sub%%,*} ;;
  esac
  if rescue_mount "$br_found" "$1$br_place" "$br_sub"; then
    case $br_fs$br_place in
      vfat/efi | vfat/boot/efi) br_esp=$br_found ;;
      vfat/*) ! rescue_is_esp "$br_found" || br_esp=$br_found ;;
    esac
    return
  fi
  rescue_real "$br_found"
  # A console does what some bytes say.
  case $br_place in *[!A-Za-z0-9/._+@:-]*) br_place='a place in its fstab' ;; esac
  rescue_problem "$br_real could not be mounted at $br_place"
}

# rescue_is_empty FOLDER
rescue_is_empty() {
  for br_path in "$1"/* "$1"/.[!.]*; do
    ! rescue_has "$br_path" || return 1
  done
}

# rescue_beside TYPE... : the file systems of these types on the root's disk, or on any where the root lies on several.
rescue_beside() {
  # shellcheck disable=SC2162 # as above
  while IFS= read br_line; do
    case $br_line in
      DEVNAME=*) br_at=${br_line#*=} ;;
      TYPE=*)
        rescue_disk_of "$br_at"
        [ -z "$br_root_disk" ] || [ "$br_of" = "$br_root_disk" ] || continue
        for br_wanted; do [ "$br_line" != "TYPE=$br_wanted" ] || echo "$br_at"; done
        ;;
    esac
  done < "$rescue_tags"
}

# rescue_is_type DEVICE TYPE... : the type that its partition has in the table is one of these.
rescue_is_type() {
  br_is=$(blkid -p -s PART_ENTRY_TYPE -o value "$1")
  shift
  for br_wanted; do [ "$br_is" != "$br_wanted" ] || return 0; done
  return 1
}

rescue_is_esp() { # rescue_is_esp DEVICE
  rescue_is_type "$1" c12a7328-f81f-11d2-ba4b-00a0c93ec93b 0xef
}

# rescue_only WORD... : the word, in br_only, where it is the only one.
rescue_only() {
  br_only=${1-}
  [ $# -eq 1 ]
}

# rescue_free ROOT PLACE : an empty folder, where something can be mounted.
rescue_free() {
  rescue_inside "$1" "$2" && rescue_is_empty "$1$2"
}

# rescue_of_type ISA TYPE... : those of rescue_beside that ISA, a command, is true of.
rescue_of_type() {
  br_isa=$1
  shift
  for br_device in $(rescue_beside "$@"); do ! $br_isa "$br_device" || echo "$br_device"; done
}

rescue_is_xbootldr() { # rescue_is_xbootldr DEVICE
  rescue_is_type "$1" bc13c2ff-59e6-4262-a352-b275fd6f7172
}

# rescue_mount_unnamed ROOT : where its fstab has no word of them, systemd finds by their partitions' types what is read
# before it: the file system of /boot, and the ESP (systemd-gpt-auto-generator(8)). The firmware finds the ESP anyway, so
# that it is read at any place. Where there are several, which one is meant is not known.
rescue_mount_unnamed() {
  # shellcheck disable=SC2046 # words
  if [ -z "$br_boot_named" ] && rescue_free "$1" /boot &&
    rescue_only $(rescue_of_type rescue_is_xbootldr vfat ext2 ext3 ext4 xfs btrfs f2fs); then
    rescue_real "$br_only"
    rescue_mount "$br_only" "$1/boot" || rescue_missed "$br_real could not be mounted at /boot"
  fi
  [ -z "$br_esp" ] || return 0
  for br_place in /efi /boot/efi /mnt /media /srv; do
    ! rescue_free "$1" "$br_place" || break
  done
  # shellcheck disable=SC2046 # words
  if rescue_free "$1" "$br_place" && rescue_only $(rescue_of_type rescue_is_esp vfat); then rescue_mount "$br_only" "$1$br_place"; fi
}

# rescue_mount_below ROOT : what its fstab mounts at boot, /boot before /boot/efi.
rescue_mount_below() {
  [ ! -L "$1/etc" ] && [ ! -L "$1/etc/fstab" ] && [ -f "$1/etc/fstab" ] || return 0
  sort -b -k2,2 "$1/etc/fstab" > /run/fstab
  while read -r br_what br_where _ br_how _; do
    case $br_what in
      '' | '#'*) ;;
      *) rescue_mount_entry "$1" "$br_what" "$br_where" "$br_how" ;;
    esac
  done < /run/fstab
}

# rescue_look : from the devices to mounted roots, with what belongs to each.
rescue_look() {
  rescue_assemble
  rescue_find_roots
  while read -r br_mounted br_where_from _; do
    rescue_disk_of "$br_where_from"
    br_root_disk=$br_of
    br_esp='' br_boot_named=
    rescue_mount_below "$br_mounted"
    rescue_mount_unnamed "$br_mounted"
  done < "$rescue_roots"
}
