#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The dracut module that judges every root on every disk and boots none. Beside the rest of dracut it waits for
# rd.bootready.rescue:
#   dracut --no-hostonly --add bootready-rescue FILE
# and alone it is an initramfs with no init but its own, where what every boot has to unpack is no more than it takes:
#   dracut --no-hostonly --modules bootready-rescue --no-early-microcode FILE
# shellcheck disable=SC2154 # moddir, initdir and systemdsystemunitdir are set by dracut

# What it calls, of busybox where it is alone.
applets=(sh mount umount mkdir modprobe sleep cat sort wc tar truncate setsid poweroff reboot halt blockdev ls)

check() {
  require_binaries blkid || return 1
  return 255
}

depends() {
  return 0
}

# What a server's disks are attached to, on the clouds, on their hypervisors and on bare metal; what lies on the disks.
installkernel() {
  hostonly='' instmods virtio_pci virtio_mmio virtio_blk virtio_scsi virtio_console nvme vmd ahci ata_piix ata_generic \
    megaraid_sas megaraid_mbox mpt3sas mpi3mr mptspi mptsas mptfc hpsa aacraid smartpqi isci mvsas pm80xx arcmsr \
    3w-9xxx 3w-sas hptiop lpfc qla2xxx fnic sym53c8xx BusLogic vmw_pvscsi hv_vmbus hv_storvsc pci-hyperv xen-blkfront xen-scsifront \
    aic7xxx aic79xx ips am53c974 sata_mv sata_sil sata_sil24 sata_nv sata_svw sata_via sata_promise \
    sd_mod usb-storage uas xhci-pci ehci-pci uhci-hcd ohci-pci sdhci-pci mmc_block
  # The shell at the end is typed into, on many servers by a keyboard that their controller makes up.
  hostonly='' instmods hid-generic usbhid hyperv-keyboard
  hostonly='' instmods ext4 xfs btrfs f2fs vfat nls_cp437 nls_iso8859-1 nls_ascii nls_utf8 \
    crc32c_generic crc32c-intel xxhash_generic sha256_generic blake2b_generic
  hostonly='' instmods dm-mod dm-mirror dm-raid dm-snapshot dm-thin-pool linear raid0 raid1 raid10 raid456 loop
}

# install_alone : an initramfs of a shell and a few programs.
install_alone() {
  local applet
  inst_simple "$(find_binary busybox)" /bin/busybox || dfatal "bootready-rescue: alone it needs busybox"
  for applet in "${applets[@]}"; do ln -sfn busybox "$initdir/bin/$applet"; done
  # The kernel's own request for a module runs this path.
  mkdir -p "$initdir/sbin"
  ln -sfn /bin/busybox "$initdir/sbin/modprobe"
  inst_script "$moddir/init.sh" /init
}

# install_beside : one that boots, and where this comes first.
install_beside() {
  inst_multiple "${applets[@]}"
  inst_script "$moddir/init.sh" /usr/lib/bootready/rescue
  if dracut_module_included systemd; then
    inst_simple "$moddir/bootready-rescue.service" "$systemdsystemunitdir/bootready-rescue.service"
    # By hand: dracut 033 knows no add-wants.
    mkdir -p "$initdir$systemdsystemunitdir/sysinit.target.wants"
    ln -sfn ../bootready-rescue.service "$initdir$systemdsystemunitdir/sysinit.target.wants/"
  else
    inst_hook cmdline 00 "$moddir/cmdline.sh"
  fi
}

install() {
  local library
  if dracut_module_included base; then install_beside; else install_alone; fi
  inst_multiple blkid
  inst_multiple -o lvm mdadm dmsetup
  # By a path of its own: a busybox may prefer itself, and its losetup cannot do it.
  [[ -z $(find_binary losetup) ]] || inst "$(find_binary losetup)" /usr/lib/bootready/losetup
  for library in "$moddir"/rescue-*.sh; do inst_simple "$library" "/usr/lib/bootready/${library##*/}"; done
  # The harness brings the binary of the moment with its questions.
  [[ ! -x $moddir/bootready ]] || inst_simple "$moddir/bootready" /usr/bin/bootready
}
