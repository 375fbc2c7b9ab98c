# The boot has given up: said once, whatever dracut runs, and not at a breakpoint that comes
# before it is.
CHECKER=1 NEWROOT=/nothing
CMDLINE=rd.bootready=0
. /test/gave-up.sh
CMDLINE=rd.break=initqueue
. /test/gave-up.sh
CMDLINE=rd.break=pre-mount
. /test/gave-up.sh
[ ! -e /out/arguments ] || cp /out/arguments /out/early
CMDLINE='root=UUID=x rd.break=pre-pivot'
. /test/gave-up.sh
cp /out/arguments /out/first
rm /out/arguments
. /test/gave-up.sh
echo on > /out/on
#= [ ! -e early ]
#= paste -sd' ' first | grep -qxE 'missing --announce --after [0-9]+'
#= [ "$(cat oom)" = 1000 ]
#= [ ! -e arguments ]
#= [ -e on ]
#= ! grep words stdout
