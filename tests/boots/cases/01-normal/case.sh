# shellcheck shell=bash
# Nothing is in the way: the verdict is shown and kept, and the boot is as it was.
# shellcheck disable=SC2034,SC2154
always=yes
guests=(bookworm/systemd trixie/init testing/pure)
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})

judge() {
  [ "$init" != pure ] || hooks=no
  userspace
  verdict
  report_on_root
  report_over_port
  # Which is what the journal has of it.
  seen '^BEACON log .*bootready: verdict'
  report_in_run
  undisturbed
}
