# shellcheck shell=bash
# rw on the command line: the root stays writable.
# shellcheck disable=SC2034
guests=() # for time: with --all alone
root_flag=rw

judge() {
  userspace rw
  verdict
  report_on_root
  undisturbed
}
