# shellcheck shell=bash
# The checker takes all the memory there is: it is what the kernel ends, and nothing else.
# shellcheck disable=SC2034
guests=(bookworm/systemd)
initramfs=rigged
parameters=(boottest=greedy)

judge() {
  userspace
  on_each_console 'bootready: the checker failed with status 137; /sysroot was not checked'
  seen 'Out of memory: Killed process [0-9]+ \(dd\).* oom_score_adj:1000'
  seen '^[[][^]]*[]] Out of memory: Killed process' 1
  no_report_on_root
  undisturbed
}
