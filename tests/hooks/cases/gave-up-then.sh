# What is done where the boot has given up: as for a verdict that is not ready. The shell is the boot's own.
o=''
[ ! -e /proc/sysrq-trigger ] || o='o;'
NEWROOT=/nothing HOOK=gave-up.sh
export NEWROOT HOOK
for then in '' rd.bootready.onfail=shell rd.bootready.action=continue; do
  rm -rf /run/initramfs
  boots "$then" 1 'goes on;'
done
rm -rf /run/initramfs
boots rd.bootready.onfail=poweroff 1 'poweroff -f -f;'$o
rm -rf /run/initramfs
boots rd.bootready.action=halt 1 'halt -f -f;'
# The checker's own failure is no reason to let the machine stand.
rm -rf /run/initramfs
boots rd.bootready.onfail=poweroff die 'poweroff -f -f;'$o
grep -q 'why could not be told' /dev/ttyS0 && : > /out/told
#= [ ! -e wrong ] || { cat wrong; false; }
#= [ -e told ]
