# shellcheck shell=bash
# The driver is in the initramfs, and the command line keeps the kernel from loading it.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
parameters=(module_blacklist=virtio_blk rd.bootready.missing=20 rd.bootready.onfail=poweroff)

judge() {
  no_root root-not-found driver-blacklisted
  seen 'virtio_blk'
  ended_by_request
}
