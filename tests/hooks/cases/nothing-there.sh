# Without the checker one line on each console; without the library, or with a broken one, nothing but the boot.
mv /usr/bin/bootready /usr/bin/bootready.away
. /test/pre-pivot.sh
mv /usr/bin/bootready.away /usr/bin/bootready
cat /dev/tty0 /dev/ttyS0 > /out/consoles.seen
lib=/usr/lib/bootready/bootready-lib.sh
mv $lib $lib.away
. /test/pre-pivot.sh
echo "if nothing is closed" > $lib
. /test/pre-pivot.sh
mv $lib.away $lib
echo on > /out/on
#= [ "$(sort -u consoles.seen)" = "bootready: the checker is not in this initramfs; /sysroot was not checked" ]
#= [ "$(wc -l < consoles.seen)" = 2 ]
#= [ -e on ]
#= [ ! -e arguments ]
