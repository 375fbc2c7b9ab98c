# The boot has given up behind a root that has come: the root is checked then, once, and no shell is opened but the boot's.
# Not at a breakpoint, after which the check comes in its turn. That the root is ready is no success there.
o=''
[ ! -e /proc/sysrq-trigger ] || o='o;'
HOOK=gave-up.sh a=rd.bootready.action f=rd.bootready.onfail u=rd.bootready.onunknown
export HOOK
boots rd.break=pre-pivot 1 'goes on;'
boots "rd.break=cleanup $f=poweroff" 1 'goes on;'
boots 'rd.bootready=0' 1 'goes on;'
[ ! -e /out/arguments ] || : > /out/early
boots '' 1 'goes on;'
mv /out/arguments /out/first
boots '' 1 'goes on;'
[ ! -e /out/arguments ] || : > /out/twice
rm -rf /run/initramfs
boots $f=shell 1 'goes on;'
rm -rf /run/initramfs
boots $f=poweroff 1 'poweroff -f -f;'$o
rm -rf /run/initramfs
boots "$a=poweroff $u=halt" 0 'halt -f -f;'
rm -rf /run/initramfs
boots $u=halt die 'halt -f -f;'
# What was checked in its turn is not checked again.
rm -rf /run/initramfs /out/arguments
HOOK=pre-pivot.sh
boots '' 0 'goes on;'
rm /out/arguments
HOOK=gave-up.sh
boots '' 0 'goes on;'
[ ! -e /out/arguments ] || : > /out/twice
#= [ ! -e wrong ] || { cat wrong; false; }
#= [ ! -e early ]
#= paste -sd' ' first | grep -qE '^check --root /sysroot --context preboot '
#= [ ! -e twice ]
#= grep -q 'the root is there, and the boot has given up before' ../dev/tty0
#= grep -q 'what the boot has given up for is nothing that was checked' ../dev/ttyS0
