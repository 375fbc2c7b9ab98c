# shellcheck shell=bash
# As 40, on NVMe.
# shellcheck disable=SC2034,SC2054,SC2154 # 2054: commas of QEMU
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
initramfs=bare
parameters=(rd.bootready.missing=20 rd.bootready.onfail=poweroff)
root_device=(-device nvme,drive=root,serial=root)

judge() {
  no_root root-not-found driver-missing
  lacks_driver nvme
  ended_by_request
}
