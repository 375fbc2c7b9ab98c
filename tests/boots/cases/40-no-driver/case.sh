# shellcheck shell=bash
# The initramfs has no driver for the disk: which one it is, and that the machine ends as was asked.
# shellcheck disable=SC2034,SC2154
always=yes
guests=(bookworm/systemd trixie/init testing/pure)
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
initramfs=bare
parameters=(rd.bootready.missing=20 rd.bootready.onfail=poweroff)

judge() {
  no_root root-not-found driver-missing
  lacks_driver virtio_blk
  ended_by_request
}
