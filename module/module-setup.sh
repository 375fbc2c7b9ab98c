#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The dracut module: the checker, its hook before the real root takes over, and where no dracut hook runs a unit.
# Runs under dracut 033 and everything newer, in dracut's shell: sourced anew for each function.
# shellcheck disable=SC2154 # moddir, initdir and systemdsystemunitdir are set by dracut

# Only on request, as README.md says: whoever installs a diagnostic has not asked for it in every initramfs that
# this machine will ever make, the one for crash dumps among them.
check() {
  [[ -x $moddir/bootready ]] || {
    dwarning "bootready: $moddir/bootready is not there"
    return 1
  }
  return 255
}

# base has what the hook needs of others: the shell, mount, sleep and dracut-lib.sh.
depends() {
  echo base
}

# What the checker may have to mount to read the boot chain: the ESP and /boot. Not one driver for a device, nor
# one that such a driver needs: the checker is asked whether this very initramfs has them.
installkernel() {
  local boot=
  case $(find_mp_fstype /boot) in
    ext2 | ext3 | ext4) boot=ext4 ;;
    xfs) boot=xfs ;;
    btrfs) boot=btrfs ;;
    f2fs) boot=f2fs ;;
  esac
  # Not hostonly: the file systems need not be mounted while this initramfs is made.
  # shellcheck disable=SC2086 # no word where there is none
  hostonly='' instmods vfat nls_cp437 nls_iso8859-1 nls_ascii nls_utf8 $boot
}

# The lines of this kernel's modules.alias that lead from a device to what drives disks: read where a device has no driver,
# because the index of an initramfs knows nothing of what is not in it.
storage_aliases() {
  # shellcheck disable=SC2154 # srcmods is dracut's
  [[ -r $srcmods/modules.dep && -r $srcmods/modules.alias ]] || return 0
  awk '
    FNR == NR {
      sub(/:.*/, "")
      folder = $0
      sub(/.*\//, "")
      sub(/\.ko.*/, "")
      gsub(/-/, "_")
      # Folders of disks and their controllers, without what else lies there; of the buses below them what leads to a disk;
      # what a vendor brings himself, in whatever folder.
      if (folder ~ /^kernel\/drivers\/(ata|block|message|mmc|nvme|scsi|ufs|usb\/storage)\// && $0 !~ /^(ch|scsi_debug|ses|sg|sr_mod|st)$/)
        wanted[$0] = 1
      if ($0 ~ /^(hv_vmbus|megaraid_sas|mpt3sas|mpt[a-z]+|pci_hyperv|smartpqi|virtio_mmio|virtio_pci|vmd|xen_blkfront|xen_scsifront)$/)
        wanted[$0] = 1
      next
    }
    $1 == "alias" && NF == 3 {
      module = $3
      gsub(/-/, "_", module)
      if (module in wanted && $2 ~ /^(acpi|mmc|of|pci|scsi|usb|virtio|vmbus|xen)/)
        print
    }
  ' "$srcmods/modules.dep" "$srcmods/modules.alias"
}

# install_unit NAME TARGET : a unit of ours, wanted by TARGET. By hand: dracut 033 knows no add-wants.
install_unit() {
  inst_simple "$moddir/$1" "$systemdsystemunitdir/$1"
  mkdir -p "$initdir$systemdsystemunitdir/$2.wants"
  ln -sfn "../$1" "$initdir$systemdsystemunitdir/$2.wants/$1"
}

install() {
  inst_simple "$moddir/bootready" /usr/bin/bootready
  inst_simple "$moddir/bootready-lib.sh" /usr/lib/bootready/bootready-lib.sh
  # Early among its kind: a later hook of somebody else may leave the shell that runs them all.
  inst_hook pre-pivot 05 "$moddir/pre-pivot.sh"

  # What to say where the boot gives up: which of the two dracut runs depends on its release and on rd.shell=.
  inst_hook emergency 05 "$moddir/gave-up.sh"
  inst_hook shutdown-emergency 05 "$moddir/gave-up.sh"
  storage_aliases > "$initdir/usr/lib/bootready/modules.alias"

  if dracut_module_included systemd; then
    install_unit bootready-missing.service initrd.target
  else
    inst_hook pre-trigger 05 "$moddir/pre-trigger.sh"
  fi
  # systemd alone runs no hook of dracut's; in releases without the module dracut-systemd, systemd's own runs them.
  # shellcheck disable=SC2154 # dracutbasedir is dracut's
  if dracut_module_included systemd && ! dracut_module_included dracut-systemd &&
    compgen -G "$dracutbasedir/modules.d/[0-9][0-9]dracut-systemd" > /dev/null; then
    install_unit bootready-preboot.service initrd.target
    install_unit bootready-gave-up.service emergency.target
  fi
}
