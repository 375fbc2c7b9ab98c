# shellcheck shell=bash
# As the case before, but all processes of the checker are killed at once: the hook brings the root's flag back.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/init)
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
initramfs=rigged limit=900
parameters=(boottest=steps-all)

judge() {
  userspace
  steps_judged
  verdict
  report_on_root
  undisturbed
}
