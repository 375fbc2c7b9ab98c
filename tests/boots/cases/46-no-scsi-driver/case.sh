# shellcheck shell=bash
# As 40, on virtio-scsi.
# shellcheck disable=SC2034,SC2054,SC2154 # 2054: commas of QEMU
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
initramfs=bare
parameters=(rd.bootready.missing=20 rd.bootready.onfail=poweroff)
root_device=(-device virtio-scsi-pci -device scsi-hd,drive=root)

judge() {
  no_root root-not-found driver-missing
  lacks_driver virtio_scsi
  ended_by_request
}
