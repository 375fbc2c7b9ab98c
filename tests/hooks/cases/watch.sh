# The watch beside the boot: nothing before its time, one word when the root is late, another when it has come.
# as_told PATTERN FILE : waits until the checker was called so; FILE has how.
as_told() {
  as_told_left=60
  until paste -sd' ' /out/arguments 2> /dev/null | grep -qxE "$1" || [ $as_told_left = 0 ]; do
    as_told_left=$((as_told_left - 1))
    busybox sleep 1
  done
  cp /out/arguments "/out/$2"
}

CHECKER=1 NEWROOT=/late CMDLINE=rd.bootready.missing=2
mkdir /late
. /test/pre-trigger.sh
echo on > /out/on
sleep 1
[ ! -e /out/arguments ] || : > /out/early
as_told 'missing --announce --no-mount --after 2' missing
mount -t tmpfs late /late
# The checker is asked about the root as well: what it was called for first is of interest here.
CHECKER='first 0'
. /test/pre-pivot.sh
cp /out/arguments /out/came
umount /late
# In time: not a word.
rm -rf /run/initramfs /out/arguments
. /test/pre-trigger.sh
mount -t tmpfs late /late
busybox sleep 5
[ ! -e /out/arguments ] || : > /out/needless
CHECKER=0
. /test/pre-pivot.sh
umount /late
#= [ -e on ]
#= [ ! -e early ]
#= [ "$(paste -sd' ' missing)" = "missing --announce --no-mount --after 2" ]
#= paste -sd' ' came | grep -qxE 'missing --announce --came --after [0-9]+'
#= [ ! -e needless ]
#= grep -qx check arguments
#= ! grep words stdout
