# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the rescue image's init is made of. Sourced by it, in busybox's shell.
#
# Every process costs: under emulation tens of milliseconds, in an image that is booted hundreds of times. Where the
# shell can do it, the shell does it.

rescue_tags=/run/tags      # blkid's words about every device
rescue_mounts=/run/mounts  # a folder a file system
rescue_roots=/run/roots    # the roots that were found, a line each: FOLDER DEVICE TYPE OPTIONS
rescue_wait=40             # seconds that a disk may take to appear

# rescue_say TEXT... : on every console; the harness has but one.
rescue_say() {
  if [ -n "$disks" ]; then
    echo "bootready: $*"
    return
  fi
  while read -r br_tty _; do
    [ ! -e "/dev/$br_tty" ] || echo "bootready: $*" > "/dev/$br_tty"
  done < /proc/consoles
}

# rescue_tell WORD... : one line to the harness.
rescue_tell() {
  echo "$*" >&3
}

# rescue_problem TEXT... : what a reader of the verdicts has to know.
rescue_problem() {
  rescue_say "$*"
  rescue_tell "problem $*"
}

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

# rescue_find_port : the harness's port, if it is there, in br_port.
rescue_find_port() {
  for br_port in /sys/class/virtio-ports/*; do
    br_name=
    { read -r br_name < "$br_port/name"; } 2> /dev/null
    [ "$br_name" != org.bootready.rescue ] || { br_port=/dev/${br_port##*/}; return 0; }
  done
  return 1
}

# rescue_open_port : file descriptor 3 is the harness's port, or nothing. A port comes, and gets its name, some time
# after its driver has been loaded: where the harness has spoken, there will be one.
rescue_open_port() {
  exec 3> /dev/null
  br_tries=0
  until rescue_find_port; do
    [ -n "$disks" ] && [ $br_tries -lt $((rescue_wait * 10)) ] || return 0
    br_tries=$((br_tries + 1))
    sleep 0.1
  done
  exec 3> "$br_port"
}

# rescue_list_disks : the names of all whole disks with a medium, in br_disks, as the kernel sorts them; in
# br_more the harness's own.
rescue_list_disks() {
  br_more='' br_disks='' br_count=0
  for br_disk in /sys/block/*; do
    case ${br_disk##*/} in
      loop* | ram* | zram* | dm-* | md* | sr* | fd* | nbd* | '*') continue ;;
    esac
    br_serial=
    # The kernel ends it without a line feed.
    [ -z "$drivers" ] || { read -r br_serial < "$br_disk/serial"; } 2> /dev/null
    if [ "$br_serial" = bootready-more ]; then
      br_more=${br_disk##*/}
      continue
    fi
    read -r br_size < "$br_disk/size"
    [ "$br_size" -gt 0 ] || continue
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
  [ -z "$disks" ] || rescue_problem "only $br_count of $disks disks appeared in $rescue_wait s"
}

# rescue_protect : disks that are somebody's are made read-only for everything that this kernel might do to them.
rescue_protect() {
  [ "$replay" != yes ] || return 0
  for br_disk in $br_disks; do
    blockdev --setro "/dev/$br_disk"
    for br_part in "/sys/block/$br_disk/$br_disk"*; do
      [ ! -e "$br_part" ] || blockdev --setro "/dev/${br_part##*/}"
    done
  done
}

# rescue_read_tags : blkid's answer, anew. A disk may have come since: all that is listed is protected.
rescue_read_tags() {
  blkid -c /dev/null -o export > "$rescue_tags" 2> /dev/null
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
    backup { backup=0 archive=0 } devices { use_devicesfile=0 obtain_device_list_from_udev=0 }
    activation { udev_sync=0 udev_rules=0 verify_udev_operations=0 monitoring=0 $br_volumes_read_only }" "$@" 2> /run/lvm.log
}

rescue_assemble_lvm() {
  br_volumes_read_only=
  if [ "$replay" != yes ]; then
    br_list=
    for br_group in $(rescue_lvm vgs --readonly --noheadings -o vg_name); do br_list="$br_list\"$br_group\","; done
    br_volumes_read_only="read_only_volume_list=[${br_list%,}]"
  fi
  modprobe -q dm-mod
  rescue_lvm vgchange --sysinit -ay > /dev/null || rescue_problem "not every logical volume could be activated"
}

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

# rescue_assemble : what lies below the file systems. What has to be asked for a key is named.
rescue_assemble() {
  rescue_read_tags
  rescue_wants_more && rescue_fetch_more
  if rescue_has_type linux_raid_member; then
    br_read_only=
    [ "$replay" = yes ] || br_read_only=--readonly
    # shellcheck disable=SC2086 # a word or none
    mdadm --assemble --scan --run --config=partitions $br_read_only > /run/mdadm.log 2>&1 ||
      rescue_problem "not every RAID array could be assembled"
    rescue_read_tags
  fi
  if rescue_has_type LVM2_member; then
    rescue_assemble_lvm
    rescue_read_tags
  fi
}

