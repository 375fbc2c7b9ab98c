# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the rescue image says, is told and ends with. Sourced by init.sh, in busybox's shell or whatever sh dracut has taken.
#
# Every process costs: under emulation tens of milliseconds, in an image that is booted hundreds of times. Where the
# shell can do it, the shell does it.
# shellcheck disable=SC2034 # the libraries use one another's variables

rescue_tags=/run/tags      # blkid's words about every device
rescue_mounts=/run/mounts  # a folder a file system
rescue_roots=/run/roots    # the roots that were found, a line each: FOLDER DEVICE TYPE OPTIONS
rescue_wait=40             # seconds that a disk may take to appear

# rescue_say TEXT... : on every console; the harness has but one.
rescue_say() {
  if [ -n "$disks" ]; then
    echo "bootready: $*"
    return
  fi
  while read -r br_tty _; do
    [ ! -e "/dev/$br_tty" ] || echo "bootready: $*" > "/dev/$br_tty"
  done < /proc/consoles
}

# rescue_tell WORD... : one line to the harness.
rescue_tell() {
  echo "$*" >&3
}

# rescue_problem TEXT... : what a reader of the verdicts has to know.
rescue_problem() {
  rescue_say "$*"
  rescue_tell "problem $*"
}

# rescue_missed TEXT... : the same of what may have a root and was not looked at: the whole is not ready then.
rescue_missed() {
  rescue_say "$*"
  rescue_tell "missed $*"
  br_missed=yes
}

# rescue_find_port NAME : the harness's port of this name, if it is there, in br_port.
rescue_find_port() {
  for br_port in /sys/class/virtio-ports/*; do
    br_name=
    { read -r br_name < "$br_port/name"; } 2> /dev/null
    [ "$br_name" != "$1" ] || { br_port=/dev/${br_port##*/}; return 0; }
  done
  return 1
}

# rescue_wait_for_port NAME : a port comes, and gets its name, some time after its driver has been loaded: where the
# harness has spoken, there will be one.
rescue_wait_for_port() {
  br_tries=0
  until rescue_find_port "$1"; do
    [ -n "$disks" ] && [ $br_tries -lt $((rescue_wait * 10)) ] || return
    br_tries=$((br_tries + 1))
    sleep 0.1
  done
}

# rescue_open_port : file descriptor 3 is the harness's port, or nothing.
rescue_open_port() {
  exec 3> /dev/null
  ! rescue_wait_for_port org.bootready.rescue || exec 3> "$br_port"
}

# rescue_hear : the harness's questions. Until they come, this machine may be kept for days, and go on in many copies: it
# has looked at no disk so far.
rescue_hear() {
  [ -n "$disks" ] && rescue_wait_for_port org.bootready.questions || return 0
  rescue_tell waiting
  # Without an end to them, whoever was to ask is gone.
  tar -xf "$br_port" -C / || rescue_power poweroff
  rescue_tell asked
  # shellcheck source=/dev/null
  . /ask/settings
  date -s "@$now" > /dev/null
  rescue_load_drivers
}

# rescue_answer QUESTION ROOT STATUS : what the checker has written, framed: lines and bytes.
rescue_answer() {
  wc -c /run/out /run/err > /run/sizes
  { read -r br_out _ && read -r br_err _; } < /run/sizes
  rescue_tell "answer $1 $2 $3 $br_out $br_err"
  cat /run/out /run/err >&3
  rescue_tell
}

# rescue_call COMMAND FOLDER ARGUMENT... : of bootready, on a root, with every disk.
rescue_call() {
  br_call=$1 br_root=$2
  shift 2
  for br_disk in $br_disks; do set -- --disk "/dev/$br_disk" "$@"; done
  bootready "$br_call" --root "$br_root" "$@" < /dev/null
}

# rescue_check FOLDER ARGUMENT...
rescue_check() {
  br_root=$1
  shift
  rescue_call check "$br_root" --context offline "$@"
}

# rescue_ask NUMBER FOLDER FILE : the question in FILE, answered.
rescue_ask() {
  br_n=$1 br_root=$2 br_file=$3
  set --
  while IFS= read -r br_word; do set -- "$@" "$br_word"; done < "$br_file"
  case ${1-} in
    decide)
      shift
      rescue_call decide "$br_root" "$@"
      ;;
    *) rescue_check "$br_root" "$@" ;;
  esac > /run/out 2> /run/err 3>&-
  rescue_answer "${br_file##*/}" "$br_n" $?
}

# rescue_save NUMBER FOLDER FILE : asks once more, for the report to be kept on the root. It is writable for that moment.
rescue_save() {
  [ "$save" = yes ] || return 0
  br_n=$1 br_root=$2
  set --
  while IFS= read -r br_word; do set -- "$@" "$br_word"; done < "$3"
  if rescue_has_type swsuspend; then
    # It goes on with the root as it was, in its memory.
    rescue_tell "saved $br_n a system on these disks is hibernated"
    return
  fi
  br_status=70
  : > /run/out
  : > /run/err
  mount -o remount,rw "$br_root" 2> /run/err && { rescue_check "$br_root" "$@" --report auto > /run/out 2> /run/err 3>&- && br_status=0 || br_status=$?; }
  mount -o remount,ro "$br_root" 2> /dev/null || br_status=70
  # What could not be written is said on standard error, and changes no verdict.
  read -r br_line < /run/err || br_line=
  case $br_status in 0 | 1 | 2) ;; *) br_line=${br_line:-status $br_status} ;; esac
  rescue_tell "saved $br_n $br_line"
}

