# shellcheck shell=bash
# The machine stands still after the verdict, which stays on the screen.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
initramfs=rigged limit=160
parameters=(boottest=status1 rd.bootready.onfail=halt)

judge() {
  [ "$status" = 124 ] || no "QEMU ended with $status instead of standing still"
  seen 'reboot: System halted'
  unseen '^BEACON'
  undisturbed
}