# rescue_tagged NAME VALUE : the device that has this tag, in br_found.
rescue_tagged() {
  br_found=
  # shellcheck disable=SC2162 # blkid escapes with backslashes
  while IFS= read br_line; do
    case $br_line in
      DEVNAME=*) br_at=${br_line#*=} ;;
      "$1=$2")
        br_found=$br_at
        return 0
        ;;
    esac
  done < "$rescue_tags"
  return 1
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

# rescue_members UUID : device=... options for all devices of a btrfs, which nobody has told the kernel of.
rescue_members() {
  br_members='' br_at=
  while read -r br_line; do
    case $br_line in
      DEVNAME=*) br_at=${br_line#*=} ;;
      "UUID=$1") br_members="$br_members,device=$br_at" ;;
    esac
  done < "$rescue_tags"
}

# rescue_mount DEVICE FOLDER [OPTIONS] : read-only; with the journal as it is, unless it may be replayed.
rescue_mount() {
  rescue_type_of "$1"
  br_options=ro${3:+,$3}
  case $br_type in
    ext[234]) br_fs=ext4 br_raw=noload ;;
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

# rescue_new_folder : an empty folder to mount on, in br_folder.
rescue_new_folder() {
  br_folders=$((${br_folders:-0} + 1))
  br_folder=$rescue_mounts/$br_folders
  mkdir -p "$br_folder"
}

# rescue_try DEVICE [OPTIONS] : mounted at br_folder; a line more in the list of roots where it is one.
rescue_try() {
  rescue_new_folder
  rescue_mount "$1" "$br_folder" "${2-}" || return 2
  rescue_is_root "$br_folder" || return 1
  echo "$br_folder $1 $br_type ${2-}" >> "$rescue_roots"
}

# rescue_try_subvolumes DEVICE : the roots that are not what a mount without a word shows, at the top.
rescue_try_subvolumes() {
  rescue_new_folder
  rescue_mount "$1" "$br_folder" subvolid=5 || return 0
  br_top=$br_folder
  for br_sub in "$br_top"/* "$br_top"/@/.snapshots/1/snapshot; do
    [ ! -L "$br_sub" ] && [ -d "$br_sub" ] && rescue_is_root "$br_sub" && rescue_try "$1" "subvol=${br_sub#"$br_top"/}"
  done
}

rescue_look_at() { # rescue_look_at DEVICE TYPE UUID
  case $2 in
    ext[234] | xfs | f2fs) rescue_try "$1" ;;
    btrfs)
      case $br_done in *" $3 "*) return ;; esac
      br_done="$br_done$3 "
      rescue_try "$1"
      ;;
    crypto_LUKS | BitLocker)
      rescue_say "$1 is encrypted ($2): what is in it was not looked at"
      rescue_tell "encrypted $1 $2"
      return
      ;;
    *) return ;;
  esac
  case $? in
    1) [ "$2" != btrfs ] || rescue_try_subvolumes "$1" ;;
    2) rescue_problem "$1: the $2 on it could not be mounted" ;;
  esac
}

# rescue_find_roots : every file system is looked at once. A root stays mounted, and so does what is none.
rescue_find_roots() {
  br_done=' '
  : > "$rescue_roots"
  br_at='' br_uuid='' br_type=
  cat "$rescue_tags" > /run/tags.walk
  echo >> /run/tags.walk
  # shellcheck disable=SC2162 # as above
  while IFS= read br_word; do
    case $br_word in
      DEVNAME=*) br_device=${br_word#*=} br_id='' br_kind='' ;;
      UUID=*) br_id=${br_word#*=} ;;
      TYPE=*) br_kind=${br_word#*=} ;;
      '') [ -z "${br_kind-}" ] || rescue_look_at "$br_device" "$br_kind" "$br_id"; br_kind= ;;
    esac
  done < /run/tags.walk
}

# rescue_by_place DEVICE : what a path such as /dev/sda1 of the source machine is here, in br_found: disks keep their
# order, whatever they are attached to.
rescue_by_place() {
  br_found=
  case $1 in
    /dev/nvme[0-9]n1p[1-9]*) br_nth=${1#/dev/nvme} br_nth=$((${br_nth%%n*} + 1)) br_part=${1##*p} ;;
    /dev/[shv]d[a-d][1-9]* | /dev/xvd[a-d][1-9]*)
      br_part=${1##*[a-d]} br_nth=${1%"$br_part"}
      case $br_nth in *a) br_nth=1 ;; *b) br_nth=2 ;; *c) br_nth=3 ;; *) br_nth=4 ;; esac
      ;;
    *) return 1 ;;
  esac
  for br_disk in $br_disks; do
    br_nth=$((br_nth - 1))
    [ $br_nth -eq 0 ] || continue
    for br_found in "/dev/$br_disk$br_part" "/dev/${br_disk}p$br_part"; do
      [ ! -b "$br_found" ] || return 0
    done
  done
  return 1
}

# rescue_device SPEC : what fstab's first field names, in br_found.
rescue_device() {
  br_spec=$1
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
      rescue_tagged "${br_spec%%=*}" "${br_value%\"}"
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
  case $3 in
    / | *..* | [!/]*) return 0 ;;
  esac
  case ,$4, in
    *,noauto,*) case $3 in /boot | /boot/* | /efi) ;; *) return 0 ;; esac ;;
  esac
  rescue_device "$2" || return 0
  br_place=$(printf %b "$3")
  rescue_inside "$1" "$br_place" || return 0
  br_sub=
  case ,$4, in
    *,subvol=* | *,subvolid=*) br_sub=subvol${4#*subvol} br_sub=${br_sub%%,*} ;;
  esac
  rescue_mount "$br_found" "$1$br_place" "$br_sub" || rescue_problem "$br_found could not be mounted at $3"
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

# rescue_answer QUESTION ROOT STATUS : what the checker has written, framed: lines and bytes.
rescue_answer() {
  br_out=$(wc -c < /run/out)
  br_err=$(wc -c < /run/err)
  rescue_tell "answer $1 $2 $3 $((br_out)) $((br_err))"
  cat /run/out /run/err >&3
  rescue_tell
}

# rescue_check FOLDER ARGUMENT... : the checker on a root, with every disk.
rescue_check() {
  br_root=$1
  shift
  for br_disk in $br_disks; do set -- --disk "/dev/$br_disk" "$@"; done
  bootready check --root "$br_root" --context offline "$@" < /dev/null
}

# rescue_ask NUMBER FOLDER FILE : the question in FILE, answered.
rescue_ask() {
  br_n=$1 br_root=$2 br_file=$3
  set --
  while IFS= read -r br_word; do set -- "$@" "$br_word"; done < "$br_file"
  rescue_check "$br_root" "$@" > /run/out 2> /run/err 3>&-
  rescue_answer "${br_file##*/}" "$br_n" $?
}

