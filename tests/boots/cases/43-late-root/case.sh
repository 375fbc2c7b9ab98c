# shellcheck shell=bash
# The root's disk comes later than the watch waits: it is said to be missing, then to have come, and the boot goes on.
# shellcheck disable=SC2034,SC2054,SC2154 # 2054: commas of QEMU
always=yes
guests=(trixie/init)
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
parameters=(rd.bootready.missing=3)
root_device=(-device pcie-root-port,id=late,chassis=1,slot=1)
late='bootready: NO ROOT'

prepare_image() {
  qemu=(-qmp "unix:$dir/qmp,server=on,wait=off")
}

judge() {
  [ "$init" != pure ] || hooks=no
  userspace
  seen '^bootready: NO ROOT$' 1
  seen '^bootready: the root came after [0-9]+ s$' 1
  verdict
  undisturbed
}
