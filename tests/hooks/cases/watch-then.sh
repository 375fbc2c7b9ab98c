# What the watch does when its time is over: what was asked for, where the time was; not where a root came meanwhile, nor
# at a breakpoint, nor for a crash dump.
NEWROOT=/late
export NEWROOT
mkdir -p /late

# watches CMDLINE CHECKER PATTERN SECONDS : the watch in a shell of its own; does a line of the log match in time?
watches() {
  : > /out/log
  rm -rf /run/initramfs
  # shellcheck disable=SC2086,SC2016
  CMDLINE=$1 CHECKER=$2 setsid $TEST_SHELL -c '. /test/env.sh; . /test/pre-trigger.sh; busybox sleep '"$4" 2>> /out/stderr || :
  grep -qE "$3" /out/log
}

watches 'rd.bootready.missing=1 rd.bootready.onfail=poweroff' 1 '^poweroff -f -f$' 20 || echo 'no power-off' >> /out/wrong
watches 'rd.bootready.missing=1' 1 . 5 && echo 'it did what nobody asked for' >> /out/wrong
watches 'rd.break=pre-mount rd.bootready.missing=1 rd.bootready.onfail=poweroff' 1 . 5 && echo 'a breakpoint was ended' >> /out/wrong
mkdir -p /run/initramfs
# The mount comes while the checker still speaks.
watches 'rd.bootready.missing=1 rd.bootready.onfail=poweroff' 'mounts' . 8 && echo 'a root that came was ended' >> /out/wrong
umount /late
#= [ ! -e wrong ] || { cat wrong; false; }