# rescue_save NUMBER FOLDER FILE : asks once more, for the report to be kept on the root. It is writable for that moment.
rescue_save() {
  [ "$save" = yes ] || return 0
  br_n=$1 br_root=$2
  set --
  while IFS= read -r br_word; do set -- "$@" "$br_word"; done < "$3"
  br_status=70
  : > /run/out
  : > /run/err
  mount -o remount,rw "$br_root" 2> /run/err && { rescue_check "$br_root" "$@" --report auto > /run/out 2> /run/err 3>&- && br_status=0 || br_status=$?; }
  mount -o remount,ro "$br_root" 2> /dev/null || br_status=70
  # What could not be written is said on standard error, and changes no verdict.
  read -r br_line < /run/err || br_line=
  case $br_status in 0 | 1 | 2) ;; *) br_line=${br_line:-status $br_status} ;; esac
  rescue_tell "saved $br_n $br_line"
}

# rescue_parameter NAME : rd.bootready.NAME's value of the kernel command line, in br_value.
rescue_parameter() {
  br_value=
  read -r br_line < /proc/cmdline
  for br_word in $br_line; do
    case $br_word in "rd.bootready.$1="*) br_value=${br_word#*=} ;; esac
  done
}

# rescue_judge : every root, with every question.
rescue_judge() {
  br_n=0
  while read -r br_mounted br_where_from br_what_type br_how_found; do
    br_n=$((br_n + 1))
    rescue_mount_below "$br_mounted"
    rescue_tell "root $br_n $br_where_from $br_what_type $br_how_found"
    if [ -d /ask/q ]; then
      for br_question in /ask/q/*; do rescue_ask "$br_n" "$br_mounted" "$br_question"; done
      rescue_save "$br_n" "$br_mounted" "$br_question"
    else
      rescue_say "root $br_n: $br_where_from ($br_what_type${br_how_found:+, $br_how_found})"
      rescue_parameter profile
      rescue_check "$br_mounted" --profile "${br_value:-alibaba}" --announce > /dev/null
    fi
  done < "$rescue_roots"
  [ $br_n -gt 0 ] || rescue_say "no root on any disk (${br_disks# })"
}

# rescue_end : the machine ends; without the harness only as told, so that the verdict can be read.
rescue_end() {
  rescue_tell end
  exec 3>&-
  rescue_parameter action
  case ${br_value:-${disks:+poweroff}} in
    poweroff) poweroff -f ;;
    reboot) reboot -f ;;
  esac
  rescue_say "done; switch the machine off, or look around"
  while read -r br_tty _; do
    [ ! -e "/dev/$br_tty" ] || rescue_shell "/dev/$br_tty" &
  done < /proc/consoles
  wait
  while sleep 3600; do :; done
}

# rescue_shell TERMINAL : again and again.
rescue_shell() {
  while :; do busybox setsid sh -i < "$1" > "$1" 2>&1; done
}
