# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The disks of the machine: their drivers, the devices on them, and what lies below the file systems. Sourced by init.sh.
# shellcheck disable=SC2034 # the libraries use one another's variables

# rescue_aliases : of every device on a bus that no driver has taken.
rescue_aliases() {
  for br_device in /sys/bus/*/devices/*; do
    [ -e "$br_device/driver" ] || [ ! -r "$br_device/modalias" ] || { read -r br_alias && echo "$br_alias"; } < "$br_device/modalias"
  done 2> /dev/null
}

# rescue_load_drivers : again while loading one has made devices appear that want others. What a device's first driver
# is, is known by its alias; what drives disks behind it has one of its own.
rescue_load_drivers() {
  # shellcheck disable=SC2086 # words
  [ -z "$drivers" ] || { modprobe -q -a $drivers && return; }
  br_before=
  for _ in 1 2 3 4; do
    br_aliases=$(rescue_aliases)
    [ "$br_aliases" != "$br_before" ] || break
    br_before=$br_aliases
    # shellcheck disable=SC2086 # words
    modprobe -q -a $br_aliases 2> /dev/null
  done
}

# rescue_list_disks : the names of all whole disks with a medium, in br_disks, as the kernel sorts them; in br_paths those
# that are other paths to one of them; in br_more the harness's own.
rescue_list_disks() {
  br_more='' br_disks='' br_paths='' br_count=0 br_ids=' '
  for br_disk in /sys/block/*; do
    case ${br_disk##*/} in
      loop* | ram* | zram* | dm-* | md* | sr* | fd* | nbd* | '*') continue ;;
    esac
    # A path of an NVMe disk that has several; the disk itself is another entry.
    br_hidden=
    { read -r br_hidden < "$br_disk/hidden"; } 2> /dev/null
    [ "$br_hidden" != 1 ] || continue
    br_serial=
    # The kernel ends it without a line feed.
    [ -z "$drivers" ] || { read -r br_serial < "$br_disk/serial"; } 2> /dev/null
    if [ "$br_serial" = bootready-more ]; then
      br_more=${br_disk##*/}
      continue
    fi
    read -r br_size < "$br_disk/size"
    [ "$br_size" -gt 0 ] || continue
    # One disk on two paths of a storage network is one disk.
    br_id=
    { read -r br_id < "$br_disk/device/wwid"; } 2> /dev/null
    case $br_id in
      naa.* | eui.*)
        case $br_ids in *" $br_id/$br_size "*) br_paths="$br_paths ${br_disk##*/}"; continue ;; esac
        br_ids="$br_ids$br_id/$br_size "
        ;;
    esac
    br_disks="$br_disks ${br_disk##*/}"
    br_count=$((br_count + 1))
  done
}

# rescue_wait_for_disks : all that the harness has attached; without its word, until none has come for ten seconds: a
# controller may look for its disks for long.
rescue_wait_for_disks() {
  br_tries=0 br_quiet=0 br_seen=
  while rescue_list_disks; [ $br_tries -lt $((rescue_wait * 10)) ]; do
    if [ -n "$disks" ]; then
      [ "$br_count" -lt "$disks" ] || return 0
    elif [ "$br_seen" != "$br_disks" ]; then
      br_seen=$br_disks br_quiet=0
    elif [ -n "$br_disks" ] && [ $br_quiet -ge 100 ]; then
      return 0
    fi
    br_quiet=$((br_quiet + 1)) br_tries=$((br_tries + 1))
    sleep 0.1
    [ $((br_tries % 10)) -ne 0 ] || rescue_load_drivers
  done
  [ -z "$disks" ] || rescue_missed "only $br_count of $disks disks appeared in $rescue_wait s"
}

# rescue_protect : disks that are somebody's are made read-only for everything that this kernel might do to them.
rescue_protect() {
  [ "$replay" != yes ] || return 0
  for br_disk in $br_disks $br_paths; do
    blockdev --setro "/dev/$br_disk"
    for br_part in "/sys/block/$br_disk/$br_disk"*; do
      [ ! -e "$br_part" ] || blockdev --setro "/dev/${br_part##*/}"
    done
  done
}

# rescue_read_ahead : an initramfs is the most of what is read, from its beginning to its end.
rescue_read_ahead() {
  for br_disk in $br_disks; do echo 4096 > "/sys/block/$br_disk/queue/read_ahead_kb"; done 2> /dev/null
}

# rescue_read_tags : blkid's answer, anew. A disk may have come since: all that is listed is protected.
rescue_read_tags() {
  # shellcheck disable=SC2046 # words
  blkid -c /dev/null -o export $(rescue_devices) > "$rescue_tags" 2> /dev/null
  [ "$replay" = yes ] || { rescue_list_disks; rescue_protect; }
}

# rescue_has_type TYPE
rescue_has_type() {
  while read -r br_line; do
    [ "$br_line" != "TYPE=$1" ] || return 0
  done < "$rescue_tags"
  return 1
}

# rescue_lvm COMMAND... : without udev, and without a word on a disk: no backup, no archive, no lock.
rescue_lvm() {
  br_command=$1
  shift
  lvm "$br_command" --config "global { use_lvmlockd=0 locking_type=1 thin_check_executable=\"\" }
    backup { backup=0 archive=0 } devices { use_devicesfile=0 obtain_device_list_from_udev=0 allow_changes_with_duplicate_pvs=1
      $br_filter }
    activation { udev_sync=0 udev_rules=0 verify_udev_operations=0 monitoring=0 $br_volumes_read_only }" "$@" 2> /run/lvm.log
}

