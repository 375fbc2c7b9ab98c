# shellcheck shell=bash
# The checker dies at once.
# shellcheck disable=SC2034
guests=() # for time: with --all alone
initramfs=rigged
parameters=(boottest=killed)

judge() {
  userspace
  on_each_console 'bootready: the checker failed with status 137; /sysroot was not checked'
  no_report_on_root
  undisturbed
}
