# shellcheck shell=bash
# The disk that root= names is there, and nothing that is known as a file system is on it.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
parameters=(root=/dev/vda rd.bootready.missing=600)

prepare_image() {
  dd if=/dev/zero of="$1" bs=1024 seek=1 count=1 conv=notrunc status=none
}

judge() {
  no_root root-unknown-content
}
