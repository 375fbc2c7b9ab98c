# The checker dies with the root writable: it is read-only again. A root that was writable stays so.
CHECKER='rw and die'
. /test/pre-pivot.sh
grep ' /sysroot ' /proc/mounts > /out/was-ro
mount -o remount,rw /sysroot
. /test/pre-pivot.sh
grep ' /sysroot ' /proc/mounts > /out/was-rw
#= grep -q ' ro,' was-ro
#= grep -q ' rw,' was-rw
#= grep -q 'the checker failed with status 137' ../dev/ttyS0
