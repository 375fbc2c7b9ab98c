# shellcheck shell=bash
# All of the checker stands still while it writes its report, the root being writable: it is killed when its time is
# up, and the root is read-only again.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
initramfs=rigged
parameters=(boottest=stopped rd.bootready.deadline=2)

judge() {
  userspace
  on_each_console 'bootready: no answer after 17 s; the boot goes on without one'
  seen '^MARK pre-pivot goes on after stopped, root ro$'
  unseen '^BEACON process'
  no_report_on_root
}
