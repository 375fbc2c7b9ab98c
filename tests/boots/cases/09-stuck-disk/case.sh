# shellcheck shell=bash
# A second disk answers nothing any more: who reads it hangs in the kernel, where no signal reaches it.
# shellcheck disable=SC2034,SC2154
# trixie: there the switch to the real root waits for whoever was killed while it read (systemd 257, kernel 6.12).
guests=(trixie/systemd bookworm/init)
initramfs=rigged
parameters=(boottest=stuck rd.bootready.deadline=5)

prepare_image() {
  truncate -s 64M "$dir/second.img"
  mkfs.ext4 -q -F "$dir/second.img"
  # shellcheck disable=SC2054 # commas of QEMU
  qemu=(-drive "if=none,id=second,format=raw,file=$dir/second.img" -device virtio-blk-pci,drive=second)
}

judge() {
  userspace
  seen '^RIG stuck is in place$'
  # It did hang, and was left behind.
  seen '^BEACON process \(bootready\) D oom=1000$'
  verdict
  report_on_root
  undisturbed
}
