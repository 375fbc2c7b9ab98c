#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The dracut module of the rescue image: an initramfs with no init but its own, which boots no root and judges all.
#   dracut --modules bootready-rescue --no-hostonly --no-early-microcode FILE
# Nothing else of dracut is in it, neither systemd nor base: what it does takes a shell and a few programs, and what it
# holds is what every boot has to unpack.
# shellcheck disable=SC2154 # moddir and initdir are set by dracut

check() {
  require_binaries busybox blkid || return 1
  return 255
}

depends() {
  return 0
}

# What a server's disks are attached to, on the clouds, on their hypervisors and on bare metal; what lies on the disks.
installkernel() {
  hostonly='' instmods virtio_pci virtio_mmio virtio_blk virtio_scsi virtio_console nvme vmd ahci ata_piix ata_generic \
    megaraid_sas mpt3sas mptspi mptsas mptfc hpsa aacraid smartpqi vmw_pvscsi hv_vmbus hv_storvsc xen-blkfront \
    sd_mod usb-storage uas xhci-pci ehci-pci
  hostonly='' instmods ext4 xfs btrfs f2fs vfat nls_cp437 nls_iso8859-1 nls_ascii nls_utf8 \
    crc32c_generic crc32c-intel xxhash_generic sha256_generic blake2b_generic
  hostonly='' instmods dm-mod dm-mirror dm-raid dm-snapshot dm-thin-pool linear raid0 raid1 raid10 raid456
}

install() {
  local applet
  inst_simple "$(find_binary busybox)" /bin/busybox
  for applet in sh mount modprobe sleep cat sort wc tar poweroff reboot blockdev; do
    ln -sfn busybox "$initdir/bin/$applet"
  done
  # The kernel's own request for a module runs this path.
  mkdir -p "$initdir/sbin"
  ln -sfn /bin/busybox "$initdir/sbin/modprobe"
  inst_multiple blkid
  inst_multiple -o lvm mdadm
  inst_script "$moddir/init.sh" /init
  inst_simple "$moddir/rescue-lib.sh" /usr/lib/bootready/rescue-lib.sh
  # The harness brings the binary of the moment with its questions.
  [[ ! -x $moddir/bootready ]] || inst_simple "$moddir/bootready" /usr/bin/bootready
}
