# A checker that does not end is left behind in its time.
CMDLINE=rd.bootready.deadline=1
CHECKER=hang
busybox date +%s > /out/start
. /test/pre-pivot.sh
busybox date +%s > /out/end
busybox sleep 0.3
busybox ps > /out/ps
#= [ $(($(cat end) - $(cat start))) -ge 1 ] && [ $(($(cat end) - $(cat start))) -le 12 ]
#= grep -q '^bootready: no answer after 2 s; the boot goes on without one$' ../dev/ttyS0
#= ! grep -q usr/bin/bootready ps
#= [ "$STATUS" = 0 ]
