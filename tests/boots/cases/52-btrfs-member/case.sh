# shellcheck shell=bash
# The root is a btrfs over two disks, and one of them has not come along.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/systemd)
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
parameters=(rd.bootready.missing=20 rd.bootready.onfail=poweroff)

prepare_image() {
  rm "$1"
  truncate -s 128M "$1" "$dir/other.img"
  BLKID_FILE=/dev/null mkfs.btrfs -q -U "$ROOT_UUID" "$1" "$dir/other.img" > "$dir/mkfs" 2>&1
}

judge() {
  no_root root-not-mounted root-member-missing
  seen 'vda: this btrfs is made of 2 devices, and here are'
  ended_by_request
}
