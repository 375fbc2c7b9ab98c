# shellcheck shell=bash
# rd.bootready=0: as if the module were not there, to the last byte of the disk.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/init)
parameters=(rd.bootready=0)

prepare_image() { sha256sum < "$1" > "$dir/image.before"; }

judge() {
  userspace
  unseen bootready
  sha256sum < "$dir/root.img" | cmp -s - "$dir/image.before" || no "the disk is not as it was"
  [ ! -s "$dir/port" ] || no "something came over the port"
}
