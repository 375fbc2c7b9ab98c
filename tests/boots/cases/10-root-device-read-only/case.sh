# shellcheck shell=bash
# The disk cannot be written to.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
root_drive=,readonly=on

judge() {
  userspace
  verdict
  report_in_run
  no_report_on_root
  undisturbed
}
