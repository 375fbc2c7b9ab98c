# A value that means nothing is named on every console, and the default holds.
CMDLINE='rd.bootready.report=maybe rd.bootready.deadline=010 rd.bootready.action=shell rd.bootready.onfail=reboot'
CHECKER=1
. /test/pre-pivot.sh
echo on > /out/on
#= [ "$(paste -sd' ' arguments)" = "check --root /sysroot --context preboot --profile alibaba --report auto --deadline 30 --announce" ]
#= grep -qx 'bootready: rd.bootready.report=maybe is none of: auto none; taking auto' ../dev/tty0
#= grep -qx 'bootready: rd.bootready.report=maybe is none of: auto none; taking auto' ../dev/ttyS0
#= grep -q 'rd.bootready.deadline=010 is not a number' ../dev/ttyS0
#= grep -q 'rd.bootready.action=shell is none of: continue poweroff reboot halt; taking continue' ../dev/ttyS0
#= grep -q 'rd.bootready.onfail=reboot is none of: continue shell poweroff halt; taking continue' ../dev/ttyS0
#= [ -e on ]
