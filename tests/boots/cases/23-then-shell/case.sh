# shellcheck shell=bash
# A shell after a verdict that is not ready; who leaves it goes on with the boot, rd.emergency not being asked for.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
initramfs=rigged emergency=''
parameters=(boottest=status1 rd.bootready.onfail=shell rd.shell=1)
answer_to='bootready: leave this shell to go on with the boot' answer=exit

judge() {
  userspace
  seen 'bootready: leave this shell to go on with the boot'
  undisturbed
}