# rescue_words : the kernel's command line, after what the initramfs has of its own.
rescue_words() {
  for br_file in /etc/cmdline.d/*.conf /etc/cmdline /proc/cmdline; do
    [ ! -r "$br_file" ] || while read -r br_line || [ -n "$br_line" ]; do echo "$br_line"; done < "$br_file"
  done
}

# rescue_parameter NAME [DEFAULT] : rd.bootready.NAME's value in br_value: the last, as it is with dracut; 1 where it
# has none.
rescue_parameter() {
  br_value=${2-}
  for br_word in $(rescue_words); do
    case $br_word in
      "rd.bootready.$1="*) br_value=${br_word#*=} ;;
      "rd.bootready.$1") br_value=1 ;;
    esac
  done
}

# rescue_choice NAME DEFAULT CHOICE... : the same, where it is one of the choices.
rescue_choice() {
  rescue_parameter "$1" "$2"
  br_asked=$br_value br_name=$1 br_value=$2
  shift 2
  for br_choice; do
    [ "$br_choice" != "$br_asked" ] || br_value=$br_asked
  done
  [ "$br_value" = "$br_asked" ] || rescue_say "rd.bootready.$br_name=$br_asked is none of: $*; taking $br_value"
}

# rescue_take_over : false where this machine is to boot. Else nothing that systemd was about to do will be done.
rescue_take_over() {
  rescue_parameter rescue 0
  case $br_value in 0 | no | off) return 1 ;; esac
  for br_word in $(rescue_words); do
    case $br_word in rd.bootready=*) br_value=${br_word#*=} ;; esac
  done
  case $br_value in 0 | no | off) return 1 ;; esac
  [ ! -d /run/systemd/system ] || systemctl cancel > /dev/null 2>&1
  return 0
}

# rescue_worse STATUS : the gravest answer so far in br_verdict: not ready, then not known, then ready.
rescue_worse() {
  case $1 in
    0) ;;
    1) br_verdict=1 ;;
    *) [ "$br_verdict" = 1 ] || br_verdict=2 ;;
  esac
}

# rescue_say_root NUMBER DEVICE TYPE [OPTIONS] : and what its disks are called in the table below, which knows the
# snapshots alone.
rescue_say_root() {
  rescue_real "$2"
  rescue_say "root $1: $br_real ($3${4:+, $4})"
  for br_word in $br_copies; do rescue_say "  /dev/${br_word#*:} is looked at as /dev/${br_word%:*}"; done
}

# rescue_judge : every root, with every question. Without a question, what came of it in br_verdict.
rescue_judge() {
  br_n=0 br_verdict=0
  while read -r br_mounted br_where_from br_what_type br_how_found; do
    br_n=$((br_n + 1))
    rescue_tell "root $br_n $br_where_from $br_what_type $br_how_found"
    if [ -d /ask/q ]; then
      for br_question in /ask/q/*; do rescue_ask "$br_n" "$br_mounted" "$br_question"; done
      rescue_save "$br_n" "$br_mounted" "$br_question"
    else
      rescue_say_root "$br_n" "$br_where_from" "$br_what_type" "$br_how_found"
      rescue_parameter profile alibaba
      rescue_check "$br_mounted" --profile "$br_value" --announce > /dev/null
      rescue_worse $?
    fi
  done < "$rescue_roots"
  [ -z "$br_missed" ] || rescue_worse 2
  [ $br_n -gt 0 ] && return
  br_verdict=2 br_list=${br_real_disks:-$br_disks}
  rescue_say "no root on any disk (${br_list# })"
}

# rescue_what_then : what is to be done now, in br_value: a shell, unless told otherwise.
rescue_what_then() {
  rescue_choice action shell shell continue poweroff reboot halt
  case $br_verdict in
    1) rescue_choice onfail "$br_value" shell continue poweroff reboot halt ;;
    2) rescue_choice onunknown "$br_value" shell continue poweroff reboot halt ;;
  esac
}

# rescue_power ACTION : as far as the init system's own command does not, the kernel does it.
rescue_power() {
  "$1" -f -f
  case $1 in
    poweroff) echo o > /proc/sysrq-trigger ;;
    reboot) echo b > /proc/sysrq-trigger ;;
  esac
  while sleep 3600; do :; done
}

# rescue_end : the machine ends; without the harness only as told, so that the verdict can be read.
rescue_end() {
  rescue_tell end
  exec 3>&-
  [ -z "$disks" ] || rescue_power poweroff
  rescue_what_then
  case $br_value in poweroff | reboot | halt) rescue_power "$br_value" ;; esac
  rescue_say "done; switch the machine off, or look around"
  while read -r br_tty _; do
    [ ! -e "/dev/$br_tty" ] || rescue_shell "/dev/$br_tty" &
  done < /proc/consoles
  wait
  while sleep 3600; do :; done
}

# rescue_shell TERMINAL : again and again.
rescue_shell() {
  while :; do setsid sh -i < "$1" > "$1" 2>&1; done
}
