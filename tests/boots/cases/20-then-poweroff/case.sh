# shellcheck shell=bash
# The machine is switched off after the verdict, its root clean.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
parameters=(rd.bootready.action=poweroff)

judge() {
  [ "$status" = 0 ] || no "QEMU ended with $status"
  seen 'reboot: Power down'
  unseen '^BEACON'
  seen '^bootready: (READY|NOT READY|UNDETERMINED)'
  undisturbed
}
