#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the hooks and the unit of bootready have in common: read the kernel parameters, run the checker within its
# time, walk away from it if need be, do what was asked after the verdict.
#
# Source it in a subshell only. It sets variables, and it may be left at any point; neither is of concern to the
# shell outside. It runs under dash, bash and busybox with what dracut's base module brings (mount and sleep), and
# with dracut-lib.sh for getarg, getargbool and emergency_shell.

# Seconds that the checker gets beyond its deadline: at the deadline it ends by itself and then writes its report,
# for which it allows itself ten seconds.
br_grace=15

# bootready_now : whole seconds since boot, in br_now. No clock is set as early as this, and no process is made.
bootready_now() {
  read -r br_now _ < /proc/uptime
  br_now=${br_now%%.*}
}

# bootready_alive PID : true until PID has ended. A zombie has; what hangs in the kernel has not.
bootready_alive() {
  br_state=
  { read -r _ _ br_state _ < "/proc/$1/stat"; } 2> /dev/null
  case $br_state in
    '' | Z | X) return 1 ;;
  esac
}

# bootready_bounded SECONDS COMMAND... : COMMAND's exit status; 124 if it had not ended after SECONDS. It is
# killed then, but not waited for: a process that hangs in the kernel does not end by SIGKILL either.
bootready_bounded() {
  bootready_now
  br_end=$((br_now + $1))
  shift
  "$@" < /dev/null &
  br_pid=$!
  while bootready_alive "$br_pid"; do
    bootready_now
    if [ "$br_now" -ge "$br_end" ]; then
      kill -KILL "$br_pid" 2> /dev/null
      return 124
    fi
    sleep 0.1
  done
  wait "$br_pid" 2> /dev/null
}

bootready_print() {
  [ -z "${DRACUT_SYSTEMD-}" ] || echo "bootready: $*"
  while read -r br_tty _; do
    # Not every console has a device: netconsole's is none.
    [ ! -e "/dev/$br_tty" ] || echo "bootready: $*" >> "/dev/$br_tty"
  done < /proc/consoles
}

# bootready_say TEXT... : one line on every console, and under systemd on standard output, which is the journal; with
# dracut's own init it is a console. A console can block as well: a serial line whose other end says stop.
bootready_say() {
  bootready_bounded 5 bootready_print "$@" 2> /dev/null || :
}

# bootready_choice NAME DEFAULT CHOICE... : the value of rd.bootready.NAME in br_value, DEFAULT if it is not given
# or not one of the choices.
bootready_choice() {
  br_name=rd.bootready.$1
  br_value=$(getarg "$br_name=") || br_value=
  br_default=$2
  shift 2
  if [ -z "$br_value" ]; then
    br_value=$br_default
    return
  fi
  for br_choice; do
    [ "$br_choice" = "$br_value" ] && return
  done
  bootready_say "$br_name=$br_value is none of: $*; taking $br_default"
  br_value=$br_default
}

# bootready_seconds NAME DEFAULT : the value of rd.bootready.NAME in br_value, DEFAULT if it is not given or no number.
bootready_seconds() {
  br_value=$(getarg "rd.bootready.$1=") || br_value=
  # Four digits, so that no arithmetic overflows; no zero in front, which would make it octal.
  case $br_value in
    [1-9] | [1-9][0-9] | [1-9][0-9][0-9] | [1-9][0-9][0-9][0-9]) ;;
    '') br_value=$2 ;;
    *)
      bootready_say "rd.bootready.$1=$br_value is not a number of seconds from 1 to 3600; taking $2"
      br_value=$2
      ;;
  esac
  [ "$br_value" -le 3600 ] || br_value=3600
}

# bootready_parameters : br_profile, br_report, br_action, br_onfail, br_onunknown, br_deadline, br_missing.
bootready_parameters() {
  br_profile=$(getarg rd.bootready.profile=) || br_profile=
  br_profile=${br_profile:-alibaba}
  bootready_choice report auto auto none
  br_report=$br_value
  bootready_choice action continue continue poweroff reboot halt
  br_action=$br_value
  bootready_choice onfail "$br_action" continue shell poweroff halt
  br_onfail=$br_value
  bootready_choice onunknown "$br_action" continue shell poweroff halt
  br_onunknown=$br_value
  bootready_seconds deadline 30
  br_deadline=$br_value
  bootready_seconds missing 30
  br_missing=$br_value
}

