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

install() {
  inst_simple "$moddir/bootready" /usr/bin/bootready
  inst_simple "$moddir/bootready-lib.sh" /usr/lib/bootready/bootready-lib.sh
  # Early among its kind: a later hook of somebody else may leave the shell that runs them all.
  inst_hook pre-pivot 05 "$moddir/pre-pivot.sh"

  # systemd alone runs no hook of dracut's.
  if dracut_module_included systemd && ! dracut_module_included dracut-systemd; then
    inst_simple "$moddir/bootready-preboot.service" "$systemdsystemunitdir/bootready-preboot.service"
    # By hand: dracut 033 knows no add-wants.
    mkdir -p "$initdir$systemdsystemunitdir/initrd.target.wants"
    ln -sfn ../bootready-preboot.service "$initdir$systemdsystemunitdir/initrd.target.wants/bootready-preboot.service"
  fi
}
