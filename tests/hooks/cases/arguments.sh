# What the checker is told, and how it is started.
. /test/pre-pivot.sh
cp /out/arguments /out/defaults
CMDLINE='rd.bootready.profile=kvm rd.bootready.report=none rd.bootready.deadline=9'
. /test/pre-pivot.sh
cat /proc/self/oom_score_adj > /out/own
#= [ "$(paste -sd' ' defaults)" = "check --root /sysroot --context preboot --profile alibaba --report auto --deadline 30 --announce" ]
#= [ "$(paste -sd' ' arguments)" = "check --root /sysroot --context preboot --profile kvm --report none --deadline 9 --announce" ]
#= [ "$(cat oom)" = 1000 ]
#= [ "$(cat own)" != 1000 ]
#= [ "$(cat stdin)" = /dev/null ]
#= [ "$(cat ../sys/fs/cgroup/cgroup.procs)" = 0 ]
#= ! grep words stdout
