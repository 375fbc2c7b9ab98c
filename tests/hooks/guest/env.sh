#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What dracut-lib.sh gives to a hook, by a command line of the test's own in CMDLINE.

getarg() {
  getarg_found=1
  for getarg_word in $CMDLINE; do
    case $1:$getarg_word in
      *=:"$1"*) getarg_value=${getarg_word#"$1"} getarg_found=0 ;;
      "$getarg_word":*) getarg_value='' getarg_found=0 ;;
      *:"$1"=*) getarg_value=${getarg_word#"$1"=} getarg_found=0 ;;
    esac
  done
  [ $getarg_found = 1 ] || echo "$getarg_value"
  return $getarg_found
}

getargbool() {
  getargbool_default=$1
  getargbool_value=$(getarg "$2") || getargbool_value=$getargbool_default
  case $getargbool_value in 0 | no | off) return 1 ;; esac
}

emergency_shell() { echo "shell systemd=${DRACUT_SYSTEMD-no}" >> /out/log; }

# Functions, because busybox's shell may take its own commands before those in PATH.
poweroff() { /test/poweroff "$@"; }
reboot() { /test/reboot "$@"; }
halt() { /test/halt "$@"; }
systemctl() { /test/systemctl "$@"; }
sleep() { /test/sleep "$@"; }