rescue_assemble_lvm() {
  br_volumes_read_only='' br_filter=
  if [ -n "$br_copies$br_paths" ]; then
    # The same volumes are on the disks themselves, or on another path to them.
    for br_word in $(rescue_disk_devices); do br_filter="$br_filter\"a|^$br_word\$|\","; done
    br_filter="global_filter=[$br_filter\"a|^/dev/md|\",\"r|.*|\"]"
  fi
  modprobe -q dm-mod
  if [ "$replay" = yes ]; then
    # A volume may be an array.
    modprobe -q dm-raid && rescue_calm_raid
    rescue_lvm vgchange --sysinit -ay > /dev/null || rescue_missed "not every logical volume could be activated"
  else
    rescue_activate_plain
  fi
}

# rescue_activate_plain : the volumes for which the kernel writes nothing by itself. What it writes for an array, a pool or
# a snapshot it writes to a read-only disk as well.
rescue_activate_plain() {
  br_list=
  for br_group in $(rescue_lvm vgs --readonly --noheadings -o vg_name); do br_list="$br_list\"$br_group\","; done
  [ -n "$br_list" ] || return 0
  br_volumes_read_only="read_only_volume_list=[${br_list%,}]"
  # By no name: two groups may have one. Of the attributes the first is the kind, the third a capital while it is moved.
  rescue_lvm lvchange --sysinit -ay -S 'lv_attr=~^-.[a-z]' > /dev/null ||
    rescue_missed "not every logical volume could be activated"
  rescue_lvm lvs --readonly --noheadings -o lv_attr,lv_full_name > /run/lvs
  while read -r br_kind br_name; do
    case $br_kind in
      -?[a-z]*) ;;
      *) rescue_missed "$br_name: a logical volume of this kind ($br_kind) is not activated without a snapshot" ;;
    esac
  done < /run/lvs
}

# rescue_calm_raid : no member of an array is brought up to date: it takes long, and room in a snapshot.
rescue_calm_raid() {
  echo 1 > /proc/sys/dev/raid/speed_limit_min
  echo 1 > /proc/sys/dev/raid/speed_limit_max
} 2> /dev/null

# rescue_wants_more : is there anything but what nearly every image has? The rest of this initramfs is on a disk then.
rescue_wants_more() {
  while read -r br_line; do
    case $br_line in
      TYPE=ext[234] | TYPE=vfat | TYPE=swap) ;;
      TYPE=*) return 0 ;;
    esac
  done < "$rescue_tags"
  return 1
}

rescue_fetch_more() {
  [ -z "$br_more" ] || tar -xf "/dev/$br_more" -C /
  br_more=
}

# rescue_assemble_raid : read-only; where a journal may be replayed, writable, but no member is brought up to date.
rescue_assemble_raid() {
  br_read_only='' br_from=partitions
  [ "$replay" = yes ] || br_read_only=--readonly
  if [ -n "$br_copies$br_paths" ]; then
    br_from=/run/mdadm.conf
    # shellcheck disable=SC2046 # words
    echo DEVICE $(rescue_disk_devices) > $br_from
  fi
  modprobe -q md-mod
  rescue_calm_raid
  # Nobody makes links for it to wait for.
  # shellcheck disable=SC2086 # a word or none
  MDADM_NO_UDEV=1 mdadm --assemble --scan --run --config=$br_from $br_read_only > /run/mdadm.log 2>&1 ||
    rescue_missed "not every RAID array could be assembled"
}

# rescue_assemble : what lies below the file systems. What has to be asked for a key is named.
rescue_assemble() {
  rescue_read_tags
  rescue_wants_more && rescue_fetch_more
  if rescue_has_type linux_raid_member; then
    rescue_assemble_raid
    rescue_read_tags
  fi
  if rescue_has_type LVM2_member; then
    rescue_assemble_lvm
    rescue_read_tags
  fi
}

# rescue_disk_of DEVICE : the disk that it is, or is a partition of, in br_of; empty where it is made of several.
rescue_disk_of() {
  for br_of in $br_disks; do
    case $br_of in
      *[0-9]) br_sep=p ;;
      *) br_sep= ;;
    esac
    case $1 in "/dev/$br_of" | "/dev/$br_of$br_sep"[0-9]*) return ;; esac
  done
  br_of=''
}

# rescue_tagged NAME VALUE [DISK] : the device that has this tag, in br_found: on DISK, where clones of it are about.
rescue_tagged() {
  br_found=''
  # shellcheck disable=SC2162 # blkid escapes with backslashes
  while IFS= read br_line; do
    case $br_line in
      DEVNAME=*) br_at=${br_line#*=} ;;
      "$1=$2")
        [ -n "$br_found" ] || br_found=$br_at
        [ -n "${3-}" ] || return 0
        rescue_disk_of "$br_at"
        [ "$br_of" != "$3" ] || { br_found=$br_at; return 0; }
        ;;
    esac
  done < "$rescue_tags"
  [ -n "$br_found" ]
}

# rescue_type_of DEVICE : its TYPE in br_type, its UUID in br_uuid.
rescue_type_of() {
  br_type='' br_uuid='' br_at=
  # shellcheck disable=SC2162 # as above
  while IFS= read br_line; do
    case $br_line in
      DEVNAME=*) br_at=${br_line#*=} ;;
      TYPE=*) [ "$br_at" != "$1" ] || br_type=${br_line#*=} ;;
      UUID=*) [ "$br_at" != "$1" ] || br_uuid=${br_line#*=} ;;
    esac
  done < "$rescue_tags"
}
