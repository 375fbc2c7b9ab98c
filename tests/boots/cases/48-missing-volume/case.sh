# shellcheck shell=bash
# root= is a logical volume that its group does not have.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
parameters=(root=/dev/mapper/guest-root rd.bootready.missing=20 rd.bootready.onfail=poweroff)

prepare_image() {
  dd if=/dev/zero of="$1" bs=1M count=32 conv=notrunc status=none
  "$TOP/tests/tools/make-volume" "$1" other 2 > "$dir/lvm.log" 2>&1 || no "no volume could be made: see lvm.log"
}

judge() {
  no_root root-not-found volume-missing
  seen 'its volume group has no guest-root'
  ended_by_request
}
