# shellcheck shell=bash
# The checker neither ends nor heeds a signal that it can refuse.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
initramfs=rigged
parameters=(boottest=hung rd.bootready.deadline=2)

judge() {
  userspace
  on_each_console 'bootready: no answer after 17 s; the boot goes on without one'
  unseen '^BEACON process'
  no_report_on_root
  undisturbed
}
