# shellcheck shell=bash
# The machine starts again after the verdict.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
parameters=(rd.bootready.action=reboot)

judge() {
  [ "$status" = 0 ] || no "QEMU ended with $status"
  seen 'reboot: Restarting system'
  unseen '^BEACON'
  undisturbed
}