# bootready_mounted DIR : true if something is mounted on DIR; br_flag is then ro or rw, as its file system's super
# block has it. The last line counts: it is the one on top.
bootready_mounted() {
  br_flag=
  while read -r _ _ _ _ br_point br_rest; do
    [ "$br_point" = "$1" ] || continue
    br_flag=${br_rest##* }
    br_flag=${br_flag%%,*}
  done < /proc/self/mountinfo
  [ -n "$br_flag" ]
}

# bootready_stand_back : this process, which is to become the checker, is in nobody's way.
bootready_stand_back() {
  # Where memory runs out, the checker goes first: the boot does not need it.
  echo 1000 > /proc/self/oom_score_adj
  # Nor does it belong to the service that runs the hooks: when the kernel kills a process of a service for memory,
  # systemd ends that service, and everybody's later hooks with it (OOMPolicy=). cgroup v2, or systemd's v1 hierarchy.
  for br_group in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/systemd/cgroup.procs; do
    [ -w "$br_group" ] && echo 0 > "$br_group"
  done
  # dracut's own init has a console as its standard output, and the checker speaks to all consoles itself.
  [ -n "${DRACUT_SYSTEMD-}" ] || exec > /dev/null
}

# bootready_become_checker ROOT : this process becomes the checker.
bootready_become_checker() {
  bootready_stand_back
  exec /usr/bin/bootready check --root "$1" --context preboot --profile "$br_profile" \
    --report "$br_report" --deadline "$br_deadline" --announce
}

# bootready_check ROOT : what the checker made of ROOT in br_verdict: 0 ready, 1 not ready, anything else: not known.
bootready_check() {
  br_verdict=2
  if [ ! -x /usr/bin/bootready ]; then
    bootready_say "the checker is not in this initramfs; $1 was not checked"
    return
  fi
  br_verdict=0
  bootready_bounded $((br_deadline + br_grace)) bootready_become_checker "$1" || br_verdict=$?
  case $br_verdict in
    0 | 1 | 2) ;;
    124) bootready_say "no answer after $((br_deadline + br_grace)) s; the boot goes on without one" ;;
    *) bootready_say "the checker failed with status $br_verdict; $1 was not checked" ;;
  esac
}

# bootready_keep_read_only ROOT : ROOT was read-only before the check and is again, even if every process of the
# checker was killed while it wrote its report. A root left rw would be booted without its fsck.
bootready_keep_read_only() {
  bootready_mounted "$1" && [ "$br_flag" = rw ] || return 0
  # It is busy for as long as a process of the checker that was killed just now has not let go of its file.
  for _ in 1 2 3 4 5; do
    bootready_bounded 10 mount -o remount,ro "$1" 2> /dev/null && return
    sleep 0.5
  done
  bootready_say "$1 is left writable: mounting it read-only again failed"
}

# bootready_power ACTION ROOT : poweroff, reboot or halt, from whatever init this is. Does not come back.
bootready_power() {
  bootready_say "rd.bootready: $1"
  bootready_bounded 10 mount -o remount,ro "$2" 2> /dev/null
  # pid 1 ends by itself what runs and unmounts what is mounted; units are not asked.
  [ -d /run/systemd/system ] && bootready_bounded 10 systemctl --no-block --force "$1" && sleep 60
  # Twice, because systemd's command, if it is this one, else wants pid 1 to be systemd.
  command -v "$1" > /dev/null && bootready_bounded 20 "$1" -f -f
  case $1 in
    poweroff) echo o > /proc/sysrq-trigger ;;
    reboot) echo b > /proc/sysrq-trigger ;;
  esac
  # Nothing can halt this machine but standing still.
  while sleep 3600; do :; done
}

# bootready_shell : an emergency shell, and then on with the boot.
bootready_shell() {
  if ! getargbool 1 rd.shell; then
    bootready_say "rd.shell=0 forbids the shell that rd.bootready asks for"
    return
  fi
  # Without this unit dracut-lib.sh would ask systemd for it in vain, and can open a shell by itself as well.
  [ -e /usr/lib/systemd/system/dracut-emergency.service ] || [ -e /lib/systemd/system/dracut-emergency.service ] ||
    unset DRACUT_SYSTEMD
  emergency_shell -n bootready "bootready: leave this shell to go on with the boot"
}

# bootready_act ROOT [SHELL] : what was asked for this verdict; SHELL, for a shell, in place of one.
bootready_act() {
  case $br_verdict in
    0) br_then=$br_action ;;
    1) br_then=$br_onfail ;;
    *) br_then=$br_onunknown ;;
  esac
  case $br_then in
    shell) "${2-bootready_shell}" ;;
    poweroff | reboot | halt) bootready_power "$br_then" "$1" ;;
  esac
}

# bootready_preboot : the check before the real root takes over.
bootready_preboot() {
  br_root=${NEWROOT:-/sysroot}
  getargbool 1 rd.bootready || return 0
  bootready_mounted "$br_root" || return 0
  bootready_parameters
  bootready_tell_came
  bootready_judge "$br_root"
  bootready_act "$br_root"
}

# bootready_judge ROOT : the check of a root that is mounted, in br_verdict.
bootready_judge() {
  bootready_once checked || :
  bootready_mounted "$1" || return 0
  br_was=$br_flag
  bootready_check "$1"
  [ "$br_was" = rw ] || bootready_keep_read_only "$1"
}

# bootready_become_missing ARGUMENT... : this process becomes the one that says why the root has not come. It speaks to
# the consoles and the kernel log itself; standard output is a console as well, where the boot has given up.
bootready_become_missing() {
  bootready_stand_back
  exec > /dev/null
  exec /usr/bin/bootready missing --announce "$@"
}

