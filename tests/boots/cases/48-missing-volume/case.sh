# shellcheck shell=bash
# root= is a logical volume that its group does not have.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
parameters=(root=/dev/mapper/guest-root rd.bootready.missing=20 rd.bootready.onfail=poweroff)

# A physical volume without device-mapper, in the place of the root.
prepare_image() {
  local loop
  dd if=/dev/zero of="$1" bs=1M count=32 conv=notrunc status=none
  loop=$(losetup --find --show "$1")
  (
    mkdir "$dir/lvm"
    export LVM_SYSTEM_DIR=$dir/lvm
    local conf="devices{filter=[\"a|^$loop\$|\",\"r|.*|\"] use_devicesfile=0} backup{backup=0 archive=0} global{use_lvmpolld=0 locking_dir=\"$dir/lvm\"}"
    pvcreate -qq -ff -y --config "$conf" "$loop" && vgcreate -qq --config "$conf" guest "$loop" &&
      lvcreate -qq -an -Zn -Wn --driverloaded n -l 2 -n other --config "$conf" guest
  ) > "$dir/lvm.log" 2>&1 || no "no volume could be made: see lvm.log"
  losetup -d "$loop"
}

judge() {
  no_root root-not-found volume-missing
  seen 'its volume group has no guest-root'
  ended_by_request
}
