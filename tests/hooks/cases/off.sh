# Switched off, or nothing mounted: not one word.
for CMDLINE in rd.bootready=0 rd.bootready=no rd.bootready=off; do
  . /test/pre-pivot.sh
done
CMDLINE=
NEWROOT=/nothing
. /test/pre-pivot.sh
#= [ ! -e arguments ]
#= [ ! -s stdout ]
#= [ ! -s stderr ]
#= [ ! -s ../dev/tty0 ]