# bootready_tell_missing ARGUMENT... : why the root has not come, on every console, the port and in /run, in bounded time.
bootready_tell_missing() {
  if [ ! -x /usr/bin/bootready ]; then
    bootready_say "the root is not there, and the checker is not in this initramfs"
    return
  fi
  br_told=0
  bootready_bounded $((br_deadline + br_grace)) bootready_become_missing "$@" || br_told=$?
  case $br_told in
    0 | 1) ;;
    *) bootready_say "the root is not there; why could not be told (status $br_told)" ;;
  esac
}

# bootready_once NAME : true the first time.
bootready_once() {
  mkdir -p /run/initramfs/bootready
  mkdir "/run/initramfs/bootready/.$1" 2> /dev/null
}

# bootready_await ROOT SECONDS : until ROOT is mounted; false if it is not after SECONDS. The boot may go on to the real
# root between two looks, and this initramfs is empty then: no more to be said.
bootready_await() {
  bootready_now
  br_until=$((br_now + $2))
  until bootready_mounted "$1"; do
    [ -r /proc/self/mountinfo ] || exit 0
    bootready_now
    [ "$br_now" -lt "$br_until" ] || return 1
    sleep 1 || exit 0
  done
}

# bootready_rescues : this is no boot but a search for every root, which the module bootready-rescue does.
bootready_rescues() {
  getargbool 0 rd.bootready.rescue || return
  [ -x /usr/lib/bootready/rescue ] && return
  bootready_say "rd.bootready.rescue: the dracut module bootready-rescue is not in this initramfs"
  return 1
}

# bootready_stands : the boot is in somebody's hands, at a breakpoint, or is a crash dump's, which wants no root.
bootready_stands() {
  # At these, and at the last, which has no name, the root has come.
  case $(getarg rd.break=) in
    '' | pre-pivot | cleanup) ;;
    *) return 0 ;;
  esac
  [ -e /proc/vmcore ]
}

# bootready_missing_act ROOT : what was asked for where the verdict is not ready. A shell is the boot's own affair, when
# it gives up.
bootready_missing_act() {
  case $br_onfail in
    poweroff | reboot | halt) bootready_power "$br_onfail" "$1" ;;
  esac
}

# bootready_watch : runs beside the boot, and changes nothing about how long that waits: says once that the root has not
# come. That it has, the hook says that then runs.
bootready_watch() {
  br_root=${NEWROOT:-/sysroot}
  getargbool 1 rd.bootready || return 0
  bootready_parameters
  bootready_now
  br_began=$br_now
  bootready_stands && return 0
  bootready_rescues && return 0
  bootready_await "$br_root" "$br_missing" && return
  # Emergency mode has told it.
  [ ! -d /run/initramfs/bootready/.missing-end ] || return 0
  bootready_once missing-watch || return 0
  # First, so that a root that comes meanwhile is told of as well.
  echo "$br_began" > /run/initramfs/bootready/.missing-watch/began
  bootready_tell_missing --no-mount --after "$br_missing"
  # Only who has said how long is told by the clock that it is over; else it is over when the boot gives up.
  if [ -n "$(getarg rd.bootready.missing=)" ] && ! bootready_mounted "$br_root"; then
    bootready_missing_act "$br_root"
  fi
}

# bootready_tell_came : the root that was said to be missing is here.
bootready_tell_came() {
  { read -r br_began < /run/initramfs/bootready/.missing-watch/began; } 2> /dev/null || return 0
  bootready_now
  bootready_tell_missing --came --after $((br_now - br_began))
}

# bootready_judge_late ROOT : the boot has given up before the root was checked in its turn: what else its fstab mounts
# before that, /usr, may not have come. A shell is the boot's own affair.
bootready_judge_late() {
  # A breakpoint is no giving up, and the check comes after it.
  [ -z "$(getarg rd.break=)" ] || return 0
  bootready_once checked || return 0
  # Where a boot gives up, standard output is a console, and to those it is said anyway.
  exec > /dev/null
  bootready_parameters
  bootready_say "the root is there, and the boot has given up before the root's check"
  bootready_judge "$1"
  if [ "$br_verdict" = 0 ]; then
    bootready_say "what the boot has given up for is nothing that was checked"
    br_verdict=2
  fi
  bootready_act "$1" :
}

# bootready_gave_up : the boot itself has stopped waiting.
bootready_gave_up() {
  br_root=${NEWROOT:-/sysroot}
  getargbool 1 rd.bootready || return 0
  # dracut's way of shutting down has the same hooks, and no root any more.
  [ "${action-}" != Shutdown ] || return 0
  bootready_stands && return 0
  bootready_rescues && return 0
  if bootready_mounted "$br_root"; then
    bootready_judge_late "$br_root"
    return
  fi
  bootready_once missing-end || return 0
  bootready_parameters
  bootready_now
  bootready_tell_missing --after "$br_now"
  bootready_missing_act "$br_root"
}
