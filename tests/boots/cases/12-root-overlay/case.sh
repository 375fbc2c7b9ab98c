# shellcheck shell=bash
# The root is an overlay: what is written there is gone with it.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
initramfs=rigged
parameters=(boottest=overlay)

judge() {
  userspace rw
  verdict
  report_in_run
  unseen '^BEACON file .* /etc/bootready/'
  no_report_on_root
  undisturbed
}
