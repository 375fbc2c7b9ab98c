# shellcheck shell=bash
# The machine has next to no memory left: the checker is what the kernel ends.
# shellcheck disable=SC2034
guests=(bookworm/{systemd,init})
initramfs=rigged
parameters=(boottest=memory)

judge() {
  userspace
  seen 'Out of memory: Killed process [0-9]+ \(bootready\)'
  unseen 'Killed process [0-9]+ \([^b]'
  undisturbed
}
