# The shell that sources the hook is as it was: variables, functions, options, traps, folder.
trap 'echo mine' HUP
CMDLINE='rd.bootready.profile=kvm rd.bootready.deadline=5'
{ set; set +o; trap; pwd; umask; } > /out/before
. /test/pre-pivot.sh
{ set; set +o; trap; pwd; umask; } > /out/after
command -v bootready_preboot > /out/function
#= grep -q alibaba -v arguments
#= cmp -s function /dev/null
#= diff <(grep -vE '^(_|LINENO|RANDOM|SRANDOM|SECONDS|EPOCH.*|BASH_.*|PIPESTATUS|PPID)=' before) <(grep -vE '^(_|LINENO|RANDOM|SRANDOM|SECONDS|EPOCH.*|BASH_.*|PIPESTATUS|PPID)=' after)
#= [ "$STATUS" = 0 ]
