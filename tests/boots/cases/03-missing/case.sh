# shellcheck shell=bash
# The checker is not there: one line says so.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
initramfs=rigged
parameters=(boottest=missing)

judge() {
  userspace
  on_each_console 'bootready: the checker is not in this initramfs; /sysroot was not checked'
  no_verdict
  no_report_on_root
  undisturbed
}
