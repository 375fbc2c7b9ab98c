# shellcheck shell=bash
# The checker and its children are stopped, each where it happens to be.
# shellcheck disable=SC2034
guests=(bookworm/init)
initramfs=rigged
parameters=(boottest=stopped rd.bootready.deadline=2)

judge() {
  userspace
  on_each_console 'bootready: no answer after 17 s; the boot goes on without one'
  no_verdict
  undisturbed
}
