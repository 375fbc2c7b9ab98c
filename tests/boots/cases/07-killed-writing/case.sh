# shellcheck shell=bash
# One process of the checker is killed, at every step of writing the report to the root: the root is read-only again
# each time, and what is there of a report is whole. The boot's own check, after them all, finds nothing in its way.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/systemd)
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
initramfs=rigged limit=900
parameters=(boottest=steps-one)

judge() {
  userspace
  steps_judged
  verdict
  report_on_root
  undisturbed
}
